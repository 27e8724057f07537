"""What the tokens page shows."""

from newsannot.accounts.models import Token, User


def tokens_of(user: User) -> list[Token]:
    """Return a person's tokens, those in use first, then the newest first."""
    return sorted(user.tokens.all(), key=lambda token: (token.revoked_at is not None, -token.created_at.timestamp()))
