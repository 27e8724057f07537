"""Commands of the dataset."""
