"""The OpenAPI document as the docs page shows it: flat, ordered, with examples."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from drf_spectacular.generators import SchemaGenerator

Schema: TypeAlias = Mapping[str, Any]
TAGS = {
    "statements": "Who is reported to have said what.",
    "threats": "Who threatens whom with what.",
    "mentions": "Which words name which actor.",
    "articles": "What is annotated, without its text.",
    "sources": "Who published it.",
    "actors": "Who is mentioned, speaks and threatens.",
    "codebook": "What the codes mean.",
    "changes": "Everything that happened to the published record, in order.",
    "releases": "The published record at a moment, as files that never change.",
    "readings": "Opening a text, marking in it, handing it in; for editors, deciding about it.",
    "annotations": "Any record by its id: reading, changing, deleting.",
    "revisions": "Holding spans against a text; for editors, publishing and withdrawing.",
}
_EXAMPLES = {
    "uuid": "0f0e5d6c-3b1f-4a53-9e0e-0c3b0b6b6a51",
    "date-time": "2025-09-05T12:00:00Z",
    "date": "2025-09-05",
    "uri": "https://example.org/…",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    place: str
    type: str
    is_required: bool
    is_repeatable: bool
    description: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object; `type` in words, `of` the object's name to link to."""

    name: str
    type: str
    of: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers with one status."""

    status: str
    description: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `body` and `result` name the objects sent and answered, `example` shows the result."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scopes: Sequence[str]
    parameters: Sequence[Parameter]
    body: Sequence[str]
    result: Sequence[str]
    is_list: bool
    example: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations about one thing."""

    tag: str
    lead: str
    operations: Sequence[Operation]


@dataclass(frozen=True, slots=True)
class Object:
    """An object sent or answered."""

    name: str
    description: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole of it."""

    sections: Sequence[Section]
    objects: Sequence[Object]


@cache
def reference() -> Reference:
    """The reference, made once in a process."""
    document: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if isinstance(described, dict) and "operationId" in described and described.get("tags"):
                operation = _operation(document, path, method, described)
                found.setdefault(described["tags"][0], []).append(operation)
    sections = [
        Section(tag, TAGS.get(tag, ""), sorted(operations, key=lambda one: (one.path, one.method)))
        for tag, operations in found.items()
        if operations
    ]
    schemas = document["components"]["schemas"]
    objects = [_object(name, schema) for name, schema in schemas.items() if "properties" in schema]
    return Reference(sections, objects)


def _operation(document: Schema, path: str, method: str, described: Schema) -> Operation:
    answers = described["responses"]
    good: Schema = next((answers[status] for status in sorted(answers) if status.startswith("2")), {})
    result = _content(good)
    return Operation(
        id=described["operationId"],
        method=method.upper(),
        path=path,
        summary=described.get("summary", ""),
        description=described["description"] if described["description"] != f"{described['summary']}." else "",
        scopes=[scope for requirement in described.get("security", []) for scope in requirement.get("token", [])],
        parameters=sorted(map(_parameter, described.get("parameters", [])), key=lambda one: _PLACES[one.place]),
        body=list(_names(document, _content(described.get("requestBody", {})))),
        result=list(_names(document, result)),
        is_list=result.get("type") == "array",
        example=json.dumps(_example(document, result), ensure_ascii=False, indent=2) if result else "",
        answers=[
            Answer(status, one.get("description", ""), status[0] in "23") for status, one in sorted(answers.items())
        ],
    )


_PLACES = {"path": 0, "query": 1, "header": 2}


def _content(body: Schema) -> Schema:
    contents: Mapping[str, Schema] = body.get("content", {})
    found: Schema = next(iter(contents.values()), {}).get("schema", {})
    return found


def _parameter(described: Schema) -> Parameter:
    schema = described["schema"]
    return Parameter(
        name=described["name"],
        place=described["in"],
        type=_words(schema.get("items", schema)),
        is_required=bool(described.get("required")),
        is_repeatable="items" in schema,
        description=described.get("description", ""),
    )


def _object(name: str, schema: Schema) -> Object:
    required = schema.get("required", [])
    fields = [
        Field(field, _words(of), _linked(of), field in required, of.get("description", ""))
        for field, of in schema["properties"].items()
    ]
    return Object(name, schema.get("description", ""), fields)


def _reference_name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _inner(schema: Schema) -> Iterator[Schema]:
    """The schema and those it is put together from."""
    yield schema
    for key in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(key, []):
            yield from _inner(part)


def _linked(schema: Schema) -> str:
    """The object a field holds, or a list of."""
    of = schema.get("items", schema)
    names = (_reference_name(part) for part in _inner(of))
    return next((name for name in names if name and not name.endswith("Enum")), "")


def _names(document: Schema, schema: Schema) -> Iterator[str]:
    """The objects a body is, or is one of."""
    for part in _inner(schema.get("items", schema)):
        if name := _reference_name(part):
            resolved = document["components"]["schemas"][name]
            yield from [name] if "properties" in resolved else _names(document, resolved)


def _words(schema: Schema) -> str:
    """A type in words."""
    parts = list(_inner(schema))
    types = [t for part in parts for t in _types(part)]
    words = [t for t in dict.fromkeys(types) if t != "null"]
    is_nullable = "null" in types or any(_reference_name(part) == "NullEnum" for part in parts)
    return " or ".join([*words, *(["null"] if is_nullable else [])]) or "any"


def _types(schema: Schema) -> list[str]:
    if name := _reference_name(schema):
        return [] if name == "NullEnum" else ["text" if name.endswith("Enum") else name]
    if schema.get("type") == "array":
        return [f"list of {_words(schema['items'])}"]
    if "enum" in schema:
        return [" | ".join(str(value) for value in schema["enum"])]
    found = schema.get("type", [])
    return [_type_in_words(one, schema.get("format", "")) for one in (found if isinstance(found, list) else [found])]


def _type_in_words(kind: str, form: str) -> str:
    if kind == "string" and form in _EXAMPLES:
        return form
    return {"string": "text", "integer": "whole number", "boolean": "true | false"}.get(kind, kind)


def _example(document: Schema, schema: Schema, depth: int = 0) -> Any:
    """A value that the schema describes."""
    if name := _reference_name(schema):
        return _example(document, document["components"]["schemas"][name], depth)
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema:
            return _example(document, schema[key][0], depth)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
    if kind == "array":
        return [] if depth > 4 else [_example(document, schema["items"], depth + 1)]
    if kind == "object":
        return {key: _example(document, of, depth + 1) for key, of in schema.get("properties", {}).items()}
    plain: dict[Any, Any] = {"integer": 1, "boolean": False, "number": 1.0}
    return plain.get(kind, _EXAMPLES.get(schema.get("format", ""), "…"))
