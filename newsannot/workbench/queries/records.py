"""One record as the inspector shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsannot.actors.models import Actor
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Span
from newsannot.annotations.queries import read_record
from newsannot.annotations.rules import Record, Role
from newsannot.workbench.rules import first_words


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A piece of evidence with its words."""

    id: int
    role: str
    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A role, with the pieces that fill it; `is_full` when it holds as many as it may."""

    role: Role
    spans: Sequence[PlacedSpan]

    @property
    def is_full(self) -> bool:
        """Whether another piece would take the place of this one."""
        return self.role.most == 1 and bool(self.spans)

    @property
    def is_removable(self) -> bool:
        """Whether a piece may go without leaving the role emptier than its kind allows."""
        return len(self.spans) > self.role.least


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that may be named by another: its id and how its words begin."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """An annotation with its claim, its slots, the names of the actors it names and the records it may name."""

    annotation: Annotation
    kind: Kind
    record: Record
    slots: Sequence[Slot]
    actors: Mapping[int, str]
    choices: Sequence[Choice]


def record_page(annotation: Annotation, *, claim: Mapping[str, Any] | None = None) -> RecordPage:
    """All the inspector shows of an annotation, with `claim` laid over its own; a handful of queries."""
    kind = kind_named(annotation.kind)
    standing = read_record(annotation)
    record = Record({**standing.claim, **(claim or {})}, standing.parts)
    return RecordPage(
        annotation,
        kind,
        record,
        _slots(kind, annotation.pk),
        _actor_names(kind, record.claim),
        _choices(kind, annotation),
    )


def _slots(kind: Kind, annotation_id: int) -> list[Slot]:
    rows = Span.objects.filter(annotation=annotation_id).order_by("start", "end")
    spans = [PlacedSpan(*row) for row in rows.values_list("pk", "role", "start", "end", "exact")]
    return [Slot(role, [span for span in spans if span.role == role.name]) for role in kind.roles]


def _actor_names(kind: Kind, claim: Mapping[str, Any]) -> dict[int, str]:
    one = {claim[f.name] for f in kind.fields if f.sort == "actor"}
    many = {pk for f in kind.fields if f.sort == "actors" for pk in claim[f.name]}
    wanted = {pk for pk in one | many if isinstance(pk, int)}
    return dict(Actor.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _choices(kind: Kind, annotation: Annotation) -> list[Choice]:
    """The standing statements of the reading, in the order of the text, for a kind whose fields name some."""
    if not any(f.sort in {"record", "records"} for f in kind.fields):
        return []
    contents = (
        Span.objects.filter(
            reading=annotation.reading_id,
            annotation__kind="statement",
            annotation__deleted_at=None,
            role="content",
        )
        .exclude(annotation=annotation.pk)
        .order_by("start", "end")
    )
    first: dict[int, str] = {}
    for pk, exact in contents.values_list("annotation_id", "exact"):
        first.setdefault(pk, first_words(exact))
    return [Choice(pk, words) for pk, words in first.items()]
