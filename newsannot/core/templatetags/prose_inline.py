"""Words with `code` and *emphasis* in them, as HTML: `{% load prose_inline %}`."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()
_markdown = MarkdownIt("zero").enable(["backticks", "emphasis"])


@register.filter
def inline(words: str) -> SafeString:
    """Show a line of Markdown; everything else in it is escaped."""
    html: str = _markdown.renderInline(words)
    return mark_safe(html)  # noqa: S308 - the renderer escapes what is not its own markup
