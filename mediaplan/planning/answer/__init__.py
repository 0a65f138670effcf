"""The answer as values: amounts, what is expected of them, whom they reach, what was bought."""
