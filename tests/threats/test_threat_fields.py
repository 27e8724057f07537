"""Every field of a threat that the model names is asked for, taken in, given out, compared, and missed where wanted."""

from typing import Any

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.annotations.kinds import ClaimField
from newsannot.annotations.models import Annotation
from newsannot.threats.kinds import THREAT
from tests.calling import READ, WRITE, Api
from tests.factories import a_reading, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db

MODEL = {
    *("issuer", "on_behalf_of", "harm_targets", "influence_targets", "purpose", "consequence", "demand_kind"),
    *("condition_kind", "deadline", "explicitness", "nuclear_signal", "plover_mode", "plover_contexts", "cameo"),
    *("mid_action", "credibility", "statements", "primary_statement", "certainty", "note"),
}
CODES: dict[str, Any] = {
    "purpose": "both",
    "consequence": "force",
    "demand_kind": "withdrawal",
    "condition_kind": "unless_do",
    "deadline": "2025-09-07~",
    "explicitness": "veiled",
    "nuclear_signal": "none",
    "cameo": "138",
    "mid_action": "1",
    "credibility": "6",
    "certainty": "moderate",
    "note": "Look at the wire.",
}
PLOVER: dict[str, Any] = {"plover_mode": "violence", "plover_contexts": ["military", "diplomatic"]}


def fields(*, is_wanted: bool | None = None) -> list[ClaimField]:
    return [f for f in THREAT.fields if is_wanted is None or f.is_wanted is is_wanted]


def a_full_threat() -> Annotation:
    """A threat with something in every field."""
    reading = a_reading(a_user(Role.ANALYST))
    first, second = a_statement(reading), a_statement(reading)
    who = {"issuer": an_actor("The Minister").pk, "on_behalf_of": an_actor("The Republic").pk}
    targets = {"harm_targets": [an_actor("The Fleet").pk], "influence_targets": [an_actor("The Neighbour").pk]}
    said = {"statements": [first.pk, second.pk], "primary_statement": second.pk}
    return a_threat(reading, **CODES, **PLOVER, **who, **targets, **said)


def test_the_kind_has_the_fields_and_roles_of_the_model() -> None:
    assert {f.name for f in fields()} == MODEL
    assert [r.name for r in THREAT.roles] == ["reference", "condition", "demand", "consequence", "deadline"]
    assert [(r.least, r.most) for r in THREAT.roles] == [(0, None)] * 5


def test_the_form_asks_for_every_field_first_for_what_is_wanted(client: Client) -> None:
    threat = a_full_threat()
    client.force_login(threat.reading.reader)
    html = client.get(f"/annotations/{threat.pk}/", headers={"HX-Request": "true"}).content.decode()
    first, _, more = html.partition("<summary>More")
    asked = [[f.name for f in fields() if f'id="f-{threat.pk}-{f.name}"' in part] for part in (first, more)]
    assert asked == [[f.name for f in fields(is_wanted=True)], [f.name for f in fields(is_wanted=False)]]
    assert "<details open" not in more


def test_the_api_takes_every_field_in_and_gives_it_out() -> None:
    reading = a_reading(a_user(Role.ANALYST))
    first, second = a_statement(reading), a_statement(reading)
    api = Api(reading.reader, READ, WRITE)
    actors = {name: an_actor(name).pk for name in ("Minister", "Republic", "Fleet", "Neighbour")}
    spans = {role.name: piece(reading, "we will close the strait") for role in THREAT.roles}
    sent = CODES | {
        "parts": {role: [{"start": at.start, "end": at.end}] for role, at in spans.items()},
        "issuer": actors["Minister"],
        "on_behalf_of": actors["Republic"],
        "harm_targets": [actors["Fleet"]],
        "influence_targets": [actors["Neighbour"]],
        "plover": {"mode": "violence", "contexts": ["military", "diplomatic"]},
        "statements": [str(first.public_id), str(second.public_id)],
        "primary_statement": str(second.public_id),
    }
    made = api("POST", f"readings/{reading.pk}/threats/", sent)
    assert made.status == 201, made.json
    given = made.json
    assert {name: given[name] for name in CODES} == CODES
    assert given["plover"] == {"event": "THREATEN", "mode": "violence", "contexts": ["military", "diplomatic"]}
    assert (given["issuer"]["id"], given["on_behalf_of"]["id"]) == (actors["Minister"], actors["Republic"])
    assert [one["id"] for one in given["harm_targets"]] == [actors["Fleet"]]
    assert [one["id"] for one in given["influence_targets"]] == [actors["Neighbour"]]
    assert set(given["statements"]) == set(sent["statements"])
    assert given["primary_statement"] == sent["primary_statement"]
    assert {role: len(parts) for role, parts in given["parts"].items()} == dict.fromkeys(spans, 1)


def test_review_shows_every_field(client: Client) -> None:
    threat = a_full_threat()
    type(threat.reading).objects.filter(pk=threat.reading_id).update(state="submitted")
    client.force_login(a_user(Role.EDITOR))
    html = client.get(f"/review/readings/{threat.reading_id}/").content.decode()
    assert [f.label for f in fields() if f.label.replace("Your c", "C") not in html] == []


def test_the_check_list_names_what_is_wanted_and_missing(client: Client) -> None:
    reading = a_reading()
    a_threat(reading, purpose="", consequence="")
    client.force_login(reading.reader)
    html = client.get(f"/readings/{reading.pk}/submit/").content.decode()
    assert [f.name for f in fields(is_wanted=True) if f.label.lower() not in html] == []
