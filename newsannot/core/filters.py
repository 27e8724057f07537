"""Filters of the API's collections: each described once, for reading the address, for the query and for the docs.

A filter given several times means *any of these*; different filters mean *all of them*.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.request import Request

from newsannot.core.layers import Audience
from newsannot.core.refusals import bad_query

MOST_VALUES = 50
LARGEST_ID = 2**63 - 1
AN_ID = {"type": "integer", "minimum": 1}
A_MOMENT = {"type": "string", "examples": ["2025-09-05", "2025-09-05T12:00:00Z"]}
Condition: TypeAlias = Callable[[list[Any]], Q]
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A parameter: `read` turns its text into a value or raises ValueError with words, `where` the values into SQL.

    `unknown` answers those of the values that nothing is known by; they are refused like a misspelt one. `unseen` does
    the same by who asks, so that the refusal does not tell what exists from what does not.
    """

    name: str
    help: str
    read: Callable[[str], Any]
    where: Condition
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    unknown: Callable[[list[Any]], Iterable[Any]] = lambda values: ()
    unseen: Callable[[list[Any], Request | Audience], Iterable[Any]] = lambda values, asking: ()
    is_single: bool = False


def conditions(request: Request, filters: Sequence[Filter], *, besides: Iterable[str] = ()) -> dict[str, Q]:
    """What the address asks for, by filter; 400 naming every parameter that is unknown or has an unknown value."""
    return conditions_of(request.query_params, filters, request, besides=besides)


def conditions_of(
    query: QueryDict, filters: Sequence[Filter], asking: Request | Audience, *, besides: Iterable[str] = ()
) -> dict[str, Q]:
    """What a query asks for, by filter, for those who ask; refuses as `conditions` does."""
    known = {one.name: one for one in filters}
    errors: dict[str, list[str]] = {}
    found: dict[str, Q] = {}
    for name, texts in query.lists():
        if name in besides:
            continue
        if name not in known:
            errors[name] = [
                f"There is no filter “{name[:40]}” here; there are {', '.join([*known, *sorted(besides)])}."
            ]
            continue
        values, wrong = _values(known[name], texts, asking)
        if wrong:
            errors[name] = wrong
        else:
            found[name] = known[name].where(values)
    if errors:
        raise bad_query(errors)
    return found


def _values(asked: Filter, texts: Sequence[str], asking: Request | Audience) -> tuple[list[Any], list[str]]:
    if len(texts) > (1 if asked.is_single else MOST_VALUES):
        return [], [f"{asked.name} may be given {'once' if asked.is_single else f'{MOST_VALUES} times'} at most."]
    values: list[Any] = []
    wrong: list[str] = []
    for text in texts:
        try:
            if _UNSTORABLE.search(text):
                raise ValueError("holds a character that no text has")
            values.append(asked.read(text))
        except ValueError as error:
            wrong.append(f"{asked.name}: {error}.")
    if not wrong:
        nothing = [*asked.unknown(values), *asked.unseen(values, asking)]
        wrong = [f"{asked.name}: nothing is known by “{value}”." for value in nothing]
    return values, wrong


# --- Ways to read a value ------------------------------------------------------------------------


def whole_number(text: str) -> int:
    """An id."""
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:20]) <= LARGEST_ID:
        raise ValueError(f"“{text[:40]}” is no id")
    return int(text)


def words(text: str) -> str:
    """Words to search for."""
    if not words_in(text) or len(text) > 200:
        raise ValueError("give a word at least, and 200 characters at most")
    return text


def words_in(text: str) -> list[str]:
    """The words of a text, without what has neither letter nor digit."""
    return [word for word in text.split() if any(character.isalnum() for character in word)]


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    """One of a closed list."""
    known = tuple(choices)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"“{text[:40]}” is none of {', '.join(known)}")
        return text

    return read


def matching(pattern: str, hint: str) -> Callable[[str], str]:
    """Text of a certain shape."""
    shape = re.compile(pattern)

    def read(text: str) -> str:
        if not shape.fullmatch(text):
            raise ValueError(f"“{text[:40]}” is not {hint}")
        return text

    return read


def a_day(text: str) -> date:
    """A day, such as 2025-09-05."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"“{text[:40]}” is no day; write 2025-09-05")
    return day


def a_moment(*, at_end_of_day: bool = False) -> Callable[[str], datetime]:
    """A moment with its zone (UTC where it names none); a day alone is its first, or its last, moment."""

    def read(text: str) -> datetime:
        try:
            moment = parse_datetime(text.replace(" ", "+")) if "T" in text else None
            day = parse_date(text) if moment is None else None
        except ValueError:
            moment = day = None
        if moment is None and day is not None:
            moment = datetime.combine(day, time.max if at_end_of_day else time.min)
        if moment is None:
            raise ValueError(f"“{text[:40]}” is no moment; write 2025-09-05 or 2025-09-05T12:00:00Z")
        return _in_utc(moment)

    return read


def _in_utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("that moment is outside of all calendars") from error


# --- Ways to ask ---------------------------------------------------------------------------------


def any_of(*columns: str) -> Condition:
    """Rows one of whose columns holds one of the values."""

    def where(values: list[Any]) -> Q:
        asked = Q()
        for column in columns:
            asked |= Q(**{f"{column}__in": values}) if len(values) > 1 else Q(**{column: values[0]})
        return asked

    return where


def at_least(column: str) -> Condition:
    """Rows whose column is the value or more."""
    return lambda values: Q(**{f"{column}__gte": values[0]})


def at_most(column: str) -> Condition:
    """Rows whose column is the value or less."""
    return lambda values: Q(**{f"{column}__lte": values[0]})


def among(ids: QuerySet[Any]) -> Q:
    """Rows whose id is among those a query gives; the database asks it once, first, whatever the rest costs."""
    return Q(
        Func(
            F("id"),
            ArraySubquery(ids),
            template="(%(expressions)s))",
            arg_joiner=" = ANY(",
            output_field=BooleanField(),
        )
    )


def not_among(column: str, ids: QuerySet[Any]) -> Q:
    """Rows whose column is none of what a query gives, which should be little; it is asked once, first."""
    return Q(
        Func(
            F(column),
            ArraySubquery(ids),
            template="(%(expressions)s))",
            arg_joiner=" <> ALL(",
            output_field=BooleanField(),
        )
    )


def matches(column: str, text: str) -> Func:
    """Whether a column's words hold all of the text's, quotation marks aside; answered by the index of its vector."""
    vector = Func(F(column), function="public.search_vector")
    return has_words(vector, text)


def has_words(vector: Any, text: str) -> Func:
    """Whether a vector of words holds all of the text's, quotation marks aside."""
    return Func(
        vector,
        Func(Value(text), function="public.search_query"),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


# --- Filters that any collection may have --------------------------------------------------------


def updated_since(column: str = "updated_at") -> Filter:
    """By last change."""
    return Filter(
        name="updated_since",
        help="Changed at this moment or later.",
        read=a_moment(),
        where=at_least(column),
        schema=A_MOMENT,
        is_single=True,
    )


def search_filter(where: Condition, help: str) -> Filter:  # noqa: A002 - the word of the field
    """By words."""
    return Filter(name="q", help=help, read=words, where=where, is_single=True)
