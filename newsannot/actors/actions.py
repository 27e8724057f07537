"""Every write to actors and their names."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, ActorName, Membership, MembershipRole, Merge, Tenure
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.queries.merging import families_of, where_merged_went
from newsannot.actors.rules import (
    PERSON,
    Identity,
    Name,
    date_problem,
    identifier_problems,
    is_in_order,
    language_problem,
    name_problem,
    office_problem,
    tidy_name,
    tidy_names,
)
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action

VOUCHED = ("is_vouched_for", "is_public")


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
    actor = Actor(name=tidy_name(name), kind=kind, created_by=by, **_columns(identity))
    if by is None or by.is_editor:
        actor.vouch()
    actor.save()
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
    if by.is_editor:
        standing.vouch()
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


_hearers: list[Callable[[Collection[int]], None]] = []


def have_merges_told(hearer: Callable[[Collection[int]], None]) -> None:
    """Let a room above hear of actors that became one or two again, by id, within the transaction that does it."""
    _hearers.append(hearer)


def _tell(*actors: Actor) -> None:
    concerned = families_of([actor.pk for actor in actors])
    for hear in _hearers:
        hear(concerned)


@action
def merge_actors(*, actor: Actor, into: Actor, by: User, is_across_kinds: bool = False) -> Merge:
    """Say that an actor is another: from then on it is looked for, counted and chosen as that one.

    Nothing that names it is rewritten, so no published record changes. Both keep what they say of themselves. Raises
    RuleBroken when they are the same, when either was merged before, or when their kinds differ and that is not said to
    be meant (`is_across_kinds`). Locks both.
    """
    rows = Actor.objects.select_for_update().order_by("pk").in_bulk([actor.pk, into.pk])
    merged, target = rows[actor.pk], rows[into.pk]
    if merged == target:
        raise RuleBroken("This is the same actor; choose another.", field="into")
    for one in (merged, target):
        if one.merged_into_id:
            raise RuleBroken(f"{one.name} was merged into {one.merged_into} before; choose that one.", field="into")
    if merged.kind != target.kind and not is_across_kinds:
        raise RuleBroken("They are of different kinds: say that they are one all the same.", field="is_across_kinds")
    merged.merged_into = target
    merged.save(update_fields=["merged_into", "updated_at"])
    made_public = not target.is_vouched_for
    target.vouch()
    target.save(update_fields=[*VOUCHED, "updated_at"])
    merge = Merge.objects.create(actor=merged, into=target, made_public=made_public, by=by)
    _tell(target)
    return merge


@action
def unmerge_actor(*, actor: Actor, by: User) -> Merge:
    """Take back the merging of an actor: both stand again as they did before.

    Only what a published record names meanwhile stays public. Raises RuleBroken when it is not merged. Locks both.
    """
    merge = Merge.objects.select_for_update().filter(actor=actor.pk, undone_at=None).last()
    if merge is None:
        raise RuleBroken("This actor is not merged into another.", field="actor")
    rows = Actor.objects.select_for_update().order_by("pk").in_bulk([actor.pk, merge.into_id])
    rows[actor.pk].merged_into = None
    rows[actor.pk].save(update_fields=["merged_into", "updated_at"])
    target = rows[merge.into_id]
    if merge.made_public:
        target.is_vouched_for, target.is_public = False, target.uses.filter(count__gt=0).exists()
    target.save(update_fields=[*VOUCHED, "updated_at"])
    merge.undone_by, merge.undone_at = by, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    _tell(actor, target)
    return merge


@action
def add_tenure(
    *, person: Actor, organisation: Actor, office: str, from_on: str = "", until_on: str = "", by: User | None
) -> Tenure:
    """Record that a person holds an office; dates are half known (EDTF). Raises RuleBroken naming the field."""
    office = tidy_name(office)
    _check_tie(office=office, from_on=from_on, until_on=until_on, ends={"person": person, "organisation": organisation})
    _touch(person, organisation)
    return Tenure.objects.create(
        person=person, organisation=organisation, office=office, from_on=from_on, until_on=until_on, created_by=by
    )


@action
def change_tenure(*, tenure: Tenure, organisation: Actor, office: str, from_on: str, until_on: str, by: User) -> Tenure:
    """Say otherwise where, what and when an office of a person is. Raises RuleBroken as recording it does."""
    standing = Tenure.objects.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=tenure.pk)
    office, ends = tidy_name(office), {"organisation": organisation}
    _check_tie(
        office=office, from_on=from_on, until_on=until_on, ends=ends if organisation != standing.organisation else {}
    )
    _touch(standing.person, standing.organisation, organisation)
    standing.organisation, standing.office, standing.from_on, standing.until_on = (
        organisation,
        office,
        from_on,
        until_on,
    )
    standing.save()
    return standing


@action
def add_membership(
    *, member: Actor, group: Actor, role: str, from_on: str = "", until_on: str = "", by: User | None
) -> Membership:
    """Record that an actor belongs to a group; dates are half known (EDTF). Raises RuleBroken naming the field."""
    _check_tie(role=role, from_on=from_on, until_on=until_on, ends={"member": member, "group": group})
    _touch(member, group)
    return Membership.objects.create(
        member=member, group=group, role=role, from_on=from_on, until_on=until_on, created_by=by
    )


@action
def change_membership(
    *, membership: Membership, group: Actor, role: str, from_on: str, until_on: str, by: User
) -> Membership:
    """Say otherwise to what, as what and when an actor belongs. Raises RuleBroken as recording it does."""
    standing = (
        Membership.objects.select_for_update(of=("self",)).select_related("member", "group").get(pk=membership.pk)
    )
    ends = {"member": standing.member, "group": group}
    _check_tie(role=role, from_on=from_on, until_on=until_on, ends=ends if group != standing.group else {})
    _touch(standing.member, standing.group, group)
    standing.group, standing.role, standing.from_on, standing.until_on = group, role, from_on, until_on
    standing.save()
    return standing


@action
def remove_tie(*, tie: Tenure | Membership, by: User) -> None:
    """Take an office or a membership away; its history stays."""
    _touch(*((tie.person, tie.organisation) if isinstance(tie, Tenure) else (tie.member, tie.group)))
    tie.delete()


def _touch(*actors: Actor) -> None:
    """Let whoever follows changes of actors see that these changed; locks them, always in the same order."""
    ids = sorted({actor.pk for actor in actors})
    list(Actor.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    Actor.objects.filter(pk__in=ids).update(updated_at=timezone.now())


def _check_tie(
    *, from_on: str, until_on: str, ends: Mapping[str, Actor], office: str | None = None, role: str | None = None
) -> None:
    problems = {
        name: [found]
        for name, value in (("from_on", from_on), ("until_on", until_on))
        if (found := date_problem(value))
    }
    if not problems and not is_in_order(from_on, until_on):
        problems["until_on"] = ["It ended before it began."]
    if office is not None and (found := office_problem(office)):
        problems["office"] = [found]
    if role is not None and role not in MembershipRole.values:
        problems["role"] = [f"Choose one of {', '.join(MembershipRole.values)}."]
    problems |= {name: [found] for name, actor in ends.items() if (found := _end_problem(name, actor))}
    if "group" in ends and ends["group"] == ends.get("member"):
        problems["group"] = ["Nobody is a member of itself."]
    if problems:
        raise RuleBroken(problems=problems)


def _end_problem(name: str, actor: Actor) -> str | None:
    """What keeps an actor from being the person, organisation, member or group of a tie, or None."""
    if actor.merged_into_id:
        return f"{actor.name} was merged into {actor.merged_into}; choose that one."
    if name == "person" and actor.kind != PERSON:
        return f"An office is held by a person, and {actor.name} is none."
    if name in {"organisation", "group"} and actor.kind == PERSON:
        return f"{actor.name} is a person; choose an organisation or a state."
    return None


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
            problems["wikidata_id"] = [f"{holder.name} has this Wikidata id already."]
    if problems:
        raise RuleBroken(problems=problems)
