"""What the readings of one thing agree on, what is in dispute, and what may settle that."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from newsannot.annotations.rules import offsets
from newsannot.review.rules.alignment import LINKS, PERSONAL, Coded, Item, is_empty

Border = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value and the readings that give it.

    The value of a border is its pieces as (start, end) in code points, none when the role is not marked; that of a link
    is the annotation as the first of the readings names it; that of a field of many values a list in that reading's
    order.
    """

    value: Any
    readings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of the claim, or a role's border, given in more than one way.

    What most say stands first; among equals, what the lowest reading id says.
    """

    name: str
    is_border: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An item field by field; `absent` are the readings compared that do not have it.

    `agreed` fields and `agreed_borders` roles are told alike by every member, `personal` fields are the coder's own.
    """

    item: Item
    agreed: Mapping[str, Any]
    agreed_borders: Mapping[str, Border]
    differences: tuple[Difference, ...]
    personal: Mapping[str, tuple[Choice, ...]]
    absent: tuple[int, ...]

    @property
    def is_in_dispute(self) -> bool:
        """Whether there is something to decide: a difference, or a reading that does not have the item."""
        return bool(self.differences or self.absent)


def places_of(items: Iterable[Item]) -> dict[int, int]:
    """Each record's item: annotation id → index among the items."""
    return {coded.key: at for at, item in enumerate(items) for coded in item.members}


def compared(item: Item, place_of: Mapping[int, int], readings: Collection[int] = ()) -> Comparison:
    """The item field by field; `place_of` is what `places_of` gives, `readings` the ids of all that are compared.

    Links agree when they name records of the same items. Lists are compared as sets; to say nothing is a value as well.
    """
    told = _Told()
    for name in _in_order(coded.record.claim for coded in item.members):
        told.add(name, _choices((coded.reading, *_said(coded, name, place_of)) for coded in item.members))
    for role in _in_order(coded.record.parts for coded in item.members):
        told.add_border(role, _choices((coded.reading, *_border(coded, role)) for coded in item.members))
    members = {coded.reading for coded in item.members}
    return Comparison(
        item=item,
        agreed=told.agreed,
        agreed_borders=told.borders,
        differences=(*told.border_differences, *told.differences),
        personal=told.personal,
        absent=tuple(sorted(set(readings) - members)),
    )


@dataclass(slots=True)
class _Told:
    """A comparison in the making."""

    agreed: dict[str, Any] = field(default_factory=dict)
    borders: dict[str, Border] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    border_differences: list[Difference] = field(default_factory=list)
    personal: dict[str, tuple[Choice, ...]] = field(default_factory=dict)

    def add(self, name: str, choices: tuple[Choice, ...]) -> None:
        if name in PERSONAL:
            self.personal[name] = choices
        elif len(choices) == 1:
            self.agreed[name] = choices[0].value
        else:
            self.differences.append(Difference(name, is_border=False, choices=choices))

    def add_border(self, role: str, choices: tuple[Choice, ...]) -> None:
        if len(choices) > 1:
            self.border_differences.append(Difference(role, is_border=True, choices=choices))
        elif choices[0].value:
            self.borders[role] = choices[0].value


def _in_order(named: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every name once, in the order they come."""
    return list(dict.fromkeys(name for one in named for name in one))


_Said = tuple[object, Any]
"""What two values are compared by, and the value."""


def _choices(said: Iterable[tuple[int, object, Any]]) -> tuple[Choice, ...]:
    """What is said, from each reading with what it is compared by and its value."""
    values: dict[object, Any] = {}
    readings: dict[object, list[int]] = {}
    for reading, same, value in said:
        values.setdefault(same, value)
        readings.setdefault(same, []).append(reading)
    choices = [Choice(values[same], tuple(by)) for same, by in readings.items()]
    return tuple(sorted(choices, key=lambda choice: (-len(choice.readings), choice.readings)))


def _said(coded: Coded, name: str, place_of: Mapping[int, int]) -> _Said:
    value = coded.record.claim.get(name)
    if is_empty(value):
        return None, value
    values: list[Any] = value if isinstance(value, list) else [value]
    if name in LINKS:
        return frozenset(("item", place_of[key]) if key in place_of else ("record", key) for key in values), value
    return frozenset(map(repr, values)), value


def _border(coded: Coded, role: str) -> _Said:
    border = tuple(offsets(coded.record.parts.get(role, ())))
    return border, border


# --- What settles a difference ---------------------------------------------------------------

HIGH, LOW = "high", "low"


class Strategy(StrEnum):
    """A way to settle differences without an editor, with its name and what it does in words."""

    ALL_AGREE = (
        "all_agree",
        "All agree",
        "Only what every analyst has and says alike is taken over; the rest waits for you.",
    )
    MAJORITY = (
        "majority",
        "Majority",
        "What more than half say is taken over; a record that most do not have is left out. A tie waits for you.",
    )
    ONE_SURE = (
        "one_sure",
        "One sure analyst",
        "A record of which one analyst is highly certain, and all others little or lack it, stands as that one says.",
    )

    label: str
    explanation: str

    def __new__(cls, value: str, label: str, explanation: str) -> "Strategy":
        """A member: its value, its name for people and what it does."""
        strategy = str.__new__(cls, value)
        strategy._value_ = value
        strategy.label = label
        strategy.explanation = explanation
        return strategy


def strategy_named(value: str) -> Strategy:
    """The strategy of that value, which is one."""
    return next(one for one in Strategy if one.value == value)


def certainties_of(comparison: Comparison) -> dict[int, str]:
    """How certain each reading is of its record: reading id → code, empty when it does not say.

    A reading without the record counts as little certain that there is none: nobody says so by not marking.
    """
    said = {coded.reading: coded.record.claim.get("certainty") or "" for coded in comparison.item.members}
    return dict.fromkeys(comparison.absent, LOW) | said


def settled(difference: Difference, strategy: Strategy, certainties: Mapping[int, str]) -> Choice | None:
    """The choice a strategy takes, None when it leaves the difference to an editor; certainties by reading id."""
    return _WAYS[strategy](difference, certainties)


def _all_agree(difference: Difference, certainties: Mapping[int, str]) -> Choice | None:
    return difference.choices[0] if len(difference.choices) == 1 else None


def _majority(difference: Difference, certainties: Mapping[int, str]) -> Choice | None:
    voices = sum(len(choice.readings) for choice in difference.choices)
    return next((choice for choice in difference.choices if 2 * len(choice.readings) > voices), None)


def _one_sure(difference: Difference, certainties: Mapping[int, str]) -> Choice | None:
    said = {reading: certainties.get(reading) for choice in difference.choices for reading in choice.readings}
    sure = [reading for reading, certainty in said.items() if certainty == HIGH]
    if len(sure) != 1 or any(said[reading] != LOW for reading in said.keys() - set(sure)):
        return None
    return next(choice for choice in difference.choices if sure[0] in choice.readings)


_WAYS = {Strategy.ALL_AGREE: _all_agree, Strategy.MAJORITY: _majority, Strategy.ONE_SURE: _one_sure}
