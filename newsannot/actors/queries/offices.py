"""Offices and memberships, and who held an office on a day."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from newsannot.actors.models import Actor, Membership, Tenure
from newsannot.actors.queries.merging import FAMILY, families_of
from newsannot.actors.rules import may_hold, searched_words
from newsannot.core.layers import Audience
from newsannot.core.rows import ask, pipelined

MOST_SHOWN = 200
MOST_LOOKED_AT = 2_000
# Little words between an office and where it is held, in the languages of most desks.
BETWEEN = frozenset({" of", " the", " for", " in", " at", " to", " de", " du", " des", " la", " del", " der", " von"})


def ties_of(actor: Actor, *, audience: Audience = Audience.STAFF) -> tuple[list[Tenure], list[Membership]]:
    """The offices and memberships an actor has, or that others have in it; of those merged into it too.

    For readers only those whose both ends are given out to them. Each the latest first, at most 200. Three queries.
    """
    family = families_of([actor.pk])
    tenures = Tenure.objects.filter(Q(person__in=family) | Q(organisation__in=family))
    memberships = Membership.objects.filter(Q(member__in=family) | Q(group__in=family))
    if audience is Audience.READERS:
        given_out = Actor.objects.given_out(audience)
        tenures = tenures.filter(person__in=given_out, organisation__in=given_out)
        memberships = memberships.filter(member__in=given_out, group__in=given_out)
    return (
        list(tenures.select_related("person", "organisation", "created_by")[:MOST_SHOWN]),
        list(memberships.select_related("member", "group", "created_by")[:MOST_SHOWN]),
    )


NAMED_WHERE = """
    SELECT n.search, n.actor_id FROM actors_actorname n JOIN actors_actor a ON a.id = n.actor_id
    WHERE n.search = ANY(%s) AND a.kind <> 'person' ORDER BY n.actor_id, n.id LIMIT %s
"""
HELD = f"""
    WITH RECURSIVE {FAMILY},
    named AS (SELECT id, kind, iso3 FROM actors_actor WHERE id IN (SELECT id FROM family)),
    places AS (
        SELECT id FROM named
        UNION SELECT o.id FROM actors_actor o JOIN named ON o.country = named.iso3
        WHERE named.kind = 'state' AND named.iso3 <> '' AND o.country <> ''
    )
    SELECT t.person_id, t.office, o.name, t.from_on, t.until_on, t.search
    FROM places JOIN actors_tenure t ON t.organisation_id = places.id JOIN actors_actor o ON o.id = places.id
    WHERE t.search LIKE ALL (%(words)s)
    ORDER BY length(t.search), t.from_on DESC, t.id LIMIT %(most)s
"""  # noqa: S608 - constants of this module and of merging


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who held an office on a day: who, what, where (an organisation's name), since when and until when."""

    person_id: int
    office: str
    organisation: str
    from_on: str
    until_on: str

    @property
    def words(self) -> str:
        """The office in a line: “Foreign minister, Russia (2004–)”."""
        years = f"{self.from_on[:4]}–{self.until_on[:4]}"
        return f"{self.office}, {self.organisation}" + (f" ({years})" if years != "–" else "")


def office_holder(office: str, organisation: Actor, on: date) -> list[Holder]:
    """Who held an office in an organisation, or in a body of the state it is, on a day, as far as is known.

    Each word of the office must begin a word of it as recorded. The office that says least besides comes first; where
    dates are half known, there may be several, the latest first.
    """
    return [holder for _, holder in _ask_holders([organisation.pk], searched_words(office))(on)]


def ask_holders_named(pieces: Sequence[str]) -> Callable[[date], list[Holder]]:
    """Ask for the same for words as they are typed: “Russian foreign minister”, “president of France”. Folded pieces.

    Somewhere between two words the name of an organisation or a state, in full, meets that of an office. One query;
    what is given back fetches those of a day, by one more for each such name, all sent at once.
    """
    splits = list(_splits(pieces))
    if not splits:
        return lambda _: []
    asked = ask(NAMED_WHERE, [list({where for where, _ in splits}), MOST_LOOKED_AT])

    def fetch(on: date) -> list[Holder]:
        named: dict[str, list[int]] = {}
        for search, actor_id in asked.fetchall():
            named.setdefault(search, []).append(actor_id)
        return _holders(splits, named, on) if named else []

    return fetch


def _holders(splits: Iterable[tuple[str, Sequence[str]]], named: Mapping[str, Sequence[int]], on: date) -> list[Holder]:
    with pipelined():
        asked = [_ask_holders(named[where], words) for where, words in splits if where in named]
        found = [one for fetch in asked for one in fetch(on)]
    return list(dict.fromkeys(holder for _, holder in sorted(found, key=lambda one: one[0])))


def _splits(pieces: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Where and what, each way the words may be meant."""
    for at in range(1, len(pieces)):
        for where, what in ((pieces[:at], pieces[at:]), (pieces[at:], pieces[:at])):
            words = [word for word in what if word not in BETWEEN]
            name = list(where)
            while name and name[0] in BETWEEN:
                name = name[1:]
            if name and words:
                yield "".join(name), words


def _ask_holders(organisation_ids: Iterable[int], words: Sequence[str]) -> Callable[[date], list[tuple[int, Holder]]]:
    """Ask who held such an office; what is given back fetches who may have on a day, and how much more it says."""
    sent: dict[str, Any] = {
        "ids": list(organisation_ids),
        "words": [f"%{word}%" for word in words if word not in BETWEEN],
        "most": MOST_LOOKED_AT,
    }
    asked = ask(HELD, sent)
    return lambda on: [
        (len(search), Holder(*held)) for *held, search in asked.fetchall() if may_hold(held[3], held[4], on)
    ]
