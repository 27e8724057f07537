"""Offices and memberships, and who held an office on a day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from newsannot.actors.models import Actor, ActorName, Membership, Tenure
from newsannot.actors.queries.merging import families_of
from newsannot.actors.rules import may_hold, searched_words
from newsannot.core.layers import Audience

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
    return [holder for _, holder in _holders([organisation.pk], searched_words(office), on)]


def holders_named(pieces: Sequence[str], on: date) -> list[Holder]:
    """The same for words as they are typed: “Russian foreign minister”, “president of France”. Folded pieces.

    Somewhere between two words the name of an organisation or a state, in full, meets that of an office. One query, and
    two more for each such name.
    """
    splits = list(_splits(pieces))
    phrases = {where for where, _ in splits}
    named: dict[str, list[int]] = {}
    rows = ActorName.objects.filter(search__in=phrases).exclude(actor__kind="person")[:MOST_LOOKED_AT]
    for search, actor_id in rows.values_list("search", "actor_id"):
        named.setdefault(search, []).append(actor_id)
    found = [one for where, words in splits if where in named for one in _holders(named[where], words, on)]
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


def _holders(organisation_ids: Iterable[int], words: Sequence[str], on: date) -> list[tuple[int, Holder]]:
    """Those who may have held such an office on the day, each with how much more their office says. One query."""
    sql = """
        WITH named AS (SELECT id, kind, iso3 FROM actors_actor WHERE id = ANY(%(ids)s)),
        places AS (
            SELECT id FROM named
            UNION SELECT o.id FROM actors_actor o JOIN named ON o.country = named.iso3
            WHERE named.kind = 'state' AND named.iso3 <> '' AND o.country <> ''
        )
        SELECT t.person_id, t.office, o.name, t.from_on, t.until_on, t.search
        FROM places JOIN actors_tenure t ON t.organisation_id = places.id JOIN actors_actor o ON o.id = places.id
        WHERE t.search LIKE ALL (%(words)s)
        ORDER BY length(t.search), t.from_on DESC, t.id LIMIT %(most)s
    """
    sent: dict[str, Any] = {
        "ids": families_of(organisation_ids),
        "words": [f"%{word}%" for word in words if word not in BETWEEN],
        "most": MOST_LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, sent)
        return [(len(search), Holder(*held)) for *held, search in cursor.fetchall() if may_hold(held[3], held[4], on)]
