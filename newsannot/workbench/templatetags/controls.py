"""What the inspector's controls are made of, written in Python where a template loop would be slow."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Reading
from newsannot.codebook.queries import CodeChoice
from newsannot.workbench.forms.controls import Control
from newsannot.workbench.queries.overview import Entry
from newsannot.workbench.queries.records import Choice, Slot

register = template.Library()


@lru_cache(maxsize=1024)
def _option(code: CodeChoice, indent: str) -> tuple[str, str]:
    """The option's HTML before and behind the place where `selected` goes."""
    return format_html('<option value="{}"', code.code), format_html(">{}{}</option>", indent, code.label)


@register.filter
def code_options(codes: Sequence[CodeChoice], value: str) -> SafeString:
    """`<option>`s of the codes, those with a parent set in, `value` selected."""
    pieces = []
    for code in codes:
        before, behind = _option(code, "\u2003" if code.parent else "")
        pieces.append(f"{before} selected{behind}" if code.code == value else before + behind)
    return mark_safe("".join(pieces))  # noqa: S308 - made of format_html alone


@register.filter
def record_options(choices: Sequence[Choice], value: int | None) -> SafeString:
    """`<option>`s of the records, `value` selected."""
    return mark_safe(  # noqa: S308 - made of format_html alone
        "".join(
            format_html(
                '<option value="{}"{}>{}</option>', c.id, mark_safe(" selected") if c.id == value else "", c.words
            )
            for c in choices
        )
    )


@register.filter
def code_boxes(codes: Sequence[CodeChoice], control: Control) -> SafeString:
    """A checkbox with its label for each code; those in the control's value are checked."""
    return mark_safe(  # noqa: S308 - made of format_html alone
        "".join(
            format_html(
                '<label class="choice"><input type="checkbox" id="{}-{}" name="{}" value="{}"{}> {}</label>',
                control.id,
                code.code,
                control.name,
                code.code,
                mark_safe(" checked") if code.code in control.value else "",
                code.label,
            )
            for code in codes
        )
    )


_drawn: dict[Hashable, str] = {}
MOST_DRAWN = 4096
ANY_RECORD, ANY_READING, ANY_SPAN, ANY_VERSION, ANY_TOKEN = (2**63 - n for n in range(1, 6))  # what nothing has


@register.simple_tag
def drawn(control: Control, reading_id: int, is_editable: bool) -> SafeString:
    """The control as `_control.html` draws it; drawn once for all records whose control looks the same."""
    if control.drawing is None:
        return _draw(control, reading_id, is_editable=is_editable)
    html = _once(
        (control.drawing, is_editable),
        lambda: _draw(replace(control, annotation=ANY_RECORD), ANY_READING, is_editable=is_editable),
    )
    html = html.replace(str(ANY_RECORD), str(control.annotation)).replace(str(ANY_READING), str(reading_id))
    return mark_safe(html)  # noqa: S308 - a template's


def _once(key: Hashable, draw: Callable[[], str]) -> str:
    """What was drawn under the key before, or is drawn now."""
    if key not in _drawn:
        if len(_drawn) >= MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = draw()
    return _drawn[key]


@register.simple_tag
def span_tools(kind: Kind, slot: Slot, span_id: int, version: int, csrf_token: str) -> SafeString:
    """What may be done with one piece of evidence; drawn once for all pieces of the role."""
    context = {"kind": kind, "slot": slot, "span_id": ANY_SPAN, "version": ANY_VERSION, "csrf_token": ANY_TOKEN}
    html = _once(
        (kind.name, slot.role.name, slot.is_removable),
        lambda: render_to_string("workbench/_span_tools.html", context),
    )
    for any_one, this in ((ANY_SPAN, span_id), (ANY_VERSION, version), (ANY_TOKEN, csrf_token)):
        html = html.replace(str(any_one), escape(str(this)))
    return mark_safe(html)  # noqa: S308 - a template's


@register.simple_tag
def proposals_of(control: Control, is_editable: bool) -> SafeString:
    """What is proposed for a field, below it; an empty place for it where nothing is."""
    if not (is_editable and control.may_be_proposed):
        return SafeString()
    if not control.proposed:
        return format_html('<div class="proposals" id="{}-proposed" hidden></div>', control.id)
    return SafeString(render_to_string("workbench/_proposals.html", {"control": control}))


def _draw(control: Control, reading_id: int, *, is_editable: bool) -> SafeString:
    context = {"control": control, "reading_id": reading_id, "is_editable": is_editable}
    return render_to_string("workbench/_control.html", context)


@register.filter
def entry_items(entries: Sequence[Entry], reading: Reading) -> SafeString:
    """A list item for each record: its words and what it is about or lacks; it opens the record."""
    page = f"/readings/{reading.pk}/"
    return mark_safe("".join(_entry_item(entry, page) for entry in entries))  # noqa: S308 - escaped piece by piece


def _entry_item(entry: Entry, page: str) -> str:
    about = f'<span class="annotation-who">{escape(entry.who)}</span>' if entry.who else ""
    lacks = f'<span class="annotation-lacks">{escape(", ".join(entry.missing))}?</span>' if entry.missing else ""
    words = f'<span class="quote" dir="auto">{escape(entry.words)}</span>' if entry.words else ""
    return (
        f'<li><a class="annotation-item is-{entry.kind.name}" href="{page}?annotation={entry.annotation}"'
        f' data-goes-to="{entry.annotation}">{words}<span class="annotation-item-head">{about}{lacks}</span></a></li>'
    )
