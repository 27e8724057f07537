"""What differs between two texts that people wrote, word by word. Pure."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST_COMPARED = 1500
"""So many words and signs are compared one by one; beyond, a text is shown as replaced."""


class Stretch(NamedTuple):
    """Words that stayed, went or came: `fate` is `same`, `gone` or `new`."""

    fate: str
    words: str


def word_stretches(before: str, after: str) -> list[Stretch]:
    """What changed between two texts people wrote, word by word; what went stands before what came in its place."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > LONGEST_COMPARED:
        return [s for s in (Stretch("gone", before), Stretch("new", after)) if s.words]
    found: list[Stretch] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch("same", "".join(old[a:b])))
            continue
        found += [Stretch("gone", "".join(old[a:b])), Stretch("new", "".join(new[c:d]))]
    return _joined(s for s in found if s.words)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Replacements that only a space keeps apart, as one: whole phrases read better than their words in turns."""
    found: list[Stretch] = []
    held: list[Stretch] = []

    def settle() -> None:
        gone = "".join(s.words for s in held if s.fate != "new")
        new = "".join(s.words for s in held if s.fate != "gone")
        found.extend(s for s in (Stretch("gone", gone), Stretch("new", new)) if s.words)
        held.clear()

    for stretch in chain(stretches, [Stretch("same", "")]):
        is_between = stretch.words.isspace() and {s.fate for s in held} >= {"gone", "new"}
        if stretch.fate != "same" or is_between:
            held.append(stretch)
            continue
        spaces = [held.pop()] if held and held[-1].fate == "same" else []
        settle()
        found.extend(s for s in [*spaces, stretch] if s.words)
    return found


def elided(stretches: Sequence[Stretch], most: int = 80) -> list[Stretch]:
    """The same with long stretches that stayed cut in their middle, between words, to about `most` characters."""
    return [
        s if s.fate != "same" or len(s.words) <= most else Stretch("same", _without_middle(s.words, most // 2))
        for s in stretches
    ]


def _without_middle(words: str, half: int) -> str:
    head, tail = words[:half], words[-half:]
    return f"{head.rsplit(None, 1)[0] or head} … {tail.split(None, 1)[-1] or tail}"


def passages(before: str, after: str) -> list[list[Stretch]]:
    """The lines that differ, each passage with a line before and after it; none when all is the same."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(1):
        told: list[Stretch] = []
        for tag, a, b, c, d in group:
            gone, come = "".join(old[a:b]), "".join(new[c:d])
            told += [Stretch("same", gone)] if tag == "equal" else word_stretches(gone, come)
        found.append(told)
    return found
