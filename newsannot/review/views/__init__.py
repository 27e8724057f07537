"""Pages of review: readings, batches, and one's own work."""
