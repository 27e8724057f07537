"""Every write about suggestions: drafting them, and what people make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.actions import actor_named
from newsannot.actors.models import Actor
from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.actions import Change, change_annotation, mark_annotation, undo
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Reading, Span, Step
from newsannot.annotations.queries import read_claim
from newsannot.annotations.rules import Piece
from newsannot.annotations.together import together
from newsannot.codebook.queries import codebook
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.suggestions.models import Decision, Drafting, SuggestionSetting, Verdict
from newsannot.suggestions.parsing import is_parsed, parse
from newsannot.suggestions.queries import (
    Suggestion,
    engine_version,
    is_coded_blind,
    names_that_may_stand_in,
    open_suggestions,
    shows_suggestions,
    texts_to_draft,
)
from newsannot.suggestions.rules.drafting import ENGINE, draft_text
from newsannot.suggestions.rules.drafts import CodableText, Draft
from newsannot.suggestions.rules.named import Newcomer
from newsannot.suggestions.rules.parse import NOTHING


@dataclass(frozen=True, slots=True)
class Saying:
    """A standing statement that says a threat, or a piece of it."""

    pk: int
    speaker: int | None
    is_direct: bool


@action
def draft_suggestions(*, revision_ids: Sequence[int], by: User | None) -> int:
    """Have the rules draft for revisions; answers how many of them now have drafts of this version by this call.

    One that was drafted meanwhile by somebody else is left as it is. `by` is None for the machine.
    """
    texts = texts_to_draft(revision_ids)
    draftings = [
        Drafting(
            revision_id=pk,
            engine=ENGINE,
            engine_version=engine_version(text.language),
            suggestions=[as_json(draft) for draft in _drafts(text)],
        )
        for pk, text in texts.items()
    ]
    Drafting.objects.bulk_create(draftings, ignore_conflicts=True)
    return len(draftings)


def _drafts(text: CodableText) -> list[Draft]:
    read = parse(text) if is_parsed(text.language) else NOTHING
    return draft_text(text, names_that_may_stand_in(text), read)


def as_json(draft: Draft) -> dict[str, Any]:
    """A draft as it is stored."""
    return {
        "fingerprint": draft.fingerprint,
        "kind": draft.kind,
        "parts": {role: [[p.start, p.end] for p in pieces] for role, pieces in draft.parts.items()},
        "values": dict(draft.values),
        "reason": draft.reason,
        "rule": draft.rule,
        "score": draft.score,
    }


@action
def accept_suggestion(*, reading: Reading, fingerprint: str, by: User, is_correction: bool = False) -> Change:
    """Make a suggestion an annotation of the reading, of which the API says that an engine drafted it.

    Undone as any mark is; then the suggestion is open again. `is_correction`: its reader is going to change it. Raises
    RuleBroken when it is not open any more, or a rule forbids the record. Locks the reading.
    """
    suggestion = _open(reading, fingerprint)
    with together(reading.pk, by=by):
        change = _mark(reading, suggestion, by)
    Verdict.objects.create(
        reading=reading,
        drafting_id=suggestion.drafting,
        fingerprint=fingerprint,
        decision=Decision.CORRECTED if is_correction else Decision.ACCEPTED,
        annotation_id=change.annotation.pk,
        by=by,
    )
    return change


def _mark(reading: Reading, suggestion: Suggestion, by: User) -> Change:
    """The record that a suggestion is of; a statement says what threats were waiting for it."""
    kind = kind_named(suggestion.kind)
    marked = mark_annotation(
        kind=kind,
        reading=reading,
        parts=suggestion.parts,
        claim=_claim(kind, reading, suggestion, by),
        by=by,
        origin="engine",
        engine=suggestion.engine,
    )
    if kind.name != "statement":
        return marked
    changes = [marked, *_express_threats(reading, marked.annotation, by)]
    return replace(
        marked,
        reading_version=changes[-1].reading_version,
        ranges=[place for change in changes for place in change.ranges],
    )


@action
def reject_suggestion(*, reading: Reading, fingerprint: str, by: User) -> Verdict:
    """Put a suggestion away for good: no later version of an engine brings it back to this reading.

    Raises RuleBroken when it is not open any more, or the reading is closed. Locks the reading.
    """
    _hold(reading)
    suggestion = _open(reading, fingerprint)
    return Verdict.objects.create(
        reading=reading,
        drafting_id=suggestion.drafting,
        fingerprint=fingerprint,
        decision=Decision.REJECTED,
        by=by,
    )


@action
def undo_latest(*, reading: Reading, by: User) -> Change | Verdict:
    """Take back one's own last change in a reading, or the rejection of a suggestion when that came later.

    Raises RuleBroken when there is neither. Locks the reading.
    """
    _hold(reading)
    rejections = Verdict.objects.filter(reading=reading, by=by, decision=Decision.REJECTED, taken_back_at=None)
    rejection = rejections.last()
    step = Step.objects.filter(reading=reading, by=by, undone_at=None).last()
    if rejection is None or (step is not None and step.at > rejection.at):
        return undo(reading=reading, by=by)
    rejection.taken_back_at = timezone.now()
    rejection.save(update_fields=["taken_back_at"])
    return rejection


@action
def show_suggestions(*, reading: Reading, is_shown: bool, by: User) -> None:
    """Show suggestions in a reading, or hide them, so that it is coded blind.

    Raises RuleBroken when they are to be shown where everybody codes blind.
    """
    if is_shown and is_coded_blind(reading.pk):
        raise RuleBroken("This text is coded blind: suggestions stay hidden.", field="shown")
    SuggestionSetting.objects.update_or_create(reading=reading, defaults={"is_shown": is_shown, "by": by})


def _hold(reading: Reading) -> None:
    """Lock a reading; raises RuleBroken when it is closed."""
    locked = Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if not locked.is_editable:
        state = locked.get_state_display().lower()
        raise RuleBroken(f"This reading is {state}; nothing in it can change now.", field="reading")


def _open(reading: Reading, fingerprint: str) -> Suggestion:
    if not shows_suggestions(reading.pk):
        raise RuleBroken("Suggestions are hidden in this reading.", field="reading")
    for suggestion in open_suggestions(reading.pk, reading.revision_id):
        if suggestion.fingerprint == fingerprint:
            return suggestion
    raise RuleBroken(
        "This suggestion is not open any more; it was settled, or its words were marked.", field="suggestion"
    )


def _claim(kind: Kind, reading: Reading, suggestion: Suggestion, by: User) -> dict[str, Any]:
    """What the suggestion says, as far as the reading's codebook and the actors there are allow it."""
    known = codebook(reading.codebook_id)
    claim: dict[str, Any] = {}
    for name, value in suggestion.values.items():
        field = kind.field(name)
        if field.sort == "actor":
            claim[name] = _standing_actor(value, by)
        elif field.sort != "code" or value in known.get(field.scheme, {}):
            claim[name] = value
    return claim | _expressed_by(reading, suggestion, claim) if kind.name == "threat" else claim


