"""What the API gives out of actors."""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework import serializers

from newsannot.actors.models import Actor, Membership, MembershipRole, Tenure
from newsannot.core.describing import page


class ActorNamedOut(serializers.Serializer[Any]):
    """An actor, named."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="A code of `actor-kind`.")
    wikidata_id = serializers.CharField(allow_null=True)


class ActorNameOut(serializers.Serializer[Any]):
    """A name an actor goes by."""

    name = serializers.CharField()
    language = serializers.CharField(allow_null=True, help_text="BCP 47")
    script = serializers.CharField(allow_null=True, help_text="ISO 15924")


class ActorOut(serializers.Serializer[Any]):
    """Who is mentioned, speaks and threatens. The code systems are separate and optional."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="A code of `actor-kind`.")
    description = serializers.CharField(allow_null=True)
    wikidata_id = serializers.CharField(allow_null=True)
    iso3 = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-3")
    cow_code = serializers.IntegerField(allow_null=True, help_text="Correlates of War")
    cameo_code = serializers.CharField(allow_null=True)
    sectors = serializers.ListField(child=serializers.CharField(), help_text="PLOVER")
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-3 of the state it belongs to")
    names = ActorNameOut(many=True)
    merged_into = ActorNamedOut(allow_null=True, help_text="The actor to use instead, when this one was merged.")
    updated_at = serializers.DateTimeField()


class _Dated(serializers.Serializer[Any]):
    """Something that lasts from one half-known date to another."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The fields, with `from`, which no class can have as an attribute."""
        dates = {
            "from": serializers.CharField(allow_null=True, help_text="EDTF: a year, a month or a day."),
            "until": serializers.CharField(allow_null=True, help_text="EDTF; null while it lasts, as far as is known."),
        }
        return {**super().get_fields(), **dates}


class TenureOut(_Dated):
    """An office a person holds or held."""

    person = ActorNamedOut()
    organisation = ActorNamedOut()
    office = serializers.CharField()


class MembershipOut(_Dated):
    """A group an actor belongs or belonged to."""

    member = ActorNamedOut()
    group = ActorNamedOut()
    role = serializers.ChoiceField(choices=MembershipRole.choices)


class ActorInFullOut(ActorOut):
    """An actor with its offices and memberships, and with those of actors that were merged into it."""

    tenures = TenureOut(many=True, help_text="Those it holds, or that are held in it; the latest first, at most 200.")
    memberships = MembershipOut(
        many=True, help_text="Those it has, or that others have in it; the latest first, at most 200."
    )


ActorPage = page(ActorOut, "ActorPage")


def present_actors(actors: Sequence[Actor]) -> list[dict[str, Any]]:
    """Actors as ActorOut says; their names are read already."""
    return [
        {
            "id": actor.pk,
            "name": actor.name,
            "kind": actor.kind,
            "description": actor.description or None,
            "wikidata_id": actor.wikidata_id,
            "iso3": actor.iso3 or None,
            "cow_code": actor.cow_code,
            "cameo_code": actor.cameo_code or None,
            "sectors": actor.sectors,
            "country": actor.country or None,
            "names": [
                {"name": one.name, "language": one.language or None, "script": one.script or None}
                for one in actor.names.all()
            ],
            "merged_into": actor.merged_into and name_actor(actor.merged_into),
            "updated_at": actor.updated_at,
        }
        for actor in actors
    ]


def present_ties(tenures: Iterable[Tenure], memberships: Iterable[Membership]) -> dict[str, Any]:
    """What ActorInFullOut says besides; the actors named are read already."""
    return {
        "tenures": [
            {
                "person": name_actor(one.person),
                "organisation": name_actor(one.organisation),
                "office": one.office,
                "from": one.from_on or None,
                "until": one.until_on or None,
            }
            for one in tenures
        ],
        "memberships": [
            {
                "member": name_actor(one.member),
                "group": name_actor(one.group),
                "role": one.role,
                "from": one.from_on or None,
                "until": one.until_on or None,
            }
            for one in memberships
        ],
    }


def name_actor(actor: Actor) -> dict[str, Any]:
    """An actor as ActorNamedOut says."""
    return {"id": actor.pk, "name": actor.name, "kind": actor.kind, "wikidata_id": actor.wikidata_id}
