"""Proposing which published threats are one over time: of one issuer against one target and alike, or said at once."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from newsannot.accounts.models import User
from newsannot.actors.queries.merging import families_of
from newsannot.core.history import action
from newsannot.core.rows import ask
from newsannot.threats.models import Kinship, Outline

NEAR_DAYS = 180
"""Threats further apart are not compared; an episode that lasts longer is found by its links in between."""
MOST_COMPARED = 500
"""So many threats of the issuer, the nearest in time, are compared with one."""
MOST_PROPOSED = 3
"""So many are proposed for one, of each episode the likest."""

DAY = """coalesce(
    (SELECT public.edtf_first_day(nullif(s.said_on, '')) FROM threats_expression e
     JOIN statements_statement s ON s.annotation_ptr_id = e.statement_id
     WHERE e.threat_id = t.annotation_ptr_id AND e.is_primary), '')"""
_DUE = f"""
    SELECT o.threat_id, t.issuer_id, t.on_behalf_of_id, {DAY}, r.published_at::date, t.consequence, t.demand_kind,
           ARRAY(SELECT actor_id FROM threats_harmtarget WHERE threat_id = o.threat_id
                 UNION SELECT actor_id FROM threats_influencetarget WHERE threat_id = o.threat_id)
    FROM (
        SELECT threat_id FROM threats_outline WHERE is_due ORDER BY threat_id LIMIT %s FOR UPDATE SKIP LOCKED
    ) o
    JOIN threats_threat t ON t.annotation_ptr_id = o.threat_id
    JOIN annotations_annotation a ON a.id = o.threat_id JOIN annotations_reading g ON g.id = a.reading_id
    JOIN articles_revision v ON v.id = g.revision_id JOIN articles_article r ON r.id = v.article_id
    ORDER BY o.threat_id
"""  # noqa: S608 - of constants alone
_LIKE = """
    WITH near AS (
        SELECT o.threat_id, o.day FROM threats_outline o
        WHERE (o.issuer_id = ANY(%(issuers)s) OR o.on_behalf_of_id = ANY(%(issuers)s))
            AND o.day BETWEEN %(day)s::date - %(days)s AND %(day)s::date + %(days)s
            AND NOT o.is_due AND o.threat_id <> %(pk)s
        ORDER BY abs(o.day - %(day)s::date), o.threat_id DESC LIMIT %(most)s
    ), alike AS (
        SELECT f.threat_id, 1.0 AS score
        FROM threats_expression e JOIN statements_attestation own ON own.statement_id = e.statement_id
        JOIN statements_attestation other ON other.utterance_id = own.utterance_id
        JOIN threats_expression f ON f.statement_id = other.statement_id
        WHERE e.threat_id = %(pk)s AND f.threat_id <> %(pk)s
        UNION ALL
        SELECT n.threat_id, 0.4 + 0.2 * (1 - abs(n.day - %(day)s::date) / %(days)s::numeric)
            + CASE WHEN t.consequence = %(consequence)s THEN 0.2 ELSE 0 END
            + CASE WHEN t.demand_kind = %(demand)s THEN 0.2 ELSE 0 END
        FROM near n JOIN threats_threat t ON t.annotation_ptr_id = n.threat_id
        WHERE (t.consequence = %(consequence)s OR t.demand_kind = %(demand)s) AND (
            EXISTS (SELECT FROM threats_harmtarget h
                    WHERE h.threat_id = n.threat_id AND h.actor_id = ANY(%(targets)s))
            OR EXISTS (SELECT FROM threats_influencetarget i
                       WHERE i.threat_id = n.threat_id AND i.actor_id = ANY(%(targets)s)))
    ), likest AS (
        SELECT DISTINCT ON (coalesce(c.episode_id, -l.threat_id)) l.threat_id, l.score
        FROM alike l JOIN annotations_annotation a ON a.id = l.threat_id AND a.is_published
        LEFT JOIN threats_occurrence c ON c.threat_id = l.threat_id
        WHERE a.reading_id <> (SELECT reading_id FROM annotations_annotation WHERE id = %(pk)s)
            AND c.episode_id IS DISTINCT FROM coalesce(
                (SELECT episode_id FROM threats_occurrence WHERE threat_id = %(pk)s), 0)
        ORDER BY coalesce(c.episode_id, -l.threat_id), l.score DESC, l.threat_id
    )
    SELECT threat_id, score FROM likest ORDER BY score DESC, threat_id LIMIT %(proposed)s
"""
SAYS_NOTHING = frozenset({"", "unspecified", "other"})
"""Codes by which two threats are not alike."""


class _Due(NamedTuple):
    """A threat to compare; `said` is the first day its primary statement may be of (text, or empty)."""

    pk: int
    issuer: int | None
    on_behalf_of: int | None
    said: str
    published: date | None
    consequence: str
    demand: str
    targets: Sequence[int]

    @property
    def day(self) -> date | None:
        """The day it is compared by."""
        try:
            return date.fromisoformat(self.said)
        except ValueError:
            return self.published


@action
def compare_threats(*, most: int, by: User | None) -> int:
    """Compare published threats that are due with those near them, and propose the likest; answers how many.

    Compared are those of one issuer (or on whose behalf) and one target, merged actors counted as one, with the same
    consequence or demand; and, wherever they stand, those that statements of one utterance express. Two of one article
    are two threats. What it costs does not grow with the record: the indexes by issuer and day bound it. Locks the
    outlines that are due.
    """
    with ask(_DUE, [most]) as cursor:
        due = [_Due(*row) for row in cursor.fetchall()]
    for one in due:
        Outline.objects.filter(pk=one.pk).update(
            issuer=one.issuer, on_behalf_of=one.on_behalf_of, day=one.day, is_due=False
        )
        Kinship.objects.bulk_create(
            [
                Kinship(first_id=min(one.pk, other), second_id=max(one.pk, other), score=score)
                for other, score in _alike(one)
            ],
            ignore_conflicts=True,
        )
    return len(due)


def _alike(one: _Due) -> Sequence[tuple[int, float]]:
    issuers = {one.issuer, one.on_behalf_of} - {None}
    asked = {
        "pk": one.pk,
        "issuers": families_of(pk for pk in issuers if pk) if issuers else [],
        "targets": families_of(one.targets) if one.targets else [],
        "day": one.day,
        "days": NEAR_DAYS,
        "consequence": None if one.consequence in SAYS_NOTHING else one.consequence,
        "demand": None if one.demand in SAYS_NOTHING else one.demand,
        "most": MOST_COMPARED,
        "proposed": MOST_PROPOSED,
    }
    with ask(_LIKE, asked) as cursor:
        return [(pk, float(score)) for pk, score in cursor.fetchall()]
