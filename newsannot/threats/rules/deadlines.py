"""Deadlines in words, as a day in EDTF where they are certain relative to the day the article appeared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from newsannot.threats.rules.calendars import CALENDARS, Calendar

FARTHEST = 300
"""Days ahead to which a date without its year is taken to belong; beyond, it may as well be of the year before."""
_FILLED = r"(?:[^\s.,;!?،؛]+\s+){0,2}?"  # “by noon on …”
_LONGEST_WAIT = 3660
Reckoned = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: EDTF (`~` when the clock started at an hour that is not known), its words, how it was reckoned."""

    edtf: str
    words: str
    reckoned: str


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a way of writing a time is told and reckoned; `reckon` gives None where it is not certain."""

    pattern: re.Pattern[str]
    reckon: Callable[[re.Match[str], date], Reckoned | None]


def deadline_in(text: str, language: str, day: date | None, *, is_marked: bool = False) -> Due | None:
    """The first certain deadline in the words, `day` being the one the article appeared on.

    Words marked as a deadline are one; in other words something must say so: “by”, “within”. A date without a year is
    the next such day; a day of the week the next one, never the article's own.
    """
    if day is None or not (is_marked or _may_set(text, language)):
        return None
    for clock in _clocks(language, is_marked=is_marked):
        for found in clock.pattern.finditer(text):
            if reckoned := _within_calendars(clock, found, day):
                return Due(reckoned[0], found["time"].strip(), reckoned[1])
    return None


def _within_calendars(clock: _Clock, found: re.Match[str], day: date) -> Reckoned | None:
    try:
        return clock.reckon(found, day)
    except (ValueError, OverflowError):  # 31 June, the year 10000
        return None


def has_time(text: str, language: str) -> bool:
    """Whether the words name a time as a deadline, certain or not."""
    return _may_set(text, language) and any(clock.pattern.search(text) for clock in _clocks(language, is_marked=False))


def _may_set(text: str, language: str) -> bool:
    """Whether anything says “by” or “within”: most words do not, and the rest need not be looked at."""
    marker = _marker(language)
    return marker is not None and marker.search(text) is not None


@lru_cache(maxsize=16)
def _marker(language: str) -> re.Pattern[str] | None:
    calendar = CALENDARS.get(language)
    if calendar is None:
        return None
    said = calendar.closers or rf"(?<!\w)(?:{calendar.markers})(?!\w)"
    return re.compile(said, re.IGNORECASE)


@lru_cache(maxsize=32)
def _clocks(language: str, *, is_marked: bool) -> tuple[_Clock, ...]:
    calendar = CALENDARS.get(language)
    if calendar is None:
        return ()
    written = {**_dates(calendar, language), **_spells(calendar), **_days(calendar)}
    return tuple(_Clock(_as_deadline(time, calendar, is_marked=is_marked), reckon) for time, reckon in written.items())


def _as_deadline(time: str, calendar: Calendar, *, is_marked: bool) -> re.Pattern[str]:
    """The time, and unless it is marked as a deadline what says that it is one."""
    said = f"(?P<time>{time})"
    if is_marked:
        return re.compile(said, re.IGNORECASE)
    if calendar.closers:
        return re.compile(rf"{said}\s*(?:{calendar.closers})", re.IGNORECASE)
    return re.compile(rf"(?<!\w)(?:{calendar.markers})[\s-]+{_FILLED}{said}", re.IGNORECASE)


Written = Mapping[str, Callable[[re.Match[str], date], Reckoned | None]]


def _dates(calendar: Calendar, language: str) -> Written:
    """Days of the calendar: 2025-09-05, 5 September, September 5, 9月5日, 05.09.2025."""
    iso = r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
    dotted = r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"
    numbered: Written = {iso: _numbered, dotted: _numbered}
    if not calendar.months:
        number = rf"[0-9]+|{_any(calendar.numbers)}|十[一二三四五六七八九]|二十[一二三四五六七八九]|三十一"
        return {**numbered, rf"(?:(?P<y>[0-9]{{4}})年)?(?P<m>{number})月(?P<d>{number})[日号]": _chinese}
    month = "|".join(map(_words, calendar.months))
    year = r"(?:,?\s+(?P<y>[0-9]{4}))?"
    joint = rf"(?:(?:{calendar.joints})\s*)?" if calendar.joints else ""
    by_name = _named(calendar)
    day_first = rf"(?<!\w)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|-го|-го)?\s+{joint}(?P<m>{month})(?!\w){year}"
    month_first = rf"(?<!\w)(?P<m>{month})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\w){year}"
    return {**numbered, day_first: by_name} | ({month_first: by_name} if language == "en" else {})


def _spells(calendar: Calendar) -> Written:
    """Lengths of time: 48 hours, three days, two weeks."""
    units = {unit: re.compile(rf"(?:{_words(words)})", re.IGNORECASE) for unit, words in calendar.units.items()}
    any_unit = "|".join(_words(words) for words in calendar.units.values())
    gap = r"[\s-]*" if calendar.closers else r"[\s-]+"
    edges = ("", "") if calendar.closers else (r"(?<!\w)", r"(?!\w)")
    counted = rf"{edges[0]}(?P<n>\d+|{_any(calendar.numbers)}){gap}(?P<u>{any_unit}){edges[1]}"

    def reckon(found: re.Match[str], day: date) -> Reckoned | None:
        said = " ".join(found["n"].casefold().split())
        count = int(said) if said.isdecimal() else calendar.numbers[said]
        unit = next(unit for unit, words in units.items() if words.fullmatch(found["u"]))
        return _after(count, unit, day)

    written: dict[str, Callable[[re.Match[str], date], Reckoned | None]] = {counted: reckon}
    for words, (count, unit) in calendar.pairs.items():
        written[rf"(?<!\w){words}(?!\w)"] = _pair(count, unit)
    return written


def _days(calendar: Calendar) -> Written:
    """Days named from the article's own: Friday, tomorrow, the end of the month."""
    written: dict[str, Callable[[re.Match[str], date], Reckoned | None]] = {}
    edges = ("", "") if calendar.closers else (r"(?<!\w)", r"(?!\w)")
    later = _words(calendar.later)
    before, behind = (f"(?<!{calendar.later})", "") if calendar.closers else ("", rf"(?!\s+(?:{later}))")
    for at, words in enumerate(calendar.weekdays):
        put_off = rf"(?P<later>(?:{later})\s+)?" if not calendar.closers else ""
        written[rf"{before}{edges[0]}{put_off}(?:{_words(words)}){edges[1]}{behind}"] = _weekday(at)
    written[rf"{edges[0]}(?:{calendar.tomorrow}){edges[1]}"] = _tomorrow
    written[calendar.month_end] = lambda _, day: (f"{day:%Y-%m}", f"the month of the article, {day:%Y-%m}")
    written[calendar.year_end] = lambda _, day: (f"{day:%Y}", f"the year of the article, {day:%Y}")
    return written


