"""What people read of a plan: Plans become tables, and tables become a terminal view, an HTML report, files."""
