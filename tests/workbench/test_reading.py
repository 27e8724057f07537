"""Opening a reading and the page of it: the text to the character, the marks, the list, the states."""

import html as html_words
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.annotations.actions import move_reading, submit_reading
from newsannot.annotations.models import Reading, ReadingState
from tests.factories import TEXT, a_codebook, a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor
from tests.workbench.test_marking import HTMX
from tests.workbench.test_rules import HOSTILE

pytestmark = pytest.mark.django_db


class TextOfBlocks(HTMLParser):
    """The text content of each block of a page, and the tags inside."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks, self.tags, self.is_inside = [], set(), False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "p" and "block" in (dict(attrs).get("class") or "").split():
            self.is_inside = True
            self.blocks.append("")
        elif self.is_inside:
            self.tags.add(tag)

    def handle_endtag(self, tag):
        if tag == "p":
            self.is_inside = False

    def handle_data(self, data):
        if self.is_inside:
            self.blocks[-1] += data


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def page_of(client: Client, reading: Reading, query: str = "") -> str:
    answer = client.get(f"/readings/{reading.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_starting_opens_ones_own_reading_and_goes_on_with_it(client: Client) -> None:
    a_codebook()
    revision, user = a_revision(), a_user()
    client.force_login(user)
    first = client.post(f"/articles/{revision.article_id}/readings/")
    again = client.post(f"/articles/{revision.article_id}/readings/")
    reading = Reading.objects.get()
    assert (reading.reader, reading.revision, reading.state) == (user, revision, "open")
    assert (first.status_code, first["Location"], again["Location"]) == (303, *[f"/readings/{reading.pk}/"] * 2)


def test_starting_takes_a_post_and_an_article(client: Client) -> None:
    client.force_login(a_user())
    assert client.get(f"/articles/{a_revision().article_id}/readings/").status_code == 405
    assert client.post("/articles/999999/readings/").status_code == 404


def test_a_reader_of_the_api_starts_nothing(client: Client) -> None:
    client.force_login(a_user(Role.READER))
    assert client.post(f"/articles/{a_revision().article_id}/readings/").status_code == 403


@pytest.mark.parametrize(
    "text", ["\n".join(HOSTILE) + "\nend", "\n\nafter two empty lines\n", "one line", "x\n", "\ta\n \nb "]
)
def test_the_blocks_of_the_page_are_the_text(client: Client, text: str) -> None:
    reading = a_reading(revision=a_revision(text, zones=[]))
    client.force_login(reading.reader)
    page = page_of(client, reading)
    found = TextOfBlocks(page)
    assert "\n".join(found.blocks) == text
    assert [int(s) for s in re.findall(r'data-s="(\d+)"', page)] == reading.revision.block_starts
    assert found.tags == set()


def test_marks_lie_over_their_words_and_leave_the_text_as_it_is(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading, speaker=an_actor().pk)
    a_threat(reading, statement)
    a_mention(reading)
    found = TextOfBlocks(page_of(analyst, reading))
    assert "\n".join(found.blocks) == TEXT
    assert found.tags == {"mark"}


def test_zones_and_language_dress_the_text(client: Client) -> None:
    reading = a_reading(revision=a_revision(zones=[("headline", 0, 24), ("boilerplate", 180, 207)], language="ar"))
    client.force_login(reading.reader)
    page = page_of(client, reading)
    assert re.findall(r'class="block( [^"]*)?" id="b(\d)"', page) == [
        (" z-headline", "0"),
        ("", "1"),
        ("", "2"),
        ("", "3"),
        (" z-boilerplate", "4"),
    ]
    opening = re.search(r"<article[^>]*>", page).group()
    assert dict(re.findall(r'([\w-]+)="([^"]*)"', opening)) == {
        "class": "text",
        "id": "text",
        "lang": "ar",
        "dir": "auto",
        "tabindex": "0",
        "translate": "no",
        "aria-label": "The article",
    }


def test_the_list_names_records_in_the_order_of_the_text_with_what_is_missing(
    analyst: Client, reading: Reading
) -> None:
    later, first = a_mention(reading, "The neighbour’s envoy"), a_mention(reading, actor=an_actor().pk)
    page = page_of(analyst, reading)
    assert re.findall(r'data-goes-to="(\d+)"', page) == [str(first.pk), str(later.pk)]
    assert page.count('class="annotation-lacks">actor?') == 1


def test_htmx_gets_the_list_alone(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.get(f"/readings/{reading.pk}/", headers=HTMX)
    part = answer.content.decode()
    assert f'data-goes-to="{mention.pk}"' in part
    assert "<html" not in part
    assert "HX-Request" in answer["Vary"]


def test_a_record_of_another_reading_is_not_shown_beside_this_text(analyst: Client, reading: Reading) -> None:
    other = a_reading(by=reading.reader)
    mention = a_mention(other)
    assert "data-annotation" not in page_of(analyst, reading, f"?annotation={mention.pk}")
    assert analyst.get(f"/readings/{reading.pk}/?annotation=999999").status_code == 404
    assert "data-annotation" not in page_of(analyst, reading, "?annotation=x")
    assert "data-annotation" not in page_of(analyst, reading, f"?annotation={'9' * 30}")


def test_a_returned_reading_says_what_the_editor_said(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    editor = a_user(Role.EDITOR, first_name="Edith")
    move_reading(Reading.objects.get(), ReadingState.RETURNED, by=editor, comment="Look again at “the envoy”.")
    page = html_words.unescape(page_of(analyst, reading))
    assert "Returned by Edith" in page
    assert "Look again at “the envoy”." in page
    assert 'data-editable="true"' in page


def test_a_submitted_reading_is_shown_as_it_is_and_not_to_be_changed(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    page = page_of(analyst, reading)
    assert 'data-editable="false"' in page
    assert "This reading is submitted" in page
    assert "mark-form" not in page
    assert "/submit/" not in page


def test_the_navigation_says_in_which_room_one_is(client: Client, reading: Reading) -> None:
    here = re.compile(r'<a class="topnav-link"[^>]*aria-current="true"[^>]*>(\w+)</a>')
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    client.force_login(a_user("editor"))
    assert here.findall(client.get(f"/readings/{curated.pk}/").content.decode()) == ["Review"]
    client.force_login(reading.reader)
    assert here.findall(client.get(f"/readings/{reading.pk}/").content.decode()) == ["Articles"]


def test_a_curated_reading_is_the_editors_and_has_nothing_to_submit(client: Client, reading: Reading) -> None:
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    client.force_login(a_user(Role.EDITOR))
    page = page_of(client, curated)
    assert 'data-editable="true"' in page
    assert "/submit/" not in page
    client.force_login(a_user())
    assert client.get(f"/readings/{curated.pk}/").status_code == 404


def test_who_may_open_the_page(client: Client, reading: Reading) -> None:
    path = f"/readings/{reading.pk}/"
    assert client.get(path).status_code == 302
    client.force_login(a_user())
    assert client.get(path).status_code == 404
    client.force_login(a_user(Role.EDITOR))
    assert client.get(path).status_code == 404
    client.force_login(a_user(Role.READER))
    assert client.get(path).status_code == 403
    client.force_login(reading.reader)
    assert client.put(path).status_code == 405


def many_records(reading: Reading, count: int) -> None:
    actor = an_actor(f"Actor {count}").pk
    for _ in range(count):
        a_mention(reading, actor=actor)
        a_threat(reading, a_statement(reading, speaker=actor, mode="direct"), issuer=actor)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_as_many_queries_for_thirty_records_as_for_one(
    analyst: Client, reading: Reading, count: int, django_assert_num_queries
) -> None:
    many_records(reading, count)
    page_of(analyst, reading)
    with django_assert_num_queries(12):
        page_of(analyst, reading)


@pytest.mark.parametrize("count", [1, 30])
def test_a_mark_takes_as_many_queries_among_thirty_records_as_beside_one(
    analyst: Client, reading: Reading, count: int, django_assert_num_queries
) -> None:
    many_records(reading, count)
    place = {"start": 62, "end": 81, "quote": TEXT[62:81]}
    with django_assert_num_queries(19):
        answer = analyst.post(f"/readings/{reading.pk}/mentions/", place, headers=HTMX)
    assert answer.status_code == 200
