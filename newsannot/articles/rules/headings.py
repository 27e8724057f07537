"""Which lines of an article are headings to those who go from heading to heading."""

LEVELS = {"headline": 2, "heading": 3}
"""Below the page's own, which is the article's title."""


def heading_html(zone: str) -> str:
    """The attributes of a block in a zone of that kind; nothing, unless it is a heading's."""
    level = LEVELS.get(zone)
    return f' role="heading" aria-level="{level}"' if level else ""
