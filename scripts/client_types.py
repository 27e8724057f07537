"""Write the Python client's types from docs/openapi.yaml: a TypedDict for each thing the API gives out."""

import subprocess
import sys
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text("utf-8"))["components"]["schemas"]
GIVEN_OUT = (
    "StatementOut",
    "ThreatOut",
    "MentionOut",
    "ActorOut",
    "ActorInFullOut",
    "ArticleOut",
    "SourceOut",
    "ChangeOut",
    "UtteranceOut",
    "ReleaseOut",
    "EpisodeOut",
)
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEAD = '''"""What the API gives out. Written from docs/openapi.yaml by scripts/client_types.py: make openapi."""

from typing import Any, Literal, TypedDict
'''


def main() -> None:
    """Write the module where the first argument says."""
    done: dict[str, str] = {}
    for name in GIVEN_OUT:
        _describe(name, done)
    source = "\n\n".join([HEAD, *done.values()])
    ruff = [str(ROOT / ".venv" / "bin" / "ruff"), "format", "--stdin-filename", "records.py", "-"]
    formatted = subprocess.run(ruff, input=source, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    Path(sys.argv[1]).write_text(formatted, "utf-8")


def _describe(name: str, done: dict[str, str]) -> None:
    """The class of a schema, after the classes it names."""
    schema = SCHEMAS[name]
    if name in done or "properties" not in schema:
        return
    fields = {key: _type(value, done) for key, value in schema["properties"].items()}
    if missing := set(fields) - set(schema["required"]):
        sys.exit(f"{name}: what is given out is always there, but not {', '.join(sorted(missing))}.")
    if all(key.isidentifier() and not iskeyword(key) for key in fields):
        lines = [f"class {name}(TypedDict):", *_words(schema), "", *_lines(fields, schema["properties"])]
    else:
        lines = [f"{name} = TypedDict({name!r}, {{{', '.join(f'{key!r}: {kind}' for key, kind in fields.items())}}})"]
    done[name] = "\n".join(lines)


def _words(schema: dict[str, Any]) -> Iterator[str]:
    if said := schema.get("description"):
        yield f'    """{" ".join(said.split())}"""'


def _lines(fields: dict[str, str], properties: dict[str, Any]) -> Iterator[str]:
    for key, kind in fields.items():
        yield f"    {key}: {kind}"
        if said := properties[key].get("description"):
            yield f'    """{" ".join(said.split())}"""'


def _type(schema: dict[str, Any], done: dict[str, str]) -> str:
    """The Python type of a schema."""
    if reference := schema.get("$ref"):
        return _named(reference.rsplit("/", 1)[1], done)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " | ".join(dict.fromkeys(_type(choice, done) for choice in choices))
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    kinds = schema.get("type", [])
    return " | ".join(_plain(kind, schema, done) for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "Any"


def _named(name: str, done: dict[str, str]) -> str:
    if "properties" not in SCHEMAS[name]:
        return _type(SCHEMAS[name], done)
    _describe(name, done)
    return name


def _plain(kind: str, schema: dict[str, Any], done: dict[str, str]) -> str:
    if kind == "array":
        return f"list[{_type(schema['items'], done)}]"
    return PLAIN.get(kind, "dict[str, Any]")


if __name__ == "__main__":
    main()
