"""Answered by planning again: what changes cost or bring, what would do as well, the frontier of budgets."""