def _standing_actor(said: int | Newcomer, by: User) -> int | None:
    """The actor, or where it went; None when it is gone. One that the register lacks is made, or found meanwhile."""
    if isinstance(said, dict):
        try:
            return actor_named(name=said["name"], kind=said["kind"], by=by).pk
        except RuleBroken:  # several go by the name: whose it is, is for the reader to say
            return None
    pk = where_merged_went([said]).get(said, said)
    return pk if Actor.objects.filter(pk=pk).exists() else None


def _expressed_by(reading: Reading, suggestion: Suggestion, claim: Mapping[str, Any]) -> dict[str, Any]:
    """For a threat: the statements of the reading that say it, and the primary one's speaker as issuer."""
    around = _saying(reading, suggestion.parts["consequence"])
    if not around:
        return {}
    primary = _primary(around)
    return {
        "statements": [one.pk for one in around],
        "primary_statement": primary.pk,
        "issuer": primary.speaker or claim.get("issuer"),
    }


def _express_threats(reading: Reading, statement: Annotation, by: User) -> list[Change]:
    """Let a new statement express the threats it says that were accepted before it, each as if it had been there.

    It leads where nothing did, or where the rule alone had chosen what does; an issuer that stands is kept.
    """
    threatened = Span.objects.filter(
        reading=reading.pk, role="consequence", annotation__origin="engine", annotation__deleted_at=None
    )
    pieces: dict[Annotation, list[Piece]] = {}
    for span in threatened.select_related("annotation").order_by("start"):
        pieces.setdefault(span.annotation, []).append(Piece(span.start, span.end))
    changes = []
    for threat, places in pieces.items():
        around = _saying(reading, places)
        if new := next((one for one in around if one.pk == statement.pk), None):
            claim = _said_by_too(threat, new, _saying(reading, places, besides=new.pk), around)
            changes.append(change_annotation(annotation=threat, claim=claim, by=by))
    return changes


def _said_by_too(threat: Annotation, new: Saying, before: Sequence[Saying], now: Sequence[Saying]) -> dict[str, Any]:
    claim = read_claim(threat)
    chosen = _primary(before).pk if before else None
    primary = claim["primary_statement"]
    return {
        "statements": [*claim["statements"], new.pk],
        "primary_statement": _primary(now).pk if primary in {None, chosen} else primary,
        "issuer": claim["issuer"] or new.speaker,
    }


def _saying(reading: Reading, threatened: Sequence[Piece], besides: int = 0) -> list[Saying]:
    """The closest statements around the pieces of what is threatened, in reading order, as if `besides` were not."""
    said = Span.objects.filter(reading=reading.pk, role="content", annotation__deleted_at=None).filter(
        reduce(or_, (Q(start__lte=piece.start, end__gte=piece.end) for piece in threatened))
    )
    rows = said.exclude(annotation=besides).values_list(
        "annotation_id", "annotation__statement__speaker", "annotation__statement__mode", "start", "end"
    )
    spans = [(Saying(pk, speaker, mode == "direct"), start, end) for pk, speaker, mode, start, end in rows]
    around: dict[Saying, int] = {}
    for piece in sorted(threatened, key=lambda piece: piece.start):
        within = [span for span in spans if span[1] <= piece.start and piece.end <= span[2]]
        if within:
            closest = min(within, key=lambda span: span[2] - span[1])
            around.setdefault(closest[0], closest[1])
    return sorted(around, key=lambda one: around[one])


def _primary(saying: Sequence[Saying]) -> Saying:
    """A direct quotation leads, else the first in the text."""
    return min(saying, key=lambda one: not one.is_direct)
