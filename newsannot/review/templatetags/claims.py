"""Records as cards, written in Python: a reading may hold a thousand, and a template takes milliseconds for each."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.core.templatetags.show import ago
from newsannot.core.wording import quoted
from newsannot.review.queries.claims import Claim, Item, Part, Said

register = template.Library()

MOST_HEARD = 80
"""How many characters of its words a record is called by, where one hears it rather than sees it."""


@lru_cache(maxsize=4096)
def _url(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


@register.simple_tag
def claim_cards(claims: Iterable[Claim], reading: Reading, talks: Mapping[int, str]) -> SafeString:
    """Each record as an `<article>`: its words by role, its values, who marked it and on what it rests.

    `talks` is what is said about it, rendered, by record.
    """
    cards = "".join(_card(claim, reading, talks.get(claim.id, "")) for claim in claims)
    return mark_safe(cards)  # noqa: S308 - every value is escaped below


def _card(claim: Claim, reading: Reading, talk: str) -> str:
    kind, key = claim.kind, f"claim-{claim.id}"
    missing = f'<span class="claim-missing">lacks {escape(", ".join(claim.missing))}</span>' if claim.missing else ""
    receipt = _to_receipt(claim) if reading.state == ReadingState.PUBLISHED else ""
    verb = "Correct" if reading.is_curated and reading.is_editable else "Open"
    return (
        f'<article class="claim is-{kind.name}" id="{key}" data-claim="{claim.id}" tabindex="-1"'
        f' aria-labelledby="{key}-title"><header class="claim-head"><h3 id="{key}-title" class="claim-title">'
        f'<i class="kind-sign is-{kind.name}"></i> <span class="kind-name is-{kind.name}">{kind.label}</span>'
        f'<bdi class="visually-hidden"> {escape(claim.words[:MOST_HEARD])}</bdi></h3>'
        f'{missing}<a class="claim-open is-last" href="{_url("workbench:reading", reading.pk)}?annotation={claim.id}">'
        f'{verb}<span class="visually-hidden"> {_named(claim)}</span></a>{receipt}</header>'
        f"{_parts(claim)}{_values(claim.values)}"
        f'<p class="claim-foot">{_origin(claim) if reading.is_curated else _marking(claim)}</p>'
        f"{talk or _to_talk(claim)}</article>"
    )


def _named(claim: Claim) -> str:
    """The record by its words, as a link that leads to it is heard."""
    return escape(f"{claim.kind.label.lower()} {quoted(claim.words) if claim.words else ''}".rstrip())


def _to_receipt(claim: Claim) -> str:
    """Leads to the published record's own page."""
    hidden = f'<span class="visually-hidden"> of {_named(claim)}</span>'
    address = reverse(f"dataset:{claim.kind.name}", args=[claim.public_id])
    return f'<a class="claim-open" href="{address}">Receipt{hidden}</a>'


def _to_talk(claim: Claim) -> str:
    """Leads to the form for a first comment; with scripts it opens in place."""
    address, key = _url("review:record_talk", claim.id), f"talk-{claim.id}"
    hidden = f'<span class="visually-hidden"> on {_named(claim)}</span>'
    return (
        f'<p class="talk is-small" id="{key}"><a href="{address}" hx-get="{address}" hx-target="#{key}"'
        f' hx-swap="outerHTML">Comment{hidden}</a></p>'
    )


def _parts(claim: Claim) -> str:
    """The words; a kind of one role needs no name for it."""
    if len(claim.kind.roles) == 1:
        return "".join(_quotes(part) for part in claim.parts)
    rows = [
        f'<dt><span class="role r-{part.role.name}">{part.role.label}</span></dt><dd>{_quotes(part)}</dd>'
        for part in claim.parts
    ]
    return f'<dl class="claim-parts">{"".join(rows)}</dl>' if rows else ""


def _quotes(part: Part) -> str:
    return "".join(f'<p class="quote" dir="auto">{escape(piece)}</p>' for piece in part.pieces)


def _values(values: Sequence[Said]) -> str:
    rows = [
        f"<dt>{escape(said.label)}</dt><dd>{', '.join(_value(item) for item in said.items)}</dd>" for said in values
    ]
    return f'<dl class="claim-values">{"".join(rows)}</dl>' if rows else ""


def _value(item: Item) -> str:
    text = escape(item.text)
    if item.actor:
        return f'<a href="{_url("actors:actor", item.actor)}"><bdi>{text}</bdi></a>'
    if item.claim:
        return f'<a href="#claim-{item.claim}"><bdi>{text}</bdi></a>'
    title = f' title="{escape(item.title)}"' if item.title else ""
    return f'<span class="claim-value" dir="auto"{title}>{text}</span>'


def _marking(claim: Claim) -> str:
    changed = f" · changed {ago(claim.changed_at)}" if claim.is_changed else ""
    return f"{_name(claim.marked_by)}, {ago(claim.marked_at)}{changed}"


def _origin(claim: Claim) -> str:
    readers = [
        f'<a href="{_url("review:reading", origin.reading)}">{_name(origin.reader)}</a>' for origin in claim.origins
    ]
    first = f"From {', '.join(readers)}" if readers else f"Added by {_name(claim.marked_by)}, {ago(claim.marked_at)}"
    corrected = f" · corrected by {_name(claim.changed_by)}, {ago(claim.changed_at)}" if claim.is_changed else ""
    return first + corrected


def _name(user: User | None) -> str:
    return escape(user.label) if user else "the system"
