"""The editors' pages: who sees what, what is decided, what is refused and in which words."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import change_annotation, declare_nothing_found, delete_annotation, submit_reading
from newsannot.annotations.models import Reading
from newsannot.dataset.actions import publish_reading
from newsannot.review.actions import accept_reading, return_reading
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    by = a_user(Role.EDITOR, first_name="Eva")
    client.force_login(by)
    return by


def submitted(by: User | None = None, title: str = "Minister warns neighbour") -> Reading:
    reading = a_reading(by or a_user(first_name="Ana"), a_revision(title=title))
    statement = a_statement(reading, speaker=an_actor().pk, mode="direct")
    a_threat(reading, statement, issuer=an_actor("The Minister").pk)
    return submit_reading(reading=reading, by=reading.reader)


def html(response) -> str:
    return response.content.decode()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def titles(response) -> list[str]:
    return re.findall(r'class="list-link"[^>]*>([^<]*)<', html(response))


def forms(response) -> list[str]:
    return re.findall(r'<form[^>]*action="(/(?:review|revisions)/[^"]*)"', html(response))


# --- the queue --------------------------------------------------------------------------------------


def test_the_queue_shows_what_was_handed_in_the_oldest_first(client, editor) -> None:
    late, early = submitted(title="Late"), submitted(title="Early")
    Reading.objects.filter(pk=early.pk).update(submitted_at=timezone.now() - timedelta(days=2))
    a_reading()
    response = client.get("/review/")
    assert titles(response) == ["Early", "Late"]
    assert "handed in 2 days ago" in text_of(html(response))
    assert (
        re.findall(r"</i> (\d+)<span class=\"visually-hidden\"> (\w+)", html(response))
        == [
            ("0", "mentions"),
            ("1", "statements"),
            ("1", "threats"),
        ]
        * 2
    )
    assert late.state == "submitted"


def test_each_state_lies_on_a_shelf_of_its_own_with_its_number(client, editor) -> None:
    submitted(title="Waiting")
    return_reading(reading=submitted(title="Back"), comment="Again.", by=editor)
    published, accepted = submitted(title="Out"), submitted(title="In")
    for reading in (published, accepted):
        accept_reading(reading=reading, by=editor)
    publish_reading(revision=published.revision, by=editor)
    shelves = {
        state: titles(client.get(f"/review/?{query}"))
        for state, query in {
            "submitted": "",
            "returned": "state=returned",
            "accepted": "state=accepted",
            "to publish": "tab=curated",
            "published": "tab=curated&state=published",
            "withdrawn": "tab=curated&state=withdrawn",
            "nonsense": "tab=x&state=y",
        }.items()
    }
    assert shelves == {
        "submitted": ["Waiting"],
        "returned": ["Back"],
        "accepted": ["In", "Out"],
        "to publish": ["In"],
        "published": ["Out"],
        "withdrawn": [],
        "nonsense": ["Waiting"],
    }
    chips = re.findall(r'>(\w[\w ]*) <span class="count">(\d+)<', html(client.get("/review/?tab=curated")))
    assert chips == [("To publish", "1"), ("Published", "1"), ("Withdrawn", "0")]


def test_an_empty_queue_says_so(client, editor) -> None:
    assert "Nothing waits for review" in html(client.get("/review/"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_as_many_queries_however_many_it_shows(
    client, editor, count, django_assert_num_queries
) -> None:
    for _ in range(count):
        submitted()
    client.get("/review/")
    with django_assert_num_queries(8):
        client.get("/review/")


def test_long_queues_are_paged(client, editor, monkeypatch) -> None:
    monkeypatch.setattr("newsannot.review.queries.queue.PAGE_SIZE", 2)
    for number in range(3):
        submitted(title=f"Article {number}")
    response = client.get("/review/")
    next_page = re.search(r'rel="next" href="([^"]*)"', html(response))[1].replace("&amp;", "&")
    assert [titles(response), titles(client.get(f"/review/{next_page}"))] == [["Article 0", "Article 1"], ["Article 2"]]


# --- a reading ----------------------------------------------------------------------------------------


def test_a_reading_is_shown_with_its_text_and_its_records_in_words(client, editor) -> None:
    reading = submitted()
    page = html(client.get(f"/review/readings/{reading.pk}/"))
    assert re.findall(r'data-claim="\d+"', page) == [f'data-claim="{a.pk}"' for a in reading.annotations.order_by("pk")]
    words = text_of(page)
    for said in (
        "Speaker Adaeze Obi",
        "Quotation Direct",
        "Purpose Deterrent",
        "Issuer The Minister",
        "Source Minister Adaeze Obi",
        "lacks who would be hit",
    ):
        assert said in words
    assert page.count("<mark ") > 3


def test_words_of_people_are_escaped(client, editor) -> None:
    reading = a_reading()
    a_mention(reading, actor=an_actor("<script>alert(1)</script>").pk, note="<b>bold</b>")
    submit_reading(reading=reading, by=reading.reader)
    page = html(client.get(f"/review/readings/{reading.pk}/"))
    assert ("<script>alert" in page, "<b>bold" in page, "&lt;b&gt;bold" in page) == (False, False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_a_reading_takes_as_many_queries_however_many_records(client, editor, count, django_assert_num_queries) -> None:
    reading = a_reading()
    for number in range(count):
        statement = a_statement(reading, speaker=an_actor(f"Speaker {number}").pk, addressees=[an_actor().pk])
        a_threat(reading, statement, harm_targets=[an_actor().pk])
        a_mention(reading, actor=an_actor().pk)
    submit_reading(reading=reading, by=reading.reader)
    client.get(f"/review/readings/{reading.pk}/")
    with django_assert_num_queries(27):
        client.get(f"/review/readings/{reading.pk}/")


def test_the_curated_page_tells_who_marked_who_accepted_and_who_corrected(client, editor) -> None:
    reading = submitted()
    curated = accept_reading(reading=reading, by=editor)
    change_annotation(annotation=curated.annotations.get(kind="statement"), claim={"note": "Seen."}, by=editor)
    words = text_of(html(client.get(f"/review/readings/{curated.pk}/")))
    assert words.count("From Ana") == 2
    assert words.count("corrected by Eva") == 1
    assert "Submitted Ana’s reading by Ana" in words
    assert "Accepted Ana’s reading by Eva" in words


def test_the_queue_is_walked_from_one_reading_to_the_next(client, editor) -> None:
    first, second, third = submitted(), submitted(), submitted()
    page = html(client.get(f"/review/readings/{second.pk}/"))
    assert re.findall(r'rel="(prev|next)"\s+href="([^"]*)"', page) == [
        ("prev", f"/review/readings/{first.pk}/"),
        ("next", f"/review/readings/{third.pk}/"),
    ]
    accept_reading(reading=second, by=editor)
    page = html(client.get(f"/review/readings/{second.pk}/"))
    assert re.findall(r'rel="(prev|next)"\s+href="([^"]*)"', page) == [("next", f"/review/readings/{first.pk}/")]


# --- deciding -------------------------------------------------------------------------------------------


def test_accepting_leads_to_correcting_and_publishing(client, editor) -> None:
    reading = submitted()
    url = f"/review/readings/{reading.pk}/"
    assert forms(client.get(url)) == [f"{url}accept/", f"{url}return/"]
    response = client.post(f"{url}accept/", follow=True)
    curated = Reading.objects.curated().get()
    assert response.redirect_chain == [(url, 302)]
    assert f'href="/readings/{curated.pk}/">Correct and publish' in html(response)
    assert forms(response) == [f"{url}return/"]


def test_accepting_twice_is_refused_kindly(client, editor) -> None:
    url = f"/review/readings/{submitted().pk}/accept/"
    assert client.post(url).status_code == 302
    again = client.post(url)
    assert (again.status_code, "A reading that is accepted cannot become accepted." in html(again)) == (422, True)
    assert Reading.objects.curated().count() == 1


def test_returning_needs_a_comment_and_shows_it(client, editor) -> None:
    reading = submitted()
    url = f"/review/readings/{reading.pk}/"
    empty = client.post(f"{url}return/", {"comment": " "})
    assert (empty.status_code, "Say what is to be changed" in html(empty)) == (422, True)
    assert re.search(r'<details class="verdict-more" open>', html(empty)) is not None
    response = client.post(f"{url}return/", {"comment": "The <cue>."}, follow=True)
    assert (response.status_code, "The &lt;cue&gt;." in html(response)) == (200, True)
    reading.refresh_from_db()
    assert reading.state == "returned"


def test_one_s_own_reading_is_seen_but_not_accepted(client, editor) -> None:
    reading = submitted(editor)
    url = f"/review/readings/{reading.pk}/"
    page = client.get(url)
    assert ("another editor decides" in html(page), f"{url}accept/" in forms(page)) == (True, False)
    assert client.post(f"{url}accept/").status_code == 403
    reading.refresh_from_db()
    assert reading.state == "submitted"


def test_publishing_and_withdrawing_from_the_page(client, editor) -> None:
    curated = accept_reading(reading=submitted(), by=editor)
    page, revision = f"/review/readings/{curated.pk}/", curated.revision_id
    assert forms(client.get(page)) == [f"/revisions/{revision}/publish/"]
    response = client.post(f"/revisions/{revision}/publish/", follow=True)
    assert (response.redirect_chain, forms(response)) == ([(page, 302)], [f"/revisions/{revision}/withdraw/"])
    twice = client.post(f"/revisions/{revision}/publish/")
    assert (twice.status_code, "This is published already." in html(twice)) == (422, True)
    response = client.post(f"/revisions/{revision}/withdraw/", {"reason": "The speaker is wrong."}, follow=True)
    assert ("The speaker is wrong." in html(response), forms(response)) == (True, [f"/revisions/{revision}/publish/"])
    twice = client.post(f"/revisions/{revision}/withdraw/", {"reason": "Once more."})
    assert (twice.status_code, "This is not published." in html(twice)) == (422, True)


def test_publishing_what_nobody_accepted_is_refused_in_words(client, editor) -> None:
    response = client.post(f"/revisions/{a_revision().pk}/publish/")
    assert (response.status_code, "Nothing was accepted for this text yet." in html(response)) == (422, True)


def test_an_emptied_curated_reading_is_not_published(client, editor) -> None:
    reading = a_reading()
    a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    curated = accept_reading(reading=reading, by=editor)
    delete_annotation(annotation=curated.annotations.get(), by=editor)
    response = client.post(f"/revisions/{curated.revision_id}/publish/")
    assert (response.status_code, "nothing to publish" in html(response)) == (422, True)
    declare_nothing_found(reading=curated, nothing_found=True, by=editor)
    assert "holds nothing to mark" in html(client.get(f"/review/readings/{curated.pk}/"))


def test_while_the_curated_reading_is_published_another_is_not_accepted(client, editor) -> None:
    first = submitted()
    accept_reading(reading=first, by=editor)
    publish_reading(revision=first.revision, by=editor)
    second = a_reading(a_user(), first.revision)
    a_mention(second)
    submit_reading(reading=second, by=second.reader)
    url = f"/review/readings/{second.pk}/"
    assert "The curated reading is published." in html(client.get(url))
    response = client.post(f"{url}accept/")
    assert (response.status_code, "withdraw it first" in html(response)) == (422, True)


def test_returning_what_was_accepted_says_what_became_of_its_records(client, editor) -> None:
    reading = submitted()
    curated = accept_reading(reading=reading, by=editor)
    url = f"/review/readings/{reading.pk}/"
    assert "Its records leave the curated reading" in text_of(html(client.get(url)))
    change_annotation(annotation=curated.annotations.get(kind="statement"), claim={"mode": "mixed"}, by=editor)
    page = text_of(html(client.post(f"{url}return/", {"comment": "Once more."}, follow=True)))
    assert "Returned to Ana. 1 record left the curated reading. 1 stays there: changed by an editor" in page
    submit_reading(reading=reading, by=reading.reader)
    page = text_of(html(client.post(f"{url}accept/", follow=True)))
    assert "1 record stays as it was corrected in the curated reading before; compare it with this reading." in page


def test_while_the_curated_reading_is_published_an_accepted_one_is_not_returned(client, editor) -> None:
    reading = submitted()
    accept_reading(reading=reading, by=editor)
    publish_reading(revision=reading.revision, by=editor)
    url = f"/review/readings/{reading.pk}/"
    assert forms(client.get(url)) == []
    response = client.post(f"{url}return/", {"comment": "Once more."})
    assert (response.status_code, "withdraw it first" in html(response)) == (422, True)


# --- who may ----------------------------------------------------------------------------------------------

POSTS = ("/review/readings/{reading}/accept/", "/review/readings/{reading}/return/")
PUBLISHING = ("/revisions/{revision}/publish/", "/revisions/{revision}/withdraw/")


@pytest.mark.parametrize("path", ["/review/", "/review/readings/{reading}/", *POSTS, *PUBLISHING])
def test_strangers_sign_in_first(client, path) -> None:
    reading = submitted()
    url = path.format(reading=reading.pk, revision=reading.revision_id)
    method = client.post if path in (*POSTS, *PUBLISHING) else client.get
    assert method(url).url.startswith("/account/sign-in/")


@pytest.mark.parametrize(
    ("role", "own", "others", "publishing"), [(Role.READER, 403, 403, 403), (Role.ANALYST, 403, 404, 403)]
)
def test_who_is_no_editor_decides_nothing(client, role, own, others, publishing) -> None:
    user = a_user(role)
    client.force_login(user)
    mine = submitted(user) if role == Role.ANALYST else submitted()
    theirs = submitted()
    assert client.get("/review/").status_code == 403
    assert client.get(f"/review/readings/{mine.pk}/").status_code == own
    assert client.get(f"/review/readings/{theirs.pk}/").status_code == others
    for path in POSTS:
        assert client.post(path.format(reading=mine.pk), {"comment": "x"}).status_code == own
        assert client.post(path.format(reading=theirs.pk), {"comment": "x"}).status_code == others
    for path in PUBLISHING:
        assert client.post(path.format(revision=theirs.revision_id)).status_code == publishing


def test_an_open_reading_of_an_analyst_is_nobody_else_s_to_see(client, editor) -> None:
    reading = a_reading()
    assert client.get(f"/review/readings/{reading.pk}/").status_code == 404
    assert client.post(f"/review/readings/{reading.pk}/accept/").status_code == 404
    assert client.get("/review/readings/999999/").status_code == 404
    assert client.post("/revisions/999999/publish/").status_code == 404


@pytest.mark.parametrize("path", [*POSTS, *PUBLISHING])
def test_decisions_are_sent_not_visited(client, editor, path) -> None:
    reading = submitted()
    assert client.get(path.format(reading=reading.pk, revision=reading.revision_id)).status_code == 405
    assert (client.post("/review/").status_code, client.delete(f"/review/readings/{reading.pk}/").status_code) == (
        405,
        405,
    )
