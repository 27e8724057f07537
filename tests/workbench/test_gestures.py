"""One gesture, one POST: pieces of several roles, a phrase at all its places, a threat said again; what lies where."""

import re
from typing import Any

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.actions import mark_annotation
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Mention, Reading, Span
from newsannot.annotations.rules import Piece
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SPLIT = (
    "“Cross it,” Obi warned. “We will close the strait.”\nObi left. The ultimatum stands; Obi repeated: we close it."
)


@pytest.fixture
def reading() -> Reading:
    return a_reading(revision=a_revision(SPLIT, zones=[]))


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def told(role: str, place: Piece) -> str:
    """A piece as the browser sends it."""
    return f"{role} {place.start} {place.end} {place.quote}"


def obis(reading: Reading) -> list[str]:
    return [told("text", piece(reading, "Obi", nth)) for nth in range(3)]


def targets(answer: Any) -> list[str]:
    """Where the parts of an answer go."""
    return re.findall(r'<hx-partial hx-target="#([^"]+)"', answer.content.decode())


def sent(place: Piece, **more: object) -> dict[str, object]:
    return {"start": place.start, "end": place.end, "quote": place.quote, **more}


def parts_of(annotation: Annotation) -> list[tuple[str, str]]:
    return list(annotation.spans.order_by("start").values_list("role", "exact"))


# --- Pieces of several roles ------------------------------------------------------------------


def test_a_split_quotation_is_one_statement_in_one_post(analyst: Client, reading: Reading) -> None:
    actor = an_actor("Obi")
    a_mention(reading, "Obi", actor=actor.pk)
    pieces = [
        told("content", piece(reading, "“Cross it,”")),
        told("content", piece(reading, "“We will close the strait.”")),
        told("cue", piece(reading, "warned")),
        told("source", piece(reading, "Obi")),
    ]
    answer = analyst.post(f"/readings/{reading.pk}/statements/", {"piece": pieces}, headers=HTMX)
    statement = Statement.objects.get()
    assert answer.status_code == 200
    assert (statement.mode, statement.speaker) == ("direct", actor)
    assert parts_of(statement) == [
        ("content", "“Cross it,”"),
        ("source", "Obi"),
        ("cue", "warned"),
        ("content", "“We will close the strait.”"),
    ]
    assert targets(answer) == ["b0", "inspector", "tally"]
    analyst.post(f"/readings/{reading.pk}/undo/")
    assert list(Annotation.objects.filter(deleted_at=None).values_list("kind", flat=True)) == ["mention"]


@pytest.mark.parametrize("pieces", [["content 0 3"], ["content x 3 “Cr"], [" 0 3 “Cr"], ["nonsense 0 3 “Cr"]])
def test_pieces_that_do_not_read_are_refused(analyst: Client, reading: Reading, pieces: list[str]) -> None:
    answer = analyst.post(f"/readings/{reading.pk}/statements/", {"piece": pieces}, headers=HTMX)
    assert (answer.status_code, Annotation.objects.count()) == (422, 0)


def test_pieces_that_are_not_the_text_bring_the_block_as_it_is(analyst: Client, reading: Reading) -> None:
    answer = analyst.post(f"/readings/{reading.pk}/statements/", {"piece": ["content 0 3 xyz"]}, headers=HTMX)
    assert (answer.status_code, targets(answer)) == (409, ["b0"])


# --- A phrase at all its places ---------------------------------------------------------------


def test_a_phrase_becomes_mentions_of_one_actor(analyst: Client, reading: Reading) -> None:
    actor = an_actor("Obi")
    sending = {"piece": obis(reading), "actor": actor.pk}
    answer = analyst.post(f"/readings/{reading.pk}/mentions/all/", sending, headers=HTMX)
    assert list(Mention.objects.values_list("actor", flat=True)) == [actor.pk] * 3
    assert targets(answer) == ["b0", "b1", "inspector", "tally", "messages"]
    assert "3 marked." in answer.content.decode()
    analyst.post(f"/readings/{reading.pk}/undo/")
    assert Annotation.objects.filter(deleted_at=None).count() == 0
    analyst.post(f"/readings/{reading.pk}/redo/")
    assert Annotation.objects.filter(deleted_at=None).count() == 3


def test_the_actor_of_a_phrase_is_recorded_on_the_spot(analyst: Client, reading: Reading) -> None:
    analyst.post(f"/readings/{reading.pk}/mentions/all/", {"piece": obis(reading), "actor": "new:person:Obi"})
    assert Mention.objects.filter(actor=Actor.objects.get(name="Obi", kind="person")).count() == 3


