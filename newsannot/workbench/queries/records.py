"""One record as the inspector shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Span
from newsannot.annotations.queries import ask_claim
from newsannot.annotations.rules import Piece, Proposal, Record, Role, Told
from newsannot.articles.models import Article
from newsannot.core.rows import ask_rows, pipelined
from newsannot.core.wording import first_words
from newsannot.workbench.queries.chain import Chain, attribution_chain

MOST_OFFERED = 12

# Each statement by its first content; nearest to a place of the text, or to the first statement that is named.
_CHOICES = """
    WITH content AS (
        SELECT DISTINCT ON (s.annotation_id) s.annotation_id, s.start, left(s.exact, 300) AS words
        FROM annotations_span s JOIN annotations_annotation a ON a.id = s.annotation_id
        WHERE s.reading_id = %(reading)s AND s.role = 'content' AND a.deleted_at IS NULL AND a.id <> %(self)s
        ORDER BY s.annotation_id, s.start
    ), nearest AS (
        SELECT annotation_id FROM content ORDER BY abs(start - coalesce(
            %(place)s::int, (SELECT min(start) FROM content WHERE annotation_id = ANY(%(named)s::bigint[])), 0))
        LIMIT %(most)s
    )
    SELECT annotation_id, start, words FROM content
    WHERE annotation_id IN (SELECT annotation_id FROM nearest) OR annotation_id = ANY(%(named)s::bigint[])
    ORDER BY start, annotation_id
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """A role, with the pieces that fill it; `is_full` when it holds as many as it may."""

    role: Role
    spans: Sequence[Span]

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
    """A record that may be named by another: its id, how its words begin, and more of them."""

    id: int
    words: str
    said: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """An annotation with its claim, its slots, the names of the actors it names and the records it may name.

    `proposals` are values for fields that say nothing; `chain`, what it is reported within; `article`, with its source.
    """

    annotation: Annotation
    kind: Kind
    record: Record
    slots: Sequence[Slot]
    actors: Mapping[int, str]
    choices: Sequence[Choice]
    article: Article
    proposals: Sequence[Proposal]
    chain: Chain


def record_page(
    annotation: Annotation,
    *,
    claim: Mapping[str, Any] | None = None,
    standing: Mapping[str, Any] | None = None,
    spans: Sequence[Span] | None = None,
    article: Article | None = None,
) -> RecordPage:
    """All the inspector shows of an annotation, with `claim` laid over its own; a handful of queries.

    `standing` is its own claim, `spans` are its spans and `article` its article, when those are known already.
    """
    kind = kind_named(annotation.kind)
    with pipelined():
        said = None if standing else ask_claim(annotation)
        found = _ask_placed(annotation.pk) if spans is None else None
    own = said() if said else standing or {}
    placed = found() if found else spans or ()
    parts = {role.name: [Piece(s.start, s.end) for s in placed if s.role == role.name] for role in kind.roles}
    record = Record({**own, **(claim or {})}, parts)
    slots = [Slot(role, [span for span in placed if span.role == role.name]) for role in kind.roles]
    choices = _choices(kind, record.claim, placed, annotation)
    of = article or annotation.reading.revision.article
    return RecordPage(
        annotation,
        kind,
        record,
        slots,
        _actor_names(kind, record.claim),
        choices,
        of,
        kind.proposals(record, _told(kind, record, slots, choices, of)),
        attribution_chain(annotation, kind, record),
    )


def _told(kind: Kind, record: Record, slots: Sequence[Slot], choices: Sequence[Choice], article: Article) -> Told:
    """The words the record rests on, those of the record that leads it before the others'."""
    fields = [f for sort in ("primary", "records") for f in kind.fields if f.sort == sort]
    named = [pk for f in fields for pk in _as_list(record.claim[f.name])]
    words = {choice.id: choice.said for choice in choices}
    return Told(
        {slot.role.name: [span.exact for span in slot.spans] for slot in slots},
        [words[pk] for pk in dict.fromkeys(named) if pk in words],
        article.language,
        article.published_at.date() if article.published_at else None,
    )


def _ask_placed(annotation_id: int) -> Callable[[], Sequence[Span]]:
    return ask_rows(Span, 'WHERE t.annotation_id = %s ORDER BY t.start, t."end"', [annotation_id])


def _actor_names(kind: Kind, claim: Mapping[str, Any]) -> dict[int, str]:
    one = {claim[f.name] for f in kind.fields if f.sort == "actor"}
    many = {pk for f in kind.fields if f.sort == "actors" for pk in claim[f.name]}
    wanted = [pk for pk in one | many if isinstance(pk, int)]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM actors_actor WHERE id = ANY(%s)", [wanted])
        return dict(cursor.fetchall())


def _choices(kind: Kind, claim: Mapping[str, Any], spans: Sequence[Span], annotation: Annotation) -> list[Choice]:
    """Statements a field may name, in the order of the text: those named already, and those nearest to the record."""
    if not any(f.sort in {"record", "records"} for f in kind.fields):
        return []
    named = [pk for f in kind.fields if f.sort in {"record", "records"} for pk in _as_list(claim[f.name])]
    with connection.cursor() as cursor:
        place = spans[0].start if spans else None
        of: dict[str, Any] = {
            "reading": annotation.reading_id,
            "self": annotation.pk,
            "named": named,
            "place": place,
            "most": MOST_OFFERED,
        }
        cursor.execute(_CHOICES, of)
        return [Choice(pk, first_words(words), words) for pk, _, words in cursor.fetchall()]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
