"""Every write to accounts: making and revoking tokens, and noting that one was used."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsannot.accounts.access import scopes_for
from newsannot.accounts.models import Token, User
from newsannot.accounts.rules import digest_of, new_key, prefix_of
from newsannot.core.errors import RuleBroken

USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(*, name: str, scopes: Sequence[str], by: User, key: str = "") -> tuple[Token, str]:
    """Make a token and return it with its key, which is kept nowhere: who loses it makes another.

    `key` is given only for the demo's known keys. Raises RuleBroken (field `name` or `scopes`) for a name already in
    use and for scopes beyond the person's role. Locks the person.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if by.tokens.filter(name=name, revoked_at=None).exists():
        raise RuleBroken("You already have a token of this name. Choose another, or revoke the old one.", field="name")
    if not scopes:
        raise RuleBroken("Choose at least one thing the token may do.", field="scopes")
    if beyond := sorted(set(scopes) - set(scopes_for(by))):
        raise RuleBroken(f"Your role does not permit {', '.join(beyond)}.", field="scopes")
    key = key or new_key()
    allowed = [scope.value for scope in scopes_for(by) if scope in scopes]
    token = Token.objects.create(user=by, name=name, digest=digest_of(key), prefix=prefix_of(key), scopes=allowed)
    return token, key


@transaction.atomic
def revoke_token(*, token: Token, by: User) -> Token:
    """End a token, at once and for good. Raises RuleBroken when it is another's or already ended. Locks the token."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.user_id != by.pk and not by.is_admin:
        raise RuleBroken("Only its owner or an administrator can revoke a token.", field="token")
    if token.revoked_at:
        raise RuleBroken("This token has been revoked already.", field="token")
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return token


def note_use(token: Token) -> None:
    """Note that a token was used now; at most once a minute, so that reading through the API does not write."""
    now = timezone.now()
    due = now - USE_NOTED_EVERY
    if token.last_used_at and token.last_used_at > due:
        return
    unnoted = Q(last_used_at=None) | Q(last_used_at__lte=due)
    Token.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


@transaction.atomic
def choose_digest(*, wanted: bool, by: User) -> User:
    """Say whether one wants a mail a day while something is unread."""
    by.wants_digest = wanted
    by.save(update_fields=["wants_digest"])
    return by
