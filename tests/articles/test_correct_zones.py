"""Correcting zones: by editors, never overlapping, never under annotated text."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from newsannot.accounts.models import Role
from newsannot.annotations.actions import delete_annotation
from newsannot.articles.actions import correct_zones
from newsannot.articles.rules.zones import FoundZone
from newsannot.core.errors import RuleBroken
from newsannot.core.wording import quoted
from tests.factories import TEXT, a_mention, a_reading, a_revision, a_user


def zones_of(revision: object) -> list[tuple[str, int, int, bool]]:
    return list(revision.zones.values_list("kind", "start", "end", "is_codable"))  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_an_editor_puts_other_zones_in_place() -> None:
    revision = a_revision()
    correct_zones(
        revision=revision,
        zones=[FoundZone("headline", 0, 24), FoundZone("body", 25, 100), FoundZone("boilerplate", 130, 140)],
        by=a_user(Role.EDITOR),
    )
    assert zones_of(revision) == [
        ("headline", 0, 24, True),
        ("body", 25, 100, True),
        ("boilerplate", 130, 140, False),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ANALYST, Role.READER])
def test_others_may_not(role: str) -> None:
    revision = a_revision()
    before = zones_of(revision)
    with pytest.raises(PermissionDenied):
        correct_zones(revision=revision, zones=[], by=a_user(role))
    assert zones_of(revision) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zones", "message"),
    [
        ([FoundZone("body", 0, 10), FoundZone("body", 9, 20)], f"The zone “{TEXT[9:20]}” overlaps the one before it."),
        ([FoundZone("body", 5, 5)], f"The zone (body) that begins at {quoted(TEXT[5:])} is empty."),
        ([FoundZone("body", -1, 5)], "A zone (body) leaves the text."),
        ([FoundZone("body", 0, 2**31)], "A zone (body) leaves the text."),
        (
            [FoundZone("advert", 0, 5)],  # type: ignore[arg-type]
            "“advert” is no kind of zone: headline, summary, heading, body, caption, boilerplate.",
        ),
    ],
)
def test_wrong_zones_are_refused_and_the_old_ones_stay(zones: list[FoundZone], message: str) -> None:
    revision = a_revision()
    before = zones_of(revision)
    with pytest.raises(RuleBroken) as refusal:
        correct_zones(revision=revision, zones=zones, by=a_user(Role.EDITOR))
    assert refusal.value.problems == {"zones": [message]}
    assert zones_of(revision) == before


@pytest.mark.django_db
def test_annotated_text_cannot_become_boilerplate_until_the_annotation_is_deleted() -> None:
    reading = a_reading()
    mention = a_mention(reading)
    editor, revision = a_user(Role.EDITOR), reading.revision
    before, zones = zones_of(revision), [FoundZone("boilerplate", 0, len(TEXT))]
    with pytest.raises(RuleBroken, match="Annotations rest on"):
        correct_zones(revision=revision, zones=zones, by=editor)
    assert zones_of(revision) == before
    delete_annotation(annotation=mention, version=mention.version, by=reading.reader)
    correct_zones(revision=revision, zones=zones, by=editor)
    assert zones_of(revision) == [("boilerplate", 0, len(TEXT), False)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "start", "end", "is_codable", "constraint"),
    [
        ("body", 5, 5, True, "zone_not_empty"),
        ("body", -1, 5, True, "start"),
        ("body", 0, 100_000, True, "zone leaves the text"),
        ("advert", 0, 5, True, "zone_kind_known"),
        ("boilerplate", 0, 5, True, "zone_boilerplate_not_codable"),
        ("heading", 9, 12, True, "zones_never_overlap"),
    ],
)
def test_the_database_itself_refuses_wrong_zones(
    kind: str, start: int, end: int, is_codable: bool, constraint: str
) -> None:
    revision = a_revision(zones=[("body", 5, 10)] if start == 9 else [])
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        revision.zones.create(kind=kind, start=start, end=end, is_codable=is_codable)


@pytest.mark.django_db
def test_the_database_itself_keeps_annotated_text_codable() -> None:
    reading = a_reading()
    a_mention(reading)
    with pytest.raises(IntegrityError, match="annotations rest on"), transaction.atomic():
        reading.revision.zones.create(kind="boilerplate", start=0, end=100, is_codable=False)


@pytest.mark.django_db
def test_zones_may_touch() -> None:
    revision = a_revision(zones=[("body", 0, 10)])
    revision.zones.create(kind="heading", start=10, end=12)
    assert zones_of(revision) == [("body", 0, 10, True), ("heading", 10, 12, True)]
