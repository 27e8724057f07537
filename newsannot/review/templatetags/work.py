"""When work is due, and figures: `{% load work %}`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from newsannot.review.rules.due import due_in_words

register = template.Library()


@register.filter
def due(value: datetime | None) -> str:
    """Show a due date as `due in 3 days` or `2 days late`, the moment itself in the title; nothing for None."""
    if value is None:
        return ""
    at, now = value.astimezone(UTC), timezone.now()
    return format_html(
        '<time class="due{}" datetime="{}" title="{}">{}</time>',
        " is-late" if at < now else "",
        at.isoformat(),
        f"{at:%-d %b %Y, %H:%M UTC}",
        due_in_words(at, now),
    )


@register.filter
def signed(value: float) -> str:
    """Show a change with its sign and two places: `+0.12`, `−0.20`."""
    return f"{value:+.2f}".replace("-", "−")


@register.filter
def of(names: Mapping[str, str], value: str) -> str:
    """What a value is called."""
    return names.get(value, value)


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    """One of several, by its place."""
    return values[place]
