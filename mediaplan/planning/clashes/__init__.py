"""Why there is no plan, and the smallest changes that make one possible."""
