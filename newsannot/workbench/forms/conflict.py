"""Two versions of a record side by side: what was sent, and what stands since somebody else changed it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsannot.actors.models import Actor
from newsannot.annotations.kinds import ClaimField
from newsannot.codebook.queries import Codebook
from newsannot.workbench.queries.records import RecordPage
from newsannot.workbench.rules import Newcomer, control_name

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was sent with another value than stands: both in words, and the sent one to send again.

    `is_yours`: the sent value is the one to keep unless somebody chooses otherwise.
    """

    name: str
    label: str
    yours: str
    stands: str
    sent: Sequence[str]
    is_yours: bool


def differences(
    page: RecordPage, sent: Mapping[str, Any], codebook: Codebook, touched: Collection[str] | None = None
) -> list[Difference]:
    """The fields sent whose value is not the one that stands, in the order of the form.

    `touched` names the controls the sender changed (None: all of them).
    """
    standing = page.record.claim
    differing = [f for f in page.kind.fields if f.name in sent and sent[f.name] != standing[f.name]]
    names = dict(page.actors) | _names_sent(differing, sent)
    records = {choice.id: choice.words for choice in page.choices}
    return [
        Difference(
            control_name(one.name),
            one.label,
            in_words(one, sent[one.name], codebook, names, records),
            in_words(one, standing[one.name], codebook, names, records),
            _to_send(sent[one.name]),
            touched is None or control_name(one.name) in touched,
        )
        for one in differing
    ]


def in_words(
    one: ClaimField, value: Any, codebook: Codebook, actors: Mapping[int, str], records: Mapping[int, str]
) -> str:
    """A value as people read it."""
    values = value if isinstance(value, list) else [] if value is None or value == "" else [value]
    if one.sort == "flag":
        return "yes" if value else "no"
    return ", ".join(one_in_words(one, single, codebook, actors, records) for single in values) or NOTHING


def one_in_words(
    one: ClaimField, value: Any, codebook: Codebook, actors: Mapping[int, str], records: Mapping[int, str]
) -> str:
    """One of a field's values as people read it."""
    if isinstance(value, Newcomer):
        return value.name
    if one.sort in {"actor", "actors"}:
        return actors.get(value, f"Actor {value}")
    if one.sort in {"record", "records", "primary"}:
        return _quoted(records[value]) if value in records else f"{one.of} {value}"
    if one.scheme:
        known = codebook.get(one.scheme, {})
        return known[value].label if value in known else str(value)
    return str(one.choices.get(value, value))


def _quoted(words: str) -> str:
    return words if words[:1] in set("“„«‹「『‘\"'") else f"“{words}”"


def _names_sent(fields: Sequence[ClaimField], sent: Mapping[str, Any]) -> dict[int, str]:
    values = [sent[f.name] for f in fields if f.sort in {"actor", "actors"}]
    ids = [pk for value in values for pk in (value if isinstance(value, list) else [value]) if isinstance(pk, int)]
    return dict(Actor.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _to_send(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_one_to_send(single) for single in values if single is not None and single is not False]


def _one_to_send(value: Any) -> str:
    if isinstance(value, Newcomer):
        return f"new:{value.kind}:{value.name}"
    return "on" if value is True else str(value)
