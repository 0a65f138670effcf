"""The command line: arguments become a call of the river, its values become text or documents."""
