"""Actors in bulk, from files: what is not there is made, what is there is filled up, what people wrote stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.found import Found, FoundTie
from newsannot.actors.models import Actor, ActorName, Membership, MembershipRole, Tenure
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.queries.merging import where_merged_went
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
from newsannot.core.history import action

FILLED = ("description", "wikidata_id", "iso3", "cow_code", "cameo_code", "country", "sectors")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a found actor: its id, and whether it was made, filled up, there already, or refused and why."""

    line: int
    key: str
    status: Literal["created", "filled", "there", "error"]
    id: int | None = None
    reason: str = ""


@action
def take_in_actors(*, found: Sequence[Found], by: User | None, spares_edited: bool = False) -> list[Taken]:
    """Take in actors, in order. A dozen statements, however many; give it a batch of some hundred at a time.

    One is there already when it has the same Wikidata id, or the same ISO code as a state, or the same name and kind
    and no other Wikidata id. Then names and identifiers that it lacks are added, and nothing that it says is changed.
    """
    kinds = actor_kinds()
    problems = [_problem(one, kinds) for one in found]
    fine = [one for one, problem in zip(found, problems, strict=True) if not problem]
    desk = _Desk.of(fine)
    if spares_edited:
        desk.spare_edited()
    taken = [
        Taken(one.line, one.key, "error", reason=problem) if problem else desk.take(one, by)
        for one, problem in zip(found, problems, strict=True)
    ]
    desk.store()
    return [_with_id(one, desk) for one in taken]


def _with_id(one: Taken, desk: "_Desk") -> Taken:
    return one if one.status == "error" else Taken(one.line, one.key, one.status, desk.actors[one.line].pk)


def _problem(one: Found, kinds: Mapping[str, object]) -> str:
    """What keeps it from being an actor, in words; empty when nothing does."""
    said = {"name": name_problem(tidy_name(one.name))}
    if one.kind not in kinds:
        said["kind"] = f"“{one.kind[:40]}” is not a kind of actor in the codebook."
    for name in one.names:
        said["aliases"] = said.get("aliases") or name_problem(tidy_name(name.name)) or language_problem(name.language)
    problems = {field: text for field, text in said.items() if text}
    problems |= {field: texts[0] for field, texts in identifier_problems(one.identity).items()}
    return "; ".join(f"{field}: {text}" for field, text in problems.items())


