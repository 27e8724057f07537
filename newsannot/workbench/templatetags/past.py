"""How a difference is shown: what went struck through, what came underlined. `{% load past %}`."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from newsannot.core.wording import Stretch

register = template.Library()

_SHOWN = {
    "gone": '<del dir="auto"><span class="visually-hidden" dir="ltr">was: </span>{}</del>',
    "new": '<ins dir="auto"><span class="visually-hidden" dir="ltr">now: </span>{}</ins>',
    "same": "{}",
}


@register.filter
def stretches(told: Sequence[Stretch], is_running: bool) -> SafeString:
    """The stretches as one text (`is_running`), else as values, one after the other."""
    shown = [_SHOWN[one.fate].format(escape(one.words)) for one in told]
    return mark_safe(("" if is_running else " ").join(shown))  # noqa: S308 - every value is escaped
