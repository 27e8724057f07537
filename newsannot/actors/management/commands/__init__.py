"""Commands about actors."""
