"""What an actor's card says, beside an article: who the actor was when it appeared, and what it said of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, Membership, Tenure
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.queries.merging import families_of
from newsannot.actors.queries.offices import ties_of
from newsannot.actors.rules import may_hold

MOST_STATEMENTS = 3
MOST_TIES = 6


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement of the actor's, by words that show it, and where it is reported; `is_own`: in one's own reading."""

    quote: str
    title: str
    article_id: int
    published_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An actor in brief, as of a day."""

    actor: Actor
    kind_label: str
    identifiers: Sequence[tuple[str, str]]
    offices: Sequence[Tenure]
    memberships: Sequence[Membership]
    sayings: Sequence[Saying]


def card_of(actor: Actor, *, on: date, by: User) -> Card:
    """The card of a standing actor. A handful of queries, however much there is."""
    kinds = actor_kinds()
    tenures, memberships = ties_of(actor)
    return Card(
        actor=actor,
        kind_label=kinds[actor.kind].label if actor.kind in kinds else actor.kind,
        identifiers=_identifiers(actor),
        offices=[one for one in tenures if may_hold(one.from_on, one.until_on, on)][:MOST_TIES],
        memberships=[one for one in memberships if may_hold(one.from_on, one.until_on, on)][:MOST_TIES],
        sayings=_sayings(families_of([actor.pk]), by),
    )


def _identifiers(actor: Actor) -> list[tuple[str, str]]:
    given = (
        ("Wikidata", actor.wikidata_id),
        ("ISO", actor.iso3),
        ("of", actor.country if actor.country != actor.iso3 else ""),
        ("COW", actor.cow_code),
        ("CAMEO", actor.cameo_code if actor.cameo_code != actor.iso3 else ""),
    )
    return [(label, str(value)) for label, value in given if value]


def _sayings(family: Sequence[int], by: User) -> list[Saying]:
    """The newest statements that are published or in `by`'s own readings: what others mark is not for them to see."""
    sql = """
        SELECT (SELECT left(p.exact, 160) FROM annotations_span p WHERE p.annotation_id = a.id AND p.role = 'content'
                ORDER BY p.start LIMIT 1), ar.title, ar.id, ar.published_at, NOT a.is_published
        FROM statements_statement s
        JOIN annotations_annotation a ON a.id = s.annotation_ptr_id AND a.deleted_at IS NULL
        JOIN annotations_reading g ON g.id = a.reading_id
        JOIN articles_revision r ON r.id = g.revision_id
        JOIN articles_article ar ON ar.id = r.article_id
        WHERE s.speaker_id = ANY(%(actors)s) AND (a.is_published OR g.reader_id = %(user)s)
        ORDER BY ar.published_at DESC NULLS LAST, a.id DESC LIMIT %(most)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"actors": list(family), "user": by.pk, "most": MOST_STATEMENTS})
        return [Saying(*row) for row in cursor.fetchall()]
