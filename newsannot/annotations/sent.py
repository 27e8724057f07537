"""Records as clients of the API send them: parts, fields, actors and records in the form they are given out."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from newsannot.accounts.models import User
from newsannot.actors.actions import actor_named
from newsannot.annotations.actions import Change, change_annotation, mark_annotation
from newsannot.annotations.kinds import ClaimField, Kind, kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.rules import LARGEST_OFFSET, Piece, Problems
from newsannot.core.errors import Mismatch, RuleBroken
from newsannot.core.history import action

SPAN_KEYS = frozenset({"start", "end", "exact", "prefix", "suffix", "sha256"})
MOST_SPANS = 200
Sent = Mapping[str, Any]


@action
def mark_as_sent(*, kind: Kind, reading: Reading, sent: Sent, by: User) -> Change:
    """Mark a record as a client describes it, making the actors it names on the spot; all of it or nothing.

    Raises RuleBroken for what is malformed or against a rule, Mismatch when a quote or hash is not the text's.
    """
    claim, parts = _understood(kind, reading, sent, by)
    return mark_annotation(kind=kind, reading=reading, claim=claim, parts=parts, by=by)


@action
def change_as_sent(*, annotation: Annotation, sent: Sent, version: int | None, by: User) -> Change:
    """Change what of a record a client names; the rest stays. Raises as marking does, and Stale."""
    claim, parts = _understood(kind_named(annotation.kind), annotation.reading, sent, by)
    return change_annotation(annotation=annotation, claim=claim, parts=parts, version=version, by=by)


def _understood(kind: Kind, reading: Reading, sent: Sent, by: User) -> tuple[dict[str, Any], dict[str, list[Piece]]]:
    """Claim and parts in the words of the actions."""
    problems: Problems = {}
    fields = {field.name: field for field in kind.fields}
    for name in sent.keys() - fields.keys() - {"parts"}:
        problems[str(name)[:80]] = [f"A {kind.label.lower()} has no field “{str(name)[:80]}” that can be set."]
    parts = _parts(sent.get("parts", {}), reading, problems)
    claim: dict[str, Any] = {}
    for name, field in fields.items():
        if name in sent:
            claim[name] = _understand(field, sent[name], reading, by, problems)
    if problems:
        raise RuleBroken(problems=problems)
    return claim, parts


# --- Parts ---------------------------------------------------------------------------------------


def _parts(sent: Any, reading: Reading, problems: Problems) -> dict[str, list[Piece]]:
    if not isinstance(sent, dict) or not all(isinstance(spans, list) for spans in sent.values()):
        problems["parts"] = ['Send parts as {"role": [{"start": …, "end": …}, …]}.']
        return {}
    parts: dict[str, list[Piece]] = {}
    for role, spans in sent.items():
        found = (
            [_span_problem(span, reading) for span in spans] if len(spans) <= MOST_SPANS else ["These are too many."]
        )
        if any(found):
            problems[role[:80]] = list(dict.fromkeys(one for one in found if one))
        else:
            parts[role] = [Piece(span["start"], span["end"], span.get("exact")) for span in spans]
    return parts


def _span_problem(span: Any, reading: Reading) -> str | None:
    if not isinstance(span, dict) or not {"start", "end"} <= span.keys() <= SPAN_KEYS:
        return 'A span is {"start": …, "end": …}; it may have exact and sha256 too.'
    if not all(is_offset(span[name]) for name in ("start", "end")):
        return "start and end are whole numbers of code points."
    if not isinstance(span.get("exact", ""), str):
        return "exact is the text between start and end."
    if "sha256" in span and span["sha256"] != reading.revision.sha256:
        raise Mismatch("The span is of another text: its sha256 is not this revision's.", field="sha256")
    return None


def is_offset(value: Any) -> bool:
    """Whether a JSON value is a whole number that an offset can be."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_OFFSET


# --- Fields --------------------------------------------------------------------------------------


def _understand(field: ClaimField, value: Any, reading: Reading, by: User, problems: Problems) -> Any:
    """One field's value in the words of the actions; the checks there say what is wrong with most of them."""
    try:
        return _READERS.get(field.sort, _plain)(field, value, reading, by)
    except RuleBroken as refusal:
        problems[field.name] = [text for texts in refusal.problems.values() for text in texts]
        return field.empty


def _plain(field: ClaimField, value: Any, reading: Reading, by: User) -> Any:
    return field.empty if value is None else value


def _actor(field: ClaimField, value: Any, reading: Reading, by: User) -> int | None:
    """An actor by id, as it is given out, or by name and kind: one that goes by that name, or a new one."""
    if isinstance(value, dict) and "id" in value:
        value = value["id"]
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, dict) and value.keys() == {"name", "kind"} and all(isinstance(v, str) for v in value.values()):
        return int(actor_named(name=value["name"], kind=value["kind"], by=by).pk)
    raise RuleBroken('Name an actor by its id, or by {"name": …, "kind": …}.', field=field.name)


def _actors(field: ClaimField, value: Any, reading: Reading, by: User) -> list[int]:
    if not isinstance(value, list) or len(value) > MOST_SPANS:
        raise RuleBroken("This takes a list of actors.", field=field.name)
    found = [_actor(field, one, reading, by) for one in value]
    if None in found:
        raise RuleBroken("null is no actor.", field=field.name)
    return [one for one in found if one is not None]


def _record(field: ClaimField, value: Any, reading: Reading, by: User) -> int | None:
    return None if value is None else _records(field, [value], reading, by)[0]


def _records(field: ClaimField, value: Any, reading: Reading, by: User) -> list[int]:
    """Records of the reading, by the ids given out."""
    if not isinstance(value, list) or len(value) > MOST_SPANS:
        raise RuleBroken(f"This takes a list of ids of {field.of}s.", field=field.name)
    wanted = [_public_id(one, field) for one in value]
    here = Annotation.objects.standing().filter(reading=reading, kind=field.of, public_id__in=wanted)
    known = dict(here.values_list("public_id", "pk"))
    if missing := [one for one in wanted if one not in known]:
        raise RuleBroken(f"There is no {field.of} {missing[0]} in this reading.", field=field.name)
    return [known[one] for one in wanted]


def _public_id(value: Any, field: ClaimField) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise RuleBroken(f"This takes the id of a {field.of}, as it is given out.", field=field.name) from error


_READERS: dict[str, Callable[[ClaimField, Any, Reading, User], Any]] = {
    "actor": _actor,
    "actors": _actors,
    "record": _record,
    "primary": _record,
    "records": _records,
}
