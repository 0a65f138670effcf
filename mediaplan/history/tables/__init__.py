"""A table as it stands in a file, and its cells as names, dates and numbers, before anyone asks what they mean."""
