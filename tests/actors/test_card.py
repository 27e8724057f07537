"""The card of an actor: who it was when the article appeared, and nothing that others marked."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.actions import add_membership, add_tenure
from tests.calling import a_publication
from tests.factories import a_codebook, a_reading, a_revision, a_statement, a_user, an_actor

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def analyst(client: Client) -> Client:
    a_codebook()
    client.user = a_user()
    client.force_login(client.user)
    return client


def card(client: Client, actor_id: int, **query: object) -> str:
    answer = client.get(f"/actors/{actor_id}/card/", query, headers=PART)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_card_shows_offices_and_memberships_when_the_article_appeared(analyst: Client) -> None:
    obi, port = an_actor(wikidata_id="Q1", country="NGA", cow_code=475), an_actor("Portland", kind="state")
    add_tenure(person=obi, organisation=port, office="Minister", from_on="2004", until_on="2010", by=None)
    add_tenure(person=obi, organisation=port, office="President", from_on="2012", by=None)
    add_membership(member=obi, group=port, role="lead", from_on="2013", by=None)
    article = a_revision(published_at=datetime(2005, 3, 1, tzinfo=UTC)).article_id
    then, today = card(analyst, obi.pk, article=article), card(analyst, obi.pk)
    assert [word in then for word in ("Minister", "President", "Lead", "Q1", "475")] == [True, False, False, True, True]
    assert [word in today for word in ("Minister", "President", "Lead")] == [False, True, True]


def test_a_card_shows_what_is_published_or_ones_own_and_nothing_that_others_marked(analyst: Client) -> None:
    obi = an_actor()
    mine = a_reading(by=analyst.user, revision=a_revision(title="Mine"))
    theirs = a_reading(revision=a_revision(title="Theirs"))
    for reading in (mine, theirs):
        a_statement(reading, speaker=obi.pk)
    a_publication(title="Out", claim={"speaker": obi.pk})
    shown = card(analyst, obi.pk)
    assert [title in shown for title in ("Mine", "Out", "Theirs")] == [True, True, False]
    analyst.force_login(a_user(Role.EDITOR))
    assert [title in card(analyst, obi.pk) for title in ("Mine", "Out", "Theirs")] == [False, True, False]


def test_a_merged_actor_has_the_card_of_where_it_went(analyst: Client) -> None:
    into = an_actor("The Minister")
    shown = card(analyst, an_actor("Obi", merged_into=into).pk)
    assert (f"/actors/{into.pk}/" in shown, "was merged into this" in shown) == (True, True)


@pytest.mark.parametrize("article", ["x", "9" * 30, "999999", "-1", "\x00"])
def test_an_article_that_is_none_makes_a_card_of_today(analyst: Client, article: str) -> None:
    assert "Adaeze Obi" in card(analyst, an_actor().pk, article=article)


@pytest.mark.parametrize("count", [1, 3])
def test_a_card_takes_as_many_queries_however_much_it_shows(
    analyst: Client, count: int, django_assert_num_queries
) -> None:
    obi = an_actor()
    for number in range(count):
        add_tenure(person=obi, organisation=an_actor(f"S{number}", kind="state"), office="King", by=None)
        a_statement(a_reading(by=analyst.user), speaker=obi.pk)
    card(analyst, obi.pk)
    with django_assert_num_queries(10):
        analyst.get(f"/actors/{obi.pk}/card/", headers=PART)


def test_a_card_is_a_part_for_people_who_annotate(client: Client) -> None:
    obi = an_actor()
    url = f"/actors/{obi.pk}/card/"
    assert client.get(url, headers=PART).status_code == 302
    client.force_login(a_user(Role.READER))
    assert client.get(url, headers=PART).status_code == 403
    client.force_login(a_user())
    assert client.get(url).headers["Location"] == f"/actors/{obi.pk}/"
    assert client.get("/actors/999999/card/", headers=PART).status_code == 404
    assert client.post(url, headers=PART).status_code == 405
    part = client.get(url, headers=PART)
    assert (b"<html" in part.content, part.headers["Cache-Control"], "HX-Request" in part.headers["Vary"]) == (
        False,
        "private, no-store",
        True,
    )
