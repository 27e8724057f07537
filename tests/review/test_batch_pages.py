"""The editors' pages of batches: looked at before they are made, made, followed, closed and undone."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import open_reading
from newsannot.dataset.actions import publish_reading
from newsannot.review.actions import accept_reading
from newsannot.review.models import Assignment, Batch
from tests.factories import a_codebook, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment, handed_in
from tests.review.test_pages import html, text_of, titles

pytestmark = pytest.mark.django_db

NEW = "/review/batches/new/"


@pytest.fixture
def editor(client: Client) -> User:
    by = a_user(Role.EDITOR, first_name="Eva")
    a_codebook()
    client.force_login(by)
    return by


def a_form(analysts: list[User], **fields) -> dict[str, object]:
    return {
        "name": "August",
        "most": 50,
        "analysts_per_article": 1,
        "how": "push",
        "analysts": [one.pk for one in analysts],
        "maximum_share": 100,
        "lease_hours": 24,
    } | fields


def shares(response) -> list[tuple[str, str]]:
    return re.findall(r"<li><span>([^<]*)</span> <strong>(\d+)</strong>", html(response))


def seal(response) -> str:
    return re.search(r'name="seal" value="(\w+)"', html(response))[1]


def test_a_batch_is_looked_at_before_it_is_made(client, editor) -> None:
    for _ in range(3):
        a_revision()
    ana, ben = a_user(first_name="Ana"), a_user(first_name="Ben")
    form = a_form([ana, ben], due_at="2031-05-06T07:08", note="Mind the cues.", hides_suggestions="on")
    shown = client.post(NEW, form)
    assert (shown.status_code, shares(shown), Batch.objects.count()) == (200, [("Ana", "2"), ("Ben", "1")], 0)
    assert "3 articles, 3 readings" in html(shown)
    made = client.post(NEW, form | {"seal": seal(shown), "make": "1"})
    batch = Batch.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/review/batches/{batch.pk}/")
    assert (batch.name, batch.note, batch.hides_suggestions, batch.created_by) == (
        "August",
        "Mind the cues.",
        True,
        editor,
    )
    assert f"{batch.due_at:%Y-%m-%d %H:%M}" == "2031-05-06 07:08"
    assert batch.assignments.count() == 3


def test_looked_at_it_names_its_articles_their_readers_and_what_is_published(client, editor) -> None:
    a_revision(title="Strait")
    known = handed_in(a_user(), a_revision(title="Quarantine"))
    accept_reading(reading=known, by=editor)
    publish_reading(revision=known.revision, by=editor)
    page = html(client.post(NEW, a_form([a_user(first_name="Ana")])))
    articles = page[page.index('<ol class="plan-articles">') :]
    shown = text_of(articles[: articles.index("</ol>")])
    assert shown.split() == ["Quarantine", "·", "Ana", "·", "published", "Strait", "·", "Ana"]
    assert "Of 1 article the curated record is published" in " ".join(page.split())


def test_a_pool_that_nobody_could_empty_says_so(client, editor) -> None:
    a_revision(), a_revision(), a_user()
    asked = {"analysts_per_article": 2, "how": "pull"}
    assert "2 of these readings nobody could take" in " ".join(html(client.post(NEW, a_form([], **asked))).split())
    a_user()
    assert "nobody could take" not in html(client.post(NEW, a_form([], **asked)))
    assert "4 of these readings nobody" in " ".join(
        html(client.post(NEW, a_form([], maximum_share=10, **asked))).split()
    )


def test_what_changed_since_it_was_looked_at_is_not_made(client, editor) -> None:
    a_revision()
    form = a_form([a_user()])
    told = seal(client.post(NEW, form))
    a_revision()
    response = client.post(NEW, form | {"seal": told, "make": "1"})
    assert (response.status_code, Batch.objects.count()) == (422, 0)
    assert "What would be given to whom has changed since" in html(response)


def test_articles_are_left_in_the_pool(client, editor) -> None:
    a_revision()
    form = a_form([], how="pull")
    shown = client.post(NEW, form)
    assert "They wait in the pool until analysts take them." in html(shown)
    client.post(NEW, form | {"seal": seal(shown), "make": "1"})
    assert list(Assignment.objects.values_list("analyst", flat=True)) == [None]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"analysts": []}, "Choose who is to read them."),
        ({"analysts": [987654]}, "Select a valid choice."),
        ({"most": "many"}, "Enter a whole number."),
        ({"maximum_share": 0}, "greater than or equal to 1"),
        ({"lease_hours": 10**9}, "less than or equal to 2160"),
        ({"is_training": "on"}, "Say what share of the records must be found."),
        ({"q": "nothinglikeit"}, "No article answers to that."),
        ({"analysts_per_article": 2}, "Each article is to get 2 different people, and 1 is chosen."),
        ({"maximum_share": 60}, "With 1 person at most 60 percent each"),
        ({"due_at": "yesterday"}, "Enter a valid date/time."),
        ({"due_at": "2020-01-01T00:00"}, "That moment has passed."),
        ({"how": "pull"}, "Every analyst may take from the pool"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, editor, fields, words) -> None:
    a_revision()
    response = client.post(NEW, a_form([a_user()]) | fields)
    assert response.status_code == 422
    assert words in html(response)
    assert Batch.objects.count() == 0


def test_the_list_shows_how_far_batches_are(client, editor) -> None:
    batch = a_batch(name="August", analysts_per_article=2, due_at=timezone.now() - timedelta(days=3, hours=1))
    a_batch(name="September", is_training=True, pass_mark=70)
    ana, revision = a_user(), a_revision()
    an_assignment(ana, batch=batch, revision=revision)
    an_assignment(a_user(), batch=batch, revision=revision, slot=2, due_at=batch.due_at)
    handed_in(ana, revision)
    response = client.get("/review/batches/")
    assert titles(response) == ["September", "August"]
    assert re.findall(r"(\d+ late|\d+ days late|\d+ of \d+|training)", text_of(html(response))) == [
        "training",
        "0 of 0",
        "3 days late",
        "1 late",
        "1 of 2",
    ]


def test_a_batch_shows_its_articles_and_its_people(client, editor) -> None:
    batch = a_batch(analysts_per_article=3)
    ana, ben = a_user(first_name="Ana"), a_user(first_name="Ben")
    revision = a_revision(title="Strait")
    an_assignment(ana, batch=batch, revision=revision)
    an_assignment(ben, batch=batch, revision=revision, slot=2, due_at=timezone.now() - timedelta(hours=5, minutes=1))
    an_assignment(batch=batch, revision=revision, slot=3)
    reading = handed_in(ana, revision)
    open_reading(revision=revision, by=ben)
    response = client.get(f"/review/batches/{batch.pk}/")
    said = text_of(html(response))
    assert "1 in the pool 1 begun 1 handed in 1 late" in said
    assert (
        "Strait The Strait Times Ana Submitted Choose analyst 2 of “Strait” Ben Open 5 hours late Take back from Ben:"
        " “Strait” Choose analyst 3 of “Strait” In the pool" in said
    )
    assert f'href="/review/readings/{reading.pk}/"' in html(response)
    assert "Undo the batch" not in said


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_as_many_queries_however_much_they_show(
    client, editor, count, django_assert_num_queries
) -> None:
    batch = a_batch()
    for _ in range(count):
        a_batch()
        an_assignment(a_user(), batch=batch)
    for page, most in (("/review/batches/", 6), (f"/review/batches/{batch.pk}/", 10)):
        client.get(page)
        with django_assert_num_queries(most):
            client.get(page)


def test_a_batch_is_closed_opened_again_and_undone(client, editor) -> None:
    batch = an_assignment().batch
    place = f"/review/batches/{batch.pk}/"
    assert client.post(f"{place}close/", {"closed": "1"})["Location"] == place
    assert "Open again" in html(client.get(place))
    twice = client.post(f"{place}close/", {"closed": "1"})
    assert (twice.status_code, "This batch is closed already." in html(twice)) == (422, True)
    client.post(f"{place}close/", {"closed": "0"})
    batch.refresh_from_db()
    assert not batch.is_closed
    assert client.post(f"{place}delete/")["Location"] == "/review/batches/"
    assert (Batch.objects.count(), Assignment.objects.count()) == (0, 0)


def test_a_batch_somebody_began_is_not_undone(client, editor) -> None:
    ana = a_user()
    slot = an_assignment(ana)
    open_reading(revision=slot.revision, by=ana)
    response = client.post(f"/review/batches/{slot.batch_id}/delete/")
    assert response.status_code == 422
    assert "Somebody has begun to read for this batch. Close it instead." in html(response)


def test_an_assignment_is_taken_back(client, editor) -> None:
    ana = a_user()
    slot = an_assignment(ana)
    place = f"/review/assignments/{slot.pk}/release/"
    assert client.post(place)["Location"] == f"/review/batches/{slot.batch_id}/"
    slot.refresh_from_db()
    assert slot.analyst is None
    again = client.post(place)
    assert (again.status_code, "Nobody has this; it is in the pool." in html(again)) == (422, True)


def test_a_free_slot_is_handed_to_a_named_person(client, editor) -> None:
    ana, slot = a_user(first_name="Ana"), an_assignment()
    place = f"/review/assignments/{slot.pk}/give/"
    assert f'<option value="{ana.username}">Ana</option>' in html(client.get(f"/review/batches/{slot.batch_id}/"))
    given = client.post(place, {"analyst": ana.username})
    assert (given.status_code, given["Location"]) == (302, f"/review/batches/{slot.batch_id}/")
    slot.refresh_from_db()
    assert (slot.analyst, slot.leased_until) == (ana, None)
    again = client.post(place, {"analyst": a_user().username})
    assert (again.status_code, "This is not free: somebody has it" in html(again)) == (422, True)


@pytest.mark.parametrize(
    ("sent", "words"), [("", "Say to whom."), ("nobody", "no analyst called “nobody”"), ("\x00", "no analyst called")]
)
def test_a_slot_is_given_to_nobody_unknown(client, editor, sent, words) -> None:
    slot = an_assignment()
    refused = client.post(f"/review/assignments/{slot.pk}/give/", {"analyst": sent})
    assert (refused.status_code, words in html(refused)) == (422, True)
    assert Assignment.objects.get().analyst is None


# --- who may -----------------------------------------------------------------------------------------


def places() -> dict[str, str]:
    slot = an_assignment(a_user())
    batch = f"/review/batches/{slot.batch_id}/"
    return {
        "/review/batches/": "get",
        NEW: "get",
        batch: "get",
        f"{batch}delete/": "post",
        f"{batch}close/": "post",
        f"/review/assignments/{slot.pk}/release/": "post",
        f"/review/assignments/{slot.pk}/give/": "post",
    }


def test_only_editors_come_here(client) -> None:
    a_codebook()
    found = {}
    for role in (None, Role.READER, Role.ANALYST):
        client.logout()
        if role:
            client.force_login(a_user(role))
        found[role] = [getattr(client, method)(place).status_code for place, method in places().items()]
    assert found == {None: [302] * 7, Role.READER: [403] * 7, Role.ANALYST: [403, 403, *[404] * 5]}


def test_what_is_not_there_is_not_found(client, editor) -> None:
    paths = (
        "/review/batches/9999/",
        "/review/batches/9999/delete/",
        *(f"/review/assignments/9999/{deed}/" for deed in ("release", "give")),
    )
    assert [client.get(paths[0]).status_code, *(client.post(path).status_code for path in paths[1:])] == [404] * 4


def test_pages_are_read_and_changes_are_posted(client, editor) -> None:
    found = [
        getattr(client, "put" if place == NEW else {"get": "post", "post": "get"}[method])(place).status_code
        for place, method in places().items()
    ]
    assert found == [405] * 7
