"""What follows for comparisons when actors become one, or two again."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value

from newsannot.annotations.kinds import all_kinds
from newsannot.review.models import Dispute, Divergence, Ruling
from newsannot.review.notices import tell_of_rulings
from newsannot.review.queries.disputes import Value as Said
from newsannot.review.queries.disputes import as_merged, same_value, where_actors_went

TO_COUNT_ANEW = ""
"""The basis of a divergence that does not hold any more."""


def follow_merges(actors: Collection[int]) -> None:
    """Have comparisons follow that these actors became one, or two again.

    Disputes whose choices all name the same by now are not asked any more, and are again when that is taken back;
    analysts who were told that another name was ruled are told so no more; how far texts differ the worker counts anew.
    As many queries for a thousand records as for one.
    """
    disputes = list(disputes_naming(actors))
    went = where_actors_went(Said(one, choice["value"]) for one in disputes for choice in one.choices)
    for dispute in disputes:
        first, *others = (as_merged(Said(dispute, choice["value"]), went) for choice in dispute.choices)
        dispute.is_one = all(same_value(first, other) for other in others)
    Dispute.objects.bulk_update(disputes, ["is_one"])
    rulings = Ruling.objects.standing().filter(dispute__in=disputes, reopens=False)
    tell_of_rulings(rulings.select_related("dispute__curated"))
    for records in _records_naming(actors):
        differing = Divergence.objects.filter(revision__readings__annotations__in=records)
        differing.update(basis=TO_COUNT_ANEW)


def disputes_naming(actors: Collection[int]) -> QuerySet[Dispute]:
    """The disputes any choice of which names one of these actors (at least one), found by the index on choices."""
    fields = {field.name for kind in all_kinds() for field in kind.actor_fields}
    named = " || ".join(f"@ == {actor:d}" for actor in actors)
    # An operator, and numbers written out: so the index on the choices finds them.
    is_named = Func(
        F("choices"),
        Value(f"$[*].value[*] ? ({named})"),
        template="%(expressions)s::jsonpath",
        arg_joiner=" @? ",
        output_field=BooleanField(),
    )
    about_actors = Dispute.objects.filter(name__in=fields, is_border=False)
    return about_actors.filter(is_named).select_related("curated")


def _records_naming(actors: Collection[int]) -> Iterator[QuerySet[Any, Any]]:
    """The ids of all records that name one of these actors, field by field."""
    for kind in all_kinds():
        for field in kind.actor_fields:
            if field.links is None:
                yield kind.model.objects.filter(**{f"{field.name}__in": actors}).values("pk")
            else:
                named = field.links.model._default_manager.filter(**{f"{field.links.target}__in": actors})
                yield named.values(f"{field.links.owner}_id")
