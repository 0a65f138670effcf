"""One table becomes rows of a History, or posts, or audiences: every cell read, sums left out, every fault with its place."""
