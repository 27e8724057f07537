"""The page on which an editor corrects zones."""

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.articles.models import Revision
from newsannot.core.wording import quoted
from tests.factories import TEXT, a_mention, a_reading, a_revision, a_user

pytestmark = pytest.mark.django_db
LINES = TEXT.split("\n")


def url_of(revision: Revision) -> str:
    return f"/revisions/{revision.pk}/zones/"


def sent(*kinds: str) -> dict[str, str]:
    """The form: a kind for each line that is not blank."""
    indexes = [index for index, line in enumerate(LINES) if line]
    return {f"zone-{index}": kind for index, kind in zip(indexes, kinds, strict=True)}


def kinds_of(revision: Revision) -> list[tuple[str, str]]:
    zones = revision.zones.values_list("kind", "start", "end")
    return [(kind, revision.text[start:end]) for kind, start, end in zones]


def test_who_may(client: Client) -> None:
    url = url_of(a_revision())
    assert client.get(url)["Location"] == f"/account/sign-in/?next={url}"
    answers = {}
    for role in Role.values:
        client.force_login(a_user(role))
        answers[role] = client.get(url).status_code
    assert answers == {"reader": 403, "analyst": 403, "editor": 200, "admin": 200}
    assert client.get("/revisions/999999/zones/").status_code == 404
    assert client.put(url).status_code == 405


def test_every_line_with_words_is_shown_with_its_kind(client: Client) -> None:
    client.force_login(a_user(Role.EDITOR))
    response = client.get(url_of(a_revision()))
    assert [(block.text, kind) for block, kind in response.context["rows"]] == [
        (line, "boilerplate" if line.startswith("About") else "body") for line in LINES if line
    ]


def test_the_kinds_sent_become_the_zones(client: Client) -> None:
    revision = a_revision()
    client.force_login(a_user(Role.EDITOR))
    response = client.post(url_of(revision), sent("headline", "body", "body", "boilerplate"))
    assert (response.status_code, response["Location"]) == (302, f"/articles/{revision.article_id}/")
    assert kinds_of(revision) == [
        ("headline", LINES[0]),
        ("body", "\n".join(LINES[1:4])),
        ("boilerplate", LINES[4]),
    ]


def test_a_line_of_no_known_kind_is_refused(client: Client) -> None:
    revision = a_revision()
    before = kinds_of(revision)
    client.force_login(a_user(Role.EDITOR))
    response = client.post(url_of(revision), sent("headline", "advert", "body", "body"))
    assert (response.status_code, response.context["problem"]) == (
        422,
        f"The line {quoted(LINES[1])} has no known kind of zone.",
    )
    assert client.post(url_of(revision), {}).status_code == 422
    assert kinds_of(revision) == before


def test_annotated_text_is_not_made_boilerplate(client: Client) -> None:
    reading = a_reading()
    a_mention(reading)
    before = kinds_of(reading.revision)
    client.force_login(a_user(Role.EDITOR))
    response = client.post(url_of(reading.revision), sent("headline", "boilerplate", "body", "boilerplate"))
    assert response.status_code == 422
    assert response.context["problem"].startswith("Annotations rest on ")
    assert response.context["rows"][1][1] == "boilerplate"
    assert kinds_of(reading.revision) == before


def test_a_text_of_many_thousand_lines_is_not_zoned_by_hand(client: Client) -> None:
    client.force_login(a_user(Role.EDITOR))
    response = client.get(url_of(a_revision("line\n" * 9001, zones=[])))
    assert "Too long to be zoned by hand" in response.content.decode()
