"""Why this plan: what rules cost, what was left out, what is close, what else would do as well."""
