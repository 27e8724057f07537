"""Opening a reading, and the workbench page."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_for, reading_for
from newsannot.annotations.actions import open_reading
from newsannot.annotations.kinds import all_kinds
from newsannot.annotations.models import Reading, ReadingState, Transition
from newsannot.annotations.rules import LARGEST_OFFSET
from newsannot.articles.access import article_for
from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import codebook, latest_codebook, schemes_of
from newsannot.workbench.assigned import assigned
from newsannot.workbench.forms.sent import NUMBER
from newsannot.workbench.queries.overview import MOST_LISTED, Wish, next_lacking, overview, tallies_of
from newsannot.workbench.queries.records import record_page
from newsannot.workbench.queries.text import marks_at, marks_in, page_blocks
from newsannot.workbench.rules import text_html
from newsannot.workbench.views.answers import (
    SeeOther,
    answers_refusals,
    is_editable_by,
    is_part,
    overview_html,
    place_of,
    record_html,
    tally_html,
)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
def start(request: HttpRequest, article_id: int) -> HttpResponse:
    """Open one's own reading of an article's current revision, or go on with it."""
    user = signed_in(request)
    article = article_for(user, article_id)
    revision = article.revisions.defer("text", "raw", "search").latest("number")
    return SeeOther(place_of(open_reading(revision=revision, by=user)))


@require_http_methods(["GET", "HEAD"])
@role_required(Role.ANALYST)
def workbench(request: HttpRequest, reading_id: int) -> HttpResponse:
    """The text with its marks and the inspector beside it; for htmx, the list of records alone."""
    reading = reading_for(signed_in(request), reading_id)
    if is_part(request):
        response = HttpResponse(overview_html(request, reading, overview(reading.pk, most=_most_listed(request))))
    else:
        response = workbench_page(request, reading, inspector=_chosen_html(request, reading))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _most_listed(request: HttpRequest) -> int | None:
    return None if request.GET.get("list") == "all" else MOST_LISTED


@require_http_methods(["GET", "HEAD"])
@role_required(Role.ANALYST)
def records_at(request: HttpRequest, reading_id: int, offset: int) -> HttpResponse:
    """The records that lie on one place of the text, to choose from."""
    reading = reading_for(signed_in(request), reading_id)
    context = {"reading": reading, "marks": marks_at(reading.pk, min(offset, LARGEST_OFFSET - 1))}
    return render(request, "workbench/_records_at.html", context)


@require_http_methods(["GET", "HEAD"])
@role_required(Role.ANALYST)
def lacking(request: HttpRequest, reading_id: int) -> HttpResponse:
    """The next record that still lacks something (`after` a record, from a `place`; `back`), or word that none does."""
    reading = reading_for(signed_in(request), reading_id)
    entry = next_lacking(
        reading.pk,
        place=_number(request, "place", LARGEST_OFFSET) or 0,
        after=_number(request, "after", 2**63 - 1),
        is_backwards="back" in request.GET,
    )
    return render(request, "workbench/_lacking.html", {"reading": reading, "entry": entry})


@require_http_methods(["GET", "HEAD"])
@role_required(Role.ANALYST)
def shown(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Ids of the records a filter leaves in sight: about `who`, in a `state` (lacking, complete), `without` kinds."""
    reading = reading_for(signed_in(request), reading_id)
    asked = request.GET
    wish = Wish(asked.get("who", ""), asked.get("state", ""), frozenset(asked.getlist("without")))
    entries = [entry for group in overview(reading.pk) for entry in group.entries]
    ids = [entry.annotation for entry in entries if wish.admits(entry)]
    return render(request, "workbench/_shown.html", {"ids": ids, "total": len(entries)})


def _number(request: HttpRequest, name: str, most: int) -> int | None:
    """A number of the query string; what is none is left aside."""
    sent = request.GET.get(name, "")
    return min(int(sent), most) if NUMBER.fullmatch(sent) else None


def _chosen_html(request: HttpRequest, reading: Reading) -> str | None:
    """The record that `?annotation=` names, if it is of this reading."""
    wanted = _number(request, "annotation", 2**63 - 1)
    if wanted is None:
        return None
    annotation = annotation_for(signed_in(request), wanted)
    return record_html(request, reading, record_page(annotation)) if annotation.reading_id == reading.pk else None


def workbench_page(
    request: HttpRequest,
    reading: Reading,
    *,
    inspector: str | None = None,
    status: int = 200,
    template: str = "workbench/reading.html",
    besides: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponse:
    """The whole page; `inspector` is the HTML shown beside the text (None: the list of records).

    `template` may be one that extends it, and asks for what is in `besides`.
    """
    marks = marks_in(reading.pk)
    blocks = page_blocks(reading.revision_id)
    groups = overview(reading.pk, marks, most=_most_listed(request))
    is_editable = is_editable_by(signed_in(request), reading)
    context = {
        "reading": reading,
        "revision": reading.revision,
        "article": reading.revision.article,
        "is_editable": is_editable,
        "returned": _returned(reading),
        "notice": mark_safe(assigned().notice(signed_in(request), reading)),  # noqa: S308 - a rendered template
        "kinds": list(all_kinds()),
        "text": mark_safe(text_html(blocks, marks, reading.version)),  # noqa: S308 - escaped block by block
        "has_record": inspector is not None,
        "inspector": mark_safe(inspector or overview_html(request, reading, groups)),  # noqa: S308 - a rendered template
        "tally": tally_html(tallies_of(groups)),
        "codes": _codes_html(reading.codebook_id) if is_editable else "",
        "newer_codebook": _newer_codebook(reading) if is_editable else None,
        **besides,
    }
    return render(request, template, context, status=status)


def _returned(reading: Reading) -> Transition | None:
    """Why the editors gave the reading back, while it is."""
    if reading.state != ReadingState.RETURNED:
        return None
    return reading.transitions.select_related("by").filter(state=ReadingState.RETURNED).last()


def _newer_codebook(reading: Reading) -> CodebookVersion | None:
    """The codebook in force, when the reading is under an older one."""
    newest = latest_codebook()
    return newest if newest.pk != reading.codebook_id else None


@lru_cache(maxsize=8)
def _codes_html(codebook_id: int) -> SafeString:
    """What the codes mean, for each scheme that a form asks for; a codebook version never changes."""
    used = {field.scheme for kind in all_kinds() for field in kind.fields if field.scheme}
    known, names = codebook(codebook_id), schemes_of(codebook_id)
    schemes = [(names[key], list(known[key].values())) for key in sorted(used) if key in known]
    return mark_safe(render_to_string("workbench/_codes.html", {"schemes": schemes}))  # noqa: S308 - a rendered template
