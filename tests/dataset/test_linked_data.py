"""An annotation as JSON-LD, where the client asks for it."""

import pytest

from newsannot.accounts.models import Role
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import TEXT, a_reading, a_source, a_statement, a_user

pytestmark = pytest.mark.django_db
LINKED = "application/ld+json"


def test_a_client_that_asks_for_linked_data_gets_a_web_annotation() -> None:
    made = a_publication()

    answer = Api()("GET", f"annotations/{made.statement.public_id}/", accept=LINKED)

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(f"{LINKED};")
    assert "Accept" in answer.headers["Vary"]
    assert answer.json["id"] == f"urn:uuid:{made.statement.public_id}"
    assert answer.json["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    body = answer.json["body"]
    assert (body["value"], body["newsannot:claim"]["speaker"]["id"]) == ("statement", made.speaker)
    found = {(one["newsannot:role"], *selected(one)) for one in answer.json["target"]}
    assert ("cue", "said", "said") in found
    assert len(found) == 4


def selected(target) -> tuple[str, str]:
    """The words by position and by quote."""
    position, quote = target["selector"]
    return TEXT[position["start"] : position["end"]], quote["exact"]


def test_everybody_else_gets_what_they_got() -> None:
    made = a_publication()

    answer = Api()("GET", f"annotations/{made.statement.public_id}/", accept="application/json")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json["id"] == str(made.statement.public_id)


def test_the_limit_of_its_source_holds_there_too() -> None:
    made = a_publication(source=a_source(excerpt_limit=10))

    answer = Api()("GET", f"annotations/{made.statement.public_id}/", accept=LINKED)

    assert sum(len(selected(one)[1]) for one in answer.json["target"]) == 10


def test_what_has_not_changed_is_not_sent_again() -> None:
    made = a_publication()
    api, path = Api(), f"annotations/{made.threat.public_id}/"
    tag = api("GET", path, accept=LINKED).headers["ETag"]

    assert api("GET", path, accept=LINKED, if_none_match=tag).status == 304
    assert api("GET", path, accept="application/json", if_none_match=tag).status == 200


def test_anothers_reading_is_not_there_as_linked_data_either() -> None:
    reading = a_reading()
    statement = a_statement(reading, note="Between us.")
    own = Api(reading.reader, READ, WRITE)
    other = Api(a_user(Role.ANALYST), READ, WRITE)
    path = f"annotations/{statement.public_id}/"

    assert "note" not in own("GET", path, accept=LINKED).json["body"]["newsannot:claim"]
    assert other("GET", path, accept=LINKED).status == 404
