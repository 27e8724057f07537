"""The inbox, and an article's own page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.articles.access import article_for
from newsannot.articles.queries import article_page, genre_labels
from newsannot.articles.rules.items import NO_DOMAIN
from newsannot.workbench.forms.inbox import read_wanted
from newsannot.workbench.queries.inbox import STATES, inbox_page, language_choices, readings_of, source_choices
from newsannot.workbench.views.answers import is_part


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where work starts."""
    return redirect("articles:inbox")


@require_safe
@role_required(Role.ANALYST)
def inbox(request: HttpRequest) -> HttpResponse:
    """The articles, newest first, with one's own reading of each; filters come in the address."""
    wanted = read_wanted(request.GET.dict())
    page = inbox_page(signed_in(request), wanted)
    context = {
        "wanted": wanted,
        "rows": page.rows,
        "previous_url": _beside(request.GET, "newer", page.newer),
        "next_url": _beside(request.GET, "older", page.older),
        "states": STATES.items(),
        "sources": source_choices(),
        "languages": language_choices(),
    }
    response = render(request, "articles/inbox.html#found" if is_part(request) else "articles/inbox.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _beside(query: QueryDict, direction: str, beyond: int | None) -> str:
    """The address of the page beside this one, filters kept; empty when there is none."""
    if beyond is None:
        return ""
    kept = {name: value for name, value in query.dict().items() if value and name not in {"older", "newer"}}
    return f"?{urlencode({**kept, direction: beyond})}"


@require_safe
@role_required(Role.ANALYST)
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """One article: what is known of it, its readings, and its text with the zones."""
    user = signed_in(request)
    page = article_page(article_for(user, article_id))
    readings = readings_of(user, page.article)
    mine = next((one.reading for one in readings if one.is_mine and one.reading.revision_id == page.revision.pk), None)
    context = {
        "page": page,
        "article": page.article,
        "revision": page.revision,
        "genre": genre_labels().get(page.article.genre, page.article.genre),
        "domain": "" if page.article.source.domain.endswith(NO_DOMAIN) else page.article.source.domain,
        "readings": readings,
        "mine": mine,
    }
    return render(request, "articles/article.html", context)
