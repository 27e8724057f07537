"""Edits of a code list as plain values: what a list becomes by them, what became of each code, what differs. Pure.

An edit never touches a list; it makes another. `{code, label, definition, example, parent}` is what an entry says.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from newsannot.codebook.rules import LONGEST_CODE, LONGEST_LABEL, CodeEntry
from newsannot.core.errors import RuleBroken

CODE = re.compile(r"[A-Za-z0-9_.-]+")
UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LONGEST_TEXT = 4000
MOST_CODES = 500
ENTRY_FIELDS = ("code", "label", "definition", "example", "parent")
SORTS = ("change", "add", "retire", "merge", "split", "move")

KEPT: Mapping[str, frozenset[str]] = {
    "quotation-mode": frozenset({"direct", "mixed", "indirect"}),
    "threat-purpose": frozenset({"deterrent", "compellent", "both", "unclear"}),
}
"""Codes that the application itself reads: their words may change, they may not."""
UNSTAMPED = frozenset({"actor-kind", "plover-sector", "zone-kind", "genre", "admiralty-reliability", "ruling-reason"})
"""Schemes whose codes are held by what no codebook version is stamped on (actors, articles, sources, rulings)."""

Became = Mapping[str, tuple[str, ...]]
"""What became of codes: old code → the new ones; none when it was retired. What stays is left out."""


@dataclass(frozen=True, slots=True)
class EditSaid:
    """An edit: its sort, the codes it takes and the entries (for `move`: `{"places": ±1}`) that come of it."""

    sort: str
    codes: tuple[str, ...]
    says: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme's edits must keep to.

    `fixed` codes keep their name and stay; `former` are names of earlier versions, each with what it is now: a name is
    never used again for something else.
    """

    fixed: frozenset[str] = frozenset()
    former: Became = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revised:
    """A list after edits: its entries in order, and what became of the codes of the list before."""

    entries: tuple[CodeEntry, ...]
    became: Became


def fixed_codes(scheme: str, entries: Iterable[CodeEntry]) -> frozenset[str]:
    """The codes of a scheme that may neither be renamed nor merged, split or retired."""
    return frozenset(one.code for one in entries) if scheme in UNSTAMPED else KEPT.get(scheme, frozenset())


def revise(entries: Sequence[CodeEntry], edits: Iterable[EditSaid], terms: Terms) -> Revised:
    """Apply edits one after the other; raises RuleBroken naming the field of the first that cannot be."""
    working = _Working(list(entries), {one.code: (one.code,) for one in entries if not one.retired_in}, terms)
    for edit in edits:
        working.apply(edit)
    became = {old: new for old, new in working.becomes.items() if new != (old,)}
    return Revised(tuple(working.entries), became)


