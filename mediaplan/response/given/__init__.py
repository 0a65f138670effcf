"""What money buys where people say it instead of a history: rate cards and judgements."""