@dataclass
class _Desk:
    """The actors a batch may be about, by what they are known by; and what is to be stored of them."""

    by_wikidata: dict[str, Actor]
    by_iso3: dict[str, Actor]
    by_name: dict[tuple[str, str], Actor]
    names: dict[int, set[str]]
    spared: set[int] = field(default_factory=set)
    new: list[Actor] = field(default_factory=list)
    changed: dict[int, Actor] = field(default_factory=dict)
    new_names: list[ActorName] = field(default_factory=list)
    actors: dict[int, Actor] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Sequence[Found]) -> "_Desk":
        """What stands already of all that is found; four queries. Locks those rows, always in the same order."""
        ids = {one.identity.wikidata_id for one in found}
        codes = {one.identity.iso3 for one in found if one.identity.iso3}
        called = {tidy_name(one.name) for one in found}
        standing = Actor.objects.select_for_update().order_by("pk")
        by_iso3 = standing.filter(kind="state", iso3__in=codes, merged_into=None)
        by_name = standing.filter(name__in=called, merged_into=None)
        desk = cls(
            by_wikidata={str(a.wikidata_id): a for a in standing.filter(wikidata_id__in=ids - {None})},
            by_iso3={a.iso3: a for a in reversed(by_iso3)},
            by_name={(a.name, a.kind): a for a in reversed(by_name)},
            names={},
        )
        desk._be_one()
        known = ActorName.objects.filter(actor__in=[a.pk for a in desk._all()])
        for pk, name in known.values_list("actor_id", "name"):
            desk.names.setdefault(pk, set()).add(name)
        return desk

    def spare_edited(self) -> None:
        """Leave alone whatever a person changed or made. One query."""
        model: Any = Actor
        events = model.pgh_event_model.objects.filter(pgh_obj__in=[a.pk for a in self._all()])
        by_people = events.filter(pgh_context__user__isnull=False).exclude(pgh_context__user=None)
        self.spared = set(by_people.values_list("pgh_obj_id", flat=True))

    def _all(self) -> Iterable[Actor]:
        return (*self.by_wikidata.values(), *self.by_iso3.values(), *self.by_name.values())

    def _be_one(self) -> None:
        """Let one row be one object, however it is found."""
        one = {a.pk: a for a in self._all()}
        self.by_wikidata = {key: one[a.pk] for key, a in self.by_wikidata.items()}
        self.by_iso3 = {key: one[a.pk] for key, a in self.by_iso3.items()}
        self.by_name = {key: one[a.pk] for key, a in self.by_name.items()}

    def take(self, one: Found, by: User | None) -> Taken:
        """Make, fill up or leave the actor; what is to be stored is kept."""
        standing = self._standing(one)
        names = tidy_names(one.name, one.names)
        if standing is None:
            actor = Actor(name=tidy_name(one.name), kind=one.kind, created_by=by)
            if by is None or by.is_editor:
                actor.vouch()
            self.new.append(actor)
            self._fill(actor, one.identity)
            self._add_names(actor, names, set())
        elif standing.pk in self.spared:
            actor, has_more = standing, False
        else:
            actor = standing
            known = self.names.setdefault(actor.pk, set()) if actor.pk else {n.name for n in self._kept(actor)}
            has_more = self._fill(actor, one.identity)
            has_more = self._add_names(actor, names, known) or has_more
            if has_more and actor.pk:
                self.changed[actor.pk] = actor
        self.actors[one.line] = actor
        self._know(actor)
        status = "created" if standing is None else "filled" if has_more else "there"
        return Taken(one.line, one.key, status)  # type: ignore[arg-type]

    def _kept(self, actor: Actor) -> list[ActorName]:
        return [name for name in self.new_names if name.actor is actor]

    def _standing(self, one: Found) -> Actor | None:
        identity = one.identity
        if identity.wikidata_id and (known := self.by_wikidata.get(identity.wikidata_id)):
            return known
        alike = [
            self.by_iso3.get(identity.iso3) if one.kind == "state" and identity.iso3 else None,
            self.by_name.get((tidy_name(one.name), one.kind)),
        ]
        others = {None, identity.wikidata_id} if identity.wikidata_id else None
        return next((a for a in alike if a and (others is None or a.wikidata_id in others)), None)

    def _know(self, actor: Actor) -> None:
        if actor.wikidata_id:
            self.by_wikidata.setdefault(actor.wikidata_id, actor)
        if actor.iso3 and actor.kind == "state":
            self.by_iso3.setdefault(actor.iso3, actor)
        self.by_name.setdefault((actor.name, actor.kind), actor)

    def _fill(self, actor: Actor, identity: Identity) -> bool:
        """Fill in what the actor does not say; whether there was anything."""
        said = {**asdict(identity), "sectors": list(identity.sectors)}
        lacking = [name for name in FILLED if said[name] and not getattr(actor, name)]
        for name in lacking:
            setattr(actor, name, said[name])
        return bool(lacking)

    def _add_names(self, actor: Actor, names: Iterable[Name], known: set[str]) -> bool:
        new = [name for name in names if name.name not in known]
        self.new_names += [ActorName(actor=actor, **asdict(name)) for name in new]
        known |= {name.name for name in new}
        return bool(new)

    def store(self) -> None:
        """Write it all: three statements."""
        Actor.objects.bulk_create(self.new)
        for actor in self.changed.values():
            actor.updated_at = timezone.now()
        Actor.objects.bulk_update(self.changed.values(), [*FILLED, "updated_at"])
        for name in self.new_names:
            name.actor_id = name.actor.pk
        ActorName.objects.bulk_create(self.new_names)


@dataclass(frozen=True, slots=True)
class WantedTie:
    """A tie of an actor, known by its id, to another, known by one of the keys of the tie."""

    line: int
    actor_id: int
    tie: FoundTie


