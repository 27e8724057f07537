"""Which readings can be compared with one another, and what of them is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.kinds import ClaimField
from newsannot.annotations.models import Reading
from newsannot.core.rows import ask
from newsannot.review.models import AgreementReport, Assignment, Batch, Divergence
from newsannot.review.queries.comparing import HANDED_IN
from newsannot.review.rules.alignment import PERSONAL


@dataclass(frozen=True, slots=True)
class Comparable:
    """Readings that can be compared: of one revision, by two analysts or more, under one codebook version."""

    revision: int
    codebook: int
    readings: tuple[Reading, ...]


def comparable_readings(
    *,
    batch: Batch | None = None,
    articles: Collection[int] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[Comparable]:
    """What was handed in by two analysts or more, in the order of the texts; `codebook` is the version's number.

    Narrowed to what was assigned in a batch (without one, to all but trainings), to some articles, and to readings
    handed in from one day to another (both included, UTC). Readings of one text under different codebook versions are
    not comparable: who codes by other rules may well code otherwise.
    """
    rows = Reading.objects.filter(reader__isnull=False, state__in=HANDED_IN).select_related("codebook")
    in_batch = Assignment.objects.filter(reading=OuterRef("pk"))
    if batch:
        rows = rows.filter(Exists(in_batch.filter(batch=batch)))
    else:
        rows = rows.exclude(Exists(in_batch.filter(batch__is_training=True)))
    if articles:
        rows = rows.filter(revision__article__in=articles)
    if since:
        rows = rows.filter(submitted_at__date__gte=since)
    if until:
        rows = rows.filter(submitted_at__date__lte=until)
    groups = defaultdict[tuple[int, int], list[Reading]](list)
    for row in rows.order_by("revision_id", "reader_id"):
        groups[row.revision_id, row.codebook.number].append(row)
    return [Comparable(*key, tuple(readings)) for key, readings in groups.items() if len(readings) > 1]


def compared_in(report: AgreementReport) -> list[Comparable]:
    """What a report is about, as it stands now."""
    return comparable_readings(batch=report.batch, articles=[report.article_id] if report.article_id else [])


def basis_of(compared: Sequence[Comparable]) -> dict[str, str]:
    """By which a change shows: reading id → when it was handed in, and under which codebook version.

    What was handed in cannot be changed but by being handed in again.
    """
    return {
        str(reading.pk): f"{reading.submitted_at:%Y-%m-%dT%H:%M:%S.%f} {one.codebook}"
        for one in compared
        for reading in one.readings
    }


def changed_since(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    """How many readings came, went or were handed in anew."""
    return sum(before.get(pk) != now.get(pk) for pk in before.keys() | now.keys())


def merged_since(actors: Mapping[str, int]) -> int:
    """How many actors count as another now than they did: `actors` is who each that was named counted as."""
    went = where_merged_went(int(pk) for pk in actors) if actors else {}
    return sum(went.get(int(pk), int(pk)) != counted_as for pk, counted_as in actors.items())


_CHANGED = """
    SELECT now.revision_id, now.basis FROM (
        SELECT revision_id, string_agg(id || ' ' || extract(epoch FROM submitted_at), ', ' ORDER BY id) AS basis
        FROM annotations_reading WHERE reader_id IS NOT NULL AND state = ANY(%s)
        GROUP BY revision_id HAVING count(*) > 1
    ) now LEFT JOIN review_divergence was USING (revision_id)
    WHERE was.basis IS DISTINCT FROM now.basis ORDER BY now.revision_id DESC LIMIT %s
"""


def changed_texts(most: int) -> list[tuple[int, str]]:
    """Revisions of which two readings or more are handed in, others than were compared last; each with its basis."""
    with ask(_CHANGED, [list(HANDED_IN), most]) as cursor:
        return list(cursor.fetchall())


def not_compared_any_more() -> QuerySet[Divergence]:
    """Divergences of texts of which fewer than two readings are handed in now."""
    handed_in = Q(revision__readings__reader__isnull=False, revision__readings__state__in=HANDED_IN)
    counted = Divergence.objects.annotate(readings=Count("revision__readings", filter=handed_in))
    return Divergence.objects.filter(pk__in=counted.filter(readings__lt=2).values("pk"))


def is_compared(field: ClaimField) -> bool:
    """Whether agreement is measured in a field: not in free words, nor in what tells of the coder."""
    return field.sort != "words" and field.name not in PERSONAL
