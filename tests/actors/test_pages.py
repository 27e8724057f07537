"""The list of actors, an actor's page, the forms."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.actions import submit_reading
from newsannot.dataset.actions import publish_reading
from newsannot.review.actions import accept_reading
from tests.factories import a_codebook, a_reading, a_statement, a_threat, a_user, an_actor


@pytest.fixture
def analyst(client: Client, db: None) -> Client:
    a_codebook()
    client.force_login(a_user())
    return client


def titles(response) -> list[str]:
    return re.findall(r'class="list-link"[^>]*>([^<]*)<', response.content.decode())


def sent(**fields: str) -> dict[str, str]:
    rows = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
    return {"name": "Adaeze Obi", "kind": "person"} | rows | fields


def test_the_list_is_found_by_any_name_and_by_kind_without_merged_ones(analyst) -> None:
    port = an_actor("Port", kind="state")
    an_actor("Adaeze Obi")
    an_actor("The Port", merged_into=port)
    assert titles(analyst.get("/actors/")) == ["Adaeze Obi", "Port"]
    assert titles(analyst.get("/actors/?kind=state")) == ["Port"]
    assert titles(analyst.get("/actors/?q=OBI")) == ["Adaeze Obi"]
    assert titles(analyst.get("/actors/?kind=nonsense&q=%25")) == []


def test_htmx_gets_the_list_alone(analyst) -> None:
    response = analyst.get("/actors/?q=x", headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="actors-found"')
    assert "HX-Request" in response.headers["Vary"]


def test_pages_follow_one_another_and_lead_back(analyst) -> None:
    Actor.objects.bulk_create(Actor(name=f"Actor {number // 2:03}", kind="person") for number in range(120))
    url, pages = "/actors/", []
    while url:
        response = analyst.get(url)
        pages.append(titles(response))
        found = re.search(r'rel="next" href="([^"]*)"', response.content.decode())
        url = f"/actors/{found[1].replace('&amp;', '&')}" if found else ""
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == sorted(Actor.objects.values_list("name", flat=True))
    back = re.search(r'rel="prev" href="([^"]*)"', response.content.decode())
    assert titles(analyst.get(f"/actors/{back[1]}")) == pages[1]


@pytest.mark.parametrize("cursor", ["after=x", "after=bnVsbA", "before=%00", "after=WzFd", "after=WyJhIiwgMSwgMl0"])
def test_a_key_that_is_none_of_ours_shows_the_first_page(analyst, cursor: str) -> None:
    an_actor("Port")
    assert titles(analyst.get(f"/actors/?{cursor}")) == ["Port"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_however_many_it_shows(analyst, count, django_assert_num_queries) -> None:
    for number in range(count):
        an_actor(f"Port {number}")
    analyst.get("/actors/")
    with django_assert_num_queries(5):
        analyst.get("/actors/")


def test_the_page_shows_what_is_published_of_the_actor_and_nothing_else(analyst) -> None:
    actor, by = an_actor(wikidata_id="Q1"), a_user(Role.EDITOR)
    hidden, reading = a_reading(), a_reading()
    for one in (hidden, reading):
        statement = a_statement(one, speaker=actor.pk)
        a_threat(one, statement, issuer=actor.pk)
    before = analyst.get(f"/actors/{actor.pk}/").content.decode()
    submit_reading(reading=reading, by=reading.reader)
    accept_reading(reading=reading, by=by)
    publish_reading(revision=reading.revision, by=by)
    after = analyst.get(f"/actors/{actor.pk}/").content.decode()
    assert ("Nothing published yet" in before, "If a single ship" in before) == (True, False)
    assert re.findall(r"\d+ (?:statements?|threats?)\b", after) == ["1 statement", "1 threat"]
    assert "“If a single ship crosses the line,”" in after


def test_a_merged_actor_shows_where_it_went(analyst) -> None:
    end = an_actor("Port")
    old = an_actor("Harbour", merged_into=an_actor("Haven", merged_into=end))
    page = analyst.get(f"/actors/{old.pk}/").content.decode()
    assert re.findall(r'same as <a href="([^"]*)"', page) == [f"/actors/{end.pk}/"]
    assert f"/actors/{old.pk}/change/" not in page


def test_the_form_creates_an_actor_with_its_names(analyst) -> None:
    response = analyst.post("/actors/", sent(**{"form-0-name": "Оби", "form-0-language": "ru", "wikidata_id": "q5"}))
    actor = Actor.objects.get()
    assert (response.status_code, response.url) == (302, f"/actors/{actor.pk}/")
    assert (actor.wikidata_id, sorted(actor.names.values_list("name", flat=True))) == ("Q5", ["Adaeze Obi", "Оби"])


def test_a_typeahead_gets_the_option_it_created(analyst) -> None:
    fields = {"name": "Port & Co", "kind": "group"}
    response = analyst.post("/actors/", fields, headers={"HX-Request": "true"})
    actor = Actor.objects.get()
    expected = f'<li role="option" data-id="{actor.pk}" data-name="Port &amp; Co">Port &amp; Co</li>'
    assert (response.status_code, response.content.decode().strip()) == (201, expected)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"kind": "robot"}, "Select a valid choice"),
        ({"wikidata_id": "7747"}, "A Wikidata id is a Q"),
        ({"iso3": "R1S"}, "three capital letters"),
        ({"cow_code": "many"}, "Enter a whole number"),
        ({"form-0-name": "Оби", "form-0-language": "no tag"}, "is no language tag"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"form-TOTAL_FORMS": "many"}, "is missing or has been tampered with"),
    ],
)
@pytest.mark.parametrize("is_part", [False, True])
def test_bad_input_is_422_in_words_and_nothing_is_stored(analyst, fields, words, is_part) -> None:
    headers = {"HX-Request": "true"} if is_part else {}
    response = analyst.post("/actors/", sent(**fields), headers=headers)
    assert (response.status_code, words in response.content.decode(), Actor.objects.count()) == (422, True, 0)


def test_the_form_of_an_actor_shows_and_changes_it(analyst) -> None:
    analyst.post("/actors/", sent(**{"form-0-name": "Оби", "form-0-language": "ru"}))
    actor = Actor.objects.get()
    page = analyst.get(f"/actors/{actor.pk}/change/").content.decode()
    assert re.findall(r'name="form-0-\w+"[^>]*value="([^"]*)"', page) == ["Оби", "ru"]
    seen = re.search(r'name="seen_at" value="([^"]*)"', page)[1]
    response = analyst.post(f"/actors/{actor.pk}/change/", sent(name="A. Obi", seen_at=seen))
    assert (response.status_code, list(actor.names.order_by("id").values_list("name", flat=True))) == (
        302,
        ["Adaeze Obi", "A. Obi"],
    )
    again = analyst.post(f"/actors/{actor.pk}/change/", sent(name="B. Obi", seen_at=seen))
    actor.refresh_from_db()
    assert (again.status_code, actor.name, "B. Obi" in again.content.decode()) == (409, "A. Obi", True)


def test_a_change_that_breaks_a_rule_is_422(analyst) -> None:
    actor = an_actor()
    response = analyst.post(f"/actors/{actor.pk}/change/", sent(wikidata_id="7747"))
    assert (response.status_code, "A Wikidata id is a Q" in response.content.decode()) == (422, True)


@pytest.mark.parametrize("path", ["/actors/", "/actors/new/", "/actors/{pk}/", "/actors/{pk}/change/"])
def test_actors_are_for_people_who_annotate(client, db, path) -> None:
    a_codebook()
    url = path.format(pk=an_actor().pk)
    assert client.get(url).status_code == 302
    client.force_login(a_user(Role.READER))
    assert client.get(url).status_code == 403
    client.force_login(a_user())
    assert (client.get(url).status_code, client.delete(url).status_code) == (200, 405)


def test_there_is_no_page_of_an_actor_that_is_not_there(analyst) -> None:
    assert [analyst.get(url).status_code for url in ("/actors/999999/", "/actors/999999/change/")] == [404, 404]
    assert analyst.get("/actors/99999999999999999999/").status_code == 404
