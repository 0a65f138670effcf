"""What people read by: files become a History, posts, audiences, a rate card, or the money spent before."""
