"""When work is due: `{% load work %}`."""

from datetime import UTC, datetime

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
