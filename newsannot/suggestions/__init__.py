"""Suggestions: drafts by rules and models, accepted or rejected by people."""
