"""Filters of the API by what was said and threatened. Statements and threats have them all.

`to_statement` and `to_threat` lead from the collection's table there; `""` when it is the table itself.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, CharField, F, Func, Q, Value
from rest_framework.request import Request

from newsannot.accounts.access import audience_of
from newsannot.actors.filters import actor_filter
from newsannot.codebook.filters import code_filter
from newsannot.core.filters import Condition, Filter, a_day, any_of, whole_number
from newsannot.core.layers import Audience
from newsannot.statements.access import statements_given_out
from newsannot.statements.models import Utterance

A_DAY = {"type": "string", "format": "date"}


def said_filters(to_statement: str = "") -> tuple[Filter, ...]:
    """By the statement: who said it, how and when."""
    return (
        actor_filter("speaker", any_of(f"{to_statement}speaker"), "Who is reported to speak."),
        code_filter("mode", "quotation-mode", any_of(f"{to_statement}mode"), "How it is quoted."),
        code_filter("speech_act", "speech-act", any_of(f"{to_statement}speech_act"), "What is done by saying it."),
        Filter(
            name="said_from",
            help="Said on this day or later. A date that names only a month or a year may be any of its days.",
            read=a_day,
            where=_said(f"{to_statement}said_on", "last", ">="),
            schema=A_DAY,
            is_single=True,
        ),
        Filter(
            name="said_to",
            help="Said on this day or before.",
            read=a_day,
            where=_said(f"{to_statement}said_on", "first", "<="),
            schema=A_DAY,
            is_single=True,
        ),
    )


def threatened_filters(to_threat: str = "") -> tuple[Filter, ...]:
    """By the threat: who threatens whom with what, and what for."""
    return (
        actor_filter("issuer", any_of(f"{to_threat}issuer"), "Who threatens."),
        actor_filter(
            "target",
            any_of(f"{to_threat}harm_targets", f"{to_threat}influence_targets"),
            "Who would be hit, or whose decision it is to shape.",
        ),
        code_filter("purpose", "threat-purpose", any_of(f"{to_threat}purpose"), "What the threat is for."),
        code_filter("consequence", "threat-consequence", any_of(f"{to_threat}consequence"), "What is threatened."),
        code_filter("plover_mode", "plover-mode", any_of(f"{to_threat}plover_mode"), "What is threatened, in PLOVER."),
    )


def _said(column: str, bound: str, operator: str) -> Condition:
    """Compare the first or the last possible day of an EDTF date; the database writes it like 2025-09-05, as text."""

    def where(values: list[Any]) -> Q:
        day: Any = Func(F(column), function=f"public.edtf_{bound}_day", output_field=CharField())
        return Q(**{f"{column}__gt": ""}) & Q(
            Func(
                day,
                Value(values[0].isoformat()),
                template="(%(expressions)s)",
                arg_joiner=f" {operator} ",
                output_field=BooleanField(),
            )
        )

    return where


NONE = "none"


def utterance_filter() -> Filter:
    """By the utterance that a statement reports, or that it reports none."""
    return Filter(
        name="utterance",
        help="The utterance it reports, by id; `none` finds those of no utterance.",
        read=lambda text: NONE if text == NONE else whole_number(text),
        where=_reporting,
        schema={"type": "string", "pattern": "^([1-9][0-9]*|none)$"},
        unseen=_unseen_utterances,
    )


def _reporting(values: list[Any]) -> Q:
    asked = Q(attestation__utterance__in=[value for value in values if value != NONE])
    return asked | Q(attestation=None) if NONE in values else asked


def _unseen_utterances(values: list[Any], asking: Request | Audience) -> Iterable[Any]:
    """Those that no statement given out to who asks reports."""
    wanted = {value for value in values if value != NONE}
    given = Utterance.objects.attested_by(statements_given_out(audience_of(asking)))
    return sorted(wanted - set(given.filter(pk__in=wanted).values_list("pk", flat=True)))
