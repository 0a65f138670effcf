"""What each platform's exports look like: names per language, rules for sums, quirks; files are known by content."""
