"""Reads over actors: finding one by any of its names, the list, and what is published about one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, ActorName
from newsannot.actors.rules import is_spaceless, like, tidy_name
from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import CodeChoice, codebook, latest_codebook
from newsannot.core import keyset

MOST_FOUND = 10
MOST_CANDIDATES = 100
LEAST_FOR_TRIGRAMS = 3

# Each way to find a name is one scan of an index that stops after MOST_CANDIDATES rows.
EQUAL = "lower(n.name) = lower(%(words)s)"
PREFIX = "lower(n.name) LIKE lower(%(like)s) || '%%'"
WORD_PREFIX = "lower(n.name) LIKE '%% ' || lower(%(like)s) || '%%'"
INSIDE = "lower(n.name) LIKE '%%' || lower(%(like)s) || '%%'"
INSIDE_SPACELESS = "n.name LIKE '%%' || %(like)s || '%%'"  # such scripts have no case, and this scan no index
ALIKE = "lower(%(words)s) <%% lower(n.name)"

# Statements and threats read actors, not the other way round; their tables are named here only to count uses.
USES_IN_READING = """
    SELECT m.actor_id FROM annotations_mention m JOIN annotations_annotation a ON a.id = m.annotation_ptr_id
     WHERE a.reading_id = r.id AND a.deleted_at IS NULL
    UNION ALL
    SELECT s.speaker_id FROM statements_statement s JOIN annotations_annotation a ON a.id = s.annotation_ptr_id
     WHERE a.reading_id = r.id AND a.deleted_at IS NULL
    UNION ALL
    SELECT t.issuer_id FROM threats_threat t JOIN annotations_annotation a ON a.id = t.annotation_ptr_id
     WHERE a.reading_id = r.id AND a.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """How a name answers: in which way (0 is best), at which place among all, and the name."""

    tier: int
    place: int
    name: str


@dataclass(frozen=True, slots=True)
class FoundActor:
    """An actor that answers to what was typed; `alias` is the name that matched, when it is not the main one."""

    id: int
    name: str
    kind: str
    kind_label: str
    description: str
    alias: str

    @property
    def detail(self) -> str:
        """A second line: the name that matched and the description, unless that only repeats the kind."""
        described = "" if self.description.casefold() == self.kind_label.casefold() else self.description
        return " · ".join(words for words in (self.alias, described) if words)


def actor_kinds() -> Mapping[str, CodeChoice]:
    """The kinds of the newest codebook, by code; none before a codebook was loaded."""
    try:
        return codebook(latest_codebook().pk).get("actor-kind", {})
    except CodebookVersion.DoesNotExist:
        return {}


def search_actors(words: str, *, by: User, reading_id: int | None = None) -> list[FoundActor]:
    """Actors any of whose names answers to the words, at most ten, best first; merged ones as where they went.

    First those used in the reading (when it is `by`'s, or curated and `by` an editor), then by how well a name fits,
    then by how often they are mentioned. No words: those used in the reading. Three or four indexed queries.
    """
    words = tidy_name(words)
    used = actors_used_in(reading_id, by=by) if reading_id else []
    if not words:
        return _as_found(used[:MOST_FOUND], {})
    names = _matching_names(words)
    went = _where_merged_went(names.keys())
    best: dict[int, Match] = {}
    for actor_id, match in names.items():
        target = went.get(actor_id, actor_id)
        best[target] = min(best.get(target, match), match)
    mentions = _mention_counts(best)
    ranked = sorted(best, key=lambda pk: (pk not in used, best[pk].tier, -mentions[pk], best[pk].place))
    return _as_found(ranked[:MOST_FOUND], {pk: match.name for pk, match in best.items()})


def _matching_names(words: str) -> dict[int, Match]:
    """Actor → by which of its names it answers best; alike names are looked for only when little else does."""
    ways = [EQUAL, PREFIX, INSIDE_SPACELESS if is_spaceless(words) else WORD_PREFIX]
    found = _names(ways, words)
    if len(found) < MOST_FOUND and len(words) >= LEAST_FOR_TRIGRAMS:
        found = _names([INSIDE, ALIKE], words, tier=len(ways)) | found
    return found


