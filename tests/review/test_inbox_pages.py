"""The inbox: what it lists, where its lines lead, what counts as read."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsannot.accounts.models import Role
from newsannot.review.actions import return_reading
from newsannot.review.discussing import write_comment
from newsannot.review.models import Notice
from newsannot.review.queries.inbox import waiting_for
from tests.factories import a_user
from tests.review.disputing import Disputed, disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client: Client) -> Disputed:
    found = disputed()
    client.force_login(found.ana)
    return found


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_inbox_lists_rulings_by_reading_comments_and_returns(client: Client, case: Disputed) -> None:
    case.rule()
    write_comment(about=case.record, body="Look again.", by=case.eva)
    return_reading(reading=case.anas, comment="Once more.", by=case.eva)
    words = text_of(client.get("/review/inbox/"))
    assert "3 unread" in words
    assert "1 ruling on your reading of Minister warns neighbour" in words
    assert "1 otherwise than you said" in words
    assert "Eva commented on a record of Minister warns neighbour" in words
    assert "Look again." in words
    assert "Eva returned your reading of Minister warns neighbour" in words
    assert "Once more." in words


def test_an_empty_inbox_says_what_will_be_there(client: Client, case: Disputed) -> None:
    assert "Nothing for you yet" in text_of(client.get("/review/inbox/"))


def test_opening_a_line_reads_it_and_leads_to_what_it_is_about(client: Client, case: Disputed) -> None:
    ruling = case.rule()
    of_record = write_comment(about=case.record, body="Look again.", by=case.eva)
    of_ruling = write_comment(about=ruling, body=f"@{case.ana.username}?", by=case.eva)
    return_reading(reading=case.anas, comment="Once more.", by=case.eva)
    places = {}
    for notice in Notice.objects.filter(person=case.ana):
        answer = client.post(reverse("review:open", args=[notice.pk]))
        assert answer.status_code == 303
        places[notice.comment_id or notice.sort] = answer["Location"]
    workbench = reverse("workbench:reading", args=[case.anas.pk])
    assert places == {
        "ruling": f"/review/rulings/?reading={case.anas.pk}",
        of_record.pk: f"{workbench}?annotation={case.record.pk}#comment-{of_record.pk}",
        of_ruling.pk: f"{reverse('review:ruling', args=[ruling.pk])}#comment-{of_ruling.pk}",
        "returned": workbench,
    }
    assert waiting_for(case.ana).unread == 0
    assert all(client.get(place.split("#")[0]).status_code == 200 for place in places.values())


def test_nobody_opens_what_somebody_else_was_told(client: Client, case: Disputed) -> None:
    case.rule()
    notice = Notice.objects.get(person=case.ben)
    assert client.post(reverse("review:open", args=[notice.pk])).status_code == 404
    assert waiting_for(case.ben).unread == 1


def test_everything_is_marked_read_at_once(client: Client, case: Disputed) -> None:
    case.rule()
    answer = client.post("/review/inbox/read/", follow=True)
    assert "1 marked read." in text_of(answer)
    assert (waiting_for(case.ana).unread, waiting_for(case.ben).unread) == (0, 1)


@pytest.mark.parametrize("address", ["/review/inbox/", "/review/inbox/read/", "/review/inbox/digest/"])
def test_the_inbox_is_for_analysts_and_takes_its_methods(client: Client, case: Disputed, address: str) -> None:
    method = client.get if address == "/review/inbox/" else client.post
    wrong = client.post if address == "/review/inbox/" else client.get
    assert (method(address).status_code in {200, 302}, wrong(address).status_code) == (True, 405)
    client.force_login(a_user(Role.READER))
    assert method(address).status_code == 403
    client.logout()
    assert "sign-in" in method(address)["Location"]


def test_the_digest_is_turned_off_and_on(client: Client, case: Disputed) -> None:
    client.post("/review/inbox/digest/", {})
    case.ana.refresh_from_db()
    assert case.ana.wants_digest is False
    client.post("/review/inbox/digest/", {"wanted": "1"})
    case.ana.refresh_from_db()
    assert case.ana.wants_digest is True


def test_the_top_bar_counts_what_is_unread_and_leads_to_rulings_once_there_are_any(
    client: Client, case: Disputed
) -> None:
    bar = client.get("/articles/").content.decode().split("<main")[0]
    assert ("Inbox" in bar, "unread" in bar, "/review/rulings/" in bar) == (True, False, False)
    case.rule()
    bar = client.get("/articles/").content.decode().split("<main")[0]
    assert ('is-due">1<span' in bar, "/review/rulings/" in bar) == (True, True)


def test_parts_do_not_ask_what_is_unread(client: Client, case: Disputed) -> None:
    with CaptureQueriesContext(connection) as part:
        client.get(f"/readings/{case.anas.pk}/", headers={"HX-Request": "true"})
    assert [one for one in part.captured_queries if "review_notice" in one["sql"]] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_costs_as_many_queries_for_one_as_for_three(
    client: Client, case: Disputed, count: int, django_assert_num_queries
) -> None:
    for at in range(count):
        one = case if at == 0 else disputed(ana=case.ana, eva=case.eva)
        ruling = one.rule()
        write_comment(about=one.record, body="Look.", by=case.eva)
        write_comment(about=ruling, body=f"@{case.ana.username}?", by=case.eva)
        return_reading(reading=one.anas, comment="Once more.", by=case.eva)
    with django_assert_num_queries(7):
        client.get("/review/inbox/")
