"""What a source lets out of the published record: nothing within its embargo, no more words than its limit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.accounts.models import Role
from newsannot.actors.actions import add_tenure, change_actor, create_actor, merge_actors, unmerge_actor
from newsannot.actors.models import Actor, Tenure
from newsannot.actors.rules import Identity
from newsannot.articles.models import LONGEST_EMBARGO, Article, Source
from newsannot.core.layers import Audience
from newsannot.dataset.actions import withdraw_reading
from newsannot.statements.models import Statement
from tests.calling import READ, WRITE, Api, Published, a_publication
from tests.factories import a_revision, a_source, a_user, an_actor

pytestmark = pytest.mark.django_db


def published_hours_ago(hours: float, source: Source) -> Published:
    return a_publication(source=source, published_at=timezone.now() - timedelta(hours=hours))


@pytest.fixture
def held() -> Published:
    """Published an hour ago, under an embargo of a day."""
    return published_hours_ago(1, a_source(embargo_hours=24))


def staff(*scopes: str) -> Api:
    return Api(a_user(Role.ANALYST), *(scopes or (READ, WRITE)))


# --- Embargo ---------------------------------------------------------------------------------------


def test_within_its_embargo_nothing_of_an_article_is_given_out_to_readers(held) -> None:
    free = published_hours_ago(25, held.reading.revision.article.source)
    api, article = Api(), held.reading.revision.article_id
    for collection, one in (("statements", held.statement.public_id), ("threats", held.threat.public_id)):
        assert api.get(f"{collection}/{one}/").status == 404
        assert api.get(f"annotations/{one}/").status == 404
        page = api.get(f"{collection}/", count="true")
        assert ([given["article"]["id"] for given in page.json["results"]], page.json["count"]) == (
            [free.reading.revision.article_id],
            1,
        )
        assert api.get(f"{collection}/", speaker=held.speaker).ids == []
        assert api.get(f"{collection}/", q="strait", issuer=held.speaker).ids == []
    assert api.get("articles/", count="true").json["count"] == 1
    assert api.get("articles/").ids == [free.reading.revision.article_id]
    assert api.get(f"articles/{article}/").status == 404
    assert api("POST", f"revisions/{held.reading.revision_id}/verify/", {"spans": []}).status == 404


def test_whether_an_article_that_is_held_back_or_not_published_exists_is_not_told(held) -> None:
    api, unpublished = Api(), a_revision().article_id
    answers = [
        api.get("statements/", article=pk) for pk in (held.reading.revision.article_id, unpublished, unpublished + 999)
    ]
    assert [(one.status, one.errors) for one in answers] == [
        (400, {"article": [f"article: nothing is known by “{pk}”."]})
        for pk in (held.reading.revision.article_id, unpublished, unpublished + 999)
    ]
    assert staff().get("statements/", article=unpublished).ids == []
    assert staff().get("statements/", article=unpublished + 999).status == 400


def test_whether_an_actor_that_is_not_public_exists_is_not_told_either() -> None:
    hidden = an_actor("Somebody", is_public=False).pk
    for pk in (hidden, hidden + 999):
        answer = Api().get("statements/", speaker=pk)
        assert (answer.status, answer.errors) == (400, {"speaker": [f"speaker: nothing is known by “{pk}”."]})
    assert staff().get("statements/", speaker=hidden).ids == []


def test_those_who_may_see_more_see_it_at_once(held) -> None:
    api, article = staff(), held.reading.revision.article_id
    assert api.get("statements/").ids == [str(held.statement.public_id)]
    assert api.get(f"threats/{held.threat.public_id}/").status == 200
    assert api.get("articles/").ids == [article]
    assert api("POST", f"revisions/{held.reading.revision_id}/verify/", {"spans": []}).status == 200
    assert staff(READ).get("statements/").ids == []


def test_when_the_embargo_ends_the_answer_and_its_tag_change(held) -> None:
    api = Api()
    tag = api.get("statements/").headers["ETag"]
    assert api("GET", "statements/", if_none_match=tag).status == 304
    Article.objects.update(published_at=timezone.now() - timedelta(hours=24, seconds=1))
    again = api("GET", "statements/", if_none_match=tag)
    assert (again.status, again.ids) == (200, [str(held.statement.public_id)])


def test_an_article_without_a_moment_of_publication_has_no_embargo(held) -> None:
    Article.objects.update(published_at=None)
    assert Api().get("statements/").ids == [str(held.statement.public_id)]


def test_the_longest_embargo_is_counted_and_a_longer_one_refused(held) -> None:
    Source.objects.update(embargo_hours=LONGEST_EMBARGO)
    assert Api().get("statements/").ids == []
    with pytest.raises(IntegrityError, match="source_embargo_within_calendars"), transaction.atomic():
        Source.objects.update(embargo_hours=LONGEST_EMBARGO + 1)


def test_embargoes_cost_no_query_more(held) -> None:
    counts = []
    for audience in (Api(), staff()):
        audience.get("statements/")
        with CaptureQueriesContext(connection) as queries:
            audience.get("statements/", count="true")
        counts.append(len(queries) - (2 if audience.get("statements/").ids else 0))
    assert counts[0] <= counts[1]


def test_what_is_held_back_is_looked_up_once_not_for_each_row() -> None:
    plan = Statement.objects.given_out(Audience.READERS).order_by("pk")[:100].explain()
    assert plan.count("InitPlan") == 2  # made, and used as a value
    assert "SubPlan" not in plan


# --- Actors first named within an embargo ----------------------------------------------------------


@pytest.fixture
def newcomer(held) -> Actor:
    """Whom an analyst made, and only a record within its embargo names."""
    made = create_actor(name="New Comer", kind="person", by=a_user(Role.ANALYST), identity=Identity(wikidata_id="Q5"))
    name_in_publication(made, held.reading.revision.article.source, hours_ago=1)
    return made


def name_in_publication(actor: Actor, source: Source, *, hours_ago: float) -> Published:
    published_at = timezone.now() - timedelta(hours=hours_ago)
    return a_publication(claim={"speaker": actor.pk}, source=source, published_at=published_at)


def seen_by(api: Api, actor: Actor) -> list[bool]:
    """Whether the API tells of an actor: by itself, in the list, by name, by code, as a filter, in an office."""
    return [
        api.get(f"actors/{actor.pk}/").status == 200,
        actor.pk in api.get("actors/").ids,
        actor.pk in api.get("actors/", q="new comer").ids,
        actor.pk in api.get("actors/", wikidata_id="Q5").ids,
        api.get("statements/", speaker=actor.pk).status == 200,
        bool(api.get(f"actors/{Tenure.objects.get().organisation_id}/").json["tenures"]),
    ]


def test_an_actor_whom_only_embargoed_records_name_is_seen_when_the_embargo_ends(held, newcomer) -> None:
    add_tenure(person=newcomer, organisation=an_actor("Port", kind="state"), office="Envoy", by=None)
    assert (seen_by(Api(), newcomer), seen_by(staff(), newcomer)) == ([False] * 6, [True] * 6)
    assert Api().get("actors/", count="true").json["count"] == len(Api().get("actors/").ids)
    Article.objects.update(published_at=timezone.now() - timedelta(hours=25))
    assert seen_by(Api(), newcomer) == [True] * 6


def test_an_actor_whom_a_record_names_that_is_given_out_is_seen(held, newcomer) -> None:
    free = name_in_publication(newcomer, held.reading.revision.article.source, hours_ago=25)
    assert Api().get(f"actors/{newcomer.pk}/").status == 200
    withdraw_reading(revision=free.reading.revision, by=a_user(Role.EDITOR))
    assert Api().get(f"actors/{newcomer.pk}/").status == 404


@pytest.mark.parametrize("vouching", ["changed", "merged into"])
def test_an_actor_for_whom_an_editor_vouches_is_seen_whatever_names_it(newcomer, vouching: str) -> None:
    editor, other = a_user(Role.EDITOR), an_actor("Another")
    if vouching == "changed":
        change_actor(actor=newcomer, name="New Comer", kind="person", names=(), identity=Identity(), by=editor)
    else:
        merge_actors(actor=other, into=newcomer, by=editor)
    assert Api().get(f"actors/{newcomer.pk}/").status == 200
    if vouching == "merged into":
        unmerge_actor(actor=other, by=editor)
        assert Api().get(f"actors/{newcomer.pk}/").status == 404


def test_a_country_that_only_a_held_back_actor_is_of_is_not_told(newcomer) -> None:
    Actor.objects.filter(pk=newcomer.pk).update(country="NCL")
    assert [api.get("actors/", country="NCL").status for api in (Api(), staff())] == [400, 200]


def test_the_pages_of_actors_are_for_those_who_annotate(client: Client, newcomer) -> None:
    answers = {}
    for role in (Role.READER, Role.ANALYST):
        client.force_login(a_user(role))
        answers[role] = [client.get(f"/actors/{path}").status_code for path in ("", f"{newcomer.pk}/", "search/?q=new")]
    assert answers == {Role.READER: [403] * 3, Role.ANALYST: [200] * 3}


def test_actors_held_back_cost_no_query_more(newcomer) -> None:
    counts = []
    for audience in (Api(), staff()):
        audience.get("actors/")
        with CaptureQueriesContext(connection) as queries:
            audience.get("actors/", count="true")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Excerpts --------------------------------------------------------------------------------------


def words_of(given: dict[str, Any]) -> int:
    spans = [span for spans in given["parts"].values() for span in spans]
    return sum(len(span["prefix"] + span["exact"] + span["suffix"]) for span in spans)


@pytest.mark.parametrize("limit", [0, 10, 50])
def test_a_record_gives_out_no_more_words_than_its_source_lets_out_and_its_offsets_stay(limit: int) -> None:
    there = a_publication(source=a_source(excerpt_limit=limit))
    path = f"statements/{there.statement.public_id}/"
    cut, whole = Api().get(path).json, staff().get(path).json
    assert (words_of(cut), words_of(whole) > 150) == (limit, True)
    for role, spans in whole["parts"].items():
        assert [(one["start"], one["end"], one["sha256"]) for one in cut["parts"][role]] == [
            (one["start"], one["end"], one["sha256"]) for one in spans
        ]
    listed = Api().get("threats/").json["results"][0]
    assert (words_of(listed), words_of(staff().get("threats/").json["results"][0]) > 100) == (limit, True)
    assert words_of(Api().get(f"annotations/{there.threat.public_id}/").json) == limit


def test_what_fits_within_the_limit_is_given_out_whole() -> None:
    there = a_publication(source=a_source(excerpt_limit=1000))
    path = f"statements/{there.statement.public_id}/"
    assert Api().get(path).json == staff().get(path).json


def test_a_limit_cuts_its_own_source_only() -> None:
    a_publication(source=a_source(excerpt_limit=5))
    a_publication()
    lengths = [words_of(one) for one in Api().get("statements/").json["results"]]
    assert (lengths[0], lengths[1] > 150) == (5, True)
