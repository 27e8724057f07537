"""What an API key looks like and how it is kept: pure functions on strings."""

import hashlib
import secrets

PREFIX_LENGTH = 10  # characters kept readable, to recognise a key by


def new_key() -> str:
    """Return a fresh key of 256 random bits; `na_` in front lets people and secret scanners know it for ours."""
    return f"na_{secrets.token_urlsafe(32)}"


def digest_of(key: str) -> str:
    """Return the SHA-256 of a key, in hex. Keys are random, not chosen: a fast hash without salt is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def prefix_of(key: str) -> str:
    """Return the first characters of a key, those that may be shown again."""
    return key[:PREFIX_LENGTH]
