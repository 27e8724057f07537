"""Input of editors who change a code list or a chapter. What holds is said by the codebook's rules, not here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from newsannot.codebook.revising import ENTRY_FIELDS, EditSaid
from newsannot.codebook.rules import CodeEntry
from newsannot.core.errors import Problems

PARTS_OF_A_SPLIT = 4
TITLES = {
    "change": "Change a code",
    "add": "Add a code",
    "retire": "Retire a code",
    "merge": "Merge codes",
    "split": "Split a code",
}
_LABELS = {"code": "Code", "label": "Label", "definition": "Definition", "example": "Example", "parent": "Stands below"}
_HELP = {"code": "Letters, digits, “_”, “-”; programs and exports read it."}


class EditForm(forms.Form):
    """One edit of a draft: the codes it takes, the entries that come of it, the draft's version it was made on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, sort: str, entries: Sequence[CodeEntry], data: QueryDict | None = None, *, code: str = ""
    ) -> None:
        """`entries` are the codes in use; `code`, the one to begin with."""
        super().__init__(data)
        self.sort, self.entries = sort, entries
        choices = [(one.code, f"{one.label} ({one.code})") for one in entries]
        if sort != "add":
            many = forms.MultipleChoiceField(
                label="Codes to merge", choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
            one = forms.ChoiceField(label="Code", choices=choices, widget=forms.HiddenInput)
            self.fields["codes"] = many if sort == "merge" else one
            self.initial["codes"] = [code] if sort == "merge" else code
        standing = next((one for one in entries if one.code == code), None)
        for suffix in self.suffixes:
            self._add_entry(suffix, standing if suffix in {"", "_1"} else None, choices)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What tells the fields of one entry from those of another."""
        if self.sort == "retire":
            return ()
        return tuple(f"_{at}" for at in range(1, PARTS_OF_A_SPLIT + 1)) if self.sort == "split" else ("",)

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """The fields of each entry."""
        return [[self[f"{name}{suffix}"] for name in ENTRY_FIELDS] for suffix in self.suffixes]

    def _add_entry(self, suffix: str, standing: CodeEntry | None, choices: Sequence[tuple[str, str]]) -> None:
        for name in ENTRY_FIELDS:
            widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
            if name in {"definition", "example"}:
                widget = forms.Textarea(attrs={"rows": 3})
            elif name == "parent":
                widget = forms.Select(choices=[("", "Nothing: it stands by itself"), *choices])
            is_wanted = name in {"code", "label", "definition"} and suffix not in {"_3", "_4"}
            field = forms.CharField(
                label=_LABELS[name], required=False, widget=widget, strip=True, help_text=_HELP.get(name, "")
            )
            field.required = is_wanted
            field.error_messages["required"] = "Give it a code." if name == "code" else f"A code needs a {name}."
            self.fields[f"{name}{suffix}"] = field
            if standing and self.sort in {"change", "split"}:
                self.initial[f"{name}{suffix}"] = getattr(standing, name)

    def clean(self) -> dict[str, Any]:
        """At least two codes are merged."""
        sent = super().clean() or self.cleaned_data
        if self.sort == "merge" and "codes" not in self.errors and len(sent.get("codes", ())) < 2:
            self.add_error("codes", "Choose at least two codes to merge.")
        return sent

    def said(self) -> EditSaid:
        """The edit that a valid form asks for."""
        sent = self.cleaned_data
        codes = sent.get("codes", ())
        entries = [{name: sent[f"{name}{suffix}"] for name in ENTRY_FIELDS} for suffix in self.suffixes]
        given = [one for at, one in enumerate(entries) if at < 2 or any(one.values())]
        return EditSaid(self.sort, (codes,) if isinstance(codes, str) else tuple(codes), tuple(given))

    def show_refusal(self, problems: Problems) -> None:
        """Say what was refused at the fields it is about."""
        show(self, problems)


class ChapterForm(forms.Form):
    """A chapter of the guidelines, written on its version `base`."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    text = forms.CharField(
        label="Text, in Markdown",
        widget=forms.Textarea(attrs={"rows": 24, "class": "is-code", "spellcheck": "true"}),
        help_text="## Heading · **strong** · - list · [words](cue) shows words as they are marked in that role.",
    )
    reason = forms.CharField(
        label="Why it changes", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class NewChapterForm(ChapterForm):
    """A chapter that is not there yet."""

    base = None  # type: ignore[assignment]  # Django's way to leave out a field


class ListNameForm(forms.Form):
    """What a code list is called, written on its version `base`."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    reason = forms.CharField(label="Why it changes", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class NewListForm(ListNameForm):
    """A code list that is not there yet, with its first code."""

    base = None  # type: ignore[assignment]  # Django's way to leave out a field
    code = forms.CharField(
        label="Code", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    label = forms.CharField(max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    definition = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    reason = forms.CharField(label="What it is for", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


def show(form: forms.Form, problems: Mapping[str, Sequence[str]]) -> None:
    """Say at its field, or above the form, what was refused."""
    for name, texts in problems.items():
        field = form.fields.get(name)
        is_shown = field is not None and not isinstance(field.widget, forms.HiddenInput)
        form.add_error(name if is_shown else None, list(texts))
