"""Carrying a reading over to a newer text of its article."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.annotations.actions import change_annotation, submit_reading, undo
from newsannot.annotations.carrying import Carried, carry_reading, newer_revision, records_found
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.queries import read_record
from newsannot.annotations.reanchoring import Outcome
from newsannot.articles.models import Revision
from newsannot.articles.revising import add_revision
from newsannot.articles.rules.items import draft_item
from newsannot.core.errors import RuleBroken
from tests.annotations.test_actions import at_commit
from tests.factories import TEXT, a_mention, a_reading, a_statement, a_threat, a_user, an_actor, numbers

pytestmark = pytest.mark.django_db


def revised(reading: Reading, text: str = "") -> Revision:
    text = text or f"Updated on Tuesday, {next(numbers)} o’clock.\n{TEXT}"
    return add_revision(article=reading.revision.article, draft=draft_item({"text": text}), by=None)


def carried(reading: Reading) -> Carried:
    assert reading.reader is not None
    done = carry_reading(reading=reading, by=reading.reader)
    at_commit()
    return done


def refusal(reading: Reading, by=None) -> str:
    with pytest.raises(RuleBroken) as refused:
        carry_reading(reading=reading, by=by or reading.reader)
    assert list(refused.value.problems) == ["reading"]
    return str(refused.value)


def kinds(reading: Reading) -> list[str]:
    return list(Annotation.objects.standing().filter(reading=reading).order_by("pk").values_list("kind", flat=True))


def test_what_stands_in_the_newer_text_comes_along_with_all_it_says() -> None:
    reading, actor = a_reading(), an_actor()
    outer = a_statement(reading, note="outer")
    inner = a_statement(reading, speaker=actor.pk, mode="direct")
    change_annotation(annotation=inner, claim={"parent": outer.pk}, by=reading.reader)
    threat = a_threat(reading, inner, issuer=actor.pk, harm_targets=[actor.pk])
    mention = a_mention(reading, actor=actor.pk)
    new = revised(reading)
    before = list(Span.objects.filter(reading=reading).order_by("pk").values_list("start", "end", "exact"))

    done = carried(reading)

    assert (done.reading.revision_id, done.reading.reader, done.carried, done.left) == (new.pk, reading.reader, 4, 0)
    for span in Span.objects.filter(reading=done.reading):
        assert new.text[span.start : span.end] == span.exact
    by_kind = {a.kind: a for a in Annotation.objects.filter(reading=done.reading).order_by("pk")}
    copy = read_record(by_kind["threat"]).claim
    assert (copy["issuer"], copy["harm_targets"], copy["statements"]) == (
        actor.pk,
        [actor.pk],
        [by_kind["statement"].pk],
    )
    assert read_record(by_kind["statement"]).claim["parent"] is not None
    assert read_record(by_kind["mention"]).claim == read_record(mention).claim
    assert list(Span.objects.filter(reading=reading).order_by("pk").values_list("start", "end", "exact")) == before
    assert kinds(reading) == [outer.kind, inner.kind, threat.kind, mention.kind]


def test_what_reads_differently_stays_behind_and_is_named_no_more() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    a_threat(reading, statement)
    revised(reading, TEXT.replace("Adaeze Obi said", "Adaeze N. Obi said"))
    found = records_found(reading, newer_revision(reading))
    assert [(one.kind.name, one.outcome, one.holds) for one in found] == [
        ("statement", Outcome.ALTERED, False),
        ("threat", Outcome.MOVED, True),
    ]
    shown = found[0].shown
    assert (shown.role, shown.exact, shown.now) == ("source", "Minister Adaeze Obi", "Minister Adaeze N. Obi")
    assert found[1].shown.exact == "If a single ship crosses the line"
    done = carried(reading)
    assert (done.carried, done.left, kinds(done.reading)) == (1, 1, ["threat"])
    assert read_record(Annotation.objects.get(reading=done.reading)).claim["statements"] == []


def test_what_the_rules_forbid_in_the_newer_text_stays_behind() -> None:
    reading = a_reading()
    a_mention(reading, "reckless")
    a_mention(reading, "Monday")
    line = "🚢 The neighbour’s envoy called the warning reckless.\n"
    new = revised(reading)
    at = new.text.index(line)
    new.zones.all().delete()
    new.zones.create(kind="boilerplate", start=at, end=at + len(line), is_codable=False)
    done = carried(reading)
    assert (done.carried, done.left) == (1, 1)
    assert [span.exact for span in Span.objects.filter(reading=done.reading)] == ["Monday"]


def test_all_of_it_is_one_step_to_undo() -> None:
    reading = a_reading()
    a_threat(reading, a_statement(reading))
    a_mention(reading)
    revised(reading)
    done = carried(reading)
    undo(reading=done.reading, by=reading.reader)
    assert kinds(done.reading) == []
    assert carried(reading).carried == 3


def test_only_an_open_reading_of_one_s_own_is_carried_over_and_only_to_a_newer_text_not_read_yet() -> None:
    reading = a_reading()
    a_mention(reading)
    assert "newest text" in refusal(reading)
    revised(reading)
    assert "of one's own" in refusal(reading, by=a_user("editor"))
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    assert "of one's own" in refusal(curated, by=a_user("editor"))
    carried(reading)
    assert "marked in your reading of the newer text already" in refusal(reading)
    submit_reading(reading=reading, by=reading.reader)
    assert "Only an open reading" in refusal(reading)


def test_looking_takes_as_many_queries_however_many_records_there_are() -> None:
    counts = []
    for quotes in (["Monday"], ["Monday", "strait", "reckless"]):
        reading = a_reading()
        for quote in quotes:
            a_mention(reading, quote)
        revised(reading)
        onto = newer_revision(reading)
        with CaptureQueriesContext(connection) as queries:
            assert len(records_found(reading, onto)) == len(quotes)
        counts.append(len(queries))
    assert counts == [3, 3]
