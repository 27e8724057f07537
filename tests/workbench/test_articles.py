"""The inbox, and an article's own page."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import open_reading
from newsannot.annotations.models import Reading
from newsannot.articles.actions import take_in
from newsannot.articles.models import Article
from newsannot.workbench.queries.inbox import Wanted, inbox_page
from tests.factories import TEXT, a_codebook, a_reading, a_revision, a_source, a_user

pytestmark = pytest.mark.django_db


def titles(client: Client, **query: Any) -> list[str]:
    response = client.get("/articles/", query)
    assert response.status_code == 200
    return [row.article.title for row in response.context["rows"]]


def a_reading_in(state: str, user: User, title: str) -> Reading:
    a_codebook()
    reading = open_reading(revision=a_revision(title=title), by=user)
    for step in {"open": [], "submitted": ["submitted"], "returned": ["submitted", "returned"]}[state]:
        Reading.objects.filter(pk=reading.pk).update(state=step)
    return reading


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(a_user(username="anna"))
    return client


def test_strangers_sign_in_first_and_readers_may_not(client: Client) -> None:
    article = a_revision().article
    for url in ("/articles/", f"/articles/{article.pk}/"):
        assert client.get(url)["Location"] == f"/account/sign-in/?next={url}"
    client.force_login(a_user(Role.READER))
    for url in ("/articles/", f"/articles/{article.pk}/"):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 405


def test_work_starts_at_the_inbox(client: Client) -> None:
    assert client.get("/")["Location"] == "/articles/"


def test_an_empty_inbox_says_what_to_do(analyst: Client) -> None:
    page = analyst.get("/articles/").content.decode()
    assert "No articles yet" in page
    assert "No article answers to that" in analyst.get("/articles/", {"q": "x"}).content.decode()


def test_articles_are_listed_newest_first_with_ones_own_reading(analyst: Client) -> None:
    anna, other = User.objects.get(username="anna"), a_user()
    a_reading_in("open", anna, "Mine")
    a_reading_in("submitted", other, "Theirs")
    a_reading_in("returned", anna, "Back")
    response = analyst.get("/articles/")
    assert [(row.article.title, row.state_label) for row in response.context["rows"]] == [
        ("Back", "Returned"),
        ("Theirs", "Not started"),
        ("Mine", "Open"),
    ]


def test_filters_narrow_the_list(analyst: Client) -> None:
    anna, source = User.objects.get(username="anna"), a_source(name="The Gazette")
    a_reading_in("open", anna, "Open one")
    a_reading_in("returned", anna, "Returned one")
    a_revision(title="Fresh one", language="ru", source=source)
    assert titles(analyst, state="new") == ["Fresh one"]
    assert titles(analyst, state="open") == ["Open one"]
    assert titles(analyst, state="returned") == ["Returned one"]
    assert titles(analyst, source=source.pk) == ["Fresh one"]
    assert titles(analyst, language="en") == ["Returned one", "Open one"]
    assert titles(analyst, language="ru", state="open") == []


@pytest.mark.parametrize("words", ["line", "minister line", "“minister’s” LINE", "fish treaty"])
def test_words_are_found_in_text_and_title_whatever_the_quotation_marks(analyst: Client, words: str) -> None:
    take_in(
        items=[
            {"title": "About grain", "text": "Nothing of that."},
            {"title": "Fish treaty", "text": "The “minister’s line” was clear. The fish treaty stands."},
        ],
        by=None,
    )
    assert titles(analyst, q=words) == ["Fish treaty"]


def test_words_of_the_title_alone_are_found(analyst: Client) -> None:
    a_revision(title="Straits «closed»")
    assert titles(analyst, q="STRAITS closed") == ["Straits «closed»"]
    assert titles(analyst, q="straits envoy") == []


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "'" * 300},
        {"q": "a & | ! :* \\"},
        {"state": "nope", "source": "x", "language": "\x00"},
        {"source": str(2**70), "older": str(2**63)},
        {"older": "-1", "newer": "abc"},
    ],
)
def test_a_query_that_makes_no_sense_is_no_error(analyst: Client, query: dict[str, str]) -> None:
    a_revision()
    assert analyst.get("/articles/", query).status_code == 200


def test_htmx_gets_the_list_alone(analyst: Client) -> None:
    page = analyst.get("/articles/", headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div id="articles-found"')
    assert "<html" not in page


def test_pages_lead_to_and_fro_over_every_article_once() -> None:
    user = a_user()
    for number in range(7):
        a_revision(title=str(number))
    first = inbox_page(user, Wanted(), size=3)
    second = inbox_page(user, Wanted(older=first.older), size=3)
    third = inbox_page(user, Wanted(older=second.older), size=3)
    seen = [[row.article.title for row in page.rows] for page in (first, second, third)]
    assert seen == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert (first.newer, third.older) == (None, None)
    back = inbox_page(user, Wanted(newer=third.newer), size=3)
    assert [row.article.title for row in back.rows] == ["3", "2", "1"]
    home = inbox_page(user, Wanted(newer=back.newer), size=3)
    assert ([row.article.title for row in home.rows], home.newer) == (["6", "5", "4"], None)


def test_the_links_between_pages_keep_the_filters(analyst: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(51):
        a_revision(title=f"Minister {number}", url=f"https://e.invalid/{number}")
    response = analyst.get("/articles/", {"q": "minister", "state": "new", "language": ""})
    assert len(response.context["rows"]) == 50
    assert titles(analyst, **dict(re.findall(r"[?&](\w+)=([^&]+)", response.context["next_url"]))) == ["Minister 0"]
    assert "q=minister&state=new" in response.context["next_url"]


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(analyst: Client) -> None:
    anna = User.objects.get(username="anna")
    counts = []
    for number in (1, 30):
        while Article.objects.count() < number:
            a_reading_in("open", anna, "One more")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            analyst.get("/articles/", {"q": "minister"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_article_is_shown_with_its_text_line_by_line(analyst: Client) -> None:
    hostile = f"{TEXT}\n<mark>&amp;\u200b\u00ad\u00a0\n\ttab 👨‍👩‍👧 \u2028 end "
    revision = a_revision(hostile, zones=[("headline", 0, 24), ("body", 25, 100)])
    page = analyst.get(f"/articles/{revision.article_id}/").content.decode()
    blocks = re.findall(r'<p class="block z-(\w+)"[^>]* dir="auto">(.*?)</p>', page, re.DOTALL)
    assert "\n".join(html.unescape(text) for _, text in blocks) == hostile
    assert [kind for kind, _ in blocks] == ["headline", *["body"] * 6]


def test_the_length_of_a_text_is_told_in_characters_whatever_the_script(analyst: Client) -> None:
    article = a_revision(text="周恩来深夜约见印度大使\n他说，若有人越过那条线，就要管。🚢").article_id
    page = " ".join(analyst.get(f"/articles/{article}/").content.decode().split())
    assert "<dt>Length</dt> <dd> 29 characters </dd>" in page


def test_the_readings_one_may_see_are_listed(client: Client) -> None:
    anna, ben, editor = a_user(username="anna"), a_user(username="ben"), a_user(Role.EDITOR)
    revision = a_revision()
    mine, theirs = a_reading(anna, revision), a_reading(ben, revision)
    Reading.objects.filter(pk=theirs.pk).update(state="submitted")
    seen = {}
    for user in (anna, editor):
        client.force_login(user)
        response = client.get(f"/articles/{revision.article_id}/")
        seen[user.username] = [(one.reading.pk, one.is_mine, one.reader) for one in response.context["readings"]]
    assert seen == {"anna": [(mine.pk, True, "anna")], editor.username: [(theirs.pk, False, "ben")]}


@pytest.mark.parametrize(
    ("state", "button"), [(None, "Start reading"), ("open", "Continue reading"), ("submitted", "Open my reading")]
)
def test_the_button_says_where_one_stands(analyst: Client, state: str | None, button: str) -> None:
    anna = User.objects.get(username="anna")
    article = a_reading_in(state, anna, "T").revision.article if state else a_revision().article
    page = analyst.get(f"/articles/{article.pk}/").content.decode()
    assert button in page
    assert f'action="/articles/{article.pk}/readings/"' in page


def test_editors_alone_are_offered_to_correct_zones(client: Client) -> None:
    revision = a_revision()
    offered = {}
    for role in (Role.ANALYST, Role.EDITOR):
        client.force_login(a_user(role))
        page = client.get(f"/articles/{revision.article_id}/").content.decode()
        offered[role] = f"/revisions/{revision.pk}/zones/" in page
    assert offered == {Role.ANALYST: False, Role.EDITOR: True}


def test_an_article_that_is_not_there_is_404(analyst: Client) -> None:
    assert analyst.get("/articles/999999/").status_code == 404
    assert analyst.get(f"/articles/{2**70}/").status_code == 404


def test_rare_words_are_looked_up_in_the_index_of_words() -> None:
    user = a_user()
    take_in(
        items=[{"text": " ".join(f"w{number * place}" for place in range(300))} for number in range(1, 400)], by=None
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('revision_search')")
        cursor.execute("ANALYZE articles_article, articles_revision")
    with CaptureQueriesContext(connection) as queries:
        inbox_page(user, Wanted(words="w397"))
    search = next(query["sql"] for query in queries.captured_queries if "search_query" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {search}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on revision_search" in plan


@pytest.mark.parametrize(("kind", "is_hidden"), [("headline", True), ("summary", False)])
def test_the_title_is_shown_once(analyst: Client, kind: str, is_hidden: bool) -> None:
    revision = a_revision(zones=[(kind, 0, 24)])
    page = analyst.get(f"/articles/{revision.article_id}/").content.decode()
    assert bool(re.search(r'<h1 class="visually-hidden"', page)) is is_hidden
