"""What differs between two texts that people wrote, word by word. Pure."""

from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, chain, combinations
from typing import NamedTuple

import regex

_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORDS = regex.compile(rf"\s+|(?:[\w--{_UNSPACED}][\p{{M}}\u200c\u200d]*)+|\X", regex.VERSION1)
LONGEST_COMPARED = 1500
"""So many words and signs are compared one by one; beyond, a text is shown as replaced."""


class Stretch(NamedTuple):
    """Words that stayed, went or came, or that others beside do not have: `fate` is `same`, `gone`, `new` or `own`."""

    fate: str
    words: str


def first_words(words: str, most: int = 90) -> str:
    """The words on one line, cut with an ellipsis when there are more than `most` characters."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def quoted(words: str, most: int = 60) -> str:
    """The same in quotation marks, as a message names what is marked."""
    return f"“{first_words(words, most)}”"


def words_in(text: str) -> list[str]:
    """All of a text in words, spaces and signs; where no spaces part words, in characters as people see them."""
    words: list[str] = _WORDS.findall(text)
    return words


def word_stretches(before: str, after: str) -> list[Stretch]:
    """What changed between two texts people wrote, word by word; what went stands before what came in its place."""
    old, new = words_in(before), words_in(after)
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


def set_off(texts: Sequence[str]) -> list[list[Stretch]]:
    """Of each of several texts side by side what not all the others have as its `own`, word by word."""
    words = [words_in(text) for text in texts]
    if sum(map(len, words)) > LONGEST_COMPARED:
        return [[Stretch("own", text)] for text in texts]
    shared = [set(range(len(one))) for one in words]
    for a, b in combinations(range(len(texts)), 2):
        blocks = SequenceMatcher(None, words[a], words[b], autojunk=False).get_matching_blocks()
        shared[a] &= {at for block in blocks for at in range(block.a, block.a + block.size)}
        shared[b] &= {at for block in blocks for at in range(block.b, block.b + block.size)}
    return [told_apart(one, same) for one, same in zip(words, shared, strict=True)]


def told_apart(words: Sequence[str], shared: Collection[int]) -> list[Stretch]:
    """Words as stretches, those at the places `shared` the same, the others its own with the spaces between them.

    A space at the edge of what is its own is not shown as that.
    """
    is_own = [at not in shared for at in range(len(words))]
    for at in range(1, len(words) - 1):
        if words[at].isspace() and (is_own[at - 1] or is_own[at + 1]):
            is_own[at] = is_own[at - 1] and is_own[at + 1]
    found: list[Stretch] = []
    for word, own in zip(words, is_own, strict=True):
        fate = "own" if own else "same"
        before = found.pop().words if found and found[-1].fate == fate else ""
        found.append(Stretch(fate, before + word))
    return found


def elided(stretches: Sequence[Stretch], most: int = 80) -> list[Stretch]:
    """The same with long stretches that stayed cut in their middle, between words, to about `most` characters."""
    return [
        s if s.fate != "same" or len(s.words) <= most else Stretch("same", _without_middle(s.words, most // 2))
        for s in stretches
    ]


def _without_middle(words: str, half: int) -> str:
    told = words_in(words)
    head, tail = _fitting(told, half), _fitting(told[::-1], half)[::-1]
    return f"{''.join(head).rstrip() or words[:half]} … {''.join(tail).lstrip() or words[-half:]}"


def _fitting(words: Sequence[str], most: int) -> Sequence[str]:
    """The first words that have no more than so many characters together."""
    ends = accumulate(map(len, words))
    return words[: sum(end <= most for end in ends)]


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
