"""Making the readings of a revision one: what they agree on is taken over, what they differ about becomes disputes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from newsannot.accounts.models import User
from newsannot.annotations.copying import copy_records, take_back
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Derivation, Reading, ReadingState
from newsannot.articles.models import Revision
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.access import OWN
from newsannot.review.actions import curated_reading
from newsannot.review.models import Adjudication, Dispute, Ruling
from newsannot.review.notices import tell_of_rulings
from newsannot.review.queries.comparing import side_by_side
from newsannot.review.queries.disputes import STANDING, Value, as_merged, same_value, where_actors_went
from newsannot.review.rules.alignment import LINKS, Coded, Item
from newsannot.review.rules.comparison import Choice, Comparison, Difference, Strategy, certainties_of, settled
from newsannot.review.ruling import apply_value, ask_again, hold


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging found: how many things, in how many of them nothing is undecided, and how many questions are."""

    items: int
    agreed: int
    disputes: int


@action
def merge_readings(*, revision: Revision, strategy: Strategy, by: User) -> Merged:
    """Take the readings handed in of a revision into its curated one, each thing once, and keep what they differ about.

    Of each thing the record that most of it agrees with is copied and rests on all; the rest of what they say becomes
    disputes, of which the strategy settles what it can. Merged again, with a late reading or a changed one, what an
    editor ruled stays; what a strategy settled is settled anew. Raises RuleBroken when fewer than two readings are in,
    one of them is one's own, or the curated one is published. Locks the curated reading.
    """
    sides = side_by_side(revision.pk)
    readings = sides.readings
    if len(readings) < 2:
        raise RuleBroken("Two readings must be handed in before they can be compared.", field="readings")
    if any(reading.reader_id == by.pk for reading in readings):
        raise RuleBroken(OWN, field="readings")
    curated = curated_reading(readings[0])
    adjudication, _ = Adjudication.objects.update_or_create(
        curated=curated, defaults={"strategy": strategy, "merged_by": by}
    )
    adjudication.merged.set(readings)
    _bring_back_left_out(curated, by)
    stands_for = _taken_over(sides.items, curated, by)
    found = _disputes(sides.items, stands_for)
    _settle(found, strategy, by)
    standing = Ruling.objects.standing().filter(dispute__curated__reading=curated, reopens=False)
    tell_of_rulings(standing.select_related("dispute"))
    undecided = Dispute.objects.undecided().filter(curated__reading=curated)
    disputed = undecided.values("curated").aggregate(things=Count("curated", distinct=True))["things"]
    return Merged(len(sides.items), len(sides.items) - disputed, undecided.count())


@action
def unmerge_readings(*, adjudication: Adjudication, by: User) -> int:
    """Take out of the curated reading what merging put there, except what an editor changed; answers how many records.

    Raises RuleBroken once a reading was accepted on its ground. Locks the curated reading.
    """
    curated = curated_reading(adjudication.curated)
    merged = adjudication.merged.all()
    if merged.filter(state=ReadingState.ACCEPTED).exists():
        raise RuleBroken("These readings are accepted; return one to its analyst instead.", field="readings")
    taken = take_back(Annotation.objects.filter(reading__in=merged), out_of=curated, by=by).taken
    Dispute.objects.filter(curated__reading=curated, rulings=None).delete()
    adjudication.delete()
    return taken


# --- Taking over ------------------------------------------------------------------------------


def _taken_over(compared: Sequence[Comparison], curated: Reading, by: User) -> Mapping[int, int]:
    """Copy the leading record of each thing; answers the id of every reading's record → that of what stands for it."""
    keys = [member.key for one in compared for member in one.item.members]
    links = Derivation.objects.filter(original__in=keys, curated__reading=curated).order_by("curated")
    copied = set(links.values_list("original_id", flat=True))
    leaders = [_leader(one, copied) for one in compared]
    alike = {member.key: leader for one, leader in zip(compared, leaders, strict=True) for member in one.item.members}
    copies = copy_records(Annotation.objects.filter(pk__in=leaders), into=curated, by=by, alike=alike)
    stands_for = {key: copies[leader] for key, leader in alike.items() if leader in copies}
    Derivation.objects.bulk_create(
        (Derivation(curated_id=copy, original_id=key) for key, copy in stands_for.items()), ignore_conflicts=True
    )
    return stands_for


def _leader(comparison: Comparison, copied: Collection[int]) -> int:
    """The record to copy: one copied before, else the one that says most often what most say, the first of equals."""
    members = comparison.item.members
    if before := [member.key for member in members if member.key in copied]:
        return before[0]
    support = Counter[int]()
    for difference in comparison.differences:
        for choice in difference.choices:
            support.update(dict.fromkeys(choice.readings, len(choice.readings)))
    return max(members, key=lambda member: (support[member.reading], -member.reading)).key


# --- Disputes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A difference, the thing it is about, and the choices as they are kept."""

    difference: Difference
    comparison: Comparison
    choices: list[dict[str, Any]]


_PLACE = ("curated", "name", "is_border")
_Place = tuple[int, str, bool]
"""What a dispute is about: a curated record, and a name of one of its fields, or (True) of one of its roles."""


