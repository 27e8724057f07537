"""What was taken into a curated reading without an editor: records all agree on, and what the rule chosen settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef

from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Derivation, Reading
from newsannot.review.models import Dispute, Ruling
from newsannot.review.queries.claims import Item
from newsannot.review.queries.disputes import Value, beginnings, in_words, label_of
from newsannot.review.rules.comparison import strategy_named


@dataclass(frozen=True, slots=True)
class Agreed:
    """A record that all who were compared have alike: how it begins, and on how many records it rests."""

    id: int
    kind: Kind
    words: str
    rests_on: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a rule decided: the name of the rule, what it is about, in which record, and the value in words."""

    ruling: Ruling
    rule: str
    kind: Kind
    label: str
    words: str
    value: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Taken:
    """All of it, each in the order of the text."""

    agreed: Sequence[Agreed]
    settled: Sequence[Settled]


def taken_over(curated: Reading) -> Taken:
    """What stands in a curated reading without an editor's word; a constant number of queries."""
    return Taken(_agreed(curated), _settled(curated))


def _agreed(curated: Reading) -> list[Agreed]:
    merged = Derivation.objects.filter(curated=OuterRef("pk"), original__reading__in=curated.adjudication.merged.all())
    disputed = Dispute.objects.filter(curated=OuterRef("pk"), is_one=False)
    rows = (
        Annotation.objects.standing()
        .filter(Exists(merged), ~Exists(disputed), reading=curated)
        .annotate(place=Min("spans__start"), rests_on=Count("derivations", distinct=True))
        .order_by("place", "pk")
        .values_list("pk", "kind", "rests_on")
    )
    words = beginnings([pk for pk, *_ in rows])
    return [Agreed(pk, kind_named(kind), words.get(pk, ""), rests_on) for pk, kind, rests_on in rows]


def _settled(curated: Reading) -> list[Settled]:
    standing = Ruling.objects.standing().filter(dispute__curated__reading=curated, reopens=False).exclude(strategy="")
    rulings = list(
        standing.annotate(place=Min("dispute__curated__spans__start"))
        .select_related("dispute__curated__reading")
        .order_by("place", "dispute")
    )
    words = beginnings({ruling.dispute.curated_id for ruling in rulings})
    values = in_words([Value(ruling.dispute, ruling.value) for ruling in rulings])
    shown = []
    for ruling, value in zip(rulings, values, strict=True):
        record = ruling.dispute.curated
        kind = kind_named(record.kind)
        label = label_of(ruling.dispute)
        rule = strategy_named(ruling.strategy).label
        shown.append(Settled(ruling, rule, kind, label, words.get(record.pk, ""), value))
    return shown
