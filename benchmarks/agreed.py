"""Readings handed in by three analysts of each text, alike in most: rows to measure agreement on."""

import random
from typing import Any

from django.db import transaction
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import open_reading
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, ReadingState, Span
from newsannot.articles.models import Article

RECORDS = {"mention": 30, "statement": 8, "threat": 2}
"""How many records of each kind a reading has."""
FIELDS = {
    "mention": ("form", ("name", "title")),
    "statement": ("mode", ("direct", "mixed")),
    "threat": ("purpose", ("deterrent", "unclear")),
}
"""A field of each kind, and what is said of it mostly and sometimes."""


def read_thrice(texts: int, *, times: int = 1, at: int = 700_000) -> list[Article]:
    """So many texts of 800 words, each read by the same three analysts; written past the actions.

    With `times` a text is so many times as long and holds so many times as many records.
    """
    from benchmarks import seed

    chance = random.Random(4)
    by = seed.keeper()
    names = [f"reader{at + number}" for number in range(3)]
    readers = [User.objects.create_user(username=name, password="x", role=Role.ANALYST) for name in names]
    articles = [seed.an_article(at + number, 800 * times, by) for number in range(texts)]
    readings = [[open_reading(revision=a.current_revision, by=reader) for reader in readers] for a in articles]
    with transaction.atomic():
        for kind, count in RECORDS.items():
            _fill(kind, [(found, count * times) for found in readings], chance)
        Reading.objects.filter(reader__in=readers).update(state=ReadingState.SUBMITTED, submitted_at=timezone.now())
    return articles


def _fill(name: str, readings: list[tuple[list[Reading], int]], chance: random.Random) -> None:
    """The records of a kind: most found by all three, a tenth with another border, a tenth with another value."""
    kind: Any = kind_named(name)
    field, values = FIELDS[name]
    rows, places = [], []
    for of_text, count in readings:
        text = of_text[0].revision.text
        for _ in range(count):
            at = chance.randrange(len(text) - 100 * len(kind.roles))
            for reading in of_text:
                if chance.random() < 0.85:
                    start = at + 2 * (chance.random() < 0.1)
                    rows.append(Annotation(reading=reading, kind=name, created_by=reading.reader))
                    places.append([(text, start + 100 * nth, at + 100 * nth + 60) for nth in range(len(kind.roles))])
    Annotation.objects.bulk_create(rows)
    children = [kind.model(annotation_ptr_id=row.pk, **{field: values[chance.random() < 0.1]}) for row in rows]
    manager = kind.model._base_manager  # bulk_create refuses child tables
    manager._insert(children, fields=kind.model._meta.local_concrete_fields, using=manager.db, raw=True)  # noqa: SLF001
    Span.objects.bulk_create(
        Span(annotation=row, reading_id=row.reading_id, role=role.name, start=start, end=end, exact=text[start:end])
        for row, found in zip(rows, places, strict=True)
        for role, (text, start, end) in zip(kind.roles, found, strict=True)
    )
