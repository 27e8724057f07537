"""Publication and withdrawal of curated readings."""
