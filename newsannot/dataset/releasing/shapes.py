"""What a record consists of, told by the serializer that describes it in the API: columns, types, meanings."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rest_framework import serializers

from newsannot.actors.serializers import ActorNamedOut, ActorOut
from newsannot.annotations.serializers import MentionOut, SpanOut
from newsannot.statements.serializers import StatementOut
from newsannot.threats.serializers import ThreatOut

KINDS: Mapping[str, type[serializers.Serializer[Any]]] = {
    "statement": StatementOut,
    "threat": ThreatOut,
    "mention": MentionOut,
    "actor": ActorOut,
}
"""The kinds of record in the feed, in the order of a release's files. Actors are those that were merged."""
Record: TypeAlias = Mapping[str, Any]
BETWEEN = "; "
_FORMULA = re.compile(r"[\s'\"]*[=+\-@|%]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `sort` is string, integer, boolean or datetime [Table Schema]."""

    name: str
    sort: str
    meaning: str
    value_of: Callable[[Record], Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a record, for the data dictionary: `path` leads to it, `[]` into a list."""

    path: str
    sort: str
    may_be_null: bool
    meaning: str


def columns_of(kind: str) -> list[Column]:
    """The columns of the table of a kind, in the order of its fields."""
    return list(_columns(KINDS[kind](), "", lambda record: record))


def entries_of(kind: str) -> list[Entry]:
    """Every field of a kind, with those within it."""
    return list(_entries(KINDS[kind](), ""))


def cell(value: Any) -> Any:
    """A value of a table; what a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, list):
        value = BETWEEN.join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _columns(of: serializers.Serializer[Any], prefix: str, within: Callable[[Record], Any]) -> Iterator[Column]:
    for name, field in of.fields.items():
        yield from _columns_of_field(f"{prefix}{name}", field, _getter(within, name))


def _getter(within: Callable[[Record], Any], name: str) -> Callable[[Record], Any]:
    def value_of(record: Record) -> Any:
        holder = within(record)
        return None if holder is None else holder[name]

    return value_of


def _columns_of_field(name: str, field: Any, value_of: Callable[[Record], Any]) -> Iterator[Column]:
    meaning = str(field.help_text or "")
    if isinstance(field, serializers.ListSerializer):
        if isinstance(field.child, SpanOut):
            yield Column(f"{name}_words", "string", f"{meaning} The words of each piece.", _each(value_of, "exact"))
            yield Column(f"{name}_at", "string", "Where they stand, in code points: start-end.", _places(value_of))
        else:
            yield Column(name, "string", f"{meaning} Names.".strip(), _each(value_of, "name"))
            if isinstance(field.child, ActorNamedOut):
                yield Column(f"{name}_ids", "string", "Their ids.", _each(value_of, "id"))
    elif isinstance(field, serializers.Serializer):
        yield from _columns(field, f"{name.removeprefix('parts')}_".removeprefix("_"), value_of)
    else:
        yield Column(name, _sort(field), meaning, value_of)


def _each(value_of: Callable[[Record], Any], name: str) -> Callable[[Record], list[Any]]:
    return lambda record: [one[name] for one in value_of(record)]


def _places(value_of: Callable[[Record], Any]) -> Callable[[Record], list[str]]:
    return lambda record: [f"{span['start']}-{span['end']}" for span in value_of(record)]


def _sort(field: Any) -> str:
    if isinstance(field, serializers.BooleanField):
        return "boolean"
    if isinstance(field, serializers.IntegerField):
        return "integer"
    return "datetime" if isinstance(field, serializers.DateTimeField) else "string"


def _entries(of: serializers.Serializer[Any], prefix: str) -> Iterator[Entry]:
    for name, field in of.fields.items():
        is_list = isinstance(field, serializers.ListSerializer | serializers.ListField)
        inner: Any = getattr(field, "child", field) if is_list else field
        path = f"{prefix}{name}{'[]' if is_list else ''}"
        is_object = isinstance(inner, serializers.Serializer)
        sort = "object" if is_object else _sort(inner)
        yield Entry(path, sort, bool(field.allow_null), str(field.help_text or ""))
        if is_object:
            yield from _entries(inner, f"{path}.")


# --- Parquet -------------------------------------------------------------------------------------


def arrow_schema(arrow: Any, kind: str) -> Any:
    """The schema of a kind in Apache Arrow, objects and lists as they are; `arrow` is the module `pyarrow`."""
    return arrow.schema(_arrow_fields(arrow, KINDS[kind]()))


def _arrow_fields(arrow: Any, of: serializers.Serializer[Any]) -> Sequence[tuple[str, Any]]:
    return [(name, _arrow_type(arrow, field)) for name, field in of.fields.items()]


def _arrow_type(arrow: Any, field: Any) -> Any:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return arrow.list_(_arrow_type(arrow, field.child))
    if isinstance(field, serializers.Serializer):
        return arrow.struct(_arrow_fields(arrow, field))
    return {"boolean": arrow.bool_(), "integer": arrow.int64()}.get(_sort(field), arrow.string())
