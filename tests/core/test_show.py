"""Moments, days and numbers as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.template import Context, Template
from django.utils import timezone as clock

MOMENT = datetime(2026, 11, 2, 9, 5, tzinfo=timezone(timedelta(hours=3)))


def shown(value, how):
    return Template("{% load show %}{{ value|" + how + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("value", "how", "expected"),
    [
        (MOMENT, "moment", '<time datetime="2026-11-02T06:05:00+00:00">2 Nov 2026, 06:05 UTC</time>'),
        (MOMENT, "day", '<time datetime="2026-11-02T06:05:00+00:00">2 Nov 2026</time>'),
        (date(1962, 10, 22), "day", '<time datetime="1962-10-22">22 Oct 1962</time>'),
        (None, "moment", ""),
        (None, "day", ""),
        (None, "ago", ""),
        (None, "number", ""),
        (0, "number", "0"),
        (999, "number", "999"),
        (1234567, "number", "1\u202f234\u202f567"),
        ("2012-05-07", "half_known", "7 May 2012"),
        ("2012-05", "half_known", "May 2012"),
        ("2012", "half_known", "2012"),
        ("0962-05?", "half_known", "May 0962?"),
        ("2012~", "half_known", "c. 2012"),
        ("2012%", "half_known", "c. 2012?"),
        ("", "half_known", ""),
        ("2025-09/2025-10", "half_known", "2025-09/2025-10"),
        ("2025-21", "half_known", "2025-21"),
    ],
)
def test_a_value_is_shown_so(value, how, expected):
    assert shown(value, how) == expected


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "just now"), (59, "just now"), (61, "1\xa0minute ago"), (3 * 3600 + 5, "3\xa0hours ago")]
)
def test_how_long_ago_is_said_in_one_unit(seconds, words):
    assert f">{words}</time>" in shown(clock.now() - timedelta(seconds=seconds), "ago")


def test_how_long_ago_keeps_the_moment_in_reach():
    assert shown(datetime(2020, 1, 1, tzinfo=UTC), "ago").startswith(
        '<time datetime="2020-01-01T00:00:00+00:00" title="1 Jan 2020, 00:00 UTC">'
    )
