"""The card of an actor: a small part, fetched when somebody wants to know who that is."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.actors.access import actor_for
from newsannot.actors.queries.card import card_of
from newsannot.actors.queries.merging import where_went
from newsannot.articles.access import articles_for
from newsannot.core.numbers import number_in


@require_safe
@role_required(Role.ANALYST)
def card(request: HttpRequest, actor_id: int) -> HttpResponse:
    """Who an actor was when `article` appeared (else: is today); a merged one as where it went."""
    named = actor_for(actor_id)
    if not getattr(request, "htmx", False):
        return redirect("actors:actor", named.pk)
    published_at = _published_at(signed_in(request), request.GET.get("article", ""))
    on = (published_at or timezone.now()).date()
    shown = card_of(where_went(named), on=on, by=signed_in(request))
    context = {"card": shown, "named": named, "on": on if published_at else None}
    response = render(request, "actors/card.html", context)
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "private, no-store"
    return response


def _published_at(user: User, given: str) -> datetime | None:
    """When an article appeared that the person may see; None for no such."""
    article = number_in(given)
    if article is None:
        return None
    return articles_for(user).filter(pk=article).values_list("published_at", flat=True).first()
