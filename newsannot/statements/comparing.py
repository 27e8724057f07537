"""Proposing which published statements report one saying: alike in words, by one speaker, on near days."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from newsannot.accounts.models import User
from newsannot.actors.queries.merging import families_of
from newsannot.core.history import action
from newsannot.core.rows import ask
from newsannot.statements.models import Likeness, Wording
from newsannot.statements.rules import compared_words

LEAST_LIKE = 0.4
"""Below, two wordings are not proposed."""
NEAR_DAYS = 7
MOST_COMPARED = 500
"""So many statements of the speaker, the nearest in time, are compared with one."""
MOST_PROPOSED = 3
"""So many are proposed for one, of each utterance the likest: thirty reprints do not make 435 questions."""

_DUE = """
    SELECT w.statement_id, s.speaker_id, coalesce(public.edtf_first_day(nullif(s.said_on, '')), ''),
           r.published_at::date,
           (SELECT array_agg(p.exact ORDER BY p.start) FROM annotations_span p
            WHERE p.annotation_id = w.statement_id AND p.role = 'content')
    FROM (
        SELECT statement_id FROM statements_wording WHERE is_due ORDER BY statement_id LIMIT %s FOR UPDATE SKIP LOCKED
    ) w
    JOIN statements_statement s ON s.annotation_ptr_id = w.statement_id
    JOIN annotations_annotation a ON a.id = w.statement_id JOIN annotations_reading g ON g.id = a.reading_id
    JOIN articles_revision v ON v.id = g.revision_id JOIN articles_article r ON r.id = v.article_id
    ORDER BY w.statement_id
"""
_LIKE = """
    WITH near AS (
        SELECT w.statement_id, w.words FROM statements_wording w
        WHERE w.speaker_id = ANY(%(family)s) AND w.day BETWEEN %(day)s - %(days)s AND %(day)s + %(days)s
            AND NOT w.is_due AND w.statement_id <> %(pk)s
        ORDER BY abs(w.day - %(day)s), w.statement_id DESC LIMIT %(most)s
    ), alike AS (
        SELECT n.statement_id, t.utterance_id, greatest(
            similarity(n.words, %(words)s),
            0.9 * CASE WHEN least(length(n.words), length(%(words)s)) < 15 THEN 0
                       WHEN length(n.words) < length(%(words)s) THEN strict_word_similarity(n.words, %(words)s)
                       ELSE strict_word_similarity(%(words)s, n.words) END
        ) AS score
        FROM near n JOIN annotations_annotation a ON a.id = n.statement_id AND a.is_published
        LEFT JOIN statements_attestation t ON t.statement_id = n.statement_id
    ), likest AS (
        SELECT DISTINCT ON (coalesce(utterance_id, -statement_id)) statement_id, score FROM alike
        WHERE score >= %(least)s AND utterance_id IS DISTINCT FROM coalesce(
            (SELECT utterance_id FROM statements_attestation WHERE statement_id = %(pk)s), 0)
        ORDER BY coalesce(utterance_id, -statement_id), score DESC, statement_id
    )
    SELECT statement_id, score FROM likest ORDER BY score DESC, statement_id LIMIT %(proposed)s
"""


class _Due(NamedTuple):
    """A statement to compare: its id, speaker, first day by its own date (text, or empty), article's day, content."""

    pk: int
    speaker: int | None
    said: str
    published: date | None
    content: list[str] | None

    @property
    def day(self) -> date | None:
        """The day it is compared by."""
        try:
            return date.fromisoformat(self.said)
        except ValueError:
            return self.published


@action
def compare_statements(*, most: int, by: User | None) -> int:
    """Compare published statements that are due with those before them, and propose the likest; answers how many.

    One without a known speaker or day is compared with none. What it costs does not grow with the record: the index of
    wordings by speaker and day bounds it. Locks the wordings that are due.
    """
    with ask(_DUE, [most]) as cursor:
        due = [_Due(*row) for row in cursor.fetchall()]
    for one in due:
        words = compared_words(one.content or [])
        found = _alike(one, words)
        Wording.objects.filter(pk=one.pk).update(words=words, speaker=one.speaker, day=one.day, is_due=False)
        Likeness.objects.bulk_create(
            [
                Likeness(first_id=min(one.pk, other), second_id=max(one.pk, other), score=score)
                for other, score in found
            ],
            ignore_conflicts=True,
        )
    return len(due)


def _alike(one: _Due, words: str) -> Sequence[tuple[int, float]]:
    if one.speaker is None or one.day is None or not words:
        return []
    asked = {
        "family": families_of([one.speaker]),
        "day": one.day,
        "days": NEAR_DAYS,
        "pk": one.pk,
        "words": words,
        "most": MOST_COMPARED,
        "least": LEAST_LIKE,
        "proposed": MOST_PROPOSED,
    }
    with ask(_LIKE, asked) as cursor:
        return list(cursor.fetchall())
