"""What is asked: a Brief, its goal and its rules."""
