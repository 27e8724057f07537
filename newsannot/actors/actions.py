"""Every write to actors and their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Lower

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, ActorName
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.rules import (
    Identity,
    Name,
    identifier_problems,
    language_problem,
    name_problem,
    tidy_name,
    tidy_names,
)
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action


@action
def create_actor(
    *, name: str, kind: str, by: User | None, names: Iterable[Name] = (), identity: Identity | None = None
) -> Actor:
    """Record a new actor with its main name and the others it goes by; public unless an analyst makes it.

    Raises RuleBroken naming the field: no name, a kind the newest codebook lacks, an identifier of the wrong shape or
    another actor's.
    """
    identity = identity or Identity()
    kept = tidy_names(name, names)
    _check(tidy_name(name), kind, kept, identity)
    is_public = by is None or by.is_editor
    actor = Actor.objects.create(
        name=tidy_name(name), kind=kind, created_by=by, is_public=is_public, **_columns(identity)
    )
    ActorName.objects.bulk_create(ActorName(actor=actor, **asdict(one)) for one in kept)
    return actor


@action
def actor_named(*, name: str, kind: str, by: User | None) -> Actor:
    """The one standing actor of that kind that goes by this name, in whatever case; created when there is none.

    For naming an actor on the spot: sent twice, or by two people at the same moment, it makes one actor. Raises
    RuleBroken as creating does, and when several go by the name.
    """
    name = tidy_name(name)
    _check(name, kind, tidy_names(name, ()), Identity())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('actor'), hashtext(lower(%s)))", [name])
    named = ActorName.objects.alias(lowered=Lower("name")).filter(lowered=Lower(Value(name)))
    standing = Actor.objects.filter(pk__in=named.values("actor"), kind=kind, merged_into=None)[:2]
    if len(standing) > 1:
        raise RuleBroken(f"Several actors go by “{name}”; choose one of them by its id.", field="name")
    return standing[0] if standing else create_actor(name=name, kind=kind, by=by)


@action
def change_actor(
    *, actor: Actor, name: str, kind: str, names: Iterable[Name], identity: Identity, by: User, seen_at: str = ""
) -> Actor:
    """Give an actor this name, this kind, these identifiers and exactly these names beside the main ones, old and new.

    `seen_at` is `updated_at` in ISO format as the sender saw it (empty: whichever stands); raises Stale when it has
    moved on. Raises RuleBroken as creating does, and for a merged actor. Locks the actor.
    """
    standing = Actor.objects.select_for_update().get(pk=actor.pk)
    if standing.merged_into_id:
        raise RuleBroken("This actor was merged into another; change that one.", field="actor")
    if seen_at and seen_at != standing.updated_at.isoformat():
        raise Stale(standing)
    mains = standing.names.filter(name__in=[standing.name, tidy_name(name)])
    kept = tidy_names(name, [*names, *(Name(row.name, row.language, row.script) for row in mains)])
    _check(tidy_name(name), kind, kept, identity, actor_id=standing.pk)
    standing.name, standing.kind = tidy_name(name), kind
    standing.is_public = standing.is_public or by.is_editor
    for field, value in _columns(identity).items():
        setattr(standing, field, value)
    standing.save()
    _keep_names(standing, kept)
    return standing


def _keep_names(actor: Actor, wanted: Sequence[Name]) -> None:
    """Make the actor go by exactly these names; a name that stays keeps its row."""
    standing = {row.name: row for row in actor.names.all()}
    gone = standing.keys() - {one.name for one in wanted}
    actor.names.filter(name__in=gone).delete()
    for one in wanted:
        row = standing.get(one.name)
        if row is None:
            ActorName.objects.create(actor=actor, **asdict(one))
        elif (row.language, row.script) != (one.language, one.script):
            row.language, row.script = one.language, one.script
            row.save(update_fields=["language", "script"])


def count_uses(named: Mapping[int, int], *, source_id: int, is_withdrawn: bool = False) -> None:
    """Count the records of a reading that is published or withdrawn: actor → how many name it. One statement.

    Called inside the action that publishes or withdraws; locks the counts, always in the same order.
    """
    add = """
        INSERT INTO actors_actoruse AS u (actor_id, source_id, count)
        SELECT actor, source, times FROM unnest(%(actors)s::bigint[], %(times)s::int[]) AS named(actor, times),
            unnest(ARRAY[%(source)s::bigint, NULL]) AS s(source)
        ORDER BY actor, source
        ON CONFLICT (actor_id, source_id) DO UPDATE SET count = u.count + excluded.count
    """
    take = """
        UPDATE actors_actoruse AS u SET count = greatest(u.count - times, 0)
        FROM unnest(%(actors)s::bigint[], %(times)s::int[]) AS named(actor, times)
        WHERE u.actor_id = actor AND (u.source_id = %(source)s OR u.source_id IS NULL)
    """
    with connection.cursor() as cursor:
        cursor.execute(
            take if is_withdrawn else add,
            {"actors": list(named), "times": list(named.values()), "source": source_id},
        )


def _columns(identity: Identity) -> dict[str, object]:
    return asdict(identity) | {"wikidata_id": identity.wikidata_id or None, "sectors": list(identity.sectors)}


def _check(name: str, kind: str, names: Sequence[Name], identity: Identity, *, actor_id: int | None = None) -> None:
    problems = identifier_problems(identity)
    if found := name_problem(name):
        problems["name"] = [found]
    if kind not in actor_kinds():
        problems["kind"] = [f"“{kind[:40]}” is not a kind of actor in the codebook."]
    others = [p for one in names if one.name != name for p in (name_problem(one.name), language_problem(one.language))]
    if found_others := [p for p in others if p]:
        problems["names"] = found_others
    if identity.wikidata_id and "wikidata_id" not in problems:
        holder = Actor.objects.filter(wikidata_id=identity.wikidata_id).first()
        if holder and holder.pk != actor_id:
            problems["wikidata_id"] = [f"{holder.name} ({holder.pk}) has this Wikidata id already."]
    if problems:
        raise RuleBroken(problems=problems)
