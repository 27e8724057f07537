from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from newsannot.accounts.models import Role
from tests.factories import a_user

pytestmark = pytest.mark.django_db
PAGES = ["/codebook/", "/codebook/threat-purpose/", "/guidelines/", "/guidelines/threats/"]


@pytest.fixture
def analyst() -> Client:
    call_command("load_codebook", verbosity=0)
    client = Client()
    client.force_login(a_user())
    return client


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_who_has_signed_in(analyst: Client, page: str) -> None:
    assert analyst.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_strangers_sign_in_first(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/account/sign-in/?next={page}")


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_only_read(analyst: Client, page: str) -> None:
    assert analyst.post(page).status_code == 405


def test_readers_may_read_the_codebook(analyst: Client) -> None:
    analyst.force_login(a_user(Role.READER))
    assert analyst.get("/codebook/").status_code == 200


@pytest.mark.parametrize("page", ["/codebook/no-such-scheme/", "/guidelines/no-such-chapter/"])
def test_what_is_not_there_is_not_found(analyst: Client, page: str) -> None:
    assert analyst.get(page).status_code == 404


def test_a_scheme_shows_definition_and_example_of_each_code(analyst: Client) -> None:
    page = analyst.get("/codebook/threat-purpose/").content.decode()
    assert page.count('class="code-entry') == 4
    assert 'id="code-compellent"' in page
    assert "Leave the town by Friday or we come in." in page


def test_search_finds_codes_of_all_schemes(analyst: Client) -> None:
    page = analyst.get("/codebook/", {"q": "risk signal"}).content.decode()
    assert page.count('class="code-entry') == 1
    assert 'href="/codebook/nuclear-signal/#code-risk_signal"' in page


def test_search_in_vain_says_so(analyst: Client) -> None:
    assert "No code says that" in analyst.get("/codebook/", {"q": "xyzzy"}).content.decode()


def test_htmx_gets_the_part(analyst: Client) -> None:
    answer = analyst.get("/codebook/", {"q": "curfew"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="codes"')
    assert "HX-Request" in answer.headers["Vary"]


def test_the_guidelines_open_at_the_first_chapter(analyst: Client) -> None:
    assert "<h1>How to read an article</h1>" in analyst.get("/guidelines/").content.decode()


def test_htmx_gets_a_chapter_to_lay_beside_a_text(analyst: Client) -> None:
    answer = analyst.get("/guidelines/threats/", headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<header class="guide-head">')
    assert 'hx-get="/guidelines/statements/"' in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


def test_a_chapter_lists_its_sections(analyst: Client) -> None:
    page = analyst.get("/guidelines/threats/").content.decode()
    assert 'href="#near-misses-what-is-not-a-threat"' in page
    assert '<h2 id="near-misses-what-is-not-a-threat">' in page


def test_before_anything_is_loaded_the_pages_say_what_to_do(client: Client) -> None:
    client.force_login(a_user())
    assert client.get("/codebook/").status_code == 404
    assert "No guidelines yet" in client.get("/guidelines/").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_pages_take_few_queries(analyst: Client, page: str, django_assert_max_num_queries: Any) -> None:
    analyst.get(page)
    with django_assert_max_num_queries(4):
        analyst.get(page)
