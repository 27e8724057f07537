"""The list of actors, and what is published about one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from newsannot.actors.models import Actor, ActorName
from newsannot.actors.rules import folded
from newsannot.core import keyset

PAGE_SIZE = 50
NAME_KEY = (("name", keyset.words), ("id", keyset.number))


def listed_actors(words: str, kind: str) -> QuerySet[Actor]:
    """Standing actors of a kind (empty: any), any of whose names has the words in it, with how many names each has."""
    actors = Actor.objects.filter(merged_into=None).annotate(
        name_count=Coalesce(
            Subquery(
                ActorName.objects.filter(actor=OuterRef("pk"))
                .order_by()
                .values("actor")
                .annotate(n=Count("*"))
                .values("n")
            ),
            0,
        )
    )
    if kind:
        actors = actors.filter(kind=kind)
    if words.strip():
        actors = actors.filter(pk__in=names_holding(words).values("actor"))
    return actors


def names_holding(words: str) -> QuerySet[ActorName]:
    """Names that have the words in them, without regard to case and accents; none for what holds no letter or digit."""
    phrase = folded(words).strip()
    return ActorName.objects.filter(search__contains=phrase).order_by() if phrase else ActorName.objects.none()


@dataclass(frozen=True, slots=True)
class PublishedUse:
    """A published record an actor has a part in: its kind, the part in words, words that show it, the article."""

    kind: str
    part: str
    quote: str
    article_id: int
    title: str
    published_at: datetime | None


def published_counts(actor: Actor) -> dict[str, int]:
    """How many published statements and threats are the actor's: kind → number."""
    return {"statement": actor.statements.published().count(), "threat": actor.threats.published().count()}


def published_uses(actor: Actor, *, most: int = 10) -> list[PublishedUse]:
    """The newest published statements and threats of the actor, with the first words that show each. One query."""
    sql = """
        SELECT a.kind, u.part, (SELECT left(s.exact, 240) FROM annotations_span s WHERE s.annotation_id = a.id
                                ORDER BY s.role <> 'content', s.start LIMIT 1), r.article_id, ar.title, ar.published_at
        FROM (SELECT annotation_ptr_id AS id, 'Speaker' AS part FROM statements_statement WHERE speaker_id = %(actor)s
              UNION ALL
              SELECT annotation_ptr_id, 'Issuer' FROM threats_threat WHERE issuer_id = %(actor)s) AS u
        JOIN annotations_annotation a ON a.id = u.id AND a.is_published
        JOIN annotations_reading g ON g.id = a.reading_id
        JOIN articles_revision r ON r.id = g.revision_id
        JOIN articles_article ar ON ar.id = r.article_id
        ORDER BY ar.published_at DESC NULLS LAST, a.id DESC LIMIT %(most)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"actor": actor.pk, "most": most})
        return [PublishedUse(*row) for row in cursor.fetchall()]