# --- Reckoning -------------------------------------------------------------------------------


def _numbered(found: re.Match[str], day: date) -> Reckoned | None:
    return _dated(int(found["y"]), int(found["m"]), int(found["d"]), day)


def _chinese(found: re.Match[str], day: date) -> Reckoned | None:
    year = int(found["y"]) if found["y"] else None
    return _dated(year, _chinese_number(found["m"]), _chinese_number(found["d"]), day)


def _chinese_number(words: str) -> int:
    """Up to 99, in digits or in Chinese numerals; raises ValueError."""
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    signs = "一二三四五六七八九"
    return (signs.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (signs.index(ones) + 1 if ones else 0)


def _named(calendar: Calendar) -> Callable[[re.Match[str], date], Reckoned | None]:
    months = [re.compile(_words(words), re.IGNORECASE) for words in calendar.months]

    def reckon(found: re.Match[str], day: date) -> Reckoned | None:
        month = next(at for at, words in enumerate(months, 1) if words.fullmatch(found["m"]))
        return _dated(int(found["y"]) if found["y"] else None, month, int(found["d"]), day)

    return reckon


def _dated(year: int | None, month: int, number: int, day: date) -> Reckoned | None:
    """A day of the calendar; without its year the next such day, if that is near enough to be meant."""
    if year is not None:
        return date(year, month, number).isoformat(), "the date is written out"
    this_year = date(day.year, month, number)
    meant = this_year if this_year >= day else date(day.year + 1, month, number)
    if (meant - day).days > FARTHEST:
        return None
    return meant.isoformat(), f"the next such day after the article’s, {day}"


def _after(count: int, unit: str, day: date) -> Reckoned | None:
    """A length of time from the article's day on, approximate: the clock started when it was said."""
    days = {"hour": count / 24, "day": count, "week": 7 * count}.get(unit, 0)
    if days != int(days) or days > _LONGEST_WAIT or count > _LONGEST_WAIT:
        return None
    meant = _months_on(day, count) if unit == "month" else day + timedelta(days=int(days))
    return f"{meant}~", f"counted from the article’s day, {day}; about, for the clock started when it was said"


def _months_on(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _pair(count: int, unit: str) -> Callable[[re.Match[str], date], Reckoned | None]:
    return lambda _, day: _after(count, unit, day)


def _weekday(number: int) -> Callable[[re.Match[str], date], Reckoned | None]:
    def reckon(found: re.Match[str], day: date) -> Reckoned | None:
        ahead = (number - day.weekday()) % 7
        if ahead == 0 or found.groupdict().get("later"):
            return None
        return (day + timedelta(days=ahead)).isoformat(), f"the next one after the article’s day, {day}"

    return reckon


def _tomorrow(found: re.Match[str], day: date) -> Reckoned:
    return f"{day + timedelta(days=1)}~", f"the day after the article’s, {day}; about, for it may have been said before"


# --- Words as patterns -----------------------------------------------------------------------


def _words(alternatives: str) -> str:
    """Alternatives as a pattern: a `*` lets a word go on, a blank is any white space."""
    return "|".join(one.replace("*", r"\w*").replace(" ", r"\s+") for one in alternatives.split("|"))


def _any(words: Mapping[str, int]) -> str:
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in sorted(words, key=len, reverse=True))
