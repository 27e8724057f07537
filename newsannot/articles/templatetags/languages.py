"""Languages in words: `{% load languages %}`."""

from django import template

from newsannot.articles.queries import language_name

register = template.Library()


@register.filter
def language(tag: str) -> str:
    """The English name of a language tag: “Russian”, “Chinese (zh-Hans)”."""
    return language_name(tag)
