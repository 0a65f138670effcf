"""From the names that people give to campaigns, ad sets and ads to the plan's words, by rules that they see and edit."""