@action
def take_in_ties(*, wanted: Sequence[WantedTie], known: Mapping[str, int], by: User | None) -> tuple[int, list[str]]:
    """Record offices and memberships; answers how many, and in words what could not be recorded.

    `known` leads from the keys of ties to actors. What ever was recorded of the same two is left to people, also when
    they changed its dates or took it away: give all ties of one actor in one batch.
    """
    actors = {*known.values(), *(one.actor_id for one in wanted)}
    went = where_merged_went(actors)
    kinds = dict(Actor.objects.filter(pk__in=actors).values_list("pk", "kind"))
    rows: list[Tenure | Membership] = []
    refused: list[str] = []
    for one in wanted:
        other = next((known[key] for key in one.tie.others if key in known), None)
        here, there = went.get(one.actor_id, one.actor_id), went.get(other, other) if other else None
        problem = _tie_problem(one.tie, here, there, kinds)
        if there is None or problem:
            refused.append(f"line {one.line}: {problem}")
        else:
            rows.append(_row(one.tie, here, there, by))
    return _store_ties(rows), refused


@action
def say_countries(*, countries: Mapping[int, str], by: User | None) -> None:
    """Say of actors to which state they belong, by its ISO code, where that is not said yet. Two statements."""
    lacking = list(Actor.objects.select_for_update().filter(pk__in=countries, country="").order_by("pk"))
    for actor in lacking:
        actor.country, actor.updated_at = countries[actor.pk], timezone.now()
    Actor.objects.bulk_update(lacking, ["country", "updated_at"])


def _store_ties(rows: Sequence[Tenure | Membership]) -> int:
    """Insert those of which nothing was ever recorded; answers how many."""
    tenures = [row for row in rows if isinstance(row, Tenure)]
    memberships = [row for row in rows if isinstance(row, Membership)]
    offices = _ever_recorded(Tenure, "person_id", "organisation_id", "office", tenures)
    groups = _ever_recorded(Membership, "member_id", "group_id", "role", memberships)
    new = {(t.person_id, t.organisation_id, t.office, t.from_on): t for t in tenures}
    new_tenures = [row for key, row in new.items() if key[:3] not in offices]
    joined = {(m.member_id, m.group_id, m.role, m.from_on): m for m in memberships}
    new_memberships = [row for key, row in joined.items() if key[:3] not in groups]
    Tenure.objects.bulk_create(new_tenures)
    Membership.objects.bulk_create(new_memberships)
    return len(new_tenures) + len(new_memberships)


def _ever_recorded(model: Any, here: str, there: str, words: str, rows: Sequence[Any]) -> set[tuple[int, int, str]]:
    """Both ends and the words of all that the history knows of the same actors. One query."""
    events = model.pgh_event_model.objects.filter(**{f"{here}__in": {getattr(row, here) for row in rows}})
    return set(events.values_list(here, there, words).distinct())


def _row(tie: FoundTie, here: int, there: int, by: User | None) -> Tenure | Membership:
    dates = {"from_on": tie.from_on, "until_on": tie.until_on}
    if tie.sort == "tenure":
        return Tenure(person_id=here, organisation_id=there, office=tidy_name(tie.words), created_by=by, **dates)
    return Membership(member_id=here, group_id=there, role=tie.words, created_by=by, **dates)


def _tie_problem(tie: FoundTie, here: int, there: int | None, kinds: Mapping[int, str]) -> str | None:
    """What keeps a tie from being recorded, in words."""
    words = tie.words[:60]
    if there is None:
        return f"nobody is known as {', '.join(tie.others) or 'what the file leaves out'}, for “{words}”"
    if kinds.get(there) == PERSON:
        return f"“{words}” is in a person"
    if here == there:
        return f"“{words}” is in itself"
    wrong = date_problem(tie.from_on) or date_problem(tie.until_on)
    if wrong or not is_in_order(tie.from_on, tie.until_on):
        return f"“{words}” has dates that cannot be: {tie.from_on or '?'}–{tie.until_on}"
    if tie.sort == "membership":
        return None if tie.words in MembershipRole.values else f"“{words}” is no role of a member"
    return "only people hold offices" if kinds.get(here) != PERSON else office_problem(tidy_name(tie.words))