def _disputes(compared: Sequence[Comparison], stands_for: Mapping[int, int]) -> list[tuple[Dispute, _Asked]]:
    """Store what the readings differ about; disputes of earlier that are none any more go, unless they were ruled."""
    asked: dict[_Place, _Asked] = {}
    for comparison in compared:
        item = comparison.item
        curated = next((stands_for[member.key] for member in item.members if member.key in stands_for), None)
        if curated is None:  # an editor threw it out before
            continue
        for difference in _differences(comparison):
            place = (curated, difference.name, difference.is_border)
            asked[place] = _Asked(difference, comparison, _choices(item, difference, stands_for))
    standing = Dispute.objects.filter(curated__in=set(stands_for.values()))
    gone = [pk for pk, *key in standing.values_list("pk", *_PLACE) if tuple(key) not in asked]
    Dispute.objects.filter(pk__in=gone, rulings=None).delete()
    stored = Dispute.objects.bulk_create(
        [
            Dispute(curated_id=curated, name=name, is_border=is_border, choices=one.choices)
            for (curated, name, is_border), one in asked.items()
        ],
        update_conflicts=True,
        unique_fields=_PLACE,
        update_fields=["choices", "is_one"],
    )
    return [(dispute, asked[dispute.curated_id, dispute.name, dispute.is_border]) for dispute in stored]


def _differences(comparison: Comparison) -> Sequence[Difference]:
    """What is in dispute about a thing: first whether it is one, where a reading does not have it.

    Which of several records leads is in dispute only between two who name one.
    """
    kind = kind_named(comparison.item.kind)
    leading = {field.name for field in kind.fields if field.sort == "primary"}
    asked = [one for one in comparison.differences if one.name not in leading or _named(one) > 1]
    if not comparison.absent:
        return asked
    seen = Choice(value=True, readings=tuple(member.reading for member in comparison.item.members))
    unseen = Choice(value=False, readings=comparison.absent)
    choices = tuple(sorted((seen, unseen), key=lambda choice: (-len(choice.readings), not choice.value)))
    return [Difference(STANDING, is_border=False, choices=choices), *asked]


def _named(difference: Difference) -> int:
    """How many different values are named."""
    return sum(choice.value is not None for choice in difference.choices)


def _choices(item: Item, difference: Difference, stands_for: Mapping[int, int]) -> list[dict[str, Any]]:
    """The choices as they are kept: values name records of the curated reading."""
    members = {member.reading: member for member in item.members}
    kept = []
    for choice in difference.choices:
        said_by = [members[reading] for reading in choice.readings if reading in members]
        value = choice.value if difference.name == STANDING else _value(said_by[0], difference, stands_for)
        kept.append({"value": value, "readings": list(choice.readings), "annotations": [one.key for one in said_by]})
    return kept


def _value(coded: Coded, difference: Difference, stands_for: Mapping[int, int]) -> Any:
    if difference.is_border:
        return [[piece.start, piece.end] for piece in sorted(coded.record.parts.get(difference.name, ()))]
    value = coded.record.claim[difference.name]
    if difference.name not in LINKS:
        return value
    return [stands_for[v] for v in value if v in stands_for] if isinstance(value, list) else stands_for.get(value)


# --- Strategies ---------------------------------------------------------------------------------


def _settle(found: Sequence[tuple[Dispute, _Asked]], strategy: Strategy, by: User) -> None:
    """Rule by the strategy on what no editor ruled; what a rule of the record forbids stays in dispute.

    What a strategy settled before and this one does not is asked again.
    """
    standing = Ruling.objects.standing().filter(dispute__in=[dispute for dispute, _ in found])
    ruled = {ruling.dispute_id: ruling for ruling in standing}
    went = where_actors_went(Value(dispute, ruled[dispute.pk].value) for dispute, _ in found if dispute.pk in ruled)
    for dispute, asked in found:
        before = ruled.get(dispute.pk)
        if before and not before.strategy:
            continue
        choice = settled(asked.difference, strategy, certainties_of(asked.comparison))
        kept = asked.choices[asked.difference.choices.index(choice)] if choice else None
        if kept is None and before and not before.reopens:
            _reopen(dispute, before, by)
        elif kept and not (before and not before.reopens and _is_ruled_so(before, dispute, kept["value"], went)):
            _rule_by(strategy, dispute, kept, by)


def _is_ruled_so(before: Ruling, dispute: Dispute, value: Any, went: Mapping[int, int]) -> bool:
    return same_value(as_merged(Value(dispute, before.value), went), value)


def _rule_by(strategy: Strategy, dispute: Dispute, kept: Mapping[str, Any], by: User) -> None:
    try:
        _, step = apply_value(hold(dispute.curated), dispute, kept["value"], by=by)
    except RuleBroken:
        return
    origin = next(iter(kept["annotations"]), None)
    Ruling.objects.create(dispute=dispute, value=kept["value"], origin_id=origin, strategy=strategy, by=by, step=step)


def _bring_back_left_out(curated: Reading, by: User) -> None:
    """Let records stand again that a strategy left out, so that they are compared and settled anew."""
    left_out = Ruling.objects.standing().filter(dispute__curated__reading=curated, dispute__name=STANDING, value=False)
    for ruling in left_out.exclude(strategy="").filter(dispute__curated__deleted_at__isnull=False):
        _reopen(ruling.dispute, ruling, by)


def _reopen(dispute: Dispute, before: Ruling, by: User) -> None:
    try:
        _, step = ask_again(hold(dispute.curated), dispute, by=by)
    except RuleBroken:  # of a record that an editor rejected
        return
    Ruling.objects.create(dispute=dispute, value=before.value, strategy=before.strategy, reopens=True, by=by, step=step)
