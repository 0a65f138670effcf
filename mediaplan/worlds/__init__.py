"""Invented worlds whose truth is known: the bundled sample, and the benchmark that plans are judged by."""
