"""Reasons to choose from, written in Python: every question asks for one, and they are the same for all."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from newsannot.codebook.queries import CodeChoice

register = template.Library()


@register.filter
def reason_options(reasons: Iterable[CodeChoice], chosen: str) -> SafeString:
    """An `<option>` for each reason, with what it means as its title; the one chosen is selected."""
    return mark_safe("".join(_option(one, is_selected=one.code == chosen) for one in reasons))  # noqa: S308 - of format_html


@lru_cache(maxsize=256)
def _option(one: CodeChoice, *, is_selected: bool) -> SafeString:
    selected = SafeString(" selected" if is_selected else "")
    return format_html('<option value="{}" title="{}"{}>{}</option>', one.code, one.definition, selected, one.label)
