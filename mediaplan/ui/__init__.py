"""The browser pages: they show values and call the river; nothing is computed here."""
