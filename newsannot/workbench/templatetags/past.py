"""How a difference is shown: what went struck through, what came underlined. `{% load past %}`."""

import unicodedata
from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from newsannot.core.wording import Stretch

register = template.Library()

_SHOWN = {
    "gone": '<del dir="auto"><span class="visually-hidden" dir="ltr">was: {}</span>{}</del>',
    "new": '<ins dir="auto"><span class="visually-hidden" dir="ltr">now: {}</span>{}</ins>',
    "own": '<mark class="set-off"><span class="visually-hidden" dir="ltr"> only here: {}</span>{}</mark>',
    "same": "{}{}",
}
MOST_SIGNS = 3
"""So many signs are called by their names where nothing else differs: few screen readers speak a quotation mark."""


@register.filter
def stretches(told: Sequence[Stretch], is_running: bool) -> SafeString:
    """The stretches as one text (`is_running`), else as values, one after the other."""
    shown = [_SHOWN[one.fate].format(_signs(one), escape(one.words)) for one in told]
    return mark_safe(("" if is_running else " ").join(shown))  # noqa: S308 - every value is escaped


def _signs(one: Stretch) -> str:
    """The names of signs that differ, where no word says what does."""
    signs = one.words.strip()
    if one.fate == "same" or len(signs) > MOST_SIGNS or any(sign.isalnum() for sign in signs):
        return ""
    return "".join(f"{escape(unicodedata.name(sign, '').lower())} " for sign in signs)
