"""Many assignments of a batch changed at once: shown first, done as shown, undone whole or not at all."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import open_reading
from newsannot.review.models import Assignment, Batch, BulkDeed, Lapse
from tests.factories import a_codebook, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment, handed_in
from tests.review.test_pages import html, text_of

pytestmark = pytest.mark.django_db

DUE = datetime(2041, 5, 6, 7, 8, tzinfo=UTC)


@pytest.fixture
def editor(client: Client) -> User:
    by = a_user(Role.EDITOR, first_name="Eva")
    a_codebook()
    client.force_login(by)
    return by


def path(batch: Batch) -> str:
    return f"/review/batches/{batch.pk}/change/"


def ticked(sort: str, *slots: Assignment, **more: str) -> dict[str, object]:
    return {"sort": sort, "slot": [slot.pk for slot in slots], **more}


def seal_of(response) -> str:
    return re.search(r'name="seal" value="(\w+)"', html(response))[1]


def done(client: Client, batch: Batch, form: dict[str, object]) -> BulkDeed:
    """The deed that comes of looking and saying yes."""
    shown = client.post(path(batch), form | {"look": "1"})
    response = client.post(path(batch), form | {"do": "1", "seal": seal_of(shown)})
    assert response.status_code == 302, text_of(html(response))
    return BulkDeed.objects.latest("pk")


def undone(client: Client, deed: BulkDeed):
    return client.post(f"/review/bulk/{deed.pk}/undo/", follow=True)


def holders() -> list[int | None]:
    return list(Assignment.objects.order_by("pk").values_list("analyst", flat=True))


def dues() -> list[datetime | None]:
    return list(Assignment.objects.order_by("pk").values_list("due_at", flat=True))


def test_due_dates_are_looked_at_then_set_and_put_back_whole(client, editor) -> None:
    batch, ana, text = a_batch(), a_user(first_name="Ana"), a_revision(title="Ready")
    soon = timezone.now() + timedelta(days=1)
    handed_in(ana, text)
    ready = an_assignment(ana, batch=batch, revision=text)
    first, second = an_assignment(a_user(), batch=batch, due_at=soon), an_assignment(batch=batch)
    asked = client.post(path(batch), ticked("due", ready, first, second))
    assert (asked.status_code, "Set the due date of 3 assignments" in text_of(html(asked))) == (200, True)
    form = ticked("due", ready, first, second, due_at="2041-05-06T07:08")
    shown = client.post(path(batch), form | {"look": "1"})
    words = text_of(html(shown))
    assert "Set the due date of 2 assignments?" in words
    assert "It is handed in." in words
    assert dues() == [None, soon, None]
    deed = done(client, batch, form)
    assert (dues(), str(deed)) == ([None, DUE, DUE], "2 assignments due 6 May 2041, 07:08 UTC")
    assert "Undone: all of them are as they were." in html(undone(client, deed))
    assert dues() == [None, soon, None]


def test_no_date_takes_the_due_dates_away(client, editor) -> None:
    batch = a_batch()
    an_assignment(batch=batch, due_at=DUE)
    deed = done(client, batch, {"sort": "due", "which": "unfinished", "due_at": ""})
    assert (dues(), str(deed)) == ([None], "1 assignment without a due date")


def test_work_is_handed_to_another_who_may_have_it_and_back(client, editor) -> None:
    batch, ana, ben = a_batch(analysts_per_article=2), a_user(first_name="Ana"), a_user(first_name="Ben")
    text, other = a_revision(title="One"), a_revision(title="Two")
    begun = an_assignment(ana, batch=batch, revision=text, leased_until=timezone.now())
    open_reading(revision=text, by=ana)
    twin = an_assignment(batch=batch, revision=text, slot=2)
    free = an_assignment(batch=batch, revision=other)
    form = ticked("give", begun, twin, free, analyst=str(ben.pk))
    words = text_of(html(client.post(path(batch), form | {"look": "1"})))
    assert "Hand over 2 assignments?" in words
    assert "Ana, open" in words
    assert "Ben reads this text already, or has handed it in." in words
    leased = Assignment.objects.get(pk=begun.pk).leased_until
    deed = done(client, batch, form)
    assert (holders(), str(deed)) == ([ben.pk, None, ben.pk], "2 assignments handed to Ben")
    assert [(one.analyst, one.by) for one in Lapse.objects.all()] == [(ana, editor)]
    undone(client, deed)
    assert (holders(), Lapse.objects.count()) == ([ana.pk, None, None], 0)
    assert Assignment.objects.get(pk=begun.pk).leased_until == leased


def test_work_handed_to_several_is_shared_evenly_and_put_back_whole(client, editor) -> None:
    batch, ana, ben, cleo = a_batch(), *(a_user(first_name=name) for name in ("Ana", "Ben", "Cleo"))
    held = [an_assignment(ben, batch=batch) for _ in range(2)]
    free = [an_assignment(batch=batch) for _ in range(5)]
    handed_in(cleo, free[0].revision)
    form = ticked("give", *held, *free, analyst=[str(one.pk) for one in (ana, ben, cleo)])
    words = text_of(html(client.post(path(batch), form | {"look": "1"})))
    assert "Hand over 5 assignments?" in words
    assert words.count("They have it already.") == 2
    deed = done(client, batch, form)
    given = holders()
    assert {one: given.count(one.pk) for one in (ana, ben, cleo)} == {ana: 3, ben: 2, cleo: 2}
    assert Assignment.objects.get(pk=free[0].pk).analyst == ana
    assert str(deed) == "5 assignments handed to Ana, Ben and Cleo"
    undone(client, deed)
    assert holders() == [ben.pk] * 2 + [None] * 5


def test_two_assignments_of_one_text_go_to_two_people_and_a_third_to_nobody(client, editor) -> None:
    batch, text, ana, ben = a_batch(analysts_per_article=3), a_revision(), a_user(), a_user()
    slots = [an_assignment(batch=batch, revision=text, slot=slot) for slot in (1, 2, 3)]
    form = ticked("give", *slots, analyst=[str(ana.pk), str(ben.pk)])
    words = text_of(html(client.post(path(batch), form | {"look": "1"})))
    assert "None of those chosen may have it" in words
    done(client, batch, form)
    assert holders() == [ana.pk, ben.pk, None]


def test_work_is_taken_back_into_the_pool_and_put_back(client, editor) -> None:
    batch, ana, ben = a_batch(), a_user(), a_user()
    an_assignment(ana, batch=batch)
    an_assignment(ben, batch=batch)
    an_assignment(batch=batch)
    deed = done(client, batch, {"sort": "release", "which": f"of-{ana.pk}"})
    assert (holders(), str(deed)) == ([None, ben.pk, None], "1 assignment taken back")
    all_of_it = done(client, batch, {"sort": "release", "which": "unfinished"})
    assert holders() == [None, None, None]
    undone(client, all_of_it)
    undone(client, deed)
    assert holders() == [ana.pk, ben.pk, None]


def test_a_full_share_a_missed_training_and_a_closed_batch_are_said(client, editor) -> None:
    ben, training = a_user(first_name="Ben"), a_batch(name="Basics", is_training=True, pass_mark=50)
    half, trained, closed = a_batch(maximum_share=50), a_batch(requires=training), a_batch(closed_at=timezone.now())
    for batch in (half, trained, closed):
        an_assignment(batch=batch)
        an_assignment(batch=batch)
    form = {"sort": "give", "which": "pool", "analyst": str(ben.pk), "look": "1"}
    words = [text_of(html(client.post(path(batch), form))) for batch in (half, trained, closed)]
    assert "Hand over 1 assignment?" in words[0]
    assert "Ben has 50 percent of this batch then, the most for one person." in words[0]
    assert "Ben has not passed “Basics” yet." in words[1]
    assert "The batch is closed." in words[2]
    assert ["Nothing to change" in one for one in words] == [False, True, True]


def test_it_does_what_was_shown_or_nothing(client, editor) -> None:
    batch, ana = a_batch(), a_user()
    one, two = an_assignment(batch=batch), an_assignment(batch=batch)
    form = ticked("give", one, two, analyst=str(ana.pk))
    seal = seal_of(client.post(path(batch), form | {"look": "1"}))
    done(client, batch, ticked("give", two, analyst=str(a_user().pk)))
    late = client.post(path(batch), form | {"do": "1", "seal": seal})
    assert (late.status_code, holders()[0]) == (422, None)
    assert "Something of this has changed since" in html(late)
    done(client, batch, ticked("give", one, analyst=str(ana.pk)))
    again = client.post(path(batch), ticked("give", one, analyst=str(ana.pk), look="1"))
    forced = client.post(path(batch), ticked("give", one, analyst=str(ana.pk), do="1", seal=seal_of(again)))
    assert (forced.status_code, "There is nothing to do." in html(forced)) == (422, True)


def test_what_was_worked_on_since_is_not_undone_and_nor_is_the_rest(client, editor) -> None:
    batch, ana = a_batch(), a_user()
    slots = [an_assignment(batch=batch), an_assignment(batch=batch)]
    deed = done(client, batch, ticked("give", *slots, analyst=str(ana.pk)))
    open_reading(revision=slots[0].revision, by=ana)
    answer = undone(client, deed)
    assert (answer.status_code, "1 of 2 assignments changed since" in html(answer)) == (422, True)
    assert holders() == [ana.pk, ana.pk]
    due = done(client, batch, ticked("due", *slots, due_at="2041-05-06T07:08"))
    done(client, batch, ticked("due", slots[1], due_at="2041-05-07T07:08"))
    assert undone(client, due).status_code == 422


def test_who_got_the_text_elsewhere_since_does_not_get_it_back(client, editor) -> None:
    batch, ana, text = a_batch(), a_user(), a_revision()
    slot = an_assignment(ana, batch=batch, revision=text)
    deed = done(client, batch, ticked("release", slot))
    an_assignment(ana, revision=text)
    answer = undone(client, deed)
    assert (answer.status_code, "by another assignment since" in html(answer)) == (422, True)
    assert BulkDeed.objects.get().undone_at is None


def test_late_ones_are_chosen_together_and_the_batch_says_what_is_due(client, editor) -> None:
    batch, past = a_batch(), timezone.now() - timedelta(days=2)
    an_assignment(a_user(), batch=batch, due_at=past)
    an_assignment(a_user(), batch=batch, due_at=DUE)
    assert "2 days late" in html(client.get(f"/review/batches/{batch.pk}/"))
    done(client, batch, {"sort": "due", "which": "late", "due_at": "2041-05-06T07:08"})
    assert (dues(), "days late" in html(client.get(f"/review/batches/{batch.pk}/"))) == ([DUE, DUE], False)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"sort": "accept", "which": "unfinished"}, 404),
        ({}, 404),
        ({"sort": "due"}, 302),
        ({"sort": "due", "which": "of-x"}, 302),
        ({"sort": "due", "slot": ["x", "9" * 30, "-1"]}, 302),
        ({"sort": "due", "which": "unfinished"}, 200),
        ({"sort": "due", "which": "unfinished", "look": "1", "due_at": "never"}, 422),
        ({"sort": "due", "which": "unfinished", "look": "1", "due_at": "2001-01-01T00:00"}, 422),
        ({"sort": "give", "which": "unfinished", "look": "1", "analyst": ""}, 422),
        ({"sort": "give", "which": "unfinished", "look": "1", "analyst": "999999"}, 422),
    ],
)
def test_what_cannot_be_read_is_refused(client, editor, form, status) -> None:
    batch = a_batch()
    an_assignment(batch=batch)
    assert client.post(path(batch), form).status_code == status


def test_assignments_of_another_batch_are_not_changed_here(client, editor) -> None:
    other = an_assignment()
    assert client.post(path(a_batch()), ticked("due", other)).status_code == 302


def test_only_editors_change_assignments(client) -> None:
    batch = an_assignment().batch
    assert client.post(path(batch)).status_code == 302
    for role, status in ((Role.READER, 403), (Role.ANALYST, 404)):
        client.force_login(a_user(role))
        assert client.post(path(batch), {"sort": "due", "which": "unfinished"}).status_code == status
    client.force_login(a_user(Role.EDITOR))
    assert client.get(path(batch)).status_code == 405
    assert client.post("/review/batches/9999/change/", {"sort": "due"}).status_code == 404


def test_looking_and_the_deed_take_as_many_queries_for_many_as_for_one(client, editor) -> None:
    batch, ben, counts = a_batch(requires=None), a_user(), []
    for more in (1, 3):
        for _ in range(more):
            an_assignment(a_user(), batch=batch)
        form = {"sort": "give", "which": "unfinished", "analyst": str(ben.pk)}
        with CaptureQueriesContext(connection) as looking:
            client.post(path(batch), form | {"look": "1"})
        deed = done(client, batch, form)
        with CaptureQueriesContext(connection) as shown:
            client.get(f"/review/bulk/{deed.pk}/")
        counts.append((len(looking), len(shown)))
        undone(client, deed)
    assert counts[0] == counts[1]
