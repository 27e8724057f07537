"""One record in the inspector: its form, what a change stores and answers, and what becomes of a stale one."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.actions import change_annotation, delete_annotation, mark_annotation
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Mention, Reading, ReadingState
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from newsannot.workbench.rules import FORM_PROPERTIES
from newsannot.workbench.views import inspector
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor, piece
from tests.workbench.test_marking import HTMX, targets

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def shown(answer) -> str:
    return answer.content.decode()


# --- Shown ---


def test_the_record_is_shown_with_its_slots_and_form(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading, speaker=an_actor().pk, mode="direct")
    html = shown(analyst.get(f"/annotations/{statement.pk}/", headers=HTMX))
    assert f'data-annotation="{statement.pk}"' in html
    assert re.findall(r'<fieldset class="slot" data-role="(\w+)"', html) == ["source", "cue", "content"]
    assert re.findall(r'<li class="span" data-span="(\d+)"', html) == [
        str(pk)
        for pk in [
            *statement.spans.filter(role="source").values_list("pk", flat=True),
            *statement.spans.filter(role="cue").values_list("pk", flat=True),
            *statement.spans.filter(role="content").values_list("pk", flat=True),
        ]
    ]
    assert re.search(r'value="direct"\s+checked', html)
    assert "Adaeze Obi<input" in html
    assert "<html" not in html


def test_wanted_fields_come_first(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    html = shown(analyst.get(f"/annotations/{threat.pk}/", headers=HTMX))
    first, more = html.split("<summary>More")
    assert [name for name in ("issuer", "harm_targets", "purpose", "consequence") if f'-{name}"' in first] == [
        "issuer",
        "harm_targets",
        "purpose",
        "consequence",
    ]
    assert all(
        f'-{name}"' in more for name in ("condition_kind", "demand_kind", "plover_contexts", "certainty", "note")
    )


def test_without_scripts_a_record_is_shown_beside_its_text(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.get(f"/annotations/{mention.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/readings/{reading.pk}/?annotation={mention.pk}#b1")
    page = shown(analyst.get(f"/readings/{reading.pk}/?annotation={mention.pk}"))
    assert f'data-annotation="{mention.pk}"' in page
    assert 'id="text"' in page


def test_a_closed_reading_shows_its_record_without_the_means_to_change_it(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    Reading.objects.filter(pk=reading.pk).update(state=ReadingState.SUBMITTED)
    html = shown(analyst.get(f"/annotations/{mention.pk}/", headers=HTMX))
    assert 'data-action="arm"' not in html
    assert "Delete" not in html
    assert "disabled" in html


def test_words_of_the_text_are_escaped_in_the_inspector(client: Client) -> None:
    reading = a_reading(revision=a_revision("He said <script>alert(1)</script> & left", zones=[]))
    mention = a_mention(reading, "<script>alert(1)</script> & left")
    client.force_login(reading.reader)
    html = shown(client.get(f"/annotations/{mention.pk}/", headers=HTMX))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; left" in html


# --- Changed ---


def test_a_change_stores_the_fields_sent_and_answers_with_the_new_version(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(
        f"/annotations/{statement.pk}/", {"version": 1, "mode": "mixed", "venue": "Vladivostok"}, headers=HTMX
    )
    stored = Statement.objects.get()
    assert (answer.status_code, stored.mode, stored.venue, stored.version) == (200, "mixed", "Vladivostok", 2)
    assert targets(answer) == ["record-state"]
    assert 'name="version" value="2"' in shown(answer)


def test_what_is_not_sent_stays(analyst: Client, reading: Reading) -> None:
    actor = an_actor()
    statement = a_statement(reading, speaker=actor.pk, mode="direct", negated=True)
    analyst.post(f"/annotations/{statement.pk}/", {"version": 1, "venue": "Minsk"}, headers=HTMX)
    stored = Statement.objects.get()
    assert (stored.speaker, stored.mode, stored.negated) == (actor, "direct", True)


def test_what_the_form_shows_and_does_not_send_is_emptied(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading, speaker=an_actor().pk, negated=True)
    analyst.post(f"/annotations/{statement.pk}/", {"version": 1, "shows": ["speaker", "negated"]}, headers=HTMX)
    stored = Statement.objects.get()
    assert (stored.speaker, stored.negated) == (None, False)


def test_naming_another_speaker_reads_out_anew_in_the_text(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(f"/annotations/{statement.pk}/", {"version": 1, "speaker": an_actor().pk}, headers=HTMX)
    assert targets(answer) == ["record-state", "b1"]
    assert "statement by Adaeze Obi, content" in shown(answer)


def test_a_threats_statement_is_chosen_and_its_quotation_repainted(analyst: Client, reading: Reading) -> None:
    statement, threat = a_statement(reading), a_threat(reading)
    answer = analyst.post(
        f"/annotations/{threat.pk}/", {"version": 1, "shows": "statements", "statements": statement.pk}, headers=HTMX
    )
    assert [(e.statement_id, e.is_primary) for e in threat.threat.expressions.all()] == [(statement.pk, True)]
    assert "b1" in targets(answer)


@pytest.mark.parametrize(
    ("sent", "name", "kind"),
    [("new:Adaeze Obi", "Adaeze Obi", "person"), ("new:state:Ruritania", "Ruritania", "state")],
)
def test_an_actor_is_recorded_on_the_spot_and_comes_back_with_its_id(
    analyst: Client, reading: Reading, sent: str, name: str, kind: str
) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/annotations/{mention.pk}/", {"version": 1, "actor": sent}, headers=HTMX)
    actor = Actor.objects.get()
    assert (actor.name, actor.kind, Mention.objects.get().actor) == (name, kind, actor)
    assert f'name="actor" value="{actor.pk}"' in shown(answer)
    again = analyst.post(f"/annotations/{mention.pk}/", {"version": 2, "actor": sent}, headers=HTMX)
    assert (again.status_code, Actor.objects.count()) == (200, 1)


def test_an_actor_that_cannot_be_is_refused_with_all_that_came_with_it(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(
        f"/annotations/{statement.pk}/", {"version": 1, "speaker": "new:wizard:Merlin", "venue": "Minsk"}, headers=HTMX
    )
    stored = Statement.objects.get()
    assert (answer.status_code, Actor.objects.count(), stored.venue, stored.version) == (422, 0, "", 1)
    assert f"f-{statement.pk}-speaker" in targets(answer)
    assert "Merlin" in shown(answer)


def test_without_scripts_a_typed_name_names_an_actor(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/annotations/{mention.pk}/", {"version": 1, "actor_typed": "Adaeze Obi"})
    assert (answer.status_code, Mention.objects.get().actor.name) == (303, "Adaeze Obi")
    analyst.post(f"/annotations/{mention.pk}/", {"version": 2, "actor_typed": "Half a na"}, headers=HTMX)
    assert [a.name for a in Actor.objects.all()] == ["Adaeze Obi"]


REFUSED = [
    ("statement", {"mode": "shouted"}, "mode"),
    ("statement", {"speaker": "999999"}, "speaker"),
    ("statement", {"speaker": "Obi"}, "speaker"),
    ("statement", {"speaker": "9" * 40}, "speaker"),
    ("statement", {"said_on": "last Monday"}, "said_on"),
    ("statement", {"said_on": "2025-09-05"}, "said_on_basis"),
    ("statement", {"venue": "x" * 201}, "venue"),
    ("statement", {"venue": "a\x00b"}, "venue"),
    ("statement", {"said_on_basis": "hearsay"}, "said_on_basis"),
    ("threat", {"purpose": "compellent"}, "demand_kind"),
    ("threat", {"plover_contexts": ["military", "tea"]}, "plover_contexts"),
    ("threat", {"deadline": "2025-13-45"}, "deadline"),
    ("threat", {"harm_targets": ["1", "x"]}, "harm_targets"),
]


@pytest.mark.parametrize(("kind", "fields", "field"), REFUSED)
def test_a_value_that_cannot_be_is_refused_beside_its_field(
    analyst: Client, reading: Reading, kind: str, fields: dict[str, object], field: str
) -> None:
    record = a_statement(reading) if kind == "statement" else a_threat(reading)
    answer = analyst.post(f"/annotations/{record.pk}/", {"version": 1, **fields}, headers=HTMX)
    record.refresh_from_db()
    assert (answer.status_code, record.version) == (422, 1)
    assert targets(answer) == [f"f-{record.pk}-{field}"]
    assert 'class="field-error"' in shown(answer)
    assert 'role="alert"' in shown(answer)


def test_a_circle_of_nesting_is_refused_beside_its_field(analyst: Client, reading: Reading) -> None:
    inner, outer = a_statement(reading), a_statement(reading)
    analyst.post(f"/annotations/{inner.pk}/", {"version": 1, "parent": outer.pk}, headers=HTMX)
    answer = analyst.post(f"/annotations/{outer.pk}/", {"version": 1, "parent": inner.pk}, headers=HTMX)
    assert (answer.status_code, targets(answer)) == (422, [f"f-{outer.pk}-parent"])
    assert "nested in one that is nested in it" in shown(answer)


def test_without_scripts_a_refused_form_comes_back_as_it_was_filled_in(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(f"/annotations/{statement.pk}/", {"version": 1, "venue": "Minsk", "said_on": "last Monday"})
    html = shown(answer)
    assert answer.status_code == 422
    assert 'id="text"' in html
    assert 'value="Minsk"' in html
    assert 'value="last Monday"' in html
    assert "no date in EDTF" in html


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_form_without_a_version_is_refused(analyst: Client, reading: Reading, version: str) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/annotations/{mention.pk}/", {"version": version, "form_": "name"}, headers=HTMX)
    assert (answer.status_code, Mention.objects.get().form) == (422, "")


def test_an_error_that_was_mended_goes_away(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    answer = analyst.post(
        f"/annotations/{statement.pk}/",
        {"version": 1, "said_on": "2025", "said_on_basis": "text", "erred": "said_on"},
        headers=HTMX,
    )
    assert targets(answer) == ["record-state", f"f-{statement.pk}-said_on"]
    assert "field-error" not in shown(answer)


# --- Stale ---


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_form_shows_both_versions_and_stores_neither_over_the_other(
    analyst: Client, reading: Reading, headers: dict[str, str]
) -> None:
    statement = a_statement(reading, venue="Minsk")
    change_annotation(annotation=statement, by=reading.reader, claim={"venue": "Moscow"})
    answer = analyst.post(
        f"/annotations/{statement.pk}/", {"version": 1, "venue": "Vladivostok", "mode": "direct"}, headers=headers
    )
    html = shown(answer)
    assert (answer.status_code, Statement.objects.get().venue) == (409, "Moscow")
    cells = re.findall(r"<t(?:h|d><label)[^>]*>(?:<input[^>]*> <span[^>]*>)?([^<]*)</", html)
    assert cells == ["Field", "Yours", "What stands", "Quotation", "Direct", "—", "Venue", "Vladivostok", "Moscow"]


def chosen(html: str) -> list[tuple[str, str]]:
    """Which version of each field a conflict keeps unless somebody chooses."""
    radios = re.findall(r'<input type="radio"\s+name="keep_(\w+)"\s+value="(\w+)"\s+[^>]*?(checked)?>', html)
    return [(name, value) for name, value, checked in radios if checked]


def test_what_was_not_touched_stays_as_it_stands_unless_chosen(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading, venue="Minsk")
    change_annotation(annotation=statement, by=reading.reader, claim={"venue": "Moscow"})
    fields = {"version": 1, "venue": "Minsk", "mode": "direct"}
    url = f"/annotations/{statement.pk}/"
    assert chosen(shown(analyst.post(url, fields, headers=HTMX))) == [("mode", "yours"), ("venue", "yours")]
    refused = shown(analyst.post(url, {**fields, "touched": "mode"}, headers=HTMX))
    assert chosen(refused) == [("mode", "yours"), ("venue", "stands")]


def test_each_field_of_a_conflict_is_kept_as_chosen(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading, venue="Minsk")
    change_annotation(annotation=statement, by=reading.reader, claim={"venue": "Moscow"})
    fields = {"version": 2, "wants": "record", "venue": "Minsk", "keep_venue": "stands", "keep_mode": "yours"}
    answer = analyst.post(f"/annotations/{statement.pk}/", {**fields, "mode": "direct"}, headers=HTMX)
    saved = Statement.objects.get()
    assert (answer.status_code, saved.venue, saved.mode, saved.version) == (200, "Moscow", "direct", 3)


def test_ones_own_version_can_be_kept_over_the_other(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    change_annotation(annotation=statement, by=reading.reader, claim={"venue": "Moscow"})
    refused = shown(analyst.post(f"/annotations/{statement.pk}/", {"version": 1, "venue": "Minsk"}, headers=HTMX))
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', refused))
    answer = analyst.post(f"/annotations/{statement.pk}/", fields, headers=HTMX)
    assert (answer.status_code, Statement.objects.get().venue) == (200, "Minsk")
    assert targets(answer)[0] == "inspector"


def test_a_form_of_a_record_deleted_meanwhile_keeps_what_was_entered_in_sight(
    analyst: Client, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = a_statement(reading)
    read = inspector.read_claim

    def delete_first(*args: object, **more: object):
        delete_annotation(annotation=statement, by=reading.reader)
        return read(*args, **more)

    monkeypatch.setattr(inspector, "read_claim", delete_first)
    answer = analyst.post(f"/annotations/{statement.pk}/", {"version": 1, "venue": "Minsk"}, headers=HTMX)
    assert answer.status_code == 409
    assert "was deleted" in shown(answer)
    assert "Minsk" in shown(answer)


# --- Who may ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_analyst_finds_no_record(client: Client, reading: Reading, method: str) -> None:
    mention = a_mention(reading)
    client.force_login(a_user())
    assert getattr(client, method)(f"/annotations/{mention.pk}/").status_code == 404


def test_a_reader_of_the_api_may_not_look(client: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    client.force_login(a_user(Role.READER))
    assert client.get(f"/annotations/{mention.pk}/").status_code == 403


def test_an_editor_may_look_at_a_submitted_record_and_not_change_it(client: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    Reading.objects.filter(pk=reading.pk).update(state=ReadingState.SUBMITTED)
    client.force_login(a_user(Role.EDITOR))
    assert client.get(f"/annotations/{mention.pk}/", headers=HTMX).status_code == 200
    assert client.post(f"/annotations/{mention.pk}/", {"version": 1}).status_code == 403


def test_other_methods_are_not_for_records(analyst: Client, reading: Reading) -> None:
    assert analyst.delete(f"/annotations/{a_mention(reading).pk}/").status_code == 405


def test_a_deleted_record_is_not_found(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    delete_annotation(annotation=mention, by=reading.reader)
    assert analyst.get(f"/annotations/{mention.pk}/").status_code == 404
    assert Annotation.objects.count() == 1


def test_a_threat_that_nothing_expresses_any_more_is_refused_as_a_whole(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    analyst.post(f"/readings/{reading.pk}/threats/", {"statement": statement.pk})
    threat = Threat.objects.get()
    answer = analyst.post(
        f"/annotations/{threat.pk}/", {"version": 1, "shows": ["statements", "primary_statement"]}, headers=HTMX
    )
    assert (answer.status_code, threat.expressions.count()) == (422, 1)


@pytest.mark.parametrize("kind", ["mention", "statement", "threat"])
def test_no_control_hides_a_property_of_its_form_from_scripts(analyst: Client, reading: Reading, kind: str) -> None:
    record = {"mention": a_mention, "statement": a_statement, "threat": a_threat}[kind](reading)
    html = shown(analyst.get(f"/annotations/{record.pk}/", headers=HTMX))
    assert set(re.findall(r' name="([^"]+)"', html)) & FORM_PROPERTIES == set()


def test_the_form_of_a_mention_is_stored(analyst: Client, reading: Reading) -> None:
    mention = a_mention(reading)
    answer = analyst.post(f"/annotations/{mention.pk}/", {"version": 1, "form_": "title"}, headers=HTMX)
    assert (answer.status_code, Mention.objects.get().form) == (200, "title")


def test_a_leading_statement_that_is_unchosen_leaves_the_lead_to_another(analyst: Client, reading: Reading) -> None:
    first, second = a_statement(reading), _second_statement(reading)
    threat = a_threat(reading, statements=[first.pk, second.pk], primary_statement=first.pk)
    answer = analyst.post(
        f"/annotations/{threat.pk}/",
        {"version": 1, "shows": "statements", "statements": second.pk, "primary_statement": first.pk},
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert [(e.statement_id, e.is_primary) for e in threat.threat.expressions.all()] == [(second.pk, True)]


def test_which_statement_leads_is_asked_once_there_are_two(analyst: Client, reading: Reading) -> None:
    first, second = a_statement(reading), _second_statement(reading)
    threat = a_threat(reading, first)
    asked = re.compile(rf'id="f-{threat.pk}-primary_statement" (hidden)?')
    assert asked.search(shown(analyst.get(f"/annotations/{threat.pk}/", headers=HTMX))).group(1) == "hidden"
    answer = analyst.post(
        f"/annotations/{threat.pk}/", {"version": 1, "statements": [first.pk, second.pk]}, headers=HTMX
    )
    assert asked.search(shown(answer)).group(1) is None


def _second_statement(reading: Reading) -> Annotation:
    place = piece(reading, "called the warning reckless")
    return mark_annotation(
        kind=kind_named("statement"), reading=reading, parts={"content": [place]}, claim={}, by=reading.reader
    ).annotation
