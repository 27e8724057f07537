"""Filters of the API by actor and by country."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from rest_framework.request import Request

from newsannot.accounts.access import audience_of
from newsannot.actors.models import Actor
from newsannot.actors.queries.merging import families_of, going_by
from newsannot.codebook.filters import code_filter
from newsannot.core.filters import (
    AN_ID,
    Condition,
    Filter,
    any_of,
    matching,
    search_filter,
    updated_since,
    whole_number,
)
from newsannot.core.layers import Audience

A_COUNTRY = {"type": "string", "pattern": "^[A-Z]{3}$"}


def actor_filter(name: str, where: Condition, help: str) -> Filter:  # noqa: A002 - the word of the field
    """A filter whose values are actors' ids; records of actors that were merged are found by either's."""
    return Filter(
        name=name,
        help=f"{help} An actor's id.",
        read=whole_number,
        where=lambda values: where(families_of(values)),
        schema=AN_ID,
        unseen=_unseen_actors,
    )


def country_filter(where: Condition, help: str) -> Filter:  # noqa: A002 - the word of the field
    """A filter whose values are countries that some actor is, or belongs to."""
    return Filter(
        name="country",
        help=f"{help} ISO 3166-1 alpha-3.",
        read=matching(r"[A-Z]{3}", "an ISO 3166-1 alpha-3 code such as FRA"),
        where=where,
        schema=A_COUNTRY,
        unseen=_unseen_countries,
    )


def of_country(*paths: str) -> Condition:
    """Rows one of whose actors is one of the countries, or belongs to it; `paths` lead to actors."""

    def where(values: list[Any]) -> Q:
        actors = families_of(Actor.objects.filter(_is_of(values)).values_list("pk", flat=True))
        return any_of(*(f"{path}__in" for path in paths))([actors])

    return where


def _is_of(countries: list[str]) -> Q:
    return Q(country__in=countries) | Q(iso3__in=countries)


def _unseen_actors(values: list[Any], asking: Request | Audience) -> Iterable[Any]:
    """Those that are not given out to who asks."""
    known = Actor.objects.given_out(audience_of(asking)).filter(pk__in=values)
    return sorted(set(values) - set(known.values_list("pk", flat=True)))


def _unseen_countries(values: list[Any], asking: Request | Audience) -> Iterable[Any]:
    """Those that no actor is, or belongs to, of those given out to who asks."""
    known = Actor.objects.given_out(audience_of(asking)).filter(_is_of(values))
    return sorted(set(values) - {code for row in known.values_list("country", "iso3") for code in row})


def _going_by(values: list[str]) -> Q:
    return going_by(values[0])


ACTOR_FILTERS = (
    code_filter("kind", "actor-kind", any_of("kind"), "What the actor is."),
    country_filter(_is_of, "The state, or the state the actor belongs to."),
    Filter(
        name="wikidata_id",
        help="Wikidata QID.",
        read=matching(r"Q[1-9][0-9]{0,18}", "a Wikidata id such as Q7747"),
        where=any_of("wikidata_id"),
        schema={"type": "string", "pattern": "^Q[1-9][0-9]*$"},
    ),
    updated_since(),
    search_filter(_going_by, "A part of any of the actor's names, without regard to case and accents."),
)
