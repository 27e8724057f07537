"""Many readings accepted or returned at once: shown first, done as shown, undone whole or not at all."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import change_annotation, submit_reading
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.dataset.actions import publish_reading
from newsannot.review.measuring import renew_divergences
from newsannot.review.models import BulkDeed, Notice
from newsannot.review.queries.people import people_figures
from tests.factories import a_revision, a_user
from tests.review.assigning import handed_in
from tests.review.test_agreement_pages import read_by
from tests.review.test_pages import html, text_of, titles

pytestmark = pytest.mark.django_db

BULK = "/review/bulk/"


@pytest.fixture
def editor(client: Client) -> User:
    by = a_user(Role.EDITOR, first_name="Eva")
    client.force_login(by)
    return by


def states() -> dict[str, int]:
    found = [reading.state for reading in Reading.objects.filter(reader__isnull=False)]
    return {state: found.count(state) for state in set(found)}


def chosen(sort: str, *readings: Reading, **more: str) -> dict[str, object]:
    return {"sort": sort, "reading": [reading.pk for reading in readings], **more}


def seal_of(response) -> str:
    return re.search(r'name="seal" value="(\w+)"', html(response))[1]


def done(client: Client, sort: str, *readings: Reading, **more: str) -> BulkDeed:
    """The deed that comes of choosing, looking and saying yes."""
    form = chosen(sort, *readings, **more)
    response = client.post(BULK, form | {"do": "1", "seal": seal_of(client.post(BULK, form))})
    assert response.status_code == 302, text_of(html(response))
    return BulkDeed.objects.latest("pk")


def test_it_shows_first_what_it_would_do_and_why_not(client, editor) -> None:
    alone = handed_in(a_user(), a_revision(title="Alone"))
    own = handed_in(editor, a_revision(title="Own"))
    ana, ben, apart = a_user(), a_user(), a_revision(title="Apart")
    disputed = read_by(ana, apart, "name")
    read_by(ben, apart, "title")
    new = a_revision(title="New")
    renew_divergences(seconds=9)
    uncounted = read_by(ana, new)
    read_by(ben, new)
    page = client.post(BULK, chosen("accept", alone, own, disputed, uncounted))
    words = text_of(html(page))
    assert (titles(page), states()) == (["Alone", "Own", "Apart", "New"], {"submitted": 6})
    assert "Accept 1 reading?" in words
    assert "1 thing is in dispute: compare the readings first." in words
    assert "not compared yet" in words
    assert "This is your own reading" in words


def test_readings_that_agree_are_accepted_together_and_put_back_whole(client, editor) -> None:
    both = a_revision()
    readings = [read_by(a_user(), both), read_by(a_user(), both), handed_in(a_user(), a_revision())]
    renew_divergences(seconds=9)
    when = {reading.pk: reading.submitted_at for reading in readings}
    deed = done(client, "accept", *readings)
    curated = Annotation.objects.standing().filter(reading__reader=None)
    assert (states(), curated.count(), deed.by) == ({"accepted": 3}, 2, editor)
    assert "3 readings accepted" in text_of(html(client.get(f"{BULK}{deed.pk}/")))
    answer = client.post(f"{BULK}{deed.pk}/undo/", follow=True)
    assert "Undone: all of them are as they were." in html(answer)
    assert (states(), curated.count()) == ({"submitted": 3}, 0)
    assert dict(Reading.objects.filter(pk__in=when).values_list("pk", "submitted_at")) == when
    assert (Notice.objects.count(), [one.returned for one in people_figures().figures]) == (0, [0, 0, 0])
    again = done(client, "accept", *readings)
    assert (states(), len(again.readings)) == ({"accepted": 3}, 3)


def test_readings_are_returned_together_with_a_comment_and_put_back_whole(client, editor) -> None:
    readings = [handed_in(a_user(), a_revision()) for _ in range(2)]
    form = chosen("return", *readings)
    seal = seal_of(client.post(BULK, form))
    refused = client.post(BULK, form | {"do": "1", "seal": seal, "comment": " "})
    assert (refused.status_code, states()) == (422, {"submitted": 2})
    deed = done(client, "return", *readings, comment="Mind the cues.")
    assert (states(), deed.comment, Notice.objects.count()) == ({"returned": 2}, "Mind the cues.", 2)
    client.post(f"{BULK}{deed.pk}/undo/")
    assert (states(), Notice.objects.count()) == ({"submitted": 2}, 0)


def test_it_does_what_was_shown_or_nothing(client, editor) -> None:
    first, second = (handed_in(a_user(), a_revision()) for _ in range(2))
    form = chosen("accept", first, second)
    seal = seal_of(client.post(BULK, form))
    done(client, "return", second, comment="Look again.")
    late = client.post(BULK, form | {"do": "1", "seal": seal})
    assert (late.status_code, states()) == (422, {"submitted": 1, "returned": 1})
    assert "Something of this has changed since" in html(late)
    nothing = client.post(BULK, chosen("accept", second))
    assert "Nothing to accept" in text_of(html(nothing))
    forced = client.post(BULK, chosen("accept", second, do="1", seal=seal_of(nothing)))
    assert (forced.status_code, "There is nothing to do." in html(forced)) == (422, True)


def test_what_was_worked_on_since_is_not_undone_and_nor_is_the_rest(client, editor) -> None:
    readings = [handed_in(a_user(), a_revision()) for _ in range(2)]
    deed = done(client, "return", *readings, comment="Look again.")
    submit_reading(reading=readings[0], by=readings[0].reader)
    answer = client.post(f"{BULK}{deed.pk}/undo/")
    assert (answer.status_code, "1 of 2 readings changed since" in html(answer)) == (422, True)
    assert (states(), BulkDeed.objects.get().undone_at) == ({"submitted": 1, "returned": 1}, None)


def test_what_was_corrected_or_published_since_is_not_undone(client, editor) -> None:
    readings = [handed_in(a_user(), a_revision()) for _ in range(2)]
    deed = done(client, "accept", *readings)
    copy = Annotation.objects.filter(reading__reader=None).earliest("pk")
    change_annotation(annotation=copy, claim={"form": "title"}, by=editor)
    corrected = client.post(f"{BULK}{deed.pk}/undo/")
    assert (corrected.status_code, "was corrected in the curated reading" in html(corrected)) == (422, True)
    assert (states(), Annotation.objects.standing().filter(reading__reader=None).count()) == ({"accepted": 2}, 2)
    publish_reading(revision=readings[1].revision, by=editor)
    assert client.post(f"{BULK}{deed.pk}/undo/").status_code == 422
    assert Reading.objects.get(pk=readings[0].pk).state == ReadingState.ACCEPTED


def test_it_is_undone_once(client, editor) -> None:
    deed = done(client, "accept", handed_in(a_user(), a_revision()))
    client.post(f"{BULK}{deed.pk}/undo/")
    again = client.post(f"{BULK}{deed.pk}/undo/")
    assert (again.status_code, "This is undone already." in html(again)) == (422, True)
    assert "Undone" in text_of(html(client.get(BULK)))


def test_the_queue_lets_one_choose(client, editor) -> None:
    reading = handed_in(a_user(), a_revision())
    boxes = re.compile(r'<input type="checkbox"[^>]*value="(\d+)"([^>]*)>')
    assert boxes.findall(html(client.get("/review/"))) == [(str(reading.pk), " ")]
    assert "checked" in boxes.findall(html(client.get("/review/", {"choose": "all"})))[0][1]
    assert boxes.findall(html(client.get("/review/", {"state": "accepted"}))) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"sort": "delete", "reading": "1"}, 404),
        ({}, 404),
        ({"sort": "accept"}, 302),
        ({"sort": "accept", "reading": ["x", "9" * 30, "-1"]}, 302),
        ({"sort": "accept", "reading": str(2**40)}, 200),
    ],
)
def test_what_cannot_be_read_is_passed_over(client, editor, form, status) -> None:
    assert client.post(BULK, form).status_code == status


def test_curated_and_open_readings_of_others_are_not_chosen(client, editor) -> None:
    reading = handed_in(a_user(), a_revision())
    done(client, "accept", reading)
    curated = Reading.objects.get(reader=None)
    assert titles(client.post(BULK, chosen("accept", curated))) == []


def test_only_editors_do_things_in_bulk(client) -> None:
    reading = handed_in(a_user(), a_revision())
    deed = BulkDeed.objects.create(sort="accept", readings=[], by=a_user(Role.EDITOR))
    paths = (BULK, f"{BULK}{deed.pk}/", f"{BULK}{deed.pk}/undo/")
    assert [client.post(path).status_code for path in paths] == [302, 405, 302]
    for role in (Role.READER, Role.ANALYST):
        client.force_login(a_user(role))
        assert client.post(BULK, chosen("accept", reading)).status_code == 403
        assert [client.get(path).status_code for path in paths] == [403, 403, 405]
        assert client.post(paths[2]).status_code == 403
    client.force_login(a_user(Role.EDITOR))
    assert [client.get(path).status_code for path in paths] == [200, 200, 405]
    assert client.get(f"{BULK}{2**40}/").status_code == 404


def test_looking_takes_as_many_queries_for_many_as_for_one(client, editor) -> None:
    counts, readings = [], []
    for more in (1, 3):
        readings += [handed_in(a_user(), a_revision()) for _ in range(more)]
        with CaptureQueriesContext(connection) as asked:
            client.post(BULK, chosen("accept", *readings))
        counts.append(len(asked))
    assert counts[0] == counts[1]
