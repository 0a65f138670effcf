"""What goes with results, how sure that is, and what more could be known."""
