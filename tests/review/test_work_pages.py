"""One's own work: the next one, what is due, what was taken back; in the inbox and above the text."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import open_reading
from newsannot.annotations.models import Reading
from newsannot.review.assigning import release, return_abandoned, take_next
from newsannot.review.models import Assignment
from newsannot.suggestions.actions import draft_suggestions
from newsannot.suggestions.queries import shows_suggestions
from tests.factories import a_codebook, a_mention, a_reading, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment, handed_in
from tests.review.test_pages import html, text_of, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> User:
    user = a_user(first_name="Ana")
    a_codebook()
    client.force_login(user)
    return user


def test_the_next_one_is_taken_and_opened(client, ana) -> None:
    slot = an_assignment()
    response = client.post("/work/next/")
    slot.refresh_from_db()
    reading = Reading.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/readings/{reading.pk}/")
    assert (slot.analyst, slot.reading, reading.revision_id) == (ana, reading, slot.revision_id)


def test_the_text_that_was_assigned_is_opened_though_there_is_a_newer_one(client, ana) -> None:
    slot = an_assignment()
    type(slot.revision).objects.create(
        article=slot.revision.article, number=2, text="Newer.", length=6, block_starts=[0], sha256="x",
        retrieved_at=timezone.now(),
    )  # fmt: skip
    client.post("/work/next/")
    assert Reading.objects.get().revision_id == slot.revision_id


def test_an_empty_pool_says_so(client, ana) -> None:
    response = client.post("/work/next/")
    assert response.status_code == 422
    assert "Nothing is left in the pool for you." in html(response)


def test_work_is_listed_by_when_it_is_due(client, ana) -> None:
    now = timezone.now()
    batch = a_batch(name="August")
    for title, due in (("Whenever", None), ("Late", now - timedelta(days=2)), ("Soon", now + timedelta(days=1))):
        an_assignment(ana, batch=batch, revision=a_revision(title=title), due_at=due)
    handed_in(ana, an_assignment(ana, revision=a_revision(title="Done")).revision)
    an_assignment(a_user(), revision=a_revision(title="Another’s"))
    response = client.get("/work/")
    assert titles(response) == ["Late", "Soon", "Whenever"]
    assert re.findall(r"\d+ days late|due tomorrow|Not begun", text_of(html(response))) == [
        "2 days late",
        "Not begun",
        "due tomorrow",
        "Not begun",
        "Not begun",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_work_takes_as_many_queries_however_much_there_is(client, ana, count, django_assert_num_queries) -> None:
    for _ in range(count):
        an_assignment(ana)
        release(assignment=an_assignment(ana), by=a_user(Role.EDITOR))
    client.get("/work/")
    with django_assert_num_queries(6):
        client.get("/work/")


def test_what_lapsed_is_told_and_taken_again(client, ana) -> None:
    slot = an_assignment(batch=a_batch(lease_hours=5))
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    a_mention(reading)
    return_abandoned(at=timezone.now() + timedelta(hours=6), by=None)
    assert "nobody worked on it for 5 hours" in text_of(html(client.get("/work/")))
    above = text_of(html(client.get(f"/readings/{reading.pk}/")))
    assert "This work was taken back Nobody had worked on it for 5 hours" in above
    response = client.post(f"/work/{slot.pk}/again/")
    assert response["Location"] == f"/readings/{reading.pk}/"
    assert Assignment.objects.get().analyst == ana
    assert "taken back" not in text_of(html(client.get(f"/readings/{reading.pk}/")))


def test_what_was_given_to_somebody_else_is_told(client, ana) -> None:
    slot = an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    release(assignment=slot, by=a_user(Role.EDITOR))
    take_next(by=a_user())
    assert "an editor took it back" in text_of(html(client.get("/work/")))
    assert "Somebody else reads it now. What you marked is kept." in text_of(html(client.get("/work/")))
    assert "and somebody else does it now An editor returned it" in text_of(
        html(client.get(f"/readings/{reading.pk}/"))
    )
    response = client.post(f"/work/{slot.pk}/again/")
    assert (response.status_code, "It is not free any more" in html(response)) == (422, True)


def test_the_batch_s_note_stands_above_the_text(client, ana) -> None:
    slot = an_assignment(ana, batch=a_batch(name="August", note="Mind the cues."))
    reading = open_reading(revision=slot.revision, by=ana)
    assert "August Mind the cues." in text_of(html(client.get(f"/readings/{reading.pk}/")))
    other = a_reading(ana)
    assert "Mind the cues." not in html(client.get(f"/readings/{other.pk}/"))


# --- the inbox ---------------------------------------------------------------------------------------


def test_the_inbox_marks_what_is_assigned_and_shows_only_that_on_wish(client, ana) -> None:
    an_assignment(ana, revision=a_revision(title="Mine"), due_at=timezone.now() + timedelta(days=1))
    an_assignment(ana, revision=a_revision(title="Whenever"))
    an_assignment(a_user(), revision=a_revision(title="Another’s"))
    handed_in(ana, an_assignment(ana, revision=a_revision(title="Done")).revision)
    response = client.get("/articles/")
    assert titles(response) == ["Done", "Another’s", "Whenever", "Mine"]
    assert re.findall(r"due tomorrow|assigned to you", text_of(html(response))) == ["assigned to you", "due tomorrow"]
    assert titles(client.get("/articles/?state=assigned")) == ["Whenever", "Mine"]


def test_the_inbox_of_an_analyst_gives_the_next_one_and_an_editor_s_does_not(client, ana) -> None:
    assert 'action="/work/next/"' in html(client.get("/articles/"))
    client.force_login(a_user(Role.EDITOR))
    assert 'action="/work/next/"' not in html(client.get("/articles/"))


# --- coding blind ------------------------------------------------------------------------------------


def test_a_batch_hides_suggestions_also_after_its_work_lapsed(client, ana) -> None:
    slot = an_assignment(batch=a_batch(hides_suggestions=True))
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    draft_suggestions(revision_ids=[slot.revision_id], by=None)
    other = a_reading(a_user(), slot.revision)
    place = f"/readings/{reading.pk}/suggestions/"
    assert "Hidden: everybody reads this text without them." in html(client.get(place))
    assert client.post(f"{place}shown/", {"shown": "1"}).status_code == 422
    release(assignment=slot, by=a_user(Role.EDITOR))
    assert [shows_suggestions(one.pk) for one in (reading, other)] == [False, True]


# --- who may -----------------------------------------------------------------------------------------


def test_who_may_see_and_take_work(client) -> None:
    a_codebook()
    slot = an_assignment()
    found = {}
    for role in (None, Role.READER, Role.ANALYST, Role.EDITOR):
        client.logout()
        if role:
            client.force_login(a_user(role))
        again = client.post(f"/work/{slot.pk}/again/").status_code
        found[role] = [client.get("/work/").status_code, client.post("/work/next/").status_code, again]
    assert found == {
        None: [302] * 3,
        Role.READER: [403] * 3,
        Role.ANALYST: [200, 302, 404],
        Role.EDITOR: [200, 422, 404],
    }


def test_work_is_taken_by_post_alone(client, ana) -> None:
    found = [client.post("/work/").status_code, client.get("/work/next/").status_code]
    assert [*found, client.get("/work/1/again/").status_code] == [405] * 3
