"""The API's collection `threats`."""

from typing import Any

import pytest

from newsannot.accounts.models import Role
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import TEXT, a_reading, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db


def test_a_published_threat_is_given_out_with_its_evidence() -> None:
    state, neighbour = an_actor("The Republic", kind="state"), an_actor("The neighbour", kind="state")
    there = a_publication(
        threat={
            "on_behalf_of": state.pk,
            "harm_targets": [neighbour.pk],
            "influence_targets": [neighbour.pk, state.pk],
            "explicitness": "explicit",
            "nuclear_signal": "none",
            "plover_mode": "restrict",
            "plover_contexts": ["military", "diplomatic"],
            "cameo": "1381",
            "mid_action": "2",
            "credibility": "6",
            "certainty": "high",
        }
    )
    (given,) = Api().get("threats/").json["results"]
    evidence = {
        role: [(TEXT[s["start"] : s["end"]] == s["exact"], s["exact"]) for s in spans]
        for role, spans in given.pop("parts").items()
    }
    assert evidence == {
        "reference": [],
        "condition": [(True, "If a single ship crosses the line")],
        "demand": [],
        "consequence": [(True, "we will close the strait")],
        "deadline": [],
    }
    assert given.pop("article")["sha256"] == there.reading.revision.sha256
    assert given.pop("issuer")["id"] == there.speaker
    assert [one["name"] for one in given.pop("harm_targets")] == ["The neighbour"]
    assert [one["name"] for one in given.pop("influence_targets")] == ["The neighbour", "The Republic"]
    assert given.pop("on_behalf_of")["name"] == "The Republic"
    assert given.pop("updated_at") == there.threat.updated_at.isoformat().replace("+00:00", "Z")
    assert given == {
        "id": str(there.threat.public_id),
        "purpose": "deterrent",
        "consequence": "blockade",
        "condition_kind": "if_do",
        "deadline": None,
        "demand_kind": None,
        "explicitness": "explicit",
        "nuclear_signal": "none",
        "plover": {"event": "THREATEN", "mode": "restrict", "contexts": ["military", "diplomatic"]},
        "cameo": "1381",
        "mid_action": "2",
        "statements": [str(there.statement.public_id)],
        "primary_statement": str(there.statement.public_id),
        "episode": None,
        "credibility": "6",
        "certainty": "high",
        "version": 1,
    }


def test_one_threat_is_read_by_its_id_when_it_is_published() -> None:
    there = a_publication()
    api = Api()
    assert api.get(f"threats/{there.threat.public_id}/").json == api.get("threats/").json["results"][0]
    hidden = a_threat(a_reading())
    assert api.get(f"threats/{hidden.public_id}/").status == 404
    assert api.get(f"threats/{there.statement.public_id}/").status == 404
    assert api("DELETE", f"threats/{there.threat.public_id}/").status == 405


def test_one_sees_ones_own_threats_when_one_asks() -> None:
    analyst = a_user(Role.ANALYST)
    threat = a_threat(a_reading(analyst))
    assert Api(analyst, READ, WRITE).get("threats/", layer="own").ids == [str(threat.public_id)]
    assert Api(analyst, READ, WRITE).get("threats/").ids == []


def ask(**query: Any) -> list[Any]:
    """The ids a filter lets through."""
    answer = Api().get("threats/", **query)
    assert answer.status == 200, answer.json
    return answer.ids


def test_filters_let_through_what_they_name() -> None:
    minister, harmed = an_actor("A minister", country="NGA"), an_actor("A harbour")
    influenced, state = an_actor("A parliament"), an_actor("The Republic", kind="state")
    there = a_publication(
        claim={"mode": "mixed", "speech_act": "assertive", "said_on": "2025-09-01", "said_on_basis": "text"},
        threat={
            "issuer": minister.pk,
            "on_behalf_of": state.pk,
            "harm_targets": [harmed.pk],
            "influence_targets": [influenced.pk],
            "purpose": "unclear",
            "consequence": "force",
            "plover_mode": "violence",
        },
    )
    a_publication()
    mine = [str(there.threat.public_id)]
    assert ask(issuer=minister.pk) == ask(actor=state.pk) == ask(actor=harmed.pk) == mine
    assert ask(target=harmed.pk) == ask(target=influenced.pk) == ask(target=[harmed.pk, influenced.pk]) == mine
    assert ask(target=minister.pk) == []
    assert ask(country="NGA") == mine
    assert ask(purpose="unclear") == ask(consequence="force") == ask(plover_mode="violence") == mine
    assert ask(speaker=there.speaker) == ask(mode="mixed") == ask(speech_act="assertive") == mine
    assert ask(said_from="2025-09-01", said_to="2025-09-01") == mine
    assert ask(article=there.reading.revision.article_id, q="strait", language="en") == mine
    assert ask(speaker=there.speaker, mode="direct") == []
    assert len(ask()) == len(ask(q="“close the strait”")) == len(ask(q="crosses ship")) == 2
    assert ask(q="submarine") == []


def test_words_are_found_in_the_statement_that_expresses_a_threat() -> None:
    there = a_publication()
    assert ask(q="close strait") == [str(there.threat.public_id)]
    assert ask(q="envoy") == []


@pytest.mark.parametrize(("name", "value"), [("purpose", "deter"), ("target", "x"), ("venue", "x"), ("issuer", "0")])
def test_an_unknown_filter_or_value_is_named(name: str, value: str) -> None:
    answer = Api().get("threats/", **{name: value})
    assert (answer.status, list(answer.errors)) == (400, [name])
