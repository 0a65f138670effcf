"""The bytes of a file become a table: encodings, separators, workbooks, and large files in pieces."""
