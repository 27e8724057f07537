"""Batches for tests, made the short way."""

from datetime import datetime
from typing import Any

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.review.models import Assignment, Batch
from tests.factories import a_mention, a_reading, a_revision, a_user, numbers


def a_batch(**fields: Any) -> Batch:
    """A batch with nothing in it; by itself, of one reader an article."""
    by = fields.pop("created_by", None) or a_user(Role.EDITOR)
    return Batch.objects.create(
        **{"name": f"Batch {next(numbers)}", "analysts_per_article": 1, "created_by": by} | fields
    )


def an_assignment(
    analyst: User | None = None, *, batch: Batch | None = None, revision: Revision | None = None, **fields: Any
) -> Assignment:
    """An assignment of a fresh revision; without an analyst, in the pool."""
    return Assignment.objects.create(
        **{"batch": batch or a_batch(), "revision": revision or a_revision(), "slot": 1, "analyst": analyst} | fields
    )


def handed_in(by: User, revision: Revision) -> Reading:
    """A reading with a mention, handed in."""
    reading = a_reading(by, revision)
    a_mention(reading)
    return submit_reading(reading=reading, by=by)


def worked_on(reading: Reading, at: datetime) -> None:
    """Let a reading have been worked on last at a moment."""
    Reading.objects.filter(pk=reading.pk).update(updated_at=at)
