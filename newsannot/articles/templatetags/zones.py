"""The text of an article by blocks, without marks: `{% load zones %}`."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from newsannot.articles.queries import ZonedBlock
from newsannot.articles.rules.blocks import cut_leaves
from newsannot.articles.rules.headings import heading_html

register = template.Library()


@register.simple_tag
def zoned_text(blocks: Sequence[ZonedBlock]) -> SafeString:
    """Leaf by leaf one paragraph a block, classed by its zone; nothing but the block's own words stands in it."""
    lines = [(zoned.block.text, zoned.kind or "body") for zoned in blocks]
    leaves = cut_leaves(lines)
    return format_html_join(
        "", '<div class="leaf">{}</div>', ((_leaf(lines[leaf.start : leaf.stop]),) for leaf in leaves)
    )


def _leaf(lines: Sequence[tuple[str, str]]) -> SafeString:
    return format_html_join(
        "",
        '<p class="block z-{}"{} dir="auto">{}</p>',
        ((kind, SafeString(heading_html(kind)), text) for text, kind in lines),
    )
