"""Input of the imports page: files, and what of ours the names are that other tools gave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from newsannot.annotations.kinds import ClaimField, all_kinds
from newsannot.articles.forms import FilesField, FilesInput
from newsannot.codebook.queries import codebook, latest_codebook
from newsannot.core.errors import Problems
from newsannot.dataset.formats.graph import IGNORED, PART
from newsannot.dataset.formats.mapping import (
    attribute_meant,
    label_meant,
    link_fields,
    plain_fields,
    relation_meant,
)
from newsannot.dataset.formats.registry import READABLE
from newsannot.dataset.gathering import shapes
from newsannot.dataset.import_jobs import LARGEST_UPLOAD, MEGABYTE
from newsannot.dataset.models import ImportJob

ACCEPT = ".zip,.ann,.txt,.xmi,.xml,.tsv,.json,.jsonl,.jsonld"
Choices = list[tuple[str, str | list[tuple[str, str]]]]
NOT_KNOWN: tuple[str, str] = ("", "Not known: reported")
LEFT_OUT: tuple[str, str] = (IGNORED, "Leave out")


class _Texts(forms.Form):
    """Where texts are from that are not known yet."""

    source = forms.CharField(
        max_length=200,
        required=False,
        help_text="Name or domain. With it, texts that are not known are taken in as articles; without, reported.",
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    language = forms.CharField(
        max_length=35,
        required=False,
        help_text="Of those texts, such as en, ru or zh-Hans.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )

    def show_refusal(self, problems: Problems) -> None:
        """Show why an action refused, beside the fields it names."""
        for name, texts in problems.items():
            self.add_error(name if name in self.fields else None, list(texts))


class ImportForm(_Texts):
    """The files of an import, and of which format they are."""

    uploads = FilesField(
        label="Files",
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=f"One, several, or a zip archive; up to {LARGEST_UPLOAD // MEGABYTE} MB.",
    )
    format = forms.ChoiceField(required=False, help_text="Choose one where it is told wrongly, or not at all.")
    field_order = ("uploads", "format", "source", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["format"]
        choice.choices = [("", "Told by itself"), *((f.name, f.label) for f in READABLE.values() if f.is_ready)]

    def clean_uploads(self) -> list[Any]:
        """At least one file."""
        if not self.cleaned_data["uploads"]:
            raise forms.ValidationError("Choose a file.")
        return list(self.cleaned_data["uploads"])


@dataclass(frozen=True, slots=True)
class Row:
    """A foreign name as the page shows it: how often it occurs, and the field that says what it is."""

    name: str
    count: int
    field: forms.BoundField


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a field of the form decides: the entry `name` of a map of the mapping."""

    path: tuple[str, ...]
    name: str
    count: int


class MappingForm(_Texts):
    """What each foreign name of an import is. What it is taken for by its spelling is chosen already."""

    def __init__(self, job: ImportJob, *args: Any, **kwargs: Any) -> None:
        language = "" if job.language == "und" else job.language
        super().__init__(*args, **kwargs)
        self.initial = {"source": job.source, "language": language}
        self.job, self.asked = job, dict[str, _Asked]()
        kinds, foreign = shapes(), job.foreign
        for name, count in foreign.get("labels", {}).items():
            self._ask(("labels",), name, count, _label_choices(), label_meant(name, kinds))
        relations = [(PART, "Part of the same record"), *((one, _spoken(one)) for one in link_fields(kinds))]
        for name, count in foreign.get("relations", {}).items():
            self._ask(("relations",), name, count, [*relations], relation_meant(name, kinds))
        attributes = [(one, _spoken(one)) for one in plain_fields(kinds)]
        for name, counts in foreign.get("attributes", {}).items():
            meant = attribute_meant(name, kinds)
            self._ask(("attributes",), name, sum(counts.values()), [*attributes], meant)
            self._ask_values(job.mapping.get("attributes", {}).get(name) or meant, counts)

    def _ask_values(self, field: str, counts: Mapping[str, int]) -> None:
        codes = _codes_of(field)
        for value, count in counts.items() if codes else ():
            self._ask(("values", field), value, count, [*codes.items()], value if value in codes else "")

    def _ask(self, path: tuple[str, ...], name: str, count: int, choices: Choices, meant: str) -> None:
        """A field for a name; `meant` is what it is taken for where nobody said otherwise."""
        said: Any = self.job.mapping
        for step in path:
            said = said.get(step, {})
        key = f"{path[-1]}-{len(self.asked)}"
        self.asked[key] = _Asked(path, name, count)
        offered = [NOT_KNOWN, LEFT_OUT, *choices]
        initial = said.get(name, meant)
        self.fields[key] = forms.ChoiceField(required=False, choices=offered, initial=initial)

    def _rows(self, part: str) -> list[Row]:
        return [Row(one.name, one.count, self[key]) for key, one in self.asked.items() if one.path[0] == part]

    @property
    def sections(self) -> Sequence[tuple[str, list[Row]]]:
        """What there is to decide, by sort."""
        named = {"labels": "Labels", "relations": "Relations", "attributes": "Attributes", "values": "Values"}
        return [(title, rows) for part, title in named.items() if (rows := self._rows(part))]

    @property
    def unknown_count(self) -> int:
        """How many names nobody has said the meaning of."""
        return sum(not self.fields[key].initial for key in self.asked)

    def mapping(self) -> dict[str, Any]:
        """The mapping that a valid form says."""
        found: dict[str, Any] = {}
        for key, one in self.asked.items():
            if meaning := self.cleaned_data[key]:
                into = found
                for step in one.path:
                    into = into.setdefault(step, {})
                into[one.name] = meaning
        return found


def _label_choices() -> Choices:
    """Every role of every kind, by kind."""
    return [
        (kind.label, [(f"{kind.name}.{role.name}", f"{kind.label}: {role.label.lower()}") for role in kind.roles])
        for kind in all_kinds()
    ]


def _fields_named(name: str) -> Iterator[ClaimField]:
    return (field for kind in all_kinds() for field in kind.fields if field.name == name)


def _spoken(name: str) -> str:
    return next((field.label for field in _fields_named(name)), name)


def _codes_of(name: str) -> dict[str, str]:
    """The codes, or choices, of a field in the codebook in force; none for a field of another sort."""
    found: dict[str, str] = {}
    for field in _fields_named(name):
        if field.sort in {"code", "codes"}:
            codes = codebook(latest_codebook().pk).get(field.scheme, {})
            found |= {code: f"{choice.label} ({code})" for code, choice in codes.items()}
        found |= field.choices
    return found
