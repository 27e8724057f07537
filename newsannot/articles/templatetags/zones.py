"""The text of an article by blocks, without marks: `{% load zones %}`."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from newsannot.articles.queries import ZonedBlock

register = template.Library()


@register.simple_tag
def zoned_text(blocks: Iterable[ZonedBlock]) -> SafeString:
    """One paragraph a block, classed by its zone; nothing but the block's own words stands in it."""
    return format_html_join(
        "",
        '<p class="block z-{}" dir="auto">{}</p>',
        ((zoned.kind or "body", zoned.block.text) for zoned in blocks),
    )
