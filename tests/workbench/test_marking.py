"""Marking, deleting, undoing: what is stored, and which parts the answer brings."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.actions import merge_actors
from newsannot.annotations.actions import change_annotation, delete_annotation
from newsannot.annotations.models import Annotation, Mention, Reading, ReadingState, Span
from newsannot.annotations.rules import Piece
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.factories import (
    a_mention,
    a_reading,
    a_revision,
    a_statement,
    a_threat,
    a_user,
    an_actor,
    piece,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def sent(place: Piece, **more: object) -> dict[str, object]:
    return {"start": place.start, "end": place.end, "quote": place.quote, **more}


def targets(answer) -> list[str]:
    """Where the parts of an answer go."""
    return re.findall(r'<hx-partial hx-target="#([^"]+)"', answer.content.decode())


def test_marking_a_mention_stores_its_span_and_answers_with_its_block_and_the_inspector(
    analyst: Client, reading: Reading
) -> None:
    place = piece(reading, "Minister Adaeze Obi")
    answer = analyst.post(f"/readings/{reading.pk}/mentions/", sent(place), headers=HTMX)
    span = Span.objects.get()
    assert answer.status_code == 200
    assert (span.role, span.start, span.end, span.exact) == ("text", place.start, place.end, place.quote)
    assert targets(answer) == ["b1", "inspector", "tally"]
    assert f'data-a="{span.annotation_id}"' in answer.content.decode()
    assert "The neighbour’s envoy" not in answer.content.decode()


def tally(answer) -> list[str]:
    """How many records of each kind the head tells of."""
    return re.findall(r'<span class="is-\w+" title="\w+">([^<]+)</span>', answer.content.decode())


def test_so_many_records_of_a_kind_are_counted_and_no_more(
    analyst: Client, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsannot.workbench.queries.overview.MOST_COUNTED", 2)
    url, place = f"/readings/{reading.pk}/mentions/", sent(piece(reading, "Minister Adaeze Obi"))
    told = [tally(analyst.post(url, place, headers=HTMX))[0] for _ in range(3)]
    assert told == ["1 mention", "2+ mentions", "2+ mentions"]
    assert tally(analyst.get(f"/readings/{reading.pk}/")) == ["2+ mentions", "0 statements", "0 threats"]
    deleted = Annotation.objects.filter(reading=reading).first()
    analyst.post(f"/annotations/{deleted.pk}/delete/", headers=HTMX)
    deleted = Annotation.objects.filter(reading=reading, deleted_at=None).first()
    assert tally(analyst.post(f"/annotations/{deleted.pk}/delete/", headers=HTMX))[0] == "1 mention"


def test_a_block_that_was_marked_carries_the_readings_new_version(analyst: Client, reading: Reading) -> None:
    answer = analyst.post(
        f"/readings/{reading.pk}/mentions/", sent(piece(reading, "Minister Adaeze Obi")), headers=HTMX
    )
    reading.refresh_from_db()
    assert re.findall(r'data-v="(\d+)"', answer.content.decode()) == [str(reading.version)]


def test_without_scripts_marking_leads_back_to_the_record(analyst: Client, reading: Reading) -> None:
    answer = analyst.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, "Minister Adaeze Obi")))
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/readings/{reading.pk}/?annotation={Annotation.objects.get().pk}#b1",
    )


def test_a_mark_over_three_blocks_brings_all_three(analyst: Client, reading: Reading) -> None:
    text = reading.revision.text
    start, end = text.index("we will close"), text.index("The neighbour’s") + 3
    answer = analyst.post(f"/readings/{reading.pk}/statements/", sent(Piece(start, end, text[start:end])), headers=HTMX)
    assert targets(answer) == ["b1", "b2", "b3", "inspector", "tally"]


def test_line_ends_of_a_form_are_those_of_the_text(analyst: Client, reading: Reading) -> None:
    text = reading.revision.text
    start, end = text.index("the strait.”"), text.index("The neighbour’s") + 3
    quote = text[start:end].replace("\n", "\r\n")
    answer = analyst.post(f"/readings/{reading.pk}/statements/", sent(Piece(start, end, quote)), headers=HTMX)
    assert answer.status_code == 200
    assert Span.objects.get().exact == text[start:end]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("🚢🚢 The ship 👨‍👩‍👧 sails", "👨‍👩‍👧"),
        ("قال الوزير إن القوات ستكون هدفا", "القوات"),
        ("השר אמר כי הכוחות יהיו מטרה", "הכוחות"),
        ("Cafe\u0301 and\u00a0no\u00adbreak\u2028line", "and\u00a0no\u00adbreak"),
        ("a <b>bold</b> &amp; claim", "<b>bold</b> &amp;"),
        ("one\u200btwo\ttabbed  spaced", "two\ttabbed  spaced"),
    ],
)
def test_offsets_are_code_points_in_any_text(client: Client, text: str, words: str) -> None:
    reading = a_reading(revision=a_revision(text, zones=[]))
    client.force_login(reading.reader)
    place = piece(reading, words)
    answer = client.post(f"/readings/{reading.pk}/mentions/", sent(place), headers=HTMX)
    span = Span.objects.get()
    assert answer.status_code == 200
    assert (span.start, span.end, span.exact) == (text.index(words), text.index(words) + len(words), words)


def test_words_marked_before_name_the_same_actor_again(client: Client) -> None:
    reading = a_reading(revision=a_revision("Obi spoke. Then Obi left.", zones=[]))
    client.force_login(reading.reader)
    actor = an_actor()
    a_mention(reading, "Obi", actor=actor.pk, form="name")
    client.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, "Obi", 1)))
    assert list(Mention.objects.values_list("actor", "form")) == [(actor.pk, "name")] * 2


def test_words_marked_before_name_where_their_actor_went(client: Client) -> None:
    reading = a_reading(revision=a_revision("Obi spoke. Then Obi left.", zones=[]))
    client.force_login(reading.reader)
    actor, into = an_actor(), an_actor("The Minister")
    a_mention(reading, "Obi", actor=actor.pk, form="name")
    merge_actors(actor=actor, into=into, by=reading.reader)
    client.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, "Obi", 1)))
    assert list(Mention.objects.order_by("pk").values_list("actor", "form")) == [(actor.pk, "name"), (into.pk, "name")]


@pytest.mark.parametrize(
    ("quote", "mode"),
    [("“we will close the strait.”", "direct"), ("called the warning reckless", "indirect")],
)
def test_a_statement_is_quoted_as_its_marks_say(analyst: Client, reading: Reading, quote: str, mode: str) -> None:
    analyst.post(f"/readings/{reading.pk}/statements/", sent(piece(reading, quote)))
    assert Statement.objects.get().mode == mode


def test_a_threat_within_a_statement_is_expressed_by_it_and_issued_by_its_speaker(
    analyst: Client, reading: Reading
) -> None:
    speaker = an_actor()
    statement = a_statement(reading, speaker=speaker.pk)
    answer = analyst.post(
        f"/readings/{reading.pk}/threats/", sent(piece(reading, "we will close the strait")), headers=HTMX
    )
    threat = Threat.objects.get()
    assert [(e.statement_id, e.is_primary) for e in threat.expressions.all()] == [(statement.pk, True)]
    assert threat.issuer == speaker
    assert list(threat.spans.all()) == []
    assert targets(answer) == ["b1", "inspector", "tally"]
    assert "t-threat" in answer.content.decode()


def test_a_threat_outside_of_statements_is_referred_to_by_the_words(analyst: Client, reading: Reading) -> None:
    analyst.post(f"/readings/{reading.pk}/threats/", sent(piece(reading, "the warning")))
    assert [(s.role, s.exact) for s in Threat.objects.get().spans.all()] == [("reference", "the warning")]


def test_a_threat_within_a_statement_still_needs_the_words_that_stand_there(analyst: Client, reading: Reading) -> None:
    a_statement(reading)
    place = piece(reading, "we will close the strait")
    answer = analyst.post(
        f"/readings/{reading.pk}/threats/", sent(Piece(place.start, place.end, "we will open the strait!"))
    )
    assert (answer.status_code, Threat.objects.count()) == (409, 0)


def test_a_statement_alone_can_be_said_to_express_a_threat(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(f"/readings/{reading.pk}/threats/", {"statement": statement.pk}, headers=HTMX)
    assert answer.status_code == 200
    assert [s.pk for s in Threat.objects.get().statements.all()] == [statement.pk]


@pytest.mark.parametrize("statement", ["0", "999999", "x", "9" * 30])
def test_a_threat_of_a_statement_that_is_not_there_is_refused(
    analyst: Client, reading: Reading, statement: str
) -> None:
    answer = analyst.post(f"/readings/{reading.pk}/threats/", {"statement": statement}, headers=HTMX)
    assert (answer.status_code, Threat.objects.count()) == (422, 0)


BAD_PLACES = [
    ({}, 422),
    ({"start": "", "end": "", "quote": ""}, 422),
    ({"start": "five", "end": "9", "quote": "x"}, 422),
    ({"start": "-1", "end": "9", "quote": "x"}, 422),
    ({"start": "1.5", "end": "9", "quote": "x"}, 422),
    ({"start": "٣", "end": "9", "quote": "x"}, 422),
    ({"start": "9", "end": "5", "quote": "x"}, 422),
    ({"start": "5", "end": "5", "quote": ""}, 422),
    ({"start": "0", "end": str(2**31), "quote": "x"}, 422),
    ({"start": "0", "end": "9" * 40, "quote": "x"}, 422),
    ({"start": "0", "end": "100000", "quote": "x"}, 422),
    ({"start": "0", "end": "8", "quote": ""}, 422),
    ({"start": "0", "end": "8", "quote": "minister"}, 409),
    ({"start": "0", "end": "8", "quote": "Mini\x00ter"}, 409),
]


@pytest.mark.parametrize("kind", ["mentions", "statements", "threats"])
@pytest.mark.parametrize(("place", "status"), BAD_PLACES)
def test_a_place_that_cannot_be_is_refused_and_nothing_is_stored(
    analyst: Client, reading: Reading, kind: str, place: dict[str, str], status: int
) -> None:
    for headers in ({}, HTMX):
        answer = analyst.post(f"/readings/{reading.pk}/{kind}/", place, headers=headers)
        assert (answer.status_code, Annotation.objects.count()) == (status, 0)
        assert 'role="alert"' in answer.content.decode()


def test_an_offset_beyond_all_texts_is_said_to_be_too_large(analyst: Client, reading: Reading) -> None:
    place = {"start": str(2**31), "end": str(2**31 + 4), "quote": "x"}
    answer = analyst.post(f"/readings/{reading.pk}/mentions/", place, headers=HTMX).content.decode()
    assert "Start: This is more than 2,147,483,647." in answer


def test_words_that_are_not_the_texts_bring_the_block_as_it_is(analyst: Client, reading: Reading) -> None:
    answer = analyst.post(
        f"/readings/{reading.pk}/mentions/", {"start": "0", "end": "8", "quote": "minister"}, headers=HTMX
    )
    assert targets(answer) == ["b0"]


def test_boilerplate_is_not_coded(analyst: Client, reading: Reading) -> None:
    answer = analyst.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, "somebody")), headers=HTMX)
    assert (answer.status_code, Annotation.objects.count()) == (422, 0)
    assert "boilerplate" in answer.content.decode()


def test_a_submitted_reading_takes_no_marks(analyst: Client, reading: Reading) -> None:
    Reading.objects.filter(pk=reading.pk).update(state=ReadingState.SUBMITTED)
    answer = analyst.post(f"/readings/{reading.pk}/mentions/", sent(piece(reading, "Minister")), headers=HTMX)
    assert (answer.status_code, Annotation.objects.count()) == (422, 0)
    assert "submitted" in answer.content.decode()


# --- Deleting and undoing ---


def test_deleting_answers_with_the_block_and_the_list(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/annotations/{mention.pk}/delete/", headers=HTMX)
    mention.refresh_from_db()
    assert mention.deleted_at is not None
    assert targets(answer) == ["b1", "inspector", "tally"]
    assert "<mark" not in answer.content.decode()


def test_deleting_a_threat_repaints_the_quotation_that_expressed_it(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading, a_statement(reading))
    answer = analyst.post(f"/annotations/{threat.pk}/delete/", headers=HTMX)
    assert targets(answer)[0] == "b1"
    assert "t-threat" not in answer.content.decode()


def test_a_statement_that_a_threat_rests_on_is_not_deleted(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    a_threat(reading, statement)
    answer = analyst.post(f"/annotations/{statement.pk}/delete/", headers=HTMX)
    statement.refresh_from_db()
    assert (answer.status_code, statement.deleted_at) == (422, None)
    assert "rests on" in answer.content.decode()


def test_undo_and_redo_take_back_and_bring_again(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    undone = analyst.post(f"/readings/{reading.pk}/undo/", headers=HTMX)
    assert (undone.status_code, Annotation.objects.standing().count()) == (200, 0)
    redone = analyst.post(f"/readings/{reading.pk}/redo/", headers=HTMX)
    assert f'data-annotation="{mention.pk}"' in redone.content.decode()
    assert Annotation.objects.standing().count() == 1


@pytest.mark.parametrize("deed", ["undo", "redo"])
def test_where_there_is_nothing_to_undo_that_is_said(analyst: Client, reading: Reading, deed: str) -> None:
    answer = analyst.post(f"/readings/{reading.pk}/{deed}/", headers=HTMX)
    assert answer.status_code == 422
    assert f"nothing to {deed}" in answer.content.decode()


def test_a_deleted_record_is_not_there_to_delete_again(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    delete_annotation(annotation=mention, by=reading.reader)
    assert analyst.post(f"/annotations/{mention.pk}/delete/").status_code == 404


# --- Who may ---


@pytest.fixture
def paths(reading: Reading) -> list[str]:
    mention = a_mention(reading)
    span = mention.spans.get()
    return [
        *(f"/readings/{reading.pk}/{part}/" for part in ("mentions", "statements", "threats", "undo", "redo")),
        f"/annotations/{mention.pk}/kind/",
        f"/annotations/{mention.pk}/delete/",
        f"/annotations/{mention.pk}/spans/",
        f"/spans/{span.pk}/",
        f"/spans/{span.pk}/role/",
        f"/spans/{span.pk}/delete/",
    ]


def test_another_analyst_finds_nothing_there(client: Client, paths: list[str]) -> None:
    client.force_login(a_user())
    assert [client.post(path).status_code for path in paths] == [404] * len(paths)


def test_a_reader_of_the_api_is_told_so(client: Client, paths: list[str]) -> None:
    client.force_login(a_user(Role.READER))
    assert [client.post(path).status_code for path in paths] == [403] * len(paths)


def test_an_editor_sees_a_submitted_reading_and_may_not_change_it(
    client: Client, reading: Reading, paths: list[str]
) -> None:
    Reading.objects.filter(pk=reading.pk).update(state=ReadingState.SUBMITTED)
    client.force_login(a_user(Role.EDITOR))
    assert [client.post(path).status_code for path in paths] == [403] * len(paths)


def test_a_stranger_signs_in_first(client: Client, paths: list[str]) -> None:
    answers = [client.post(path) for path in paths]
    assert [a.status_code for a in answers] == [302] * len(paths)
    assert all(a["Location"].startswith("/account/sign-in/") for a in answers)


def test_writing_takes_a_post(analyst: Client, paths: list[str]) -> None:
    assert [analyst.get(path).status_code for path in paths] == [405] * len(paths)


def test_an_editor_marks_in_the_curated_reading(client: Client, reading: Reading) -> None:
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    client.force_login(a_user(Role.EDITOR))
    answer = client.post(f"/readings/{curated.pk}/mentions/", sent(piece(reading, "Minister Adaeze Obi")), headers=HTMX)
    assert (answer.status_code, Annotation.objects.filter(reading=curated).count()) == (200, 1)


# --- Evidence ---


def test_a_piece_is_added_moved_and_taken_away(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    added = analyst.post(
        f"/annotations/{threat.pk}/spans/", sent(piece(reading, "the warning"), role="reference"), headers=HTMX
    )
    span = threat.spans.get(role="reference")
    moved = analyst.post(f"/spans/{span.pk}/", sent(piece(reading, "called the warning reckless")), headers=HTMX)
    span.refresh_from_db()
    assert (span.exact, targets(added), targets(moved)) == (
        "called the warning reckless",
        ["b1", "b3", "inspector", "tally"],
        ["b1", "b3", "inspector", "tally"],
    )
    gone = analyst.post(f"/spans/{span.pk}/delete/", headers=HTMX)
    assert (gone.status_code, threat.spans.filter(role="reference").count()) == (200, 0)


def test_a_role_that_holds_one_piece_gets_the_new_one_instead(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    analyst.post(f"/annotations/{statement.pk}/spans/", sent(piece(reading, "called"), role="cue"))
    assert [s.exact for s in statement.spans.filter(role="cue")] == ["called"]


@pytest.mark.parametrize("role", ["", "verdict", "text"])
def test_a_role_the_kind_lacks_is_refused(analyst: Client, reading: Reading, role: str) -> None:
    statement = a_statement(reading)
    answer = analyst.post(
        f"/annotations/{statement.pk}/spans/", sent(piece(reading, "called"), role=role), headers=HTMX
    )
    assert (answer.status_code, statement.spans.count()) == (422, 4)


def evidence(annotation: Annotation) -> list[tuple[str, str]]:
    """Roles and words of a record, in the order of the text."""
    return list(annotation.spans.order_by("start", "end").values_list("role", "exact"))


def test_a_piece_gets_another_role_and_keeps_its_row(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    span = threat.spans.get(role="consequence")
    answer = analyst.post(f"/spans/{span.pk}/role/", {"role": "demand"}, headers=HTMX)
    span.refresh_from_db()
    assert (answer.status_code, span.role, span.exact) == (200, "demand", "we will close the strait")
    assert targets(answer) == ["b1", "inspector", "tally"]
    analyst.post(f"/readings/{reading.pk}/undo/", headers=HTMX)
    assert threat.spans.get(exact="we will close the strait").role == "consequence"


def test_source_and_cue_change_places_by_one_gesture_and_one_undo(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    before = evidence(statement)
    cue = statement.spans.get(role="cue")
    answer = analyst.post(f"/spans/{cue.pk}/role/", {"role": "source"}, headers=HTMX)
    other = {"cue": "source", "source": "cue"}
    assert answer.status_code == 200
    assert evidence(statement) == [(other.get(role, role), words) for role, words in before]
    analyst.post(f"/readings/{reading.pk}/undo/", headers=HTMX)
    assert evidence(statement) == before


def test_one_of_two_contents_becomes_the_cue_and_the_cue_content(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    content = statement.spans.filter(role="content").first()
    answer = analyst.post(f"/spans/{content.pk}/role/", {"role": "cue"}, headers=HTMX)
    assert answer.status_code == 200
    assert [s.exact for s in statement.spans.filter(role="cue")] == [content.exact]
    assert statement.spans.filter(role="content", exact="said").count() == 1


def test_the_role_it_has_already_changes_nothing(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    cue = statement.spans.get(role="cue")
    answer = analyst.post(f"/spans/{cue.pk}/role/", {"role": "cue"}, headers=HTMX)
    statement.refresh_from_db()
    assert (answer.status_code, statement.version, statement.steps.count()) == (200, 1, 1)


def test_a_piece_is_not_given_another_role_against_a_newer_version(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    cue = statement.spans.get(role="cue")
    change_annotation(annotation=statement, claim={"note": "Later."}, by=reading.reader)
    stale = analyst.post(f"/spans/{cue.pk}/role/", {"role": "source", "version": "1"}, headers=HTMX)
    cue.refresh_from_db()
    assert (stale.status_code, cue.role) == (409, "cue")
    assert analyst.post(f"/spans/{cue.pk}/role/", {"role": "source", "version": "2"}, headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "no role"),
        ({"role": "demand"}, "no role"),
        ({"role": "source", "version": "x"}, "whole number"),
        ({"role": "source", "version": ""}, "missing"),
    ],
)
def test_another_role_that_cannot_be_is_refused(
    analyst: Client, reading: Reading, sent: dict[str, str], said: str
) -> None:
    statement = a_statement(reading)
    before = evidence(statement)
    answer = analyst.post(f"/spans/{statement.spans.get(role='cue').pk}/role/", sent, headers=HTMX)
    assert (answer.status_code, evidence(statement)) == (422, before)
    assert said in answer.content.decode()


def test_the_only_content_stays_content(analyst: Client, reading: Reading) -> None:
    analyst.post(f"/readings/{reading.pk}/statements/", sent(piece(reading, "close the strait")))
    statement = Annotation.objects.get()
    span = statement.spans.get()
    answer = analyst.post(f"/spans/{span.pk}/role/", {"role": "cue"}, headers=HTMX)
    assert (answer.status_code, evidence(statement)) == (422, [("content", "close the strait")])


def test_without_scripts_another_role_leads_back_to_the_record(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(f"/spans/{statement.spans.get(role='cue').pk}/role/", {"role": "source", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"/readings/{reading.pk}/?annotation={statement.pk}#b1")


def test_the_cue_stays_out_of_the_content(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(
        f"/annotations/{statement.pk}/spans/", sent(piece(reading, "close the strait"), role="cue"), headers=HTMX
    )
    assert (answer.status_code, statement.spans.get(role="cue").exact) == (422, "said")
    assert "overlap" in answer.content.decode()


def test_the_last_piece_of_a_role_that_must_be_filled_stays(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/spans/{mention.spans.get().pk}/delete/", headers=HTMX)
    assert (answer.status_code, mention.spans.count()) == (422, 1)


@pytest.mark.parametrize(("place", "status"), BAD_PLACES)
def test_borders_that_cannot_be_are_refused(
    analyst: Client, reading: Reading, place: dict[str, str], status: int
) -> None:
    mention = a_mention(reading)
    span = mention.spans.get()
    assert analyst.post(f"/spans/{span.pk}/", place, headers=HTMX).status_code == status
    assert mention.spans.get().exact == span.exact


# --- Another kind ---


def test_a_record_becomes_one_of_another_kind_and_the_message_says_what_is_left_out(
    analyst: Client, reading: Reading
) -> None:
    statement = a_statement(reading, venue="Minsk", note="Look again.")
    answer = analyst.post(f"/annotations/{statement.pk}/kind/", {"kind": "threat", "version": "1"}, headers=HTMX)
    threat = Threat.objects.standing().get()
    assert (answer.status_code, threat.note) == (200, "Look again.")
    assert targets(answer) == ["b1", "inspector", "tally", "messages"]
    assert "Now a threat. Left out: Source, Cue, Venue. Undo brings all of it back." in answer.content.decode()
    assert f'data-annotation="{threat.pk}"' in answer.content.decode()
    assert Statement.objects.standing().count() == 0


def test_words_marked_before_name_whom_a_new_mention_names(analyst: Client, reading: Reading) -> None:
    actor = an_actor()
    a_mention(reading, actor=actor.pk, form="name")
    analyst.post(f"/readings/{reading.pk}/threats/", sent(piece(reading, "Minister Adaeze Obi")))
    threat = Threat.objects.get()
    analyst.post(f"/annotations/{threat.pk}/kind/", {"kind": "mention"}, headers=HTMX)
    assert [m.actor_id for m in Mention.objects.standing().order_by("pk")] == [actor.pk, actor.pk]


def test_a_new_statement_is_quoted_as_its_quotation_marks_say(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading, "“we will close the strait.”")
    analyst.post(f"/annotations/{mention.pk}/kind/", {"kind": "statement"}, headers=HTMX)
    assert Statement.objects.standing().get().mode == "direct"


def test_the_form_says_beforehand_what_would_be_left_out(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading, venue="Minsk")
    shown = analyst.get(f"/annotations/{statement.pk}/", headers=HTMX).content.decode()
    assert re.findall(r'id="leaves-(\w+)">([^<]+)<', shown) == [
        ("mention", "Leaves out: Source, Cue, Content, Venue"),
        ("threat", "Leaves out: Source, Cue, Venue"),
    ]


@pytest.mark.parametrize("kind", ["", "verdict", "statement"])
def test_a_kind_that_cannot_be_is_refused(analyst: Client, reading: Reading, kind: str) -> None:
    statement = a_statement(reading)
    answer = analyst.post(f"/annotations/{statement.pk}/kind/", {"kind": kind}, headers=HTMX)
    assert (answer.status_code, Statement.objects.standing().count()) == (422, 1)


def test_another_kind_against_a_newer_version_is_refused(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    change_annotation(annotation=mention, claim={"note": "Later."}, by=reading.reader)
    answer = analyst.post(f"/annotations/{mention.pk}/kind/", {"kind": "statement", "version": "1"}, headers=HTMX)
    assert (answer.status_code, Mention.objects.standing().count()) == (409, 1)


def test_without_scripts_another_kind_leads_back_to_the_new_record(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/annotations/{mention.pk}/kind/", {"kind": "statement", "version": "1"})
    statement = Statement.objects.standing().get()
    assert (answer.status_code, answer["Location"]) == (303, f"/readings/{reading.pk}/?annotation={statement.pk}#b1")


def test_the_histories_of_what_it_was_and_became_lead_to_one_another(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    analyst.post(f"/annotations/{mention.pk}/kind/", {"kind": "statement"})
    statement = Statement.objects.standing().get()
    was = analyst.get(f"/annotations/{statement.pk}/history/", headers=HTMX).content.decode()
    became = analyst.get(f"/annotations/{mention.pk}/history/", headers=HTMX).content.decode()
    assert f'href="/annotations/{mention.pk}/history/"' in was
    assert f'href="/annotations/{statement.pk}/history/"' in became
    assert "Given another kind" in became
