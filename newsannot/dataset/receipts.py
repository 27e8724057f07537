"""Where every value of a published record comes from: text, evidence, who marked it, what was proposed, who ruled."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Annotation, Derivation
from newsannot.annotations.outward import Outward
from newsannot.annotations.serializers import ArticleNamedOut, SpanOut
from newsannot.dataset.models import Change
from newsannot.review.models import Dispute, Ruling

NEVER_GIVEN_OUT = ("note",)


class MarkedOut(serializers.Serializer[Any]):
    """An analyst's record that the published one rests on."""

    by = serializers.CharField(allow_null=True, help_text="The user name; null for those who are no editors.")
    at = serializers.DateTimeField()
    origin = serializers.CharField(help_text="person, engine or import")
    engine = serializers.CharField(allow_null=True, help_text="Name and version of the engine that suggested it.")
    codebook = serializers.IntegerField()


class RulingOut(serializers.Serializer[Any]):
    """What an editor, or a strategy, decided where readings differed."""

    field = serializers.CharField(help_text="A field or a role; `standing`: whether it is a record at all.")
    is_border = serializers.BooleanField(help_text="About the words of a role; a field may have the same name.")
    chosen = serializers.JSONField(allow_null=True)
    not_taken = serializers.ListField(child=serializers.JSONField(allow_null=True), help_text="What else was proposed.")
    reason = serializers.CharField(allow_null=True, help_text="A code of `ruling-reason`.")
    note = serializers.CharField(allow_null=True)
    strategy = serializers.CharField(allow_null=True, help_text="The strategy that ruled, when no editor did.")
    by = serializers.CharField(allow_null=True, help_text="The user name; null for those who are no editors.")
    at = serializers.DateTimeField()


class GivenOut(serializers.Serializer[Any]):
    """A change of the feed that tells of the record."""

    seq = serializers.IntegerField()
    action = serializers.CharField()
    version = serializers.IntegerField()
    sha256 = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class ReceiptOut(serializers.Serializer[Any]):
    """Where every value of a record comes from."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    version = serializers.IntegerField()
    article = ArticleNamedOut(help_text="With the revision, and the hash of its text.")
    parts = serializers.DictField(child=SpanOut(many=True), help_text="The evidence by role.")
    codebook = serializers.IntegerField(help_text="The number of the codebook it is coded under.")
    marked = MarkedOut(many=True)
    rulings = RulingOut(many=True)
    changes = GivenOut(many=True)
    page = serializers.CharField(help_text="Where people can read all this, signed in.")


def receipt_of(kind: Kind, record: Outward, *, with_names: bool) -> dict[str, Any]:
    """The receipt as ReceiptOut says; as many queries however much was marked and ruled.

    Names of people are for editors: analysts have none for one another.
    """
    codebook = Annotation.objects.values_list("reading__codebook__number", flat=True).get(pk=record.pk)
    return {
        "id": record.public_id,
        "kind": kind.name,
        "version": record.version,
        "article": record.article,
        "parts": record.parts,
        "codebook": codebook,
        "marked": _marked(record.pk, with_names=with_names),
        "rulings": _rulings(kind, record.pk, with_names=with_names),
        "changes": _changes(str(record.public_id)),
        "page": reverse(f"dataset:{kind.name}", args=[record.public_id]),
    }


def _changes(record: str) -> list[dict[str, Any]]:
    columns = ("seq", "action", "version", "sha256", "at")
    rows = Change.objects.filter(record=record).order_by("seq").values(*columns)
    return [{**row, "sha256": row["sha256"] or None} for row in rows]


def _marked(pk: int, *, with_names: bool) -> list[dict[str, Any]]:
    rested = Derivation.objects.filter(curated=pk).order_by("original")
    columns = ("created_by__username", "created_at", "origin", "engine", "reading__codebook__number")
    return [
        {"by": by if with_names else None, "at": at, "origin": origin, "engine": engine or None, "codebook": codebook}
        for by, at, origin, engine, codebook in rested.values_list(*(f"original__{column}" for column in columns))
    ]


def _rulings(kind: Kind, pk: int, *, with_names: bool) -> list[dict[str, Any]]:
    disputes = Dispute.objects.filter(curated=pk).exclude(name__in=NEVER_GIVEN_OUT)
    held = Ruling.objects.standing().filter(dispute__in=disputes, reopens=False)
    rulings = list(held.select_related("dispute", "by").order_by("pk"))
    ids = _public_ids(kind, rulings)
    return [
        {
            "field": one.dispute.name or "standing",
            "is_border": one.dispute.is_border,
            "chosen": _named(one.value, ids, one.dispute),
            "not_taken": [
                _named(choice["value"], ids, one.dispute)
                for choice in one.dispute.choices
                if choice["value"] != one.value
            ],
            "reason": one.reason or None,
            "note": one.note or None,
            "strategy": one.strategy or None,
            "by": one.by.username if with_names and not one.strategy else None,
            "at": one.at,
        }
        for one in rulings
    ]


def _public_ids(kind: Kind, rulings: Iterable[Ruling]) -> dict[str, dict[int, str]]:
    """Field → id → public id, of the fields whose values are records. One query, where there are any."""
    fields = {field.name for field in kind.fields if field.sort in {"record", "records", "primary"}}
    told = [one for one in rulings if one.dispute.name in fields and not one.dispute.is_border]
    values = [value for one in told for value in (one.value, *(choice["value"] for choice in one.dispute.choices))]
    pks = {pk for value in values for pk in (value if isinstance(value, list) else [value]) if isinstance(pk, int)}
    names = {
        pk: str(public_id) for pk, public_id in Annotation.objects.filter(pk__in=pks).values_list("pk", "public_id")
    }
    return {one.dispute.name: names for one in told}


def _named(value: Any, ids: dict[str, dict[int, str]], dispute: Dispute) -> Any:
    if dispute.is_border or dispute.name not in ids:
        return value
    if isinstance(value, list):
        return [ids[dispute.name].get(pk) for pk in value]
    return ids[dispute.name].get(value)
