"""The crossed count model, fitted: effects, how much they differ, and what time and crowds do to them."""
