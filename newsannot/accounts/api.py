"""How the API knows who asks: `Authorization: Token …`."""

from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from newsannot.accounts.access import scopes_for
from newsannot.accounts.actions import note_use
from newsannot.accounts.models import Token, User
from newsannot.accounts.rules import digest_of


@dataclass(frozen=True)
class Grant:
    """What the token of a request permits: its scopes, less those its owner's role no longer has."""

    token_id: int
    scopes: frozenset[str]


class TokenAuthentication(BaseAuthentication):
    """The owner of the token in the header, by one indexed query; `request.auth` is a Grant."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        """Return owner and Grant, None without the header; 401 for a key unknown or revoked or of a closed account."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed("The header must read “Authorization: Token KEY”, with one key.")
        token = self._token(words[1].decode("latin-1"))
        note_use(token)
        allowed = frozenset(token.scopes) & {scope.value for scope in scopes_for(token.user)}
        return token.user, Grant(token_id=token.pk, scopes=allowed)

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in: with this header a refusal is a 401."""
        return self.keyword

    def _token(self, key: str) -> Token:
        token = Token.objects.select_related("user").filter(digest=digest_of(key)).first()
        if token is None:
            raise AuthenticationFailed("There is no such token.")
        if token.revoked_at is not None:
            raise AuthenticationFailed("This token has been revoked.")
        if not token.user.is_active:
            raise AuthenticationFailed("The account of this token is closed.")
        return token