@dataclass(slots=True)
class _Working:
    """A list while it is edited."""

    entries: list[CodeEntry]
    becomes: dict[str, tuple[str, ...]]
    terms: Terms

    def apply(self, edit: EditSaid) -> None:
        if edit.sort not in SORTS:
            raise RuleBroken(f"“{edit.sort[:40]}” is no sort of edit.", field="sort")
        for code in edit.codes:
            if self._at(code) is None:
                raise RuleBroken(f"There is no code “{code[:LONGEST_CODE]}” in use here.", field="codes")
        getattr(self, f"_{edit.sort}")(edit)

    # --- The sorts -------------------------------------------------------------------------------

    def _add(self, edit: EditSaid) -> None:
        (said,) = edit.says
        if len(self.entries) >= MOST_CODES:
            raise RuleBroken(f"A list holds {MOST_CODES} codes at most.", field="code")
        entry = self._entry(said, taking=())
        self.entries.insert(self._end_below(entry.parent), entry)

    def _change(self, edit: EditSaid) -> None:
        (code,), (said,) = edit.codes, edit.says
        standing = self.entries[self._place(code)]
        entry = self._entry(said, taking=(code,), extra=standing.extra)
        if entry.code != code:
            self._check_free([code], "code", "renamed")
        if entry.parent != standing.parent and entry.parent in self._below(code):
            raise RuleBroken("A code cannot stand below itself.", field="parent")
        self.entries[self._place(code)] = entry
        self._hand_over([code], entry.code)
        self._become(code, (entry.code,))
        if entry.parent != standing.parent:
            self._settle_below(entry)

    def _retire(self, edit: EditSaid) -> None:
        (code,) = edit.codes
        self._check_free([code], "codes", "retired")
        if below := [one.label for one in self._used() if one.parent == code]:
            raise RuleBroken(f"“{below[0]}” stands below it; retire or move that first.", field="codes")
        if len(self._used()) == 1:
            raise RuleBroken("A list keeps at least one code.", field="codes")
        place = self._place(code)
        self.entries[place] = replace(self.entries[place], retired_in="draft")
        self._become(code, ())

    def _merge(self, edit: EditSaid) -> None:
        codes, (said,) = edit.codes, edit.says
        if len(set(codes)) < 2:
            raise RuleBroken("Choose at least two codes to merge.", field="codes")
        entry = self._entry(said, taking=codes)
        self._check_free([code for code in codes if code != entry.code], "codes", "merged")
        if entry.parent in codes:
            raise RuleBroken("It cannot stand below a code that is merged into it.", field="parent")
        first = min(self._place(code) for code in codes)
        kept = next((one.extra for one in self.entries if one.code == entry.code), {})
        self.entries[first] = replace(entry, extra=kept)
        self.entries = [one for at, one in enumerate(self.entries) if at == first or one.code not in codes]
        self._hand_over(codes, entry.code)
        for code in codes:
            self._become(code, (entry.code,))

    def _split(self, edit: EditSaid) -> None:
        (code,) = edit.codes
        if len(edit.says) < 2:
            raise RuleBroken("A split makes at least two codes.", field="code_2")
        parts = [self._entry(said, taking=(code,), suffix=f"_{at}") for at, said in enumerate(edit.says, start=1)]
        names = [part.code for part in parts]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise RuleBroken("Each of the codes needs a name of its own.", field=f"code_{at + 1}")
        if code not in names:
            self._check_free([code], "codes", "split")
        for at, part in enumerate(parts, start=1):
            if part.parent in {code, *self._below(code)}:
                raise RuleBroken("It cannot stand below the code that is split.", field=f"parent_{at}")
        place = self._place(code)
        extra = self.entries[place].extra
        self.entries[place : place + 1] = [replace(p, extra=extra if p.code == code else {}) for p in parts]
        if code not in names:
            self._hand_over([code], names[0])
        self._become(code, tuple(names))

    def _move(self, edit: EditSaid) -> None:
        (code,), (said,) = edit.codes, edit.says
        entry = self.entries[self._place(code)]
        siblings = [one.code for one in self._used() if one.parent == entry.parent]
        wanted = siblings.index(code) + (1 if said.get("places", 1) > 0 else -1)
        if not 0 <= wanted < len(siblings):
            raise RuleBroken("It stands at the end already.", field="codes")
        other = siblings[wanted]
        first, second = (code, other) if wanted > siblings.index(code) else (other, code)
        going = {first, *self._below(first)}
        moved = [one for one in self.entries if one.code in going]
        rest = [one for one in self.entries if one.code not in going]
        last = max(at for at, one in enumerate(rest) if one.code in {second, *self._below(second)})
        self.entries = [*rest[: last + 1], *moved, *rest[last + 1 :]]

    # --- What they share -------------------------------------------------------------------------

    def _used(self) -> list[CodeEntry]:
        return [one for one in self.entries if not one.retired_in]

    def _at(self, code: str) -> int | None:
        found = (at for at, one in enumerate(self.entries) if one.code == code and not one.retired_in)
        return next(found, None)

    def _place(self, code: str) -> int:
        at = self._at(code)
        if at is None:
            raise RuleBroken(f"There is no code “{code}” in use here.", field="codes")
        return at

    def _below(self, code: str) -> set[str]:
        """The codes that stand below one, at whatever depth."""
        found: set[str] = set()
        layer = {code}
        while layer := {one.code for one in self.entries if one.parent in layer} - found:
            found |= layer
        return found

    def _end_below(self, parent: str) -> int:
        """Where the next code below a parent goes; the end of the list for none."""
        family = {parent, *self._below(parent)} if parent else set()
        return max((at + 1 for at, one in enumerate(self.entries) if one.code in family), default=len(self.entries))

    def _settle_below(self, entry: CodeEntry) -> None:
        """Put an entry, and what stands below it, at the end of its parent's."""
        going = {entry.code, *self._below(entry.code)}
        moved = [one for one in self.entries if one.code in going]
        self.entries = [one for one in self.entries if one.code not in going]
        at = self._end_below(entry.parent)
        self.entries[at:at] = moved

    def _hand_over(self, codes: Sequence[str], to: str) -> None:
        """Let those below the codes stand below another."""
        self.entries = [replace(one, parent=to) if one.parent in codes else one for one in self.entries]

    def _become(self, code: str, new: tuple[str, ...]) -> None:
        """What had become that code becomes the new ones."""
        for old, now in self.becomes.items():
            if code in now:
                put = [one for each in now for one in (new if each == code else (each,))]
                self.becomes[old] = tuple(dict.fromkeys(put))

    def _check_free(self, codes: Iterable[str], field_name: str, deed: str) -> None:
        for code in codes:
            if code in self.terms.fixed:
                raise RuleBroken(
                    f"“{code}” cannot be {deed}: the application knows it by that code. Its words may change.",
                    field=field_name,
                )

    def _entry(
        self,
        said: Mapping[str, Any],
        *,
        taking: Sequence[str],
        suffix: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> CodeEntry:
        """The entry that somebody's words make; raises RuleBroken with every field that does not hold."""
        values = {name: said.get(name, "") for name in ENTRY_FIELDS}
        problems = entry_problems(values)
        if "code" not in problems and (found := self._name_problem(values["code"], taking)):
            problems["code"] = [found]
        if values["parent"] and "parent" not in problems and self._at(values["parent"]) is None:
            problems["parent"] = [f"There is no code “{values['parent'][:LONGEST_CODE]}” to stand below."]
        if problems:
            raise RuleBroken(problems={f"{name}{suffix}": texts for name, texts in problems.items()})
        return CodeEntry(**{n: v.strip() for n, v in values.items()}, retired_in="", extra=extra or {})

    def _name_problem(self, code: str, taking: Sequence[str]) -> str | None:
        if code in taking:
            return None
        if any(one.code == code for one in self.entries):
            return f"“{code}” is a code of this list already."
        now = self.terms.former.get(code)
        if now is None and code not in self.becomes:
            return None
        if code in self.becomes and set(self.becomes[code]) & set(taking):
            return None
        if now is not None and set(now) & set(taking):
            return None
        return f"“{code}” meant something else in an earlier version; choose another code."


def entry_problems(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the words of an entry by themselves, by field."""
    problems: dict[str, list[str]] = {}
    longest = {"code": LONGEST_CODE, "label": LONGEST_LABEL, "parent": LONGEST_CODE}
    for name in ENTRY_FIELDS:
        value = said.get(name, "")
        if not isinstance(value, str):
            problems[name] = ["This takes text."]
        elif name in {"code", "label", "definition"} and not value.strip():
            problems[name] = [f"A code needs a {name}." if name != "code" else "Give it a code."]
        elif len(value) > longest.get(name, LONGEST_TEXT):
            problems[name] = [f"At most {longest.get(name, LONGEST_TEXT):,} characters."]
        elif UNPRINTED.search(value):
            problems[name] = ["This holds a character that cannot be stored."]
        elif name == "code" and not CODE.fullmatch(value):
            problems[name] = ["A code is made of letters, digits, “_”, “-” and “.”, without spaces."]
    return problems


# --- What became of codes -------------------------------------------------------------------------


def composed(steps: Iterable[Became]) -> dict[str, tuple[str, ...]]:
    """What became of codes over several versions, the earliest step first."""
    found: dict[str, tuple[str, ...]] = {}
    for step in steps:
        for old, now in found.items():
            put = [one for each in now for one in step.get(each, (each,))]
            found[old] = tuple(dict.fromkeys(put))
        for old, now in step.items():
            found.setdefault(old, now)
    return {old: now for old, now in found.items() if now != (old,)}


# --- What differs ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs about one code: what happened, the codes before and after, the fields with both wordings."""

    sort: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    label: str
    fields: tuple[tuple[str, str, str], ...] = ()


def differences(before: Sequence[CodeEntry], after: Sequence[CodeEntry], became: Became) -> list[Difference]:
    """What differs between two versions of a list: touched codes first, then added, reworded and moved ones."""
    was = {one.code: one for one in before if not one.retired_in}
    now = {one.code: one for one in after if not one.retired_in}
    found = [*_merged(was, now, became)]
    for old, new in became.items():
        sort = sort_among(old, became, was)
        if sort == "renamed":
            found.append(Difference(sort, (old,), new, now[new[0]].label, _wordings(was[old], now[new[0]])))
        elif sort in {"split", "retired"}:
            found.append(Difference(sort, (old,), new, was[old].label))
    come_of = {code for new in became.values() for code in new}
    for code, entry in now.items():
        if code not in was and code not in come_of:
            found.append(Difference("added", (), (code,), entry.label))
        elif code in was and code not in became and (fields := _wordings(was[code], entry)):
            found.append(Difference("reworded", (code,), (code,), entry.label, fields))
    if not found and list(was) != list(now):
        found.append(Difference("reordered", (), (), "The order"))
    return found


def sort_among(old: str, became: Became, was: Mapping[str, Any]) -> str:
    """Whether a code of the list `was` was renamed, merged, split or retired."""
    new = became[old]
    if len(new) != 1:
        return "split" if new else "retired"
    stays = new[0] in was and new[0] not in became
    others = any(one != old and new[0] in into for one, into in became.items())
    return "merged" if stays or others else "renamed"


def _merged(was: Mapping[str, CodeEntry], now: Mapping[str, CodeEntry], became: Became) -> Iterable[Difference]:
    into: dict[str, list[str]] = {}
    for old, new in became.items():
        if sort_among(old, became, was) == "merged":
            into.setdefault(new[0], [new[0]] if new[0] in was and new[0] not in became else []).append(old)
    for code, olds in into.items():
        fields = _wordings(was[code], now[code]) if code in olds else ()
        yield Difference("merged", tuple(olds), (code,), now[code].label, fields)


def _wordings(before: CodeEntry, after: CodeEntry) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in ENTRY_FIELDS[1:])
    return tuple((name, was, now) for name, was, now in pairs if was != now)


def in_words(edit: EditSaid) -> str:
    """An edit, for the list of a draft's edits."""
    codes, new = ", ".join(edit.codes), ", ".join(str(one.get("code", "")) for one in edit.says)
    if edit.sort == "change":
        return f"Change {codes}" if new == codes else f"Rename {codes} to {new}"
    if edit.sort == "move":
        return f"Move {codes} {'down' if edit.says[0].get('places', 1) > 0 else 'up'}"
    return {
        "add": f"Add {new}",
        "retire": f"Retire {codes}",
        "merge": f"Merge {codes} into {new}",
        "split": f"Split {codes} into {new}",
    }[edit.sort]
