"""What rooms above the workbench show below a record in its inspector; they register it when Django starts."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from newsannot.annotations.models import Reading
from newsannot.workbench.queries.records import RecordPage

Section = Callable[[HttpRequest, Reading, RecordPage], str]
_sections: list[Section] = []


def register(section: Section) -> None:
    """Show a section, rendered and escaped, below every record."""
    _sections.append(section)


def sections_html(request: HttpRequest, reading: Reading, page: RecordPage) -> SafeString:
    """All sections of a record."""
    return mark_safe("".join(section(request, reading, page) for section in _sections))  # noqa: S308 - rendered templates
