"""Bringing back what was: a deleted record, or a record as an earlier version had it. Each is one step to undo."""

from newsannot.accounts.models import User
from newsannot.annotations import checks, storing
from newsannot.annotations.actions import Change, claim_reading, rewrite, standing_at
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Span, Step
from newsannot.annotations.queries import read_record
from newsannot.annotations.rules import Problems, Record, offsets
from newsannot.annotations.versions import versions_of
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action

WORDS_QUOTED = 60


@action
def restore_annotation(*, annotation: Annotation, by: User, version: int | None = None) -> Change:
    """Bring a deleted annotation back as it was, under its id.

    `version` is the one the sender saw (None: whichever lies there). Raises Stale when it was restored meanwhile, and
    RuleBroken when the reading is closed, a record it names lies among the deleted ones itself (naming it), or a rule
    forbids the record now. Locks the reading.
    """
    held = claim_reading(annotation.reading_id)
    gone = Annotation.objects.select_for_update(of=("self",)).get(pk=annotation.pk)
    if gone.deleted_at is None or version not in {None, gone.version}:
        raise Stale(gone)
    kind, record = kind_named(gone.kind), read_record(gone)
    _check_named(kind, record)
    checks.check_record(kind, record, held, annotation_id=gone.pk, before=record)
    gone.deleted_at = None
    storing.number_on(gone, by, "deleted_at")
    step = Step.objects.create(reading_id=held.id, annotation_id=gone.pk, by=by, after=record.as_json())
    ranges = offsets(piece for pieces in record.parts.values() for piece in pieces)
    return Change(gone, held.version, ranges, step=step)


@action
def restore_version(*, annotation: Annotation, number: int, version: int, by: User) -> Change:
    """Set an annotation back to what it claimed, on what evidence, at its version `number`: a change like any other.

    `version` is the one the sender saw. Raises Stale when it has moved on or was deleted; RuleBroken when there is no
    such version, it says what stands now, or what it names no longer holds. Locks the reading.
    """
    held = claim_reading(annotation.reading_id)
    standing = standing_at(annotation.pk, version)
    then = next((one.state.record for one in reversed(versions_of(standing)) if one.number == number), None)
    if then is None:
        raise RuleBroken(f"There is no version {number} of this record.", field="number")
    kind, before = kind_named(standing.kind), read_record(standing)
    if then.says(before.as_json()):
        raise RuleBroken(f"The record stands as version {number} had it.", field="number")
    _check_named(kind, then)
    return rewrite(standing, before, then, held, by)


def _check_named(kind: Kind, record: Record) -> None:
    """Raise RuleBroken naming each record that this one names and that lies among the deleted ones."""
    named = {f.name: _as_list(record.claim[f.name]) for f in kind.fields if f.sort in {"record", "records"}}
    gone = set(
        Annotation.objects.filter(
            pk__in={pk for pks in named.values() for pk in pks}, deleted_at__isnull=False
        ).values_list("pk", "kind")
    )
    if not gone:
        return
    words = _words_of([pk for pk, _ in gone])
    problems: Problems = {}
    for field, pks in named.items():
        for pk, of in sorted(gone):
            if pk in pks:
                said = f"This {kind.label.lower()} names a deleted {of}; restore that first: {words.get(pk, pk)}"
                problems.setdefault(field, []).append(said)
    raise RuleBroken(problems=problems)


def _words_of(pks: list[int]) -> dict[int, str]:
    """How what is said in each statement begins."""
    found: dict[int, str] = {}
    content = Span.objects.filter(annotation__in=pks, role="content").order_by("start")
    for pk, exact in content.values_list("annotation_id", "exact"):
        line = " ".join(exact.split())
        found.setdefault(pk, line if len(line) <= WORDS_QUOTED else f"{line[: WORDS_QUOTED - 1].rstrip()}…")
    return found


def _as_list(value: object) -> list[int]:
    return value if isinstance(value, list) else [value] if isinstance(value, int) else []
