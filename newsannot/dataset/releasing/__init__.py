"""Releases: what the feed tells up to a number, as files."""
