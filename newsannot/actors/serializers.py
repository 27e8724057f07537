"""What the API gives out of actors."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from newsannot.actors.models import Actor
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


def name_actor(actor: Actor) -> dict[str, Any]:
    """An actor as ActorNamedOut says."""
    return {"id": actor.pk, "name": actor.name, "kind": actor.kind, "wikidata_id": actor.wikidata_id}
