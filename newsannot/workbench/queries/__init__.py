"""Reads for the analysts' screen."""
