"""The best money for each line, as whole minor units, and how good it is proven to be."""
