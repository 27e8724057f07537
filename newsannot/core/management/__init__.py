"""Commands of the core: prepare and serve."""
