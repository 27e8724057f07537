"""Nested attribution: who reports whom, from the outermost statement inwards."""

from dataclasses import dataclass

from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Annotation
from newsannot.annotations.rules import Record
from newsannot.core.rows import ask
from newsannot.core.wording import first_words

DEEPEST = 8
"""So many statements outwards are followed; what lies beyond is told to be there."""

_CHAIN = """
    WITH RECURSIVE chain (id, parent, depth) AS (
        SELECT annotation_ptr_id, parent_id, 0 FROM statements_statement WHERE annotation_ptr_id = %(innermost)s
        UNION ALL
        SELECT s.annotation_ptr_id, s.parent_id, chain.depth + 1
        FROM chain JOIN statements_statement s ON s.annotation_ptr_id = chain.parent WHERE chain.depth < %(deepest)s
    )
    SELECT chain.id, coalesce(speaker.name, source.exact, ''), coalesce(left(content.exact, 200), '')
    FROM chain JOIN annotations_annotation a ON a.id = chain.id AND a.deleted_at IS NULL
    JOIN statements_statement s ON s.annotation_ptr_id = chain.id
    LEFT JOIN actors_actor speaker ON speaker.id = s.speaker_id
    LEFT JOIN annotations_span source ON source.annotation_id = chain.id AND source.role = 'source'
    LEFT JOIN LATERAL (
        SELECT exact FROM annotations_span WHERE annotation_id = chain.id AND role = 'content' ORDER BY start LIMIT 1
    ) content ON true
    ORDER BY chain.depth DESC
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A statement of a chain: its id, who says it (an actor, or the words that name one), how its words begin."""

    id: int
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Statements from the outermost inwards; `is_cut` when more lie around them."""

    links: tuple[Link, ...] = ()
    is_cut: bool = False


def attribution_chain(annotation: Annotation, kind: Kind, record: Record) -> Chain:
    """What a statement, or a threat's primary statement, is reported within, itself the last link.

    Empty when nothing reports it. At most one query, however deep.
    """
    innermost = _innermost(annotation, kind, record)
    if innermost is None:
        return Chain()
    rows = ask(_CHAIN, {"innermost": innermost, "deepest": DEEPEST}).fetchall()
    links = tuple(Link(pk, who, first_words(words)) for pk, who, words in rows)
    if len(links) < 2:
        return Chain()
    return Chain(links[-DEEPEST:], is_cut=len(links) > DEEPEST)


def _innermost(annotation: Annotation, kind: Kind, record: Record) -> int | None:
    """The statement the chain ends in: the record itself when it is nested, or the one that leads it."""
    if any(record.claim[f.name] for f in kind.fields if f.sort == "record"):
        return annotation.pk
    leaders = [record.claim[f.name] for f in kind.fields if f.sort == "primary" and record.claim[f.name]]
    return leaders[0] if leaders else None
