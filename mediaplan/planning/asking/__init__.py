"""Which lines may receive money, what they must keep, and what counts: a brief and a response, before any program."""
