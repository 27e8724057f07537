"""The page of a published record: where its values come from, its versions, and who sees what of it."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role, User
from newsannot.actors.actions import change_actor
from newsannot.actors.models import Actor
from newsannot.actors.rules import Identity
from newsannot.annotations.actions import change_annotation
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.dataset.models import Change
from newsannot.dataset.tasks import bring_feed_up_to_date
from newsannot.review.models import Dispute, Ruling
from tests.calling import Published, a_publication, published
from tests.factories import a_mention, a_reading, a_source, a_statement, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return a_user(Role.EDITOR, username="edna")


@pytest.fixture
def reader(client: Client) -> Client:
    """Somebody who may read what is published, and nothing else."""
    client.force_login(a_user(Role.READER))
    return client


def path_of(made: Published) -> str:
    return f"/statements/{made.statement.public_id}/"


def said(client: Client, path: str) -> str:
    """The words of a page's main part, without what is markup."""
    answer = client.get(path)
    assert answer.status_code == 200
    main = answer.content.decode().split("<main", 1)[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def corrected(made: Published, editor: User, **claim: object) -> None:
    """Withdraw, change and publish a record again."""
    withdraw_reading(revision=made.reading.revision, by=editor)
    change_annotation(annotation=made.statement, claim=claim, by=editor)
    publish_reading(revision=made.reading.revision, by=editor)


def test_every_value_says_where_it_comes_from(reader: Client, editor: User) -> None:
    made = a_publication()
    for name, value, other in (("venue", "Port", "Dock"), ("content", [[26, 61]], [[26, 40]])):
        choices = [{"value": one, "readings": [], "annotations": []} for one in (value, other)]
        is_border = name == "content"
        dispute = Dispute.objects.create(curated_id=made.statement.pk, name=name, is_border=is_border, choices=choices)
        Ruling.objects.create(dispute=dispute, value=value, reason="slip", note="Line 2.", by=editor)
    page = said(reader, path_of(made))
    assert "Quotation Direct As the analyst marked it." in page
    assert "Venue nothing Ruled by an editor" in page
    assert "Slip. Not taken: Dock . Line 2." in page
    assert "Not taken: 26–40 ." in page
    assert "If a single ship crosses the line" in page
    assert made.reading.revision.sha256 in page
    assert "An analyst" in page
    assert "codebook 1" in page
    assert "edna" not in page


def test_people_are_named_to_editors_alone(client: Client, editor: User) -> None:
    made = a_publication()
    choices = [{"value": "Port", "readings": [], "annotations": []}]
    dispute = Dispute.objects.create(curated_id=made.statement.pk, name="venue", choices=choices)
    Ruling.objects.create(dispute=dispute, value="Port", by=editor)
    client.force_login(editor)
    assert "Ruled by edna" in said(client, path_of(made))
    client.force_login(a_user(username="ana"))
    assert "edna" not in said(client, path_of(made))


def test_what_editors_set_is_told_from_what_was_marked(reader: Client, editor: User) -> None:
    made = a_publication()
    corrected(made, editor, venue="The port")
    page = said(reader, path_of(made))
    assert "Venue The port Set by the editors." in page
    assert "Quotation Direct As the analyst marked it." in page


def test_versions_tell_what_differs_and_stay_when_it_is_withdrawn(reader: Client, editor: User) -> None:
    made = a_publication()
    corrected(made, editor, mode="indirect", venue="The port")
    told = "Quotation was: Direct now: Indirect Venue now: The port"
    assert told in said(reader, path_of(made))
    withdraw_reading(revision=made.reading.revision, by=editor)
    page = said(reader, path_of(made))
    assert "no longer part of the published record" in page
    assert told in page
    last = Change.objects.filter(record=str(made.statement.public_id)).latest("seq")
    assert f'id="change-{last.seq}"' in reader.get(path_of(made)).content.decode()
    assert "Set by the editors" not in page


def test_evidence_that_moved_is_told_in_its_words(reader: Client, editor: User) -> None:
    made = a_publication()
    withdraw_reading(revision=made.reading.revision, by=editor)
    parts = {"content": [piece(made.reading, "“If a single ship crosses the line,”")]}
    change_annotation(annotation=made.statement, parts=parts, by=editor)
    publish_reading(revision=made.reading.revision, by=editor)
    assert "Content was: “we will close the strait.”" in said(reader, path_of(made))


def test_a_name_that_changed_is_a_version(reader: Client, editor: User) -> None:
    made = a_publication()
    speaker = Actor.objects.get(pk=made.speaker)
    change_actor(actor=speaker, name="Minister Obi", kind="person", names=(), identity=Identity(), by=editor)
    bring_feed_up_to_date(timestamp=0)
    assert f"Speaker was: {speaker.name} now: Minister Obi" in said(reader, path_of(made))


def test_records_lead_to_one_another(reader: Client) -> None:
    made = a_publication()
    assert f'href="/threats/{made.threat.public_id}/"' in reader.get(path_of(made)).content.decode()
    of_threat = reader.get(f"/threats/{made.threat.public_id}/").content.decode()
    assert f'href="/statements/{made.statement.public_id}/"' in of_threat
    assert "“If a single ship crosses the line,”" in of_threat


def test_readers_get_no_more_words_than_the_source_lets_out(reader: Client) -> None:
    made = a_publication(source=a_source(excerpt_limit=5))
    page = said(reader, path_of(made))
    assert "“If a" in page
    assert "single" not in page


def test_what_is_within_an_embargo_is_not_there_for_readers(reader: Client) -> None:
    source = a_source()
    made = a_publication(source=source)
    source.embargo_hours = 24 * 365 * 100
    source.save()
    assert reader.get(path_of(made)).status_code == 404


def test_staff_see_what_is_within_an_embargo_before_the_feed_tells_of_it(client: Client) -> None:
    made = a_publication(source=a_source(embargo_hours=24 * 365 * 100))
    client.force_login(a_user())
    assert "enters the feed when that ends" in said(client, path_of(made))


def test_only_what_was_given_out_has_a_page(reader: Client) -> None:
    made, mine = a_publication(), a_statement(a_reading())
    for path in (f"/statements/{mine.public_id}/", f"/statements/{uuid4()}/", f"/mentions/{made.statement.public_id}/"):
        assert reader.get(path).status_code == 404
    assert reader.post(path_of(made)).status_code == 405


def test_strangers_sign_in_first(client: Client) -> None:
    made = a_publication()
    assert client.get(path_of(made)).headers["Location"] == f"/account/sign-in/?next={path_of(made)}"


def test_many_versions_come_page_by_page(reader: Client, editor: User) -> None:
    made = a_publication()
    for at in range(12):
        corrected(made, editor, venue=f"Pier {at}")
    first = reader.get(path_of(made)).content.decode()
    (more,) = re.findall(r'href="(\?after=[^"]+)"', first)
    assert (first.count('class="history-step"'), "Pier 2" in first) == (20, True)
    rest = reader.get(path_of(made) + unescape(more)).content.decode()
    assert rest.count('class="history-step"') == 5
    assert "Venue</dt>" in rest


def test_a_page_costs_as_many_queries_for_two_versions_as_for_three(reader: Client, editor: User) -> None:
    made, asked = a_publication(), list[int]()
    reader.get(path_of(made))
    for _ in range(2):
        corrected(made, editor, venue=f"Pier {len(asked)}")
        with CaptureQueriesContext(connection) as queries:
            reader.get(path_of(made))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_mention_has_its_page(reader: Client, editor: User) -> None:
    reading = a_reading()
    a_mention(reading, actor=an_actor("Ada Lovelace").pk)
    curated = published(reading, by=editor)
    page = said(reader, f"/mentions/{curated.annotations.get().public_id}/")
    assert "Actor Ada Lovelace As the analyst marked it." in page
