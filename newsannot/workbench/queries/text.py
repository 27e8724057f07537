"""A revision's text in blocks, and the marks of a reading on it. Offsets are code points."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from newsannot.annotations.models import SINGLE_ROLES, Annotation
from newsannot.articles.queries import block_starts_of, text_of
from newsannot.articles.rules.blocks import touched_blocks
from newsannot.core.rows import ask, pipelined
from newsannot.workbench.rules import Marked, PageBlock

_MARKS_IN: dict[str, Any] = {"kept": 120, "single": list(SINGLE_ROLES)}

_ZONES = 'SELECT start, "end", kind FROM articles_zone WHERE revision_id = %s ORDER BY start'
_KINDS = """
    SELECT (SELECT z.kind FROM articles_zone z WHERE z.revision_id = %(revision)s
            AND z.start < greatest(p.last, p.first + 1) AND z."end" > p.first ORDER BY z.start LIMIT 1)
    FROM unnest(%(starts)s::int[], %(ends)s::int[]) AS p(first, last) ORDER BY p.first
"""
# That ranges overlap tells the planner that few do, whichever they are: it then plans once, and not anew for each mark,
# which takes longer than the answer.
_WITHIN = """AND s.start < %(end)s AND int4range(s.start, s."end") && int4range(%(start)s, %(end)s)"""
# The content of a statement also shows the threats it expresses, as their `expression`. Pieces of a role are numbered
# over the whole record, of which the range may hold only some.
_MARKS = """
    WITH touched AS (
        SELECT s.annotation_id, s.role, s.start, s."end", left(s.exact, %(kept)s) AS words,
               CASE WHEN s.role <> ALL(%(single)s) THEN (
                   SELECT CASE WHEN count(*) > 1
                               THEN count(*) FILTER (WHERE o.start <= s.start) || ' of ' || count(*) END
                   FROM annotations_span o WHERE o.annotation_id = s.annotation_id AND o.role = s.role
               ) END AS number
        FROM annotations_span s WHERE s.reading_id = %(reading)s {within}
    )
    SELECT a.id, a.kind, t.role, t.start, t."end", coalesce(who.name, ''), t.words, coalesce(t.number, '')
    FROM touched t JOIN annotations_annotation a ON a.id = t.annotation_id AND a.deleted_at IS NULL
    LEFT JOIN annotations_mention m ON m.annotation_ptr_id = a.id
    LEFT JOIN statements_statement s ON s.annotation_ptr_id = a.id
    LEFT JOIN threats_threat h ON h.annotation_ptr_id = a.id
    LEFT JOIN actors_actor who ON who.id = coalesce(m.actor_id, s.speaker_id, h.issuer_id)
    UNION ALL
    SELECT a.id, a.kind, 'expression', t.start, t."end", coalesce(who.name, ''), t.words, ''
    FROM touched t JOIN threats_expression e ON e.statement_id = t.annotation_id AND t.role = 'content'
    JOIN annotations_annotation a ON a.id = e.threat_id AND a.deleted_at IS NULL
    JOIN threats_threat h ON h.annotation_ptr_id = a.id
    LEFT JOIN actors_actor who ON who.id = h.issuer_id
    ORDER BY 4, 5 DESC, 1
"""
_ALL_MARKS, _SOME_MARKS = _MARKS.format(within=""), _MARKS.format(within=_WITHIN)


def page_blocks(revision_id: int) -> list[PageBlock]:
    """The whole text, block by block, each with the kind of the zone it lies in; one query beside that for the text."""
    with ask(_ZONES, [revision_id]) as cursor:
        zones = cursor.fetchall()
    blocks, at = [], 0
    lines = zip(block_starts_of(revision_id), text_of(revision_id).split("\n"), strict=True)
    for index, (start, line) in enumerate(lines):
        while at < len(zones) and zones[at][1] <= start:
            at += 1
        is_inside = at < len(zones) and zones[at][0] < start + max(len(line), 1)
        blocks.append(PageBlock(index, start, line, zones[at][2] if is_inside else ""))
    return blocks


def ask_touched(
    reading_id: int, revision_id: int, ranges: Iterable[tuple[int, int]]
) -> Callable[[], tuple[list[PageBlock], list[Marked]]]:
    """Ask for the blocks that any of the ranges has a code point in, and for their marks; the answer fetches them."""
    text, starts = text_of(revision_id), block_starts_of(revision_id)
    indexes = sorted({index for start, end in ranges for index in touched_blocks(starts, start, end)})
    if not indexes:
        return lambda: ([], [])
    firsts = [starts[index] for index in indexes]
    lasts = [starts[index + 1] - 1 if index + 1 < len(starts) else len(text) for index in indexes]
    with pipelined():
        kinds = ask(_KINDS, {"starts": firsts, "ends": lasts, "revision": revision_id})
        marks = _ask_marks(reading_id, firsts[0], lasts[-1] + 1)
    return lambda: (
        [
            PageBlock(index, first, text[first:last], kind or "")
            for index, first, last, (kind,) in zip(indexes, firsts, lasts, kinds, strict=True)
        ],
        list(map(Marked._make, marks)),
    )


def marks_in(reading_id: int, start: int = 0, end: int | None = None) -> list[Marked]:
    """The standing marks of a reading that share a code point with `start:end`, by start, longer first; one query.

    Without an end, all of the reading.
    """
    return list(map(Marked._make, _ask_marks(reading_id, start, end)))


def _ask_marks(reading_id: int, start: int, end: int | None) -> CursorWrapper:
    if end is None:
        return ask(_ALL_MARKS, _MARKS_IN | {"reading": reading_id})
    return ask(_SOME_MARKS, _MARKS_IN | {"reading": reading_id, "start": start, "end": end})


def marks_at(reading_id: int, offset: int) -> list[Marked]:
    """One mark of each annotation at a code point, the shortest first; where none is, at the one before it."""
    found = marks_in(reading_id, offset, offset + 1) or marks_in(reading_id, max(offset - 1, 0), max(offset, 1))
    found.sort(key=lambda mark: (mark.end - mark.start, mark.annotation))
    return list({mark.annotation: mark for mark in reversed(found)}.values())[::-1]


def ranges_expressing(threat: Annotation, *, besides: Iterable[int] = ()) -> list[tuple[int, int]]:
    """Where the content of the statements that express a threat stands, and of those named `besides`."""
    if threat.kind != "threat":
        return []
    sql = """
        SELECT start, "end" FROM annotations_span WHERE role = 'content' AND (annotation_id = ANY(%(besides)s)
            OR annotation_id IN (SELECT statement_id FROM threats_expression WHERE threat_id = %(threat)s))
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"threat": threat.pk, "besides": list(besides)})
        return [(start, end) for start, end in cursor.fetchall()]
