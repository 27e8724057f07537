"""Publishing and withdrawing what is curated, the only way into the published record and out of it; releases of it."""

import re
from collections import Counter

from django.db.models import F, Max
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.actions import count_uses
from newsannot.actors.models import Actor
from newsannot.annotations.actions import move_reading
from newsannot.annotations.checks import NUL
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.annotations.queries import read_records
from newsannot.articles.models import Revision
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.core.rows import ask
from newsannot.dataset.models import Change, Release, ReleaseFile, ReleaseState
from newsannot.dataset.recording import hold_names, record_changes
from newsannot.dataset.releasing.making import make_files
from newsannot.dataset.releasing.tables import has_parquet
from newsannot.review.models import Dispute

LONGEST_REASON = 4000
RELEASE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_DUE = """
    DELETE FROM dataset_revisit WHERE id IN (
        SELECT id FROM dataset_revisit WHERE due_at <= now() ORDER BY reading_id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING reading_id
"""


@action
def publish_reading(*, revision: Revision, by: User) -> Reading:
    """Publish the curated reading of a revision, with every record standing in it.

    Raises RuleBroken when nothing was accepted yet, when it is empty and not declared so, while readings differ about
    something undecided, and when it is published.
    Locks the reading, what its records name, and the feed of changes.
    """
    reading = _curated(revision)
    if reading.state == ReadingState.PUBLISHED:
        raise RuleBroken("This is published already.", field="reading")
    if undecided := Dispute.objects.undecided().filter(curated__reading=reading).count():
        raise RuleBroken(f"{undecided} questions between readings are undecided; decide them first.", field="reading")
    _set_published(reading, is_published=True)
    if not reading.nothing_found and not Annotation.objects.published().filter(reading=reading).exists():
        raise RuleBroken("Nothing stands in the curated reading, so there is nothing to publish.", field="reading")
    named = _named_actors(reading)
    hold_names(reading.pk, named)
    Actor.objects.filter(pk__in=named, is_public=False).update(is_public=True)
    count_uses(named, source_id=revision.article.source_id)
    moved = move_reading(reading, ReadingState.PUBLISHED, by=by)
    record_changes([moved.pk])
    return moved


@action
def withdraw_reading(*, revision: Revision, by: User, reason: str = "") -> Reading:
    """Take the published reading of a revision, and every record in it, out of the published record.

    It can be corrected and published again. Raises RuleBroken when it is not published. Locks the reading and the
    feed of changes.
    """
    reason = reason.replace("\r\n", "\n").strip()
    if len(reason) > LONGEST_REASON or NUL.search(reason):
        raise RuleBroken(f"At most {LONGEST_REASON} characters, all of which can be stored.", field="reason")
    reading = _curated(revision)
    if reading.state != ReadingState.PUBLISHED:
        raise RuleBroken("This is not published.", field="reading")
    moved = move_reading(reading, ReadingState.WITHDRAWN, by=by, comment=reason)
    _set_published(moved, is_published=False)
    count_uses(_named_actors(moved), source_id=revision.article.source_id, is_withdrawn=True)
    record_changes([moved.pk])
    return moved


@action
def revisit_readings(*, most: int, by: User | None) -> int:
    """Hold published readings that are due to be looked at again against the feed; answers how many there were.

    Their rows go first: who changes a name from now on waits and then asks for another look.
    """
    with ask(_DUE, [most]) as cursor:
        due = [reading for (reading,) in cursor.fetchall()]
    if due:
        record_changes(due)
    return len(due)


def _curated(revision: Revision) -> Reading:
    """The curated reading under lock."""
    reading = Reading.objects.curated().select_for_update(of=("self",)).filter(revision=revision.pk).first()
    if reading is None:
        raise RuleBroken("Nothing was accepted for this text yet.", field="reading")
    return reading


def _named_actors(reading: Reading) -> Counter[int]:
    """How many of a reading's standing records name each actor."""
    standing = list(Annotation.objects.standing().filter(reading=reading))
    kinds = {annotation.pk: kind_named(annotation.kind) for annotation in standing}
    records = read_records(standing).items()
    return Counter(actor for pk, record in records for actor in kinds[pk].actors_in(record))


def _set_published(reading: Reading, *, is_published: bool) -> None:
    """Let the standing records of a reading into the published record, or out of it; one statement."""
    standing = Annotation.objects.standing().filter(reading=reading, is_published=not is_published)
    standing.update(is_published=is_published, updated_at=timezone.now())


@action
def order_release(*, name: str, publisher: str, licence: str, notes: str = "", by: User) -> Release:
    """Have the worker make a release of all that the feed tells of until now.

    Raises RuleBroken when the name is taken or no name for a file, or when nothing was published yet.
    """
    said = {"name": name.strip(), "publisher": publisher.strip(), "licence": licence.strip(), "notes": notes.strip()}
    if not RELEASE_NAME.fullmatch(said["name"]) or said["name"] == "new":
        raise RuleBroken("Small letters, digits, dots and dashes, such as 2025-09.", field="name")
    for field, longest in (("publisher", 200), ("licence", 120), ("notes", LONGEST_REASON)):
        if len(said[field]) > longest or NUL.search(said[field]) or not (said[field] or field == "notes"):
            raise RuleBroken(f"Say this in at most {longest} characters, all of which can be stored.", field=field)
    if Release.objects.filter(name=said["name"]).exists():
        raise RuleBroken(f"There is a release {said['name']} already; a release never changes.", field="name")
    seq = Change.objects.aggregate(last=Max("seq"))["last"]
    if not seq:
        raise RuleBroken("Nothing was published yet.", field="name")
    return Release.objects.create(**said, seq=seq, created_by=by, created_at=timezone.now())


def make_release(release: Release) -> Release:
    """Make the files of a release that was ordered, anew from the start where an earlier run was cut off.

    What went wrong leaves the release failed and without files. It is visible, and fixed, once it is ready.
    """
    ReleaseFile.objects.filter(release=release).delete()
    total = Change.objects.filter(seq__lte=release.seq).values("record").distinct().count()
    Release.objects.filter(pk=release.pk).update(done=0, total=total * (3 if has_parquet() else 2))
    try:
        make_files(release, lambda count: _further(release, count))
    except Exception:
        ReleaseFile.objects.filter(release=release).delete()
        Release.objects.filter(pk=release.pk).update(state=ReleaseState.FAILED)
        raise
    Release.objects.filter(pk=release.pk).update(state=ReleaseState.READY, finished_at=timezone.now(), done=F("total"))
    release.refresh_from_db()
    return release


def _further(release: Release, count: int) -> None:
    Release.objects.filter(pk=release.pk).update(done=F("done") + count)


@action
def drop_release(*, release: Release, by: User) -> None:
    """Take away a release that failed, so that its name is free. Raises RuleBroken for any other."""
    locked = Release.objects.select_for_update().get(pk=release.pk)
    if locked.state != ReleaseState.FAILED:
        raise RuleBroken("Only a release that failed can be taken away.", field="name")
    locked.delete()
