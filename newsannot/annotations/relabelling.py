"""Giving a record another kind: one of that kind takes its place, with its words and all that both kinds can say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsannot.accounts.models import User
from newsannot.annotations.actions import Change, claim_reading, lay_aside, mark_annotation, standing_at
from newsannot.annotations.kinds import ClaimField, Kind, kind_named
from newsannot.annotations.models import Annotation, Relabelling
from newsannot.annotations.queries import read_record
from newsannot.annotations.rules import Parts, Piece, Record, Role
from newsannot.annotations.together import together
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action


@dataclass(frozen=True, slots=True)
class Recast:
    """A record as another kind would have it, and what of it does not fit there, by label, in the order of its form."""

    parts: Parts
    claim: Mapping[str, Any]
    left_out: Sequence[str]


def recast(old: Kind, new: Kind, record: Record) -> Recast:
    """What a record of one kind says as another.

    The words of its main role (where that is empty, all its words) fill the other's main role, as far as there is room;
    fields that both have keep what they say, and so does whom the record is about. Pure.
    """
    words = _words(old, record.parts)
    kept = words[: _main(new).most]
    said = _said(old, record)
    claim = {into: record.claim[one.name] for one in said if (into := _name_in(one, old, new))}
    parts_left = [
        f"{role.label} {_numbered(left)}".strip()
        for role in old.roles
        if (left := [piece for piece in record.parts.get(role.name, ()) if piece not in kept])
    ]
    fields_left = [one.label for one in said if not _name_in(one, old, new) and one.sort != "primary"]
    return Recast({new.role: kept} if kept else {}, claim, [*parts_left, *fields_left])


def _numbered(pieces: Sequence[Piece]) -> str:
    return f"({len(pieces)} pieces)" if len(pieces) > 1 else ""


def _main(kind: Kind) -> Role:
    return next(role for role in kind.roles if role.name == kind.role)


def _words(kind: Kind, parts: Parts) -> list[Piece]:
    """The pieces a record stands on, none lying over another."""
    kept: list[Piece] = []
    for piece in sorted(parts.get(kind.role) or (piece for pieces in parts.values() for piece in pieces)):
        if not kept or not kept[-1].overlaps(piece):
            kept.append(piece)
    return kept


def _said(kind: Kind, record: Record) -> list[ClaimField]:
    """The fields that say something."""
    return [one for one in kind.fields if record.claim.get(one.name, one.empty) != one.empty]


def _name_in(one: ClaimField, old: Kind, new: Kind) -> str:
    """What a field is called in the other kind; nothing where that has none like it."""
    if one is _about(old):
        about = _about(new)
        return about.name if about else ""
    is_there = any((other.name, other.sort, other.scheme) == (one.name, one.sort, one.scheme) for other in new.fields)
    return one.name if is_there else ""


def _about(kind: Kind) -> ClaimField | None:
    """Who says or threatens it: the kind's first actor, unless that is whom its main words themselves name."""
    first = next(one for one in kind.fields if one.sort == "actor")
    return None if first.named_by == kind.role else first


def recast_annotation(annotation: Annotation, kind: Kind) -> Recast:
    """What an annotation would say as another kind, its pieces with their words; a handful of queries."""
    parts: dict[str, list[Piece]] = {}
    for span in annotation.spans.order_by("start", "end"):
        parts.setdefault(span.role, []).append(Piece(span.start, span.end, span.exact))
    return recast(kind_named(annotation.kind), kind, Record(read_record(annotation).claim, parts))


@action
def relabel_annotation(
    *,
    annotation: Annotation,
    kind: Kind,
    by: User,
    version: int | None = None,
    follows: Mapping[str, Any] | None = None,
) -> tuple[Change, Recast]:
    """Let an annotation of another kind take the place of this one; one step to undo.

    `follows` are values for fields that nothing is carried into. `version` is the one the sender saw (None: whichever
    stands). Raises Stale when it has moved on, RuleBroken when it is of that kind, has no words of its own, another
    record rests on it, or as marking does. Locks the reading.
    """
    held = claim_reading(annotation.reading_id)
    standing = standing_at(annotation.pk, version)
    if standing.kind == kind.name:
        raise RuleBroken(f"This is a {kind.label.lower()} already.", field="kind")
    becomes = recast_annotation(standing, kind)
    if not becomes.parts:
        raise RuleBroken(f"It has no words of its own that could be a {kind.label.lower()}.", field="kind")
    with together(held.id, by=by):
        gone = lay_aside(standing, held, by)
        change = mark_annotation(
            kind=kind,
            reading=standing.reading,
            parts=becomes.parts,
            claim={**(follows or {}), **becomes.claim},
            by=by,
            origin=standing.origin,
            engine=standing.engine,
        )
    earlier = Relabelling.objects.filter(annotation=standing.pk).first()
    Relabelling.objects.create(
        annotation_id=change.annotation.pk, was=standing, first_id=earlier.first_id if earlier else standing.pk
    )
    ranges = _ranges([*gone.ranges, *change.ranges])
    return Change(change.annotation, change.reading_version, ranges), becomes


def _ranges(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(set(ranges))
