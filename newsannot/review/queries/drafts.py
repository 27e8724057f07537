"""A draft of a code list as an editor looks at it: the list it would make, what differs, and whom that touches."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsannot.annotations.coding import Usage, usage_of
from newsannot.codebook.drafting import revised
from newsannot.codebook.filters import filters_of
from newsannot.codebook.models import Draft, Edit, Proposal, Scheme
from newsannot.codebook.queries import edits_of, entries_of
from newsannot.codebook.revising import Difference, EditSaid, differences, fixed_codes, in_words
from newsannot.codebook.rules import CodeEntry


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code as the draft has it; `is_fixed`: it keeps its name; the ends of its row of siblings do not move on."""

    entry: CodeEntry
    is_fixed: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class EditLine:
    """An edit in words."""

    edit: Edit
    words: str


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """What differs about a code, and how much each code it takes is in use."""

    difference: Difference
    usages: Sequence[tuple[str, Usage]]

    @property
    def is_question(self) -> bool:
        """Whether it has to be decided record by record what becomes of what was coded."""
        return self.difference.sort in {"split", "retired"}

    @property
    def is_followed(self) -> bool:
        """Whether what was coded can follow by itself."""
        return self.difference.sort in {"renamed", "merged"}


@dataclass(frozen=True, slots=True)
class DraftShown:
    """Everything on a draft's page."""

    draft: Draft
    codes: Sequence[CodeLine]
    edits: Sequence[EditLine]
    differences: Sequence[DifferenceLine]
    filters: Sequence[str]
    proposals: Sequence[Proposal]


def open_draft_of(scheme: Scheme) -> Draft | None:
    """The draft of a scheme that is neither in force nor discarded."""
    return Draft.objects.filter(scheme=scheme, closed_at=None).select_related("scheme", "base", "by").first()


def codes_in_use(draft: Draft) -> list[CodeEntry]:
    """The codes as a draft has them, without those retired."""
    return [one for one in revised(draft, edits_of(draft)).entries if not one.retired_in]


def draft_shown(draft: Draft) -> DraftShown:
    """A draft with its preview; as many queries for a hundred edits as for one."""
    edits = list(draft.edits.select_related("by"))
    said = [EditSaid(one.sort, tuple(one.codes), tuple(one.says)) for one in edits]
    base = entries_of(draft.base_id)
    made = revised(draft, said)
    found = differences(base, made.entries, made.became)
    touched = {code for one in found if one.sort != "reworded" for code in one.old}
    usages = usage_of(draft.scheme.key, touched) if touched else {}
    fixed = fixed_codes(draft.scheme.key, base)
    proposals = draft.proposals.select_related("by", "scheme")
    return DraftShown(
        draft,
        codes=_lines([one for one in made.entries if not one.retired_in], fixed),
        edits=[EditLine(one, in_words(words)) for one, words in zip(edits, said, strict=True)],
        differences=[
            DifferenceLine(one, [(code, usages.get(code, Usage())) for code in one.old if code in touched])
            for one in found
        ],
        filters=filters_of(draft.scheme.key) if touched else (),
        proposals=list(proposals),
    )


def _lines(entries: Sequence[CodeEntry], fixed: frozenset[str]) -> list[CodeLine]:
    siblings: dict[str, list[str]] = {}
    for entry in entries:
        siblings.setdefault(entry.parent, []).append(entry.code)
    return [
        CodeLine(
            entry,
            is_fixed=entry.code in fixed,
            is_first=siblings[entry.parent][0] == entry.code,
            is_last=siblings[entry.parent][-1] == entry.code,
        )
        for entry in entries
    ]
