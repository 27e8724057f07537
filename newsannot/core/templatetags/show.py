"""Moments, days and numbers as people read them and programs still can: `{% load show %}`."""

import re
from datetime import UTC, date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

register = template.Library()

NARROW_SPACE = "\u202f"

_HALF_KNOWN = re.compile(r"(-?\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?([?~%])?")


@register.filter
def moment(value: datetime | None) -> str:
    """Show a moment as `22 Nov 2026, 13:05 UTC` in a `<time>`; nothing for None."""
    return _time(value, "%-d %b %Y, %H:%M UTC")


@register.filter
def day(value: date | datetime | None) -> str:
    """Show a day as `22 Nov 2026` in a `<time>`; nothing for None. Of a moment it is the day in UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), f"{value:%-d %b %Y}")
    return _time(value, "%-d %b %Y")


@register.filter
def half_known(value: str) -> str:
    """Show a half-known date (EDTF: a year, a month or a day, perhaps in doubt) as `7 May 2012` or `c. May 2012?`.

    Other EDTF (an interval, a season) is shown as it is written.
    """
    found = _HALF_KNOWN.fullmatch(value)
    if not found:
        return value
    year, month, day_of_month, doubt = found.groups(default="")
    name = f"{date(2000, int(month), 1):%b} " if month else ""
    known = f"{day_of_month.lstrip('0')} {name}{year}".lstrip()
    return ("c. " if doubt in {"~", "%"} else "") + known + ("?" if doubt in {"?", "%"} else "")


@register.filter
def ago(value: datetime | None) -> str:
    """Show how long ago a moment was (`3 hours ago`, `just now`), the moment itself in the title; nothing for None."""
    if value is None:
        return ""
    passed = timesince(value, depth=1)
    words = "just now" if (timezone.now() - value).total_seconds() < 60 else f"{passed} ago"
    at = value.astimezone(UTC)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), f"{at:%-d %b %Y, %H:%M UTC}", words)


@register.filter
def number(value: int | None) -> str:
    """Show a whole number with its thousands apart (`12 480`, narrow no-break spaces); nothing for None."""
    return "" if value is None else f"{value:,}".replace(",", NARROW_SPACE)


def _time(value: datetime | None, form: str) -> str | SafeString:
    if value is None:
        return ""
    at = value.astimezone(UTC)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), at.strftime(form))
