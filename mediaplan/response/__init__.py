"""What money buys: a History becomes a Response of concave curves with their uncertainty."""
