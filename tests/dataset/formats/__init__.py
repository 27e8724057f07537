"""Everybody's formats, without a database."""
