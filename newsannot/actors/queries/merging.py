"""Where merged actors went, who came to an actor by merging, and what a merge would move."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from newsannot.actors.models import Actor, Merge
from newsannot.actors.naming import NAMING, naming_any_of
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.rules import folded


def where_merged_went(actor_ids: Iterable[int]) -> dict[int, int]:
    """Merged actor → the standing one at the end of its chain; standing actors are left out."""
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


def standing_actors(actor_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Each actor → the id and the name of where it went, its own when it stands; one query, none for no actors."""
    if not actor_ids:
        return {}
    sql = """
        WITH RECURSIVE chain(id, at) AS (
            SELECT id, id FROM actors_actor WHERE id = ANY(%s)
            UNION
            SELECT chain.id, a.merged_into_id FROM chain JOIN actors_actor a ON a.id = chain.at
            WHERE a.merged_into_id IS NOT NULL
        )
        SELECT chain.id, a.id, a.name FROM chain JOIN actors_actor a ON a.id = chain.at WHERE a.merged_into_id IS NULL
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(actor_ids)])
        return {pk: (standing, name) for pk, standing, name in cursor.fetchall()}


def where_went(actor: Actor) -> Actor:
    """The actor itself, or the standing one it was merged into, however often."""
    end = where_merged_went([actor.pk]).get(actor.pk)
    return Actor.objects.get(pk=end) if end else actor


FAMILY = """above(id, into_id) AS (
        SELECT id, merged_into_id FROM actors_actor WHERE id = ANY(%(ids)s)
        UNION
        SELECT a.id, a.merged_into_id FROM actors_actor a JOIN above ON a.id = above.into_id
    ), family(id) AS (
        SELECT id FROM above WHERE into_id IS NULL
        UNION
        SELECT a.id FROM actors_actor a JOIN family ON a.merged_into_id = family.id
    )"""
"""For WITH RECURSIVE: `family` has the standing actor of each of `ids`, and all that were merged into it."""


def families_of(actor_ids: Iterable[int]) -> list[int]:
    """The standing actor of each, and every actor merged into it, however often: all records of one are records of all.

    One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"WITH RECURSIVE {FAMILY} SELECT id FROM family ORDER BY id", {"ids": list(actor_ids)})  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


def going_by(words: str) -> Q:
    """Actors any of whose names has the words in it, and those they were merged into; nobody, if there is no letter."""
    phrase = folded(words).strip()
    if not phrase:
        return Q(pk__in=())
    sql = """
        WITH RECURSIVE going(id) AS (
            SELECT actor_id FROM actors_actorname WHERE search LIKE %s
            UNION
            SELECT a.merged_into_id FROM actors_actor a JOIN going ON a.id = going.id
            WHERE a.merged_into_id IS NOT NULL
        )
        SELECT id FROM going
    """
    return Q(pk__in=RawSQL(sql, [f"%{phrase}%"]))  # noqa: S611 - a constant, and one parameter


def merges_into(actor: Actor) -> QuerySet[Merge]:
    """The standing merges straight into an actor, with what was merged and by whom, the latest first."""
    return actor.merges_into_it.filter(undone_at=None).select_related("actor", "by").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something the two say differently of themselves."""

    label: str
    own: str
    others: str


@dataclass(frozen=True, slots=True)
class Move:
    """What merging one actor into another would do.

    `counts`: what is found under the other from then on, in words and numbers; `names`: those that lead to the other
    then; `conflicts`: what the two say differently; `kept`: what only the merged one says, which stays with it.
    """

    counts: Sequence[tuple[str, int]]
    names: Sequence[str]
    conflicts: Sequence[Conflict]
    kept: Sequence[tuple[str, str]]

    @property
    def across(self) -> Conflict | None:
        """The kinds of the two, where they differ: a person merged into a state is a slip, most of the time."""
        return next((one for one in self.conflicts if one.label == IDENTIFIERS["kind"]), None)


def move_of(actor: Actor, into: Actor) -> Move:
    """What merging would do, before it is done."""
    own_names = set(into.names.values_list("name", flat=True))
    conflicts, kept = _compared(actor, into)
    return Move(
        counts=_counts(families_of([actor.pk])),
        names=[name for name in actor.names.values_list("name", flat=True) if name not in own_names],
        conflicts=conflicts,
        kept=kept,
    )


def _counts(ids: Sequence[int]) -> list[tuple[str, int]]:
    """How many standing records of each kind, offices and memberships name one of the actors. One query."""
    standing = "SELECT count(*) FROM annotations_annotation a WHERE a.deleted_at IS NULL AND a.id IN"
    columns = ", ".join(f"({standing} ({naming_any_of(tables)}))" for tables in NAMING.values())
    ties = """
        (SELECT count(*) FROM actors_tenure WHERE person_id = ANY(%(ids)s) OR organisation_id = ANY(%(ids)s)),
        (SELECT count(*) FROM actors_membership WHERE member_id = ANY(%(ids)s) OR group_id = ANY(%(ids)s))
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}, {ties}", {"ids": list(ids)})
        return list(zip((*NAMING, "offices", "memberships"), cursor.fetchone(), strict=True))


IDENTIFIERS = {
    "kind": "Kind",
    "wikidata_id": "Wikidata",
    "iso3": "ISO 3166-1",
    "country": "Belongs to",
    "cow_code": "Correlates of War",
    "cameo_code": "CAMEO",
}


def _compared(actor: Actor, into: Actor) -> tuple[list[Conflict], list[tuple[str, str]]]:
    conflicts, kept, kinds = [], [], actor_kinds()
    for field, label in IDENTIFIERS.items():
        own, others = getattr(actor, field), getattr(into, field)
        if field == "kind":
            own, others = (kinds[code].label if code in kinds else code for code in (own, others))
        if own and others and own != others:
            conflicts.append(Conflict(label, str(own), str(others)))
        elif own and not others:
            kept.append((label, str(own)))
    return conflicts, kept
