"""Writing the feed of changes: what readers get of records now, held against what the feed last said of them.

One rule decides all: a record that readers get and the feed does not have is *published*, one that reads otherwise is
*amended*, one they do not get any more is *withdrawn*. Embargoes, corrections and new names need no rule of their own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from newsannot.actors.models import Actor, Merge
from newsannot.actors.serializers import present_actors
from newsannot.annotations.models import Annotation
from newsannot.core.layers import Audience
from newsannot.core.rows import ask
from newsannot.dataset.models import Change, ChangeAction
from newsannot.dataset.snapshots import Snapshot, canonical, given_out_of

ACTOR = "actor"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('newsannot feed of changes'))"
_LAST = """
    SELECT DISTINCT ON (record) record, action, version, sha256 FROM dataset_change
    WHERE record = ANY(%s) ORDER BY record, seq DESC
"""
_AFTER_EMBARGO = """
    INSERT INTO dataset_revisit (reading_id, due_at)
    SELECT g.id, a.published_at + s.embargo_hours * interval '1 hour'
    FROM annotations_reading g JOIN articles_revision r ON r.id = g.revision_id
    JOIN articles_article a ON a.id = r.article_id JOIN articles_source s ON s.id = a.source_id
    WHERE g.id = ANY(%s) AND g.state = 'published' AND s.embargo_hours > 0
        AND a.published_at + s.embargo_hours * interval '1 hour' > now()
    ORDER BY g.id
    ON CONFLICT (reading_id) DO UPDATE SET due_at = EXCLUDED.due_at
"""
_HOLD_ARTICLES = """
    SELECT FROM annotations_reading g JOIN articles_revision r ON r.id = g.revision_id
    JOIN articles_article a ON a.id = r.article_id JOIN articles_source s ON s.id = a.source_id
    WHERE g.id = %s FOR SHARE OF a, s
"""


@dataclass(frozen=True, slots=True)
class _Last:
    """What the feed last said of a record."""

    action: str
    version: int
    sha256: str


def hold_names(reading_id: int, actor_ids: Collection[int]) -> None:
    """Keep what the records of a reading name as it is until the transaction ends: actors, article, source.

    Who changes one of them at the same moment waits, and then finds the reading published. Locks actors in order.
    """
    list(Actor.objects.filter(pk__in=actor_ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    ask(_HOLD_ARTICLES, [reading_id])


def record_changes(reading_ids: Collection[int]) -> int:
    """Bring the feed up to what readers get of these readings now; answers how many changes that took.

    What is within an embargo is looked at again when that ends. Locks the feed until the transaction ends, so that
    numbers are handed out in the order of commits; it is the last lock that is taken.
    """
    ask(_AFTER_EMBARGO, [list(reading_ids)])
    ask(LOCK)
    records = Annotation.objects.filter(reading__in=reading_ids).order_by("pk").values_list("public_id", "kind")
    kinds = {str(public_id): kind for public_id, kind in records}
    last = _last_of(kinds)
    given = {one.record: one for one in given_out_of(reading_ids)}
    return _append(
        [
            *_gone(kinds, last, given),
            *(change for one in given.values() if (change := _step(one, last.get(one.record)))),
        ]
    )


def record_merge(actor_id: int) -> int:
    """Say in the feed where a merged actor went, or that it went nowhere after all; answers how many changes that took.

    Of an actor that readers do not get it says nothing, or takes back what it said.
    """
    ask(LOCK)
    record, rows = str(actor_id), Actor.objects.given_out(Audience.READERS).filter(pk=actor_id)
    found = list(rows.select_related("merged_into").prefetch_related("names"))
    if not found:
        return _append(_gone({record: ACTOR}, _last_of([record]), ()))
    action = ChangeAction.MERGE if found[0].merged_into_id else ChangeAction.AMEND
    return _append([_change(action, Snapshot(ACTOR, record, 1, canonical(present_actors(found)[0])))])


def tell_of_merge(instance: Merge, **about: Any) -> None:
    """Receive that a merge was made or undone."""
    record_merge(instance.actor_id)


def _last_of(records: Iterable[str]) -> dict[str, _Last]:
    with ask(_LAST, [list(records)]) as cursor:
        return {record: _Last(*rest) for record, *rest in cursor.fetchall()}


def _gone(kinds: Mapping[str, str], last: Mapping[str, _Last], given: Collection[str]) -> Iterator[Change]:
    for record, kind in kinds.items():
        said = last.get(record)
        if record not in given and said and said.action != ChangeAction.WITHDRAW:
            yield Change(kind=kind, record=record, version=said.version, action=ChangeAction.WITHDRAW)


def _step(now: Snapshot, said: _Last | None) -> Change | None:
    if said is None or said.action == ChangeAction.WITHDRAW:
        return _change(ChangeAction.PUBLISH, now)
    return _change(ChangeAction.AMEND, now) if said.sha256 != now.sha256 else None


def _change(action: ChangeAction, now: Snapshot) -> Change:
    return Change(
        kind=now.kind,
        record=now.record,
        version=now.version,
        action=action,
        snapshot=now.data,
        sha256=now.sha256,
    )


def _append(changes: Iterable[Change]) -> int:
    """Number the changes and store them; the feed is locked by this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM dataset_change")
        (seq,) = cursor.fetchone()
    at = timezone.now()
    numbered = list(changes)
    for number, change in enumerate(numbered, seq + 1):
        change.seq, change.at = number, at
    Change.objects.bulk_create(numbered, batch_size=500)
    return len(numbered)
