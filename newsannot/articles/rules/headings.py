"""Which lines of an article are headings to those who go from heading to heading."""

HEADINGS = frozenset({"headline", "heading"})


def heading_html(zone: str) -> str:
    """The attributes of a block in a zone of that kind; nothing, unless it is a heading's.

    All are of the second level, below the page's own, the article's title: a text may have headings and no headline.
    """
    return ' role="heading" aria-level="2"' if zone in HEADINGS else ""
