"""Commands of the codebook."""
