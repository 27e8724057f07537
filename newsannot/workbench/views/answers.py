"""What the screen's views answer: parts for htmx, a way back for everybody else, and refusals in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from newsannot.accounts.access import signed_in
from newsannot.accounts.models import User
from newsannot.annotations.access import may_change
from newsannot.annotations.actions import Change
from newsannot.annotations.kinds import Kind, all_kinds
from newsannot.annotations.models import Reading
from newsannot.annotations.relabelling import recast
from newsannot.annotations.rules import Piece
from newsannot.articles.queries import block_starts_of
from newsannot.articles.rules.blocks import block_index
from newsannot.core.errors import Mismatch, RuleBroken, Stale
from newsannot.core.rows import pipelined
from newsannot.workbench.forms.controls import ClaimForm, claim_form
from newsannot.workbench.queries.overview import Group, Tally, ask_tallies, overview, people_in
from newsannot.workbench.queries.past import deleted_count
from newsannot.workbench.queries.records import RecordPage, record_page
from newsannot.workbench.queries.text import ask_touched
from newsannot.workbench.rules import Marked, PageBlock, blocks_html
from newsannot.workbench.sections import sections_html

P = ParamSpec("P")
Ranges = Iterable[tuple[int, int]]


class SeeOther(HttpResponseRedirect):
    """After a form was sent: look there."""

    status_code = 303


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, and so wants parts."""
    return bool(getattr(request, "htmx", False))


def token_for(request: HttpRequest) -> str:
    """The CSRF token for the forms of a page; those of a part send the header, and have none."""
    return "" if is_part(request) else get_token(request)


def is_editable_by(user: User, reading: Reading) -> bool:
    """Whether the person may change the reading now."""
    return reading.is_editable and may_change(user, reading)


def place_of(reading: Reading, annotation_id: int | None = None, ranges: Ranges = ()) -> str:
    """The address of the workbench with an annotation in the inspector and its first block in sight."""
    url = reverse("workbench:reading", args=[reading.pk])
    query = f"?annotation={annotation_id}" if annotation_id else ""
    first = min((start for start, _ in ranges), default=None)
    anchor = "" if first is None else f"#b{block_index(block_starts_of(reading.revision_id), first)}"
    return f"{url}{query}{anchor}"


# --- Parts -----------------------------------------------------------------------------------


def partial(target: str, html: str, swap: str = "innerHTML") -> str:
    """A part of an answer, and where htmx puts it."""
    return f'<hx-partial hx-target="#{target}" hx-swap="{swap}">{html}</hx-partial>'


def text_partials(reading: Reading, version: int, ranges: Ranges) -> list[str]:
    """The blocks that the ranges touch, as they are now; two queries beside that for the text."""
    return painted(*ask_touched(reading.pk, reading.revision_id, ranges)(), version)


def painted(blocks: Sequence[PageBlock], marks: Sequence[Marked], version: int) -> list[str]:
    """Blocks with their marks, each as a part."""
    painted = blocks_html(blocks, marks, version)
    return [partial(f"b{block.index}", html, "outerHTML") for block, html in zip(blocks, painted, strict=True)]


def record_html(
    request: HttpRequest,
    reading: Reading,
    page: RecordPage,
    errors: Mapping[str, Sequence[str]] | None = None,
    *,
    is_new: bool = False,
) -> str:
    """The inspector with one record; of one that `is_new`, just made, no other room can tell anything yet."""
    form = claim_form(page, reading.codebook_id, errors)
    context = _record_context(request, reading, page, form, errors or {})
    context["sections"] = "" if is_new else sections_html(request, reading, page)
    return render_to_string("workbench/_record.html", context)


