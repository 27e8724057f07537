"""Guidelines from Markdown to HTML. Raw HTML in them stays text; images are left out."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

ROLES = frozenset({"text", "source", "cue", "content", "reference", "condition", "demand", "consequence", "deadline"})
"""`[words](cue)` in a guideline shows the words as they would be marked in that role."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading that can be linked to."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A rendered text and its sections."""

    html: SafeString
    sections: tuple[Section, ...]


@lru_cache(maxsize=64)
def render(text: str) -> Prose:
    """Render Markdown (CommonMark with tables) to safe HTML; the text is a guideline's, not a stranger's."""
    markdown = _parser()
    tokens = markdown.parse(text)
    sections = _anchor_headings(tokens)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Prose(mark_safe(html), sections)  # noqa: S308  raw HTML was turned into text by the parser


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.core.ruler.push("roles", _roles_to_marks)
    return markdown


def _roles_to_marks(state: StateCore) -> None:
    """Turn links whose target is a role into marks of that role. Links do not nest, so the next end is theirs."""
    for block in state.tokens:
        in_mark = False
        for token in block.children or ():
            role = str(token.attrGet("href") or "")
            if token.type == "link_open" and role in ROLES:
                in_mark = True
                token.tag, token.attrs = "mark", {"class": f"example r-{role}", "title": role}
            elif token.type == "link_close" and in_mark:
                in_mark = False
                token.tag = "mark"


def _anchor_headings(tokens: list[Token]) -> tuple[Section, ...]:
    """Give every second-level heading an id made of its words."""
    sections: list[Section] = []
    taken: Counter[str] = Counter()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            words = re.sub(r"\W+", "-", inline.content.casefold()).strip("-") or "section"
            taken[words] += 1
            anchor = words if taken[words] == 1 else f"{words}-{taken[words]}"
            opening.attrSet("id", anchor)
            sections.append(Section(anchor, inline.content))
    return tuple(sections)
