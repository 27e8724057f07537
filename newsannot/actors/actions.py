"""Every write to actors and their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, ActorName, Merge
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.queries.merging import where_merged_went
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
    """The one actor of that kind that goes by this name, in whatever case; created when there is none.

    A merged one answers as where it went.
    For naming an actor on the spot: sent twice, or by two people at the same moment, it makes one actor. Raises
    RuleBroken as creating does, and when several go by the name.
    """
    name = tidy_name(name)
    _check(name, kind, tidy_names(name, ()), Identity())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('actor'), hashtext(lower(%s)))", [name])
    names = ActorName.objects.alias(lowered=Lower("name")).filter(lowered=Lower(Value(name)))
    named = Actor.objects.filter(pk__in=names.values("actor"), kind=kind).values_list("pk", flat=True)
    went = where_merged_went(named)
    standing = {went.get(pk, pk) for pk in named}
    if len(standing) > 1:
        raise RuleBroken(f"Several actors go by “{name}”; choose one of them by its id.", field="name")
    return Actor.objects.get(pk=standing.pop()) if standing else create_actor(name=name, kind=kind, by=by)


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


@action
def merge_actors(*, actor: Actor, into: Actor, by: User) -> Merge:
    """Say that an actor is another: from then on it is looked for, counted and chosen as that one.

    Nothing that names it is rewritten, so no published record changes. Both keep what they say of themselves. Raises
    RuleBroken when they are the same, or either was merged before. Locks both.
    """
    rows = Actor.objects.select_for_update().order_by("pk").in_bulk([actor.pk, into.pk])
    merged, target = rows[actor.pk], rows[into.pk]
    if merged == target:
        raise RuleBroken("This is the same actor; choose another.", field="into")
    for one in (merged, target):
        if one.merged_into_id:
            raise RuleBroken(f"{one.name} was merged into {one.merged_into} before; choose that one.", field="into")
    merged.merged_into = target
    merged.save(update_fields=["merged_into", "updated_at"])
    made_public, target.is_public = not target.is_public, True
    target.save(update_fields=["is_public", "updated_at"])
    return Merge.objects.create(actor=merged, into=target, made_public=made_public, by=by)


@action
def unmerge_actor(*, actor: Actor, by: User) -> Merge:
    """Take back the merging of an actor: both stand again as they did before.

    Only what a published record names meanwhile stays public. Raises RuleBroken when it is not merged. Locks both.
    """
    merge = Merge.objects.select_for_update().filter(actor=actor.pk, undone_at=None).last()
    if merge is None:
        raise RuleBroken("This actor is not merged into another.")
    rows = Actor.objects.select_for_update().order_by("pk").in_bulk([actor.pk, merge.into_id])
    rows[actor.pk].merged_into = None
    rows[actor.pk].save(update_fields=["merged_into", "updated_at"])
    target = rows[merge.into_id]
    if merge.made_public and not target.uses.filter(count__gt=0).exists():
        target.is_public = False
    target.save(update_fields=["is_public", "updated_at"])
    merge.undone_by, merge.undone_at = by, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    return merge


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