def test_without_an_actor_the_words_name_whom_they_named_before(analyst: Client, reading: Reading) -> None:
    actor = an_actor("Obi")
    a_mention(reading, "Obi", actor=actor.pk, form="name")
    answer = analyst.post(f"/readings/{reading.pk}/mentions/all/", {"piece": obis(reading)}, headers=HTMX)
    assert list(Mention.objects.values_list("actor", "form")) == [(actor.pk, "name")] * 3
    assert "2 marked. 1 was marked already." in answer.content.decode()


def test_sending_a_phrase_again_changes_nothing_and_says_so(analyst: Client, reading: Reading) -> None:
    for _ in range(2):
        answer = analyst.post(f"/readings/{reading.pk}/mentions/all/", {"piece": obis(reading)}, headers=HTMX)
    assert (answer.status_code, targets(answer), Mention.objects.count()) == (200, ["messages"], 3)
    assert "Nothing new to mark. 3 were marked already." in answer.content.decode()


def test_the_places_of_a_threat_are_references_of_one(analyst: Client, reading: Reading) -> None:
    pieces = [told("reference", piece(reading, words)) for words in ("The ultimatum", "we close it")]
    for _ in range(2):
        analyst.post(f"/readings/{reading.pk}/threats/all/", {"piece": pieces})
    assert parts_of(Threat.objects.get()) == [("reference", "The ultimatum"), ("reference", "we close it")]


def test_places_that_do_not_hold_are_refused_and_none_is_stored(analyst: Client, reading: Reading) -> None:
    url = f"/readings/{reading.pk}/mentions/all/"
    statuses = [
        analyst.post(url, {"piece": pieces}, headers=HTMX).status_code
        for pieces in ([], ["text 0 3 “Cr", "text 2 5 ros"], [*obis(reading), "text 0 3 xyz"])
    ]
    too_many = analyst.post(url, {"piece": [f"text {at} {at + 1} x" for at in range(501)]}, headers=HTMX)
    assert statuses == [422, 422, 409]
    assert "Piece: These are 501 places; at most 500" in too_many.content.decode()
    assert Annotation.objects.count() == 0


# --- A threat said again ----------------------------------------------------------------------


def test_a_threat_is_said_again_by_a_statement_of_its_issuer(analyst: Client, reading: Reading) -> None:
    issuer = an_actor("Obi")
    first = Annotation.objects.get(pk=_a_statement(reading).pk)
    threat = _a_threat(reading, statements=[first.pk], issuer=issuer.pk)
    place = piece(reading, "we close it")
    answer = analyst.post(f"/annotations/{threat.pk}/restatements/", sent(place), headers=HTMX)
    again = Statement.objects.exclude(pk=first.pk).get()
    assert (parts_of(again), again.speaker) == ([("content", "we close it")], issuer)
    assert [(e.statement_id, e.is_primary) for e in threat.expressions.all()] == [(first.pk, True), (again.pk, False)]
    assert f'data-annotation="{threat.pk}"' in answer.content.decode()
    assert targets(answer)[:2] == ["b0", "b1"]


def test_words_within_a_statement_say_a_threat_again_by_that_statement(analyst: Client, reading: Reading) -> None:
    statement = _a_statement(reading)
    threat = _a_threat(reading)
    content = statement.spans.get(role="content")
    inside = {"start": content.start, "end": content.start + 4, "quote": content.exact[:4]}
    answer = analyst.post(f"/annotations/{threat.pk}/restatements/", inside, headers=HTMX)
    assert (answer.status_code, Statement.objects.count()) == (200, 1)
    assert [one.statement_id for one in threat.expressions.all()] == [statement.pk]


def test_said_again_twice_is_said_again_once_and_undone_as_one(analyst: Client, reading: Reading) -> None:
    threat = _a_threat(reading, statements=[_a_statement(reading).pk])
    for _ in range(2):
        analyst.post(f"/annotations/{threat.pk}/restatements/", sent(piece(reading, "we close it")))
    assert (Statement.objects.count(), threat.expressions.count()) == (2, 2)
    analyst.post(f"/readings/{reading.pk}/undo/")
    assert (Annotation.objects.filter(kind="statement", deleted_at=None).count(), threat.expressions.count()) == (1, 1)
    analyst.post(f"/readings/{reading.pk}/redo/")
    assert (Annotation.objects.filter(kind="statement", deleted_at=None).count(), threat.expressions.count()) == (2, 2)


def test_only_a_threat_is_said_again(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading, "Obi")
    answer = analyst.post(f"/annotations/{mention.pk}/restatements/", sent(piece(reading, "we close it")), headers=HTMX)
    assert (answer.status_code, Statement.objects.count()) == (422, 0)


