"""The past of a record in words: version by version, the newest first, each with what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsannot.annotations.differences import (
    Deed,
    FieldDifference,
    PieceDifference,
    State,
    Version,
    Words,
    border_stretches,
    deed_of,
    field_differences,
    piece_differences,
    same_record,
)
from newsannot.annotations.kinds import ClaimField, Kind
from newsannot.annotations.rules import Role
from newsannot.codebook.queries import Codebook
from newsannot.core.wording import Stretch, elided, word_stretches
from newsannot.workbench.forms.conflict import one_in_words
from newsannot.workbench.queries.past import Names

MOST_TOLD = 30
SILENT = {Deed.DELETED, Deed.RELABELLED, Deed.TAKEN_OUT, Deed.PUBLISHED, Deed.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field that says something else; `is_running` when the stretches are one text, else each is a value."""

    label: str
    stretches: Sequence[Stretch]
    is_running: bool


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece of evidence that came, went or got other borders; `offsets` say where, in code points."""

    role: Role
    stretches: Sequence[Stretch]
    offsets: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One version: what it was, by whom and when, and what it changed.

    `like` is the number of the earlier version it put back; `is_now` when the record says this still.
    """

    place: int
    number: int
    deed: Deed
    by: str
    at: datetime
    fields: Sequence[FieldLine]
    pieces: Sequence[PieceLine]
    like: int | None
    is_last: bool
    is_now: bool
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of the past; `earlier` is the place to go on from (None: it reaches back to the first version)."""

    steps: Sequence[Step]
    earlier: int | None
    is_newest: bool


def told_history(
    kind: Kind, versions: Sequence[Version], names: Names, codes: Codebook, *, before: int | None = None
) -> Told:
    """So many versions of a record, the newest first: the last ones, or those before a place; `versions` are all."""
    end = len(versions) if before is None else min(before, len(versions))
    start = max(end - MOST_TOLD, 0)
    steps = [_step(kind, versions, place, names, codes) for place in range(end - 1, start - 1, -1)]
    return Told(steps, start or None, end == len(versions))


def _step(kind: Kind, versions: Sequence[Version], place: int, names: Names, codes: Codebook) -> Step:
    version = versions[place]
    before = versions[place - 1].state if place else None
    fields = field_differences(
        (f.name for f in kind.fields if not _follows(f, before, version.state)), before, version.state
    )
    pieces = piece_differences((role.name for role in kind.roles), before, version.state)
    deed = deed_of(before, version.state, version.action)
    roles = {role.name: role for role in kind.roles}
    return Step(
        place=place,
        number=version.number,
        deed=deed,
        by=names.people.get(version.by or 0, "the system"),
        at=version.at,
        fields=[_field_line(kind.field(one.name), one, names, codes) for one in fields],
        pieces=[_piece_line(roles[one.role], one) for one in pieces],
        like=_like(versions, place) if deed is Deed.PUT_BACK else None,
        is_last=place == len(versions) - 1,
        is_now=same_record(version.state, versions[-1].state),
        is_deleted=version.state.is_deleted,
    )


def _follows(field: ClaimField, before: State | None, after: State) -> bool:
    """Whether a field needs no telling: which statement leads, where there is only one to."""
    states = [state for state in (before, after) if state]
    return field.sort == "primary" and all(len(state.claim.get("statements", [])) < 2 for state in states)


def _like(versions: Sequence[Version], place: int) -> int | None:
    """The number of the first version that said the same as this one."""
    state = versions[place].state
    return next((one.number for one in versions[:place] if same_record(one.state, state)), None)


def _field_line(field: ClaimField, one: FieldDifference, names: Names, codes: Codebook) -> FieldLine:
    label = field.label.removeprefix("Your ")
    label = label[:1].upper() + label[1:]
    if field.sort == "words":
        return FieldLine(label, elided(word_stretches("".join(one.gone), "".join(one.new))), is_running=True)
    if field.sort == "flag":
        return FieldLine(
            label,
            [Stretch("gone", "no" if one.new else "yes"), Stretch("new", "yes" if one.new else "no")],
            is_running=False,
        )
    told = [
        Stretch(fate, one_in_words(field, value, codes, names.actors, names.records))
        for fate, values in (("gone", one.gone), ("new", one.new))
        for value in values
    ]
    return FieldLine(label, told, is_running=False)


def _piece_line(role: Role, one: PieceDifference) -> PieceLine:
    if one.before and one.after:
        offsets = f"was {_offsets(one.before)}, now {_offsets(one.after)}"
        return PieceLine(role, elided(border_stretches(one.before, one.after)), offsets)
    fate, words = ("gone", one.before) if one.before else ("new", one.after)
    assert words is not None  # noqa: S101 - a difference has one side at least
    return PieceLine(role, [Stretch(fate, words.exact)], _offsets(words))


def _offsets(words: Words) -> str:
    return f"{words.start}–{words.end}"
