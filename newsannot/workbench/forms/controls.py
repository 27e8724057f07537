"""The inspector's form: one control for each field of a kind, chosen by the field's sort and the size of its scheme."""

from collections.abc import Hashable, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any

from newsannot.annotations.kinds import ClaimField
from newsannot.annotations.rules import Proposal
from newsannot.codebook.queries import CodeChoice, codebook
from newsannot.workbench.queries.overview import is_empty
from newsannot.workbench.queries.records import Choice, RecordPage
from newsannot.workbench.rules import Newcomer, control_name

MOST_IN_SIGHT = 5


@dataclass(frozen=True, slots=True)
class Chip:
    """An actor that was chosen: its hidden value and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A value that may be taken for a field that says nothing: as it is sent, as people read it, and why."""

    value: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A field as the form shows it. `widget` names the part of the template that draws it.

    `drawing` is the same for two controls that are drawn alike but for the ids of their record and reading; None for
    those with words of the record's own in them. What is `proposed` is drawn apart, and is no part of it.
    """

    field: ClaimField
    annotation: int
    widget: str
    value: Any
    codes: Sequence[CodeChoice] = ()
    choices: Sequence[Choice] = ()
    chips: Sequence[Chip] = ()
    errors: Sequence[str] = ()
    proposed: Sequence[Proposed] = ()

    drawing: Hashable = None

    @property
    def id(self) -> str:
        """Of its element; a late answer to another record's form finds none of that name."""
        return f"f-{self.annotation}-{self.field.name}"

    @property
    def name(self) -> str:
        """The name it is sent under."""
        return control_name(self.field.name)

    @property
    def may_be_proposed(self) -> bool:
        """Whether some record may propose a value for it: codes and days follow from others."""
        return self.field.sort in {"code", "date"}

    @property
    def is_missing(self) -> bool:
        """Whether the field is wanted and says nothing."""
        return self.field.is_wanted and is_empty(self.value)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to choose: one statement leads by itself."""
        return self.field.sort == "primary" and len(self.choices) < 2

    @property
    def described_by(self) -> str:
        """The ids of its hint and its errors, for `aria-describedby`."""
        return " ".join(
            [*([f"{self.id}-hint"] if self.field.help else []), *([f"{self.id}-error"] if self.errors else [])]
        )


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """The controls asked for first, the rest, and scales of trust; `is_open` when an error hides in what is folded."""

    first: Sequence[Control]
    more: Sequence[Control]
    scales: Sequence[Control]

    @property
    def controls(self) -> list[Control]:
        """All of them."""
        return [*self.first, *self.folded]

    @property
    def folded(self) -> list[Control]:
        """Those that are not asked for first."""
        return [*self.more, *self.scales]

    @property
    def proposed(self) -> list[tuple[Control, Proposed]]:
        """What is proposed for those that are folded away."""
        return [(control, one) for control in self.folded for one in control.proposed]

    @property
    def missing(self) -> list[str]:
        """The labels of the wanted fields that say nothing."""
        return [control.field.label for control in self.first if control.is_missing]

    @property
    def is_open(self) -> bool:
        """Whether an error hides among the rest."""
        return any(control.errors for control in self.folded)

    @property
    def said_count(self) -> int:
        """How many of the rest say something."""
        return sum(not is_empty(control.value) and control.value is not False for control in self.folded)


def claim_form(page: RecordPage, codebook_id: int, errors: Mapping[str, Sequence[str]] | None = None) -> ClaimForm:
    """The form of a record: what is wanted first; scales of trust, where there are several, together."""
    found = errors or {}
    codes = codebook(codebook_id)
    controls = [
        _control(page, one, codes.get(one.scheme, {}), codebook_id, found.get(one.name, ()))
        for one in page.kind.fields
        if _is_shown(page, one)
    ]
    rest = [c for c in controls if not c.field.is_wanted]
    scales = [c for c in rest if c.field.is_scale]
    if len(scales) < 2:
        scales = []
    return ClaimForm([c for c in controls if c.field.is_wanted], [c for c in rest if c not in scales], scales)


def _is_shown(page: RecordPage, one: ClaimField) -> bool:
    """What no record can answer is not asked."""
    return one.sort not in {"record", "records", "primary"} or bool(page.choices)


def _control(
    page: RecordPage, one: ClaimField, codes: Mapping[str, CodeChoice], codebook_id: int, errors: Sequence[str]
) -> Control:
    value = page.record.claim[one.name]
    is_alike = one.scheme or one.choices or is_empty(value) or isinstance(value, bool)
    is_own = errors or one.sort in {"record", "records", "primary"}
    said = tuple(value) if isinstance(value, list) else value
    return Control(
        field=one,
        annotation=page.annotation.pk,
        widget=_widget(one, codes),
        value=value,
        codes=tuple(codes.values()) or _as_codes(one.choices),
        choices=_named(page, one),
        chips=_chips(page, one, value),
        errors=errors,
        proposed=_proposed(page.proposals, one, codes) if is_empty(value) else (),
        drawing=(page.kind.name, one.name, codebook_id, said) if is_alike and not is_own else None,
    )


def _widget(one: ClaimField, codes: Sized) -> str:
    if one.is_explained and codes:
        return "explained"
    if one.sort == "code":
        return "switch" if len(codes) <= MOST_IN_SIGHT else "select"
    if one.sort == "words":
        return "lines" if one.max_length > 1000 else "line"
    return {"choice": "switch", "actors": "actor", "date": "line", "primary": "record"}.get(one.sort, one.sort)


def _proposed(proposals: Sequence[Proposal], one: ClaimField, codes: Mapping[str, CodeChoice]) -> tuple[Proposed, ...]:
    """What is proposed of a field; of codes, those that the codebook has."""
    found = [p for p in proposals if p.field == one.name and (not one.scheme or p.value in codes)]
    return tuple(Proposed(p.value, codes[p.value].label if one.scheme else p.value, p.reason) for p in found)


def _as_codes(choices: Mapping[str, str]) -> tuple[CodeChoice, ...]:
    return tuple(CodeChoice(code, label, "", "", "") for code, label in choices.items())


def _named(page: RecordPage, one: ClaimField) -> Sequence[Choice]:
    if one.sort == "primary":
        links = next(f for f in page.kind.fields if f.links is one.links and f is not one)
        return [choice for choice in page.choices if choice.id in page.record.claim[links.name]]
    return page.choices if one.sort in {"record", "records"} else ()


def _chips(page: RecordPage, one: ClaimField, value: Any) -> Sequence[Chip]:
    if one.sort not in {"actor", "actors"}:
        return ()
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [_chip(page, named) for named in values]


def _chip(page: RecordPage, named: int | Newcomer) -> Chip:
    if isinstance(named, Newcomer):
        return Chip(f"new:{named.kind}:{named.name}", named.name)
    return Chip(str(named), page.actors.get(named, f"Actor {named}"))
