"""Who may come in, and what their role lets them do."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from rest_framework.request import Request

from newsannot.accounts.models import Role, Scope, Token, User
from newsannot.core.layers import Audience
from newsannot.core.requests import scopes_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

SCOPES_OF = {
    Role.READER: (Scope.READ_CURATED,),
    Role.ANALYST: (Scope.READ_CURATED, Scope.WRITE_ANNOTATIONS),
    Role.EDITOR: (Scope.READ_CURATED, Scope.WRITE_ANNOTATIONS, Scope.WRITE_ARTICLES),
    Role.ADMIN: tuple(Scope),
}
_NEEDED = {
    Role.READER: "Only people with an account may do this.",
    Role.ANALYST: "Only analysts and editors may do this. Your account is for the API only.",
    Role.EDITOR: "Only editors may do this.",
    Role.ADMIN: "Only administrators may do this.",
}


def has_role(user: User, role: Role) -> bool:
    """Whether the person may do what `role` may: an editor may do all an analyst may, an administrator everything."""
    return {Role.READER: True, Role.ANALYST: user.is_analyst, Role.EDITOR: user.is_editor, Role.ADMIN: user.is_admin}[
        role
    ]


def role_required(role: Role) -> Callable[[View[P]], View[P]]:
    """Let a view be used by people of this role or above; strangers sign in first, others are told (403)."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_way_back(request))
            if not has_role(signed_in(request), role):
                raise PermissionDenied(_NEEDED[role])
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def _way_back(request: HttpRequest) -> str:
    """Where a stranger goes on once signed in: the page asked for, or the one whose form was sent."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if request.method in {"GET", "HEAD"} or not is_ours:
        return request.get_full_path()
    return urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl()


def signed_in(request: HttpRequest) -> User:
    """The person behind the request of a view that lets in nobody else."""
    return cast("User", request.user)


def scopes_for(user: User) -> tuple[Scope, ...]:
    """The scopes a token of this person may have."""
    return SCOPES_OF[Role(user.role)]


def audience_of(request: Request | Audience) -> Audience:
    """For whom the API answers: staff are those who may annotate, with a token that says so."""
    if isinstance(request, Audience):
        return request
    return Audience.STAFF if Scope.WRITE_ANNOTATIONS in scopes_of(request) else Audience.READERS


def own_token(user: User, token_id: int) -> Token:
    """One of the person's own tokens; 404 for any other."""
    return get_object_or_404(Token, pk=token_id, user=user)
