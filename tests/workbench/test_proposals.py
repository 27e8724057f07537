"""What is proposed beside a threat's fields, who reports whom, and the three scales: shown, taken, gone again."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.annotations.actions import mark_annotation
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.articles.models import Source
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from newsannot.workbench.queries.chain import DEEPEST
from tests.factories import a_mention, a_reading, a_revision, a_source, a_statement, a_threat, a_user, an_actor, piece
from tests.workbench.test_marking import HTMX, targets

pytestmark = pytest.mark.django_db

OPEN = {"purpose": "", "condition_kind": ""}


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def record(client: Client, annotation: Annotation) -> str:
    return client.get(f"/annotations/{annotation.pk}/", headers=HTMX).content.decode()


def takes(html: str) -> list[str]:
    """What the chips beside their fields would take, in the order of the form."""
    beside = html.split('class="proposals is-folded"', maxsplit=1)[0]
    return re.findall(r'name="takes"\s+value="([^"]*)"', beside)


def texts(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# --- Proposed ---


def test_what_follows_is_offered_at_the_empty_fields_with_its_reason(analyst: Client, reading: Reading) -> None:
    html = record(analyst, a_threat(reading, **OPEN))
    assert takes(html) == [
        "purpose:deterrent",
        "condition_kind:if_do",
        "plover_mode:restrict",
        "cameo:1381",
        "mid_action:2",
    ]
    assert "suggested: Restrict" in texts(html)
    assert "because the consequence is a blockade" in texts(html)


def test_showing_a_proposal_stores_nothing(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading, **OPEN)
    record(analyst, threat)
    stored = Threat.objects.get()
    assert (stored.purpose, stored.plover_mode, stored.cameo, stored.version) == ("", "", "", 1)


def test_a_code_that_the_codebook_lacks_is_not_offered(analyst: Client, reading: Reading) -> None:
    assert "cameo:130" not in takes(record(analyst, a_threat(reading, consequence="unspecified")))


def test_a_statement_s_words_serve_where_the_threat_has_none(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    threat = a_threat(reading, statement, **OPEN)
    threat.spans.all().delete()
    assert takes(record(analyst, threat))[:2] == ["purpose:deterrent", "condition_kind:if_do"]


def a_threat_due(reading: Reading, words: str) -> Annotation:
    """A threat of which nothing but its deadline is marked."""
    parts = {"deadline": [piece(reading, words)]}
    return mark_annotation(
        kind=kind_named("threat"), reading=reading, parts=parts, claim={}, by=reading.reader
    ).annotation


def test_a_deadline_is_reckoned_from_the_article_s_day(client: Client) -> None:
    reading = a_reading(revision=a_revision("“Leave within 48 hours, or we come in.”", zones=[]))
    client.force_login(reading.reader)
    assert takes(record(client, a_threat_due(reading, "48 hours"))) == ["deadline:2025-09-07~"]


def test_an_article_without_a_day_has_no_deadline_reckoned(client: Client) -> None:
    reading = a_reading(revision=a_revision("“Leave by 12 September.”", zones=[], published_at=None))
    client.force_login(reading.reader)
    assert takes(record(client, a_threat_due(reading, "12 September"))) == []


def test_what_is_folded_away_is_offered_below_the_fold(analyst: Client, reading: Reading) -> None:
    html = record(analyst, a_threat(reading, **OPEN))
    folded = html.split('class="proposals is-folded"')[1].split('class="inspector-actions"')[0]
    assert re.findall(r'name="takes"\s+value="([^"]*)"', folded) == [
        "condition_kind:if_do",
        "plover_mode:restrict",
        "cameo:1381",
        "mid_action:2",
    ]
    assert texts(folded).count("because the consequence is a blockade") == 1


def test_nothing_is_offered_where_nothing_can_be_changed(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading, **OPEN)
    Reading.objects.filter(pk=reading.pk).update(state=ReadingState.SUBMITTED)
    assert 'name="takes"' not in record(analyst, threat)


@pytest.mark.parametrize("make", [a_mention, a_statement])
def test_other_kinds_propose_nothing(analyst: Client, reading: Reading, make) -> None:
    assert 'name="takes"' not in record(analyst, make(reading))


def test_an_answer_brings_what_follows_now_and_takes_away_what_was_given(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading, consequence="")
    answer = analyst.post(f"/annotations/{threat.pk}/", {"version": 1, "consequence": "force"}, headers=HTMX)
    changed = ["plover_mode", "cameo", "mid_action"]
    assert targets(answer) == [
        "record-state",
        *(f"f-{threat.pk}-{name}-proposed" for name in changed),
        f"proposed-{threat.pk}",
    ]
    assert takes(answer.content.decode()) == ["plover_mode:violence", "cameo:138", "mid_action:1"]
    answer = analyst.post(f"/annotations/{threat.pk}/", {"version": 2, "plover_mode": "violence"}, headers=HTMX)
    assert targets(answer) == ["record-state", f"f-{threat.pk}-plover_mode-proposed", f"proposed-{threat.pk}"]
    assert takes(answer.content.decode()) == []


def test_an_answer_that_changes_no_proposal_leaves_them_alone(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    answer = analyst.post(f"/annotations/{threat.pk}/", {"version": 1, "explicitness": "veiled"}, headers=HTMX)
    assert targets(answer) == ["record-state"]


def test_controls_drawn_once_for_all_records_carry_no_record_s_proposals(analyst: Client, reading: Reading) -> None:
    first, second = a_threat(reading, consequence="force"), a_threat(reading, consequence="")
    assert takes(record(analyst, first)) == ["plover_mode:violence", "cameo:138", "mid_action:1"]
    assert takes(record(analyst, second)) == []


# --- Taken ---


def test_without_scripts_the_chip_s_button_takes_it_with_all_that_was_typed(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    sent = {"version": 1, "plover_mode": "", "note": "Look again", "takes": "plover_mode:restrict"}
    answer = analyst.post(f"/annotations/{threat.pk}/", sent)
    stored = Threat.objects.get()
    assert (answer.status_code, stored.plover_mode, stored.note) == (303, "restrict", "Look again")


def test_what_the_form_says_itself_wins_over_the_chip(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    sent = {"version": 1, "plover_mode": "violence", "takes": "plover_mode:restrict"}
    analyst.post(f"/annotations/{threat.pk}/", sent, headers=HTMX)
    assert Threat.objects.get().plover_mode == "violence"


@pytest.mark.parametrize("taken", ["", "cameo", "issuer:1", "nothing:1", "note:x"])
def test_what_no_chip_says_changes_nothing(analyst: Client, reading: Reading, taken: str) -> None:
    threat = a_threat(reading, cameo="138")
    analyst.post(f"/annotations/{threat.pk}/", {"version": 1, "cameo": "138", "takes": taken}, headers=HTMX)
    stored = Threat.objects.get()
    assert (stored.cameo, stored.issuer, stored.note) == ("138", None, "")


def test_a_code_that_is_none_is_refused_however_it_comes(analyst: Client, reading: Reading) -> None:
    threat = a_threat(reading)
    answer = analyst.post(f"/annotations/{threat.pk}/", {"version": 1, "takes": "cameo:999"}, headers=HTMX)
    assert (answer.status_code, Threat.objects.get().cameo) == (422, "")


def test_enter_in_a_field_sends_the_form_and_no_proposal(analyst: Client, reading: Reading) -> None:
    """A form is sent by its first button when Enter is pressed in a field: that one must take nothing."""
    html = record(analyst, a_threat(reading, **OPEN))
    form = html[html.index('id="claim-') :]
    first = re.search(r'<button type="submit"[^>]*>', form)
    assert first is not None
    assert "takes" not in first.group()


# --- The purposes told apart ---


def test_the_purposes_are_told_apart_beside_the_field(analyst: Client, reading: Reading) -> None:
    html = record(analyst, a_threat(reading))
    rows = re.findall(r'<div class="explained-choice">.*?value="(\w*)"', html, re.DOTALL)
    assert rows == ["deterrent", "compellent", "both", "unclear", ""]
    assert re.search(r'value="deterrent"\s+checked', html)


# --- Who reports whom ---


def a_chain(reading: Reading, length: int) -> list[Annotation]:
    """Statements, each reported within the one before it."""
    made: list[Annotation] = []
    for number in range(length):
        parent = {"parent": made[-1].pk} if made else {}
        made.append(a_statement(reading, speaker=an_actor(f"Speaker {number}").pk, **parent))
    return made


def chain_of(html: str) -> list[str]:
    found = re.search(r'<nav class="chain".*?</nav>', html, re.DOTALL)
    return [texts(item) for item in re.findall(r"<li.*?</li>", found.group(), re.DOTALL)] if found else []


def test_a_nested_statement_shows_who_reports_whom_each_a_link(analyst: Client, reading: Reading) -> None:
    outer, middle, inner = a_chain(reading, 3)
    html = record(analyst, inner)
    assert chain_of(html) == ["Speaker 0", "Speaker 1", "Speaker 2"]
    nav = html[html.index('<nav class="chain"') : html.index("</nav>")]
    assert re.findall(r'data-goes-to="(\d+)"', nav) == [str(outer.pk), str(middle.pk), str(inner.pk)]
    assert chain_of(record(analyst, middle)) == ["Speaker 0", "Speaker 1"]


def test_what_nothing_reports_shows_no_chain(analyst: Client, reading: Reading) -> None:
    statement = a_statement(reading)
    assert chain_of(record(analyst, statement)) == []
    assert chain_of(record(analyst, a_threat(reading, statement))) == []
    assert chain_of(record(analyst, a_mention(reading))) == []


def test_a_threat_shows_the_chain_of_its_primary_statement(analyst: Client, reading: Reading) -> None:
    *_, inner = a_chain(reading, 2)
    assert chain_of(record(analyst, a_threat(reading, inner))) == ["Speaker 0", "Speaker 1", "this threat"]


def test_a_speaker_who_is_not_named_is_known_by_the_words_for_them(analyst: Client, reading: Reading) -> None:
    outer = a_statement(reading)
    inner = a_statement(reading, parent=outer.pk, speaker=an_actor().pk)
    assert chain_of(record(analyst, inner)) == ["Minister Adaeze Obi", "Adaeze Obi"]


def test_a_long_chain_is_cut_and_costs_no_more(analyst: Client, reading: Reading, django_assert_num_queries) -> None:
    made = a_chain(reading, DEEPEST + 3)
    record(analyst, made[1])
    with django_assert_num_queries(10):
        short = chain_of(record(analyst, made[1]))
    with django_assert_num_queries(10):
        long = chain_of(record(analyst, made[-1]))
    assert short == ["Speaker 0", "Speaker 1"]
    assert long == ["…", *(f"Speaker {n}" for n in range(3, DEEPEST + 3))]


def test_proposals_cost_no_query(analyst: Client, reading: Reading, django_assert_num_queries) -> None:
    full, none = a_threat(reading, **OPEN), a_threat(reading, consequence="")
    record(analyst, none)
    with django_assert_num_queries(10):
        assert takes(record(analyst, full)) != []
    with django_assert_num_queries(10):
        assert takes(record(analyst, none)) == []


# --- Three scales ---


@pytest.mark.parametrize(("reliability", "words"), [("B", "B – usually reliable"), (None, "not rated")])
@pytest.mark.parametrize("make", [a_statement, a_threat])
def test_the_three_scales_stand_apart(client: Client, reliability: str | None, words: str, make) -> None:
    source = a_source(name="The Strait Times", reliability=reliability)
    reading = a_reading(revision=a_revision(source=source))
    client.force_login(reading.reader)
    html = record(client, make(reading))
    scales = re.search(r'<fieldset class="scales">.*?</form>', html, re.DOTALL)
    assert scales is not None
    labels = re.findall(r'class="field-label"[^>]*>([^<]*)<', scales.group())
    assert labels == ["Reliability of the source", "Credibility of the claim", "Your certainty"]
    assert f"The Strait Times: {words}" in texts(scales.group())


def test_a_mention_has_one_scale_and_no_group_of_them(analyst: Client, reading: Reading) -> None:
    html = record(analyst, a_mention(reading))
    assert 'class="scales"' not in html
    assert "Your certainty" in html


def test_only_who_may_rate_a_source_is_led_there(client: Client) -> None:
    for role, is_led in [(Role.ANALYST, False), (Role.EDITOR, True)]:
        reading = a_reading(by=a_user(role))
        client.force_login(reading.reader)
        address = f"/sources/{Source.objects.latest('pk').pk}/rating/"
        assert (address in record(client, a_statement(reading))) is is_led
    assert Statement.objects.count() == 2
