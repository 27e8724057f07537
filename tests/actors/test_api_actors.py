"""The API's collection `actors`."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.actors.models import ActorName
from tests.calling import ARTICLES, WRITE, Api
from tests.factories import a_codebook, a_user, an_actor

pytestmark = pytest.mark.django_db


def test_an_actor_is_given_out_with_all_its_names_and_codes() -> None:
    actor = an_actor("Kosovo", kind="state", cow_code=347, cameo_code="KOS", sectors=["GOV"], wikidata_id="Q1246")
    ActorName.objects.create(actor=actor, name="Косово", language="sr", script="Cyrl")
    api = Api()
    given = api.get(f"actors/{actor.pk}/").json
    assert given.pop("updated_at") == actor.updated_at.isoformat().replace("+00:00", "Z")
    assert given == {
        "id": actor.pk,
        "name": "Kosovo",
        "kind": "state",
        "description": None,
        "wikidata_id": "Q1246",
        "iso3": None,
        "cow_code": 347,
        "cameo_code": "KOS",
        "sectors": ["GOV"],
        "country": None,
        "names": [
            {"name": "Kosovo", "language": None, "script": None},
            {"name": "Косово", "language": "sr", "script": "Cyrl"},
        ],
        "merged_into": None,
        "tenures": [],
        "memberships": [],
    }
    assert api.get("actors/").ids == [actor.pk]
    assert api.get("actors/999999/").status == 404


def test_an_actor_nobody_vouched_for_is_given_to_those_who_annotate_alone() -> None:
    hidden = an_actor(is_public=False)
    reader, analyst = Api(), Api(a_user(Role.ANALYST), WRITE)
    assert [(api.get("actors/").ids, api.get(f"actors/{hidden.pk}/").status) for api in (reader, analyst)] == [
        ([], 404),
        ([hidden.pk], 200),
    ]


def test_a_merged_actor_says_where_it_went() -> None:
    into = an_actor("The Republic", kind="state", wikidata_id="Q1")
    merged = an_actor("Republic, the", kind="state", merged_into=into)
    given = Api().get(f"actors/{merged.pk}/").json
    assert given["merged_into"] == {"id": into.pk, "name": "The Republic", "kind": "state", "wikidata_id": "Q1"}


def test_filters_let_through_what_they_name() -> None:
    a_codebook()
    state = an_actor("Nigeria", kind="state", iso3="NGA")
    person = an_actor("Adaeze Obi", country="NGA", wikidata_id="Q7747")
    ActorName.objects.create(actor=person, name="Адаэзе Оби")

    def ask(**query: Any) -> list[Any]:
        answer = Api().get("actors/", **query)
        assert answer.status == 200, answer.json
        return answer.ids

    assert ask(country="NGA") == [state.pk, person.pk]
    assert ask(kind="state", country="NGA") == [state.pk]
    assert ask(kind=["state", "person"]) == [state.pk, person.pk]
    assert ask(q="ОБИ") == ask(q="obi") == ask(wikidata_id="Q7747") == [person.pk]
    assert ask(q="100%") == []
    assert ask(updated_since="2999-01-01") == []


@pytest.mark.parametrize(
    ("name", "value"), [("kind", "ghost"), ("country", "ZZZ"), ("wikidata_id", "7747"), ("name", "x"), ("q", " ")]
)
def test_an_unknown_filter_or_value_is_named(name: str, value: str) -> None:
    a_codebook()
    answer = Api().get("actors/", **{name: value})
    assert (answer.status, list(answer.errors)) == (400, [name])


def test_actors_are_for_those_who_read_or_annotate() -> None:
    assert Api(a_user(Role.EDITOR), ARTICLES).get("actors/").status == 403
    assert Api()("POST", "actors/", {}).status == 405


def test_a_page_takes_as_many_queries_for_three_actors_as_for_one() -> None:
    api = Api()
    an_actor()
    api.get("actors/")
    with CaptureQueriesContext(connection) as one:
        assert len(api.get("actors/").ids) == 1
    an_actor("B", merged_into=an_actor("A"))
    with CaptureQueriesContext(connection) as three:
        assert len(api.get("actors/").ids) == 3
    assert len(three) == len(one)