def _a_statement(reading: Reading) -> Annotation:
    return _marked(reading, "statement", {"content": [piece(reading, "“We will close the strait.”")]}, {})


def _a_threat(reading: Reading, **claim: Any) -> Threat:
    made = _marked(reading, "threat", {"reference": [piece(reading, "The ultimatum")]}, claim)
    return Threat.objects.get(pk=made.pk)


def _marked(reading: Reading, kind: str, parts: Any, claim: Any) -> Annotation:
    assert reading.reader is not None
    return mark_annotation(
        kind=kind_named(kind), reading=reading, parts=parts, claim=claim, by=reading.reader
    ).annotation


# --- What lies at a place ---------------------------------------------------------------------


def test_records_on_the_same_words_are_listed_the_shortest_first(client: Client) -> None:
    reading = a_reading()
    client.force_login(reading.reader)
    statement = a_statement(reading, speaker=an_actor("Adaeze Obi").pk)
    one, two = (a_mention(reading, "single ship") for _ in range(2))
    offset = reading.revision.text.index("ship")
    answer = client.get(f"/readings/{reading.pk}/at/{offset}/")
    listed = re.findall(r'data-goes-to="(\d+)"', answer.content.decode())
    assert listed == [str(one.pk), str(two.pk), str(statement.pk)]
    assert "Statement by Adaeze Obi, content" in answer.content.decode()


def test_behind_the_last_letter_is_still_there_and_elsewhere_is_nothing(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading, "Obi")
    end = Span.objects.get(annotation=mention).end
    assert f'data-goes-to="{mention.pk}"' in analyst.get(f"/readings/{reading.pk}/at/{end}/").content.decode()
    for far in (0, 10**12):
        assert "Nothing is marked here." in analyst.get(f"/readings/{reading.pk}/at/{far}/").content.decode()


def test_each_piece_of_several_is_named_by_its_number(client: Client) -> None:
    reading = a_reading()
    client.force_login(reading.reader)
    a_statement(reading, speaker=an_actor("Adaeze Obi").pk)
    page = client.get(f"/readings/{reading.pk}/").content.decode()
    assert re.findall(r'aria-description="([^"]+)"', page) == [
        "statement by Adaeze Obi, content, 1 of 2",
        "statement by Adaeze Obi, source",
        "statement by Adaeze Obi, cue",
        "statement by Adaeze Obi, content, 2 of 2",
    ]


# --- What is still to say ---------------------------------------------------------------------


def test_the_next_record_that_lacks_something_is_found_from_a_record_or_a_place(
    analyst: Client, reading: Reading
) -> None:
    first = a_mention(reading, "Obi")
    a_mention(reading, "we close it", actor=an_actor().pk)
    last = _a_threat(reading)
    url = f"/readings/{reading.pk}/lacking/"

    def gone_to(**query: object) -> list[str]:
        return re.findall(r'data-goes-to="(\d+)"', analyst.get(url, query).content.decode())

    assert gone_to() == [str(first.pk)]
    assert gone_to(place=Span.objects.get(annotation=first).end) == [str(last.pk)]
    assert gone_to(after=first.pk) == [str(last.pk)]
    assert gone_to(after=last.pk) == [str(first.pk)]
    assert gone_to(after=first.pk, back="1") == [str(last.pk)]
    assert "Threat lacks issuer, " in analyst.get(url, {"after": first.pk}).content.decode()


def test_where_nothing_is_lacking_that_is_said(analyst: Client, reading: Reading) -> None:
    a_mention(reading, "Obi", actor=an_actor().pk)
    for query in ({}, {"after": "x", "place": "9" * 30}):
        answer = analyst.get(f"/readings/{reading.pk}/lacking/", query)
        assert "Every record says what is asked for." in answer.content.decode()


# --- Who may ----------------------------------------------------------------------------------


def test_strangers_readers_and_other_methods_are_refused(client: Client) -> None:
    reading = a_reading()
    statement = a_statement(reading)
    threat = a_threat(reading, statement)
    posts = [f"/readings/{reading.pk}/mentions/all/", f"/annotations/{threat.pk}/restatements/"]
    client.force_login(a_user())
    assert [client.post(url).status_code for url in posts] == [404, 404]
    gets = [f"/readings/{reading.pk}/at/3/", f"/readings/{reading.pk}/lacking/"]
    assert [client.get(url).status_code for url in gets] == [404, 404]
    client.force_login(a_user(Role.READER))
    assert [client.post(url).status_code for url in posts] == [403, 403]
    assert [client.get(url).status_code for url in gets] == [403, 403]
    client.force_login(reading.reader)
    assert [client.get(url).status_code for url in posts] == [405, 405]
    assert [client.post(url).status_code for url in gets] == [405, 405]
