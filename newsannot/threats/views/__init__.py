"""The pages of the episodes."""
