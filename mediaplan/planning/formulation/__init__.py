"""A question as columns and rows: curves in straight pieces, choices, tiers, layers of people."""
