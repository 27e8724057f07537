"""Everybody's formats: documents with their records in, bytes out, and back. Pure: no Django, no database."""
