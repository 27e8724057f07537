"""One record in the inspector: shown, changed, and what to do when somebody else changed it first."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_for, annotation_to_change
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.codebook.queries import codebook
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.repeats import keyed
from newsannot.workbench.actions import save_claim
from newsannot.workbench.forms.conflict import NOTHING, differences
from newsannot.workbench.forms.controls import ClaimForm, Control, claim_form
from newsannot.workbench.forms.sent import SentClaim, read_claim, read_version
from newsannot.workbench.queries.records import RecordPage, record_page
from newsannot.workbench.queries.text import ranges_expressing
from newsannot.workbench.templatetags.controls import drawn, proposals_of
from newsannot.workbench.views.answers import (
    SeeOther,
    answers_refusals,
    in_words,
    is_part,
    partial,
    place_of,
    record_html,
    refusal,
    text_partials,
)
from newsannot.workbench.views.reading import workbench_page
from newsannot.workbench.views.repeats import keyed_request


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
@answers_refusals
def annotation(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """The record's form; sent back, its fields as the form says."""
    if request.method == "POST":
        return _change(request, annotation_to_change(signed_in(request), annotation_id, deleted=True))
    shown = annotation_for(signed_in(request), annotation_id)
    page = record_page(shown)
    if is_part(request):
        return HttpResponse(record_html(request, shown.reading, page))
    return SeeOther(place_of(shown.reading, shown.pk, _ranges(page)))


def _change(request: HttpRequest, standing: Annotation) -> HttpResponse:
    """Store the fields sent; refused fields keep what was typed, a stale form shows both versions (one may be gone)."""
    version = read_version(request.POST)
    sent = read_claim(kind_named(standing.kind), request.POST, typed=not is_part(request))
    before, again = record_page(standing), keyed_request(request)
    try:
        if sent.problems:
            raise RuleBroken(problems=sent.problems)
        with keyed(again):
            save_claim(annotation=standing, version=version, values=sent.values, by=signed_in(request))
    except (Stale, RuleBroken) as refused:
        if again is None or again.outcome_before() is None:
            return _not_saved(request, standing, sent, refused)
    return _saved(request, before, sent)


def _not_saved(
    request: HttpRequest, standing: Annotation, sent: SentClaim, refused: Stale | RuleBroken
) -> HttpResponse:
    if isinstance(refused, Stale):
        return _conflict(request, standing.reading, refused.current, sent)
    return _refused(request, standing, sent, refused.problems)


def _saved(request: HttpRequest, before: RecordPage, sent: SentClaim) -> HttpResponse:
    """What the form cannot know yet (its version, the actors recorded, what followed), and blocks that read anew."""
    current = annotation_for(signed_in(request), before.annotation.pk)
    reading, page = current.reading, record_page(current)
    if not is_part(request):
        return SeeOther(place_of(reading, current.pk, _ranges(page)))
    if request.POST.get("wants") == "record":
        parts = text_partials(reading, reading.version, _ranges(page))
        return HttpResponse("".join([partial("inspector", record_html(request, reading, page)), *parts]))
    form = claim_form(page, reading.codebook_id)
    html = render_to_string("workbench/_state.html", {"annotation": current, "form": form, "is_saved": True})
    parts = [partial("record-state", html, "outerHTML")]
    erred = set(request.POST.getlist("erred"))
    parts += [_control_partial(c, reading) for c in form.controls if c.field.name in erred or _was_settled(c, sent)]
    parts += _proposal_partials(before, page, form)
    ranges = _ranges(page) if _is_about_another(before, page) else []
    expressed = before.record.claim.get("statements", [])
    if ranges or expressed != page.record.claim.get("statements", []):
        ranges += ranges_expressing(current, besides=expressed)
    return HttpResponse("".join([*parts, *text_partials(reading, reading.version, ranges)]))


def _was_settled(control: Control, sent: SentClaim) -> bool:
    """Whether what is stored is not what the form shows: an actor was recorded, or a value follows from others."""
    return control.field.sort == "primary" or sent.values.get(control.field.name, control.value) != control.value


def _is_about_another(before: RecordPage, page: RecordPage) -> bool:
    """Whether the record is now about another actor, whom its marks name: that of the kind's first actor field."""
    lead = next(f.name for f in page.kind.fields if f.sort == "actor")
    return bool(before.record.claim[lead] != page.record.claim[lead])


def _ranges(page: RecordPage) -> list[tuple[int, int]]:
    own = [(span.start, span.end) for slot in page.slots for span in slot.spans]
    return own or ranges_expressing(page.annotation)


def _control_partial(control: Control, reading: Reading) -> str:
    return partial(control.id, drawn(control, reading.pk, is_editable=True), "outerHTML")


def _proposal_partials(before: RecordPage, page: RecordPage, form: ClaimForm) -> list[str]:
    """What is proposed now where something else was, beside its field and for those folded away."""
    changed = {one.field for one in {*before.proposals} ^ {*page.proposals}}
    if not changed:
        return []
    beside = [c for c in form.controls if c.field.name in changed and c.may_be_proposed]
    parts = [partial(f"{c.id}-proposed", proposals_of(c, is_editable=True), "outerHTML") for c in beside]
    folded = render_to_string("workbench/_proposed.html", {"form": form, "annotation": page.annotation})
    return [*parts, partial(f"proposed-{page.annotation.pk}", folded, "outerHTML")]


def _refused(
    request: HttpRequest, standing: Annotation, sent: SentClaim, problems: Mapping[str, Sequence[str]]
) -> HttpResponse:
    """Nothing was stored (422): what was typed stays, with what is wrong beside each field."""
    page = record_page(standing, claim=sent.values)
    if not is_part(request):
        html = record_html(request, standing.reading, page, problems)
        return workbench_page(request, standing.reading, inspector=html, status=422)
    form = claim_form(page, standing.reading.codebook_id, problems)
    parts = [_control_partial(control, standing.reading) for control in form.controls if control.errors]
    return refusal(request, in_words(RuleBroken(problems=problems)), 422, parts=parts)


def _conflict(request: HttpRequest, reading: Reading, current: Annotation, sent: SentClaim) -> HttpResponse:
    """Both versions side by side (409), to choose from field by field; nothing of what was sent is lost.

    What the sender `touched` is theirs until they choose otherwise; where that is not said, all of it is.
    """
    page = record_page(current)
    touched = set(request.POST.getlist("touched")) or None
    spans = sorted((span for slot in page.slots for span in slot.spans), key=lambda span: span.role != page.kind.role)
    context = {
        "nothing": NOTHING,
        "words": spans[0].exact if spans else "",
        "reading": reading,
        "annotation": current,
        "is_own": current.updated_by == signed_in(request),
        "kind": page.kind,
        "differences": differences(page, sent.values, codebook(reading.codebook_id), touched),
        "csrf_token": get_token(request),
    }
    html = render_to_string("workbench/_conflict.html", context)
    if is_part(request):
        return refusal(request, str(Stale(current)), 409, parts=[partial("inspector", html)])
    return workbench_page(request, reading, inspector=html, status=409)