def _names(ways: Sequence[str], words: str, *, tier: int = 0) -> dict[int, Match]:
    branches = [
        f"(SELECT n.actor_id, {at} AS tier, n.name FROM actors_actorname n WHERE {way} LIMIT {MOST_CANDIDATES})"  # noqa: S608 - constants of this module
        for at, way in enumerate(ways, tier)
    ]
    order = "ORDER BY tier, word_similarity(lower(%(words)s), lower(name)) DESC, length(name), actor_id"
    sql = f"SELECT actor_id, tier, name FROM ({' UNION ALL '.join(branches)}) AS found {order}"  # noqa: S608
    found: dict[int, Match] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"words": words, "like": like(words)})
        for place, (actor_id, way, name) in enumerate(cursor.fetchall()):
            found.setdefault(actor_id, Match(way, place, name))
    return found


def _where_merged_went(actor_ids: Iterable[int]) -> dict[int, int]:
    """Merged actor → the standing one at the end of its chain."""
    sql = """
        WITH RECURSIVE chain(id, at) AS (
            SELECT id, merged_into_id FROM actors_actor WHERE id = ANY(%s) AND merged_into_id IS NOT NULL
            UNION
            SELECT chain.id, a.merged_into_id FROM chain JOIN actors_actor a ON a.id = chain.at
            WHERE a.merged_into_id IS NOT NULL
        )
        SELECT chain.id, chain.at FROM chain JOIN actors_actor a ON a.id = chain.at WHERE a.merged_into_id IS NULL
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(actor_ids)])
        return dict(cursor.fetchall())


def where_went(actor: Actor) -> Actor:
    """The actor itself, or the standing one it was merged into, however often."""
    end = _where_merged_went([actor.pk]).get(actor.pk)
    return Actor.objects.get(pk=end) if end else actor


def _mention_counts(actor_ids: Iterable[int]) -> dict[int, int]:
    """How often each is mentioned, counted to a hundred."""
    sql = """
        SELECT wanted.id, (
            SELECT count(*) FROM (SELECT 1 FROM annotations_mention m WHERE m.actor_id = wanted.id LIMIT 100) AS first
        ) FROM unnest(%s::bigint[]) AS wanted(id)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(actor_ids)])
        return dict(cursor.fetchall())


def actors_used_in(reading_id: int, *, by: User) -> list[int]:
    """Actors with a part in a reading of one's own (for an editor, also a curated one), those with most first."""
    sql = f"""
        SELECT used.actor_id FROM annotations_reading r, LATERAL ({USES_IN_READING}) AS used
        WHERE r.id = %(reading)s AND (r.reader_id = %(user)s OR (r.reader_id IS NULL AND %(is_editor)s))
          AND used.actor_id IS NOT NULL
        GROUP BY used.actor_id ORDER BY count(*) DESC, used.actor_id LIMIT 500
    """  # noqa: S608 - a constant of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, {"reading": reading_id, "user": by.pk, "is_editor": by.is_editor})
        return [actor_id for (actor_id,) in cursor.fetchall()]


def _as_found(actor_ids: Sequence[int], aliases: Mapping[int, str]) -> list[FoundActor]:
    kinds = actor_kinds()
    actors = Actor.objects.in_bulk(actor_ids)
    return [
        FoundActor(
            id=pk,
            name=actors[pk].name,
            kind=actors[pk].kind,
            kind_label=kinds[actors[pk].kind].label if actors[pk].kind in kinds else actors[pk].kind,
            description=actors[pk].description,
            alias=aliases.get(pk, "") if aliases.get(pk, "") != actors[pk].name else "",
        )
        for pk in actor_ids
    ]


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
    if words := tidy_name(words):
        named = ActorName.objects.alias(lowered=Lower("name")).filter(lowered__contains=words.lower())
        actors = actors.filter(pk__in=named.values("actor"))
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
