"""Code list files and guideline files as plain values: read, checked, told apart by what they say."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_CODE = 40
LONGEST_LABEL = 160
_SCHEME_TEXTS = ("scheme", "label", "version", "source", "licence", "description")
_LONGEST = {"scheme": 40, "label": 120, "version": 40, "licence": 120}
_CODE_FIELDS = {"code", "label", "definition", "example", "parent", "retired_in", "data"}


_SENTENCE = re.compile(r".*?[.!?][”\"’]?(?=\s|$)", re.DOTALL)


def first_sentence(text: str) -> str:
    """The first sentence with its stop and quotation mark; all of a text that has none."""
    found = _SENTENCE.match(text)
    return found.group() if found else text


class FileWrong(ValueError):
    """A code list or guideline file cannot be used; the message names the file and, where there is one, the code."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code as a file gives it; `extra` holds what only this scheme knows, such as a weight or a range."""

    code: str
    label: str
    definition: str
    example: str
    parent: str
    retired_in: str
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SchemeFile:
    """A code list; `sha256` is of what it says, so that a file laid out anew is the same list."""

    key: str
    name: str
    version: str
    source: str
    licence: str
    description: str
    codes: tuple[CodeEntry, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class GuidelineFile:
    """A chapter of instructions for coders, in Markdown without its title line."""

    key: str
    position: int
    title: str
    text: str


def read_scheme(filename: str, raw: bytes) -> SchemeFile:
    """Read a code list. Raises FileWrong naming the file and the code when something in it does not hold."""
    try:
        said = json.loads(raw)
    except ValueError as error:
        raise FileWrong(f"{filename}: not JSON in UTF-8 ({error}).") from error
    if not isinstance(said, dict):
        raise FileWrong(f"{filename}: a code list is one JSON object.")
    texts = {name: _text(filename, said, name, needed=True, longest=_LONGEST.get(name)) for name in _SCHEME_TEXTS}
    if filename != f"{texts['scheme']}.json":
        raise FileWrong(f"{filename}: the file of the scheme “{texts['scheme']}” must be {texts['scheme']}.json.")
    return SchemeFile(
        key=texts["scheme"],
        name=texts["label"],
        version=texts["version"],
        source=texts["source"],
        licence=texts["licence"],
        description=texts["description"],
        codes=_codes(filename, said.get("codes")),
        sha256=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
    )


def _codes(filename: str, rows: Any) -> tuple[CodeEntry, ...]:
    """Every code, in order; a parent stands before its children, no code twice."""
    if not isinstance(rows, list) or not rows:
        raise FileWrong(f"{filename}: “codes” must be a list with at least one code.")
    entries: dict[str, CodeEntry] = {}
    for number, row in enumerate(rows, start=1):
        entry = _code(filename, row, number)
        where = f"{filename}, code “{entry.code}”"
        if entry.code in entries:
            raise FileWrong(f"{where}: given twice.")
        if entry.parent and entry.parent not in entries:
            raise FileWrong(f"{where}: its parent “{entry.parent}” does not stand above it.")
        entries[entry.code] = entry
    return tuple(entries.values())


def _code(filename: str, row: Any, number: int) -> CodeEntry:
    if not isinstance(row, dict):
        raise FileWrong(f"{filename}, code no. {number}: not an object.")
    code = _text(f"{filename}, code no. {number}", row, "code", needed=True, longest=LONGEST_CODE)
    where = f"{filename}, code “{code}”"
    if unknown := sorted(row.keys() - _CODE_FIELDS):
        raise FileWrong(f"{where}: unknown field “{unknown[0]}”.")
    extra = row.get("data", {})
    if not isinstance(extra, dict):
        raise FileWrong(f"{where}: “data” must be an object.")
    return CodeEntry(
        code=code,
        label=_text(where, row, "label", needed=True, longest=LONGEST_LABEL),
        definition=_text(where, row, "definition", needed=True),
        example=_text(where, row, "example"),
        parent=_text(where, row, "parent"),
        retired_in=_text(where, row, "retired_in", longest=LONGEST_CODE),
        extra=extra,
    )


def _text(where: str, of: Mapping[str, Any], name: str, *, needed: bool = False, longest: int | None = None) -> str:
    value = of.get(name, "")
    if not isinstance(value, str):
        raise FileWrong(f"{where}: “{name}” must be a text.")
    if needed and not value.strip():
        raise FileWrong(f"{where}: “{name}” is missing.")
    if longest is not None and len(value) > longest:
        raise FileWrong(f"{where}: “{name}” is longer than {longest} characters.")
    return value


def read_guideline(filename: str, raw: bytes) -> GuidelineFile:
    """Read a chapter from `20-key.md`, whose first line is its title. Raises FileWrong naming the file."""
    named = re.fullmatch(r"(\d+)-([a-z0-9-]+)\.md", filename)
    if named is None:
        raise FileWrong(f"{filename}: name it by place and key, such as 20-statements.md.")
    try:
        first, _, rest = raw.decode().partition("\n")
    except UnicodeDecodeError as error:
        raise FileWrong(f"{filename}: not UTF-8 ({error}).") from error
    if not first.startswith("# ") or not rest.strip():
        raise FileWrong(f"{filename}: the first line must be “# Title”, and text must follow.")
    return GuidelineFile(key=named[2], position=int(named[1]), title=first[2:].strip(), text=rest.strip() + "\n")


SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "Mentions and actors": ("mention-form", "actor-kind", "plover-sector"),
    "Statements": ("quotation-mode", "attribution-type", "speech-act"),
    "Threats": (
        "threat-purpose",
        "threat-consequence",
        "condition-kind",
        "demand-kind",
        "explicitness",
        "nuclear-signal",
    ),
    "Event codes": ("plover", "plover-mode", "plover-context", "cameo", "mid"),
    "Scales": ("certainty", "admiralty-reliability", "admiralty-credibility", "icd203"),
    "Articles": ("zone-kind", "genre"),
}
OTHER_SUBJECT = "Others"


def by_subject(keys: Iterable[str]) -> dict[str, list[str]]:
    """Scheme keys under the subject a reader looks for them, in the order of SUBJECTS; unknown ones come last."""
    present = set(keys)
    grouped = {subject: [key for key in wanted if key in present] for subject, wanted in SUBJECTS.items()}
    placed = {key for wanted in SUBJECTS.values() for key in wanted}
    grouped[OTHER_SUBJECT] = sorted(present - placed)
    return {subject: found for subject, found in grouped.items() if found}


def facts_of(extra: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What only some schemes know of a code, in words: weights, ranges, classes."""
    facts = []
    if "goldstein" in extra:
        facts.append(("Goldstein weight", f"{extra['goldstein']:.1f}".replace("-", "−")))
    if "min_percent" in extra and "max_percent" in extra:
        facts.append(("Range", f"{extra['min_percent']}–{extra['max_percent']} %"))
    if "quad_class" in extra:
        facts.append(("Quad class", f"{extra['quad_class']}, {extra.get('quad_label', '')}".rstrip(", ")))
    if "hostility_level" in extra:
        facts.append(("Hostility level", str(extra["hostility_level"])))
    if extra.get("is_known") is False:
        facts.append(("Counts as", "unknown"))
    if extra.get("is_codable") is False:
        facts.append(("Can be marked", "never"))
    return tuple(facts)
