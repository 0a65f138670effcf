"""What happened and who was concerned, as values; one source's rows beside those of others."""