def _record_context(
    request: HttpRequest, reading: Reading, page: RecordPage, form: ClaimForm, errors: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    shown = {control.field.name for control in form.controls}
    return {
        "reading": reading,
        "page": page,
        "annotation": page.annotation,
        "kind": page.kind,
        "form": form,
        "loose_errors": [text for name, texts in errors.items() if name not in shown for text in texts],
        "is_editable": is_editable_by(signed_in(request), reading),
        "others": [(kind, recast(page.kind, kind, page.record)) for kind in all_kinds() if kind is not page.kind],
        "may_rate_sources": signed_in(request).is_editor,
        "csrf_token": token_for(request),
    }


def overview_html(request: HttpRequest, reading: Reading, groups: Sequence[Group], *, suggestions: str = "") -> str:
    """The inspector with the list of all records; `suggestions` is that of suggestions (none: it is fetched later)."""
    context = {
        "reading": reading,
        "groups": groups,
        "people": people_in(groups),
        "is_empty": not any(group.entries for group in groups),
        "missing_count": sum(len(entry.missing) for group in groups for entry in group.entries),
        "deleted_count": deleted_count(reading.pk),
        "is_editable": is_editable_by(signed_in(request), reading),
        "suggestions": mark_safe(suggestions),  # noqa: S308 - a rendered template
    }
    return render_to_string("workbench/_overview.html", context)


def tally_html(counted: Sequence[Tally]) -> str:
    """How many records of each kind there are, for the head."""
    return SafeString(
        "".join(
            format_html(
                '<span class="is-{}" title="{}">{} {}</span>',
                tally.kind.name,
                tally.kind.plural,
                tally.said,
                (tally.kind.label if tally.count == 1 else tally.kind.plural).lower(),
            )
            for tally in counted
        )
    )


def answer_change(
    request: HttpRequest,
    reading: Reading,
    change: Change,
    *,
    besides: Ranges = (),
    claim: Mapping[str, Any] | None = None,
    told: str = "",
) -> HttpResponse:
    """The blocks a change touched, the record (or, when it is gone, the list) and the tally; or the way back.

    `besides` are ranges to paint anew beyond the change's own; `claim`, what the record says, when that is known;
    `told`, a part that says what was done.
    """
    annotation = change.annotation
    ranges = [*change.ranges, *besides]
    if not is_part(request):
        return SeeOther(place_of(reading, None if annotation.deleted_at else annotation.pk, ranges))
    with pipelined():
        touched, counted = ask_touched(reading.pk, reading.revision_id, ranges), ask_tallies(reading.pk)
    if annotation.deleted_at:
        inspector = overview_html(request, reading, overview(reading.pk))
    else:
        page = record_page(annotation, standing=claim, spans=change.spans, article=reading.revision.article)
        inspector = record_html(request, reading, page, is_new=claim is not None)
    parts = painted(*touched(), change.reading_version)
    parts += [partial("inspector", inspector), partial("tally", tally_html(counted()))]
    return HttpResponse("".join([*parts, told]))


def marked_html(new_count: int, standing_count: int) -> str:
    """How many places were marked at once, and how many had been before."""
    said = [f"{new_count} marked." if new_count else "Nothing new to mark."]
    if standing_count:
        said += [f"{standing_count} {'was' if standing_count == 1 else 'were'} marked already."]
    return format_html('<p class="toast is-success">{}</p>', " ".join(said))


def relabelled_html(kind: Kind, left_out: Sequence[str]) -> str:
    """What a record is now, and what of it did not fit."""
    said = [f"Now a {kind.label.lower()}."]
    if left_out:
        said += [f"Left out: {', '.join(left_out)}. Undo brings all of it back."]
    return format_html('<p class="toast is-success">{}</p>', " ".join(said))


def restored_html(kind: Kind) -> str:
    """That a deleted record stands again."""
    return format_html('<p class="toast is-success">The {} is restored.</p>', kind.label.lower())


# --- Refusals --------------------------------------------------------------------------------


def refusal(request: HttpRequest, message: str, status: int, *, parts: Sequence[str] = ()) -> HttpResponse:
    """Why nothing was stored: an alert for htmx (with parts that mend the page), else a page of its own."""
    if is_part(request):
        alert = format_html('<p role="alert" data-message="{}">{}</p>', message, message)
        return HttpResponse(mark_safe(alert + "".join(parts)), status=status)  # noqa: S308 - made of rendered parts
    return render(request, "workbench/refused.html", {"message": message}, status=status)


def refused_by_text(request: HttpRequest, reading: Reading, refused: Mismatch, pieces: Iterable[Piece]) -> HttpResponse:
    """What was sent is not what stands in the text (409): why, and the blocks as they are."""
    ranges = [(piece.start, piece.end) for piece in pieces]
    mended = text_partials(reading, reading.version, ranges)
    return refusal(request, in_words(refused), 409, parts=mended)


def answers_refusals(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view's refusals become answers: 409 for what does not agree with the text or came too late, else 422."""

    @wraps(view)
    def answering(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Stale as refused:
            return refusal(request, str(refused), 409)
        except RuleBroken as refused:
            return refusal(request, in_words(refused), 409 if isinstance(refused, Mismatch) else 422)

    return answering


def in_words(refused: RuleBroken) -> str:
    """All that is wrong, in one line, each field named; what is said of a reading or a record names it itself."""
    return " ".join(
        text if name in {"reading", "annotation"} else f"{name.replace('_', ' ').capitalize()}: {text}"
        for name, texts in refused.problems.items()
        for text in texts
    )
