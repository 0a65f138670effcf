"""From a table's own columns to the contract's, by name or by a mapping: which are there, what they hold, in which money."""
