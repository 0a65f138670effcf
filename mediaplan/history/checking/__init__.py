"""What was read, for the person who looks before planning: file by file, and all money once."""
