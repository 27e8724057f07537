"""Pages by a key of several columns, forwards and back, rising and falling."""

import base64
import json

import pytest

from newsannot.actors.models import Actor
from newsannot.core.keyset import moment, number, page_of, words

KEY = (("name", words), ("id", number))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def actors() -> None:
    Actor.objects.bulk_create(Actor(name=name, kind="person") for name in "BAABCCC")


def names(page) -> str:
    return "".join(actor.name for actor in page.rows)


def walk(step: str, query: dict[str, str], *, is_descending: bool) -> list[str]:
    seen = []
    while True:
        page = page_of(Actor.objects.all(), KEY, query, size=3, is_descending=is_descending)
        seen.append(names(page))
        if not getattr(page, step):
            return seen
        query = {step: getattr(page, step)}


@pytest.mark.parametrize(("is_descending", "pages"), [(False, ["AAB", "BCC", "C"]), (True, ["CCC", "BBA", "A"])])
def test_every_row_is_on_one_page_with_equal_names_apart(is_descending: bool, pages: list[str]) -> None:
    assert walk("after", {}, is_descending=is_descending) == pages


def test_the_way_back_shows_the_same_pages() -> None:
    last = page_of(Actor.objects.all(), KEY, {}, size=3)
    while last.after:
        last = page_of(Actor.objects.all(), KEY, {"after": last.after}, size=3)
    assert walk("before", {"before": last.before}, is_descending=False) == ["BCC", "AAB"]


def test_the_first_page_has_none_before_it_and_the_last_none_after() -> None:
    first = page_of(Actor.objects.all(), KEY, {}, size=7)
    assert (first.before, first.after, names(first)) == ("", "", "AABBCCC")


def test_links_keep_the_rest_of_the_query() -> None:
    page = page_of(Actor.objects.all(), KEY, {}, size=3)
    links = page.links({"q": "a b", "after": "old", "empty": ""})
    assert links == {"previous_url": "", "next_url": f"?q=a+b&after={page.after}"}


@pytest.mark.parametrize(
    "values",
    [["A"], ["A", 1, 2], [1, 1], ["A", "1"], ["A", 2**63], ["A", -1], ["a\x00b", 1], ["\ud800", 1], {"a": 1}, None],
)
def test_a_key_with_other_values_is_no_key(values: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    assert names(page_of(Actor.objects.all(), KEY, {"after": cursor}, size=3)) == "AAB"


def test_what_is_no_key_before_something_shows_the_first_page_too() -> None:
    page = page_of(Actor.objects.all(), KEY, {"before": "nonsense"}, size=3)
    assert (names(page), page.before, page.after != "") == ("AAB", "", True)


@pytest.mark.parametrize("value", ["2026-11-22T13:00:00", "soon", "", 5])
def test_a_moment_has_its_time_zone(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        moment(value)
