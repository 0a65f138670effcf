"""A history as numbers: its names, its rows, and tables of the same money put together."""
