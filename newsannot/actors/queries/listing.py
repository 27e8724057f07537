"""The list of actors, and what is published about one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from newsannot.actors.models import Actor, ActorName
from newsannot.actors.queries.merging import families_of, going_by
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
        actors = actors.filter(going_by(words))
    return actors


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
    """How many published statements and threats are the actor's, or of one merged into it. Two queries."""
    sql = """
        SELECT (SELECT count(*) FROM statements_statement s JOIN annotations_annotation a ON a.id = s.annotation_ptr_id
                WHERE s.speaker_id = ANY(%(actors)s) AND a.is_published),
               (SELECT count(*) FROM threats_threat t JOIN annotations_annotation a ON a.id = t.annotation_ptr_id
                WHERE t.issuer_id = ANY(%(actors)s) AND a.is_published)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"actors": families_of([actor.pk])})
        return dict(zip(("statement", "threat"), cursor.fetchone(), strict=True))


def published_uses(actor: Actor, *, most: int = 10) -> list[PublishedUse]:
    """The newest published statements and threats of the actor, with the first words that show each. Two queries."""
    sql = """
        SELECT a.kind, u.part, (SELECT left(s.exact, 240) FROM annotations_span s WHERE s.annotation_id = a.id
                                ORDER BY s.role <> 'content', s.start LIMIT 1), r.article_id, ar.title, ar.published_at
        FROM (SELECT annotation_ptr_id, 'Speaker' FROM statements_statement WHERE speaker_id = ANY(%(actors)s)
              UNION ALL
              SELECT annotation_ptr_id, 'Issuer' FROM threats_threat WHERE issuer_id = ANY(%(actors)s)) AS u(id, part)
        JOIN annotations_annotation a ON a.id = u.id AND a.is_published
        JOIN annotations_reading g ON g.id = a.reading_id
        JOIN articles_revision r ON r.id = g.revision_id
        JOIN articles_article ar ON ar.id = r.article_id
        ORDER BY ar.published_at DESC NULLS LAST, a.id DESC LIMIT %(most)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"actors": families_of([actor.pk]), "most": most})
        return [PublishedUse(*row) for row in cursor.fetchall()]
