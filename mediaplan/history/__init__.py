"""What happened: the bytes of an export become rows, and rows a History."""
