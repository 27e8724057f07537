"""Reads over actors, a file for each subject."""
