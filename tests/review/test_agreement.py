"""The agreement of readings handed in: from rows to figures, and the command that tells them."""

import csv
import subprocess
import sys
from datetime import timedelta
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.actions import merge_actors
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.codebook.models import CodebookVersion
from newsannot.review.agreement.measures import EVERYBODY, Subject
from newsannot.review.agreement.texts import Agreement, agreement
from newsannot.review.queries.agreement import counted_texts, kind_shapes
from newsannot.review.queries.comparable import comparable_readings
from tests.factories import TEXT, a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor
from tests.review.assigning import a_batch, an_assignment

pytestmark = pytest.mark.django_db


def handed_in(reading: Reading) -> Reading:
    return submit_reading(reading=reading, by=reading.reader)


def a_full_reading(by: User, revision: Revision, **claim: object) -> Reading:
    reading = a_reading(by, revision)
    a_threat(reading, a_statement(reading, **claim))
    a_mention(reading)
    return handed_in(reading)


def measured(**narrowed: object) -> Agreement:
    compared = comparable_readings(**narrowed)
    return agreement(list(counted_texts(compared)), kind_shapes())


def values(found: Agreement, subject: Subject, group: tuple[int, ...] = EVERYBODY) -> dict[str, float | None]:
    return {row.measure: row.figure.value for row in found.rows if (row.group, row.subject) == (group, subject)}


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("agreement", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_readings_alike_agree_wholly_where_there_is_something_to_agree_in():
    one, other = a_user(), a_user()
    for mode in ("direct", "mixed"):
        revision = a_revision()
        for analyst in (one, other):
            a_full_reading(analyst, revision, mode=mode)
    found = measured()
    assert found.texts == 2
    assert values(found, Subject("statement", role="cue")) == {
        "exact_f1": 1.0,
        "overlap_f1": 1.0,
        "token_alpha": 1.0,
        "alpha_u": 1.0,
    }
    assert values(found, Subject("statement", field="mode")) == {"alpha": 1.0, "fleiss_kappa": 1.0}
    pair = (one.pk, other.pk)
    assert values(found, Subject("statement", field="mode"), pair) == {"alpha": 1.0, "cohen_kappa": 1.0}
    assert values(found, Subject("threat"))["records_f1"] == 1.0
    # everybody left it open: no variation, nothing to tell
    assert values(found, Subject("statement", field="speech_act")) == {"alpha": None, "fleiss_kappa": None}
    assert values(found, Subject("threat", role="demand"))["exact_f1"] is None


def test_a_threat_expressed_by_the_same_statement_agrees_in_it_though_the_records_differ():
    one, other = a_user(), a_user()
    for _ in range(2):
        revision = a_revision()
        for analyst in (one, other):
            a_full_reading(analyst, revision)
    found = measured()
    assert values(found, Subject("threat", field="statements"))["alpha"] == 1.0
    assert values(found, Subject("threat", field="primary_statement"), (one.pk, other.pk))["cohen_kappa"] == 1.0


def test_what_differs_shows_in_its_own_figures_and_in_the_confusion_table():
    one, other, revision = a_user(), a_user(), a_revision()
    a_full_reading(one, revision, mode="direct", speech_act="assertive")
    reading = a_reading(other, revision)
    a_statement(reading, mode="mixed", speech_act="assertive")
    a_mention(reading, "Adaeze Obi")
    handed_in(reading)
    found, pair = measured(), (one.pk, other.pk)
    assert values(found, Subject("mention", role="text"))["exact_f1"] == 0.0
    assert values(found, Subject("mention", role="text"))["overlap_f1"] == 1.0
    assert values(found, Subject("threat"))["records_f1"] == 0.0
    assert found.confusions[pair, Subject("statement", field="mode")] == {("direct", "mixed"): 1}
    assert found.confusions[pair, Subject("threat", field="purpose")] == {("deterrent", "(absent)"): 1}


def test_a_merged_actor_is_the_one_it_was_merged_into():
    one, other, editor = a_user(), a_user(), a_user("editor")
    first, second, third = an_actor(), an_actor("A. Obi"), an_actor("Somebody Else")
    for speaker in (first, third):
        revision = a_revision()
        a_full_reading(one, revision, speaker=speaker.pk)
        a_full_reading(other, revision, speaker=second.pk if speaker == first else third.pk)
    assert values(measured(), Subject("statement", field="speaker"))["alpha"] < 1
    merge_actors(actor=second, into=first, by=editor)
    assert values(measured(), Subject("statement", field="speaker"))["alpha"] == 1.0


def test_only_readings_handed_in_are_compared_and_only_those_of_one_codebook():
    revision = a_revision()
    first = a_full_reading(a_user(), revision)
    second = a_reading(a_user(), revision)
    a_mention(second)
    assert comparable_readings() == []
    submit_reading(reading=second, by=second.reader)
    assert [one.readings for one in comparable_readings()] == [(first, second)]
    CodebookVersion.objects.create(number=2)
    third = a_reading(a_user(), revision)
    a_mention(third)
    handed_in(third)
    assert [(one.codebook, one.readings) for one in comparable_readings()] == [(1, (first, second))]


def test_texts_are_narrowed_by_article_and_by_the_day_they_were_handed_in():
    one, other = a_user(), a_user()
    revisions = [a_revision() for _ in range(2)]
    for revision in revisions:
        for analyst in (one, other):
            a_full_reading(analyst, revision)
    chosen = comparable_readings(articles=[revisions[1].article_id])
    assert [found.revision for found in chosen] == [revisions[1].pk]
    today = timezone.now().date()
    assert len(comparable_readings(since=today, until=today)) == 2
    assert comparable_readings(since=today + timedelta(days=1)) == []
    assert comparable_readings(until=today - timedelta(days=1)) == []


def test_a_batch_is_compared_alone_and_a_training_only_as_one():
    one, other = a_user(), a_user()
    batches = [a_batch(analysts_per_article=2), a_batch(analysts_per_article=2, is_training=True, pass_mark=50)]
    revisions = []
    for batch in batches:
        revisions.append(a_revision())
        for slot, analyst in enumerate((one, other), start=1):
            an_assignment(analyst, batch=batch, revision=revisions[-1], slot=slot)
            a_full_reading(analyst, revisions[-1])
    work, training = ([found.revision for found in comparable_readings(batch=batch)] for batch in batches)
    assert (work, training) == ([revisions[0].pk], [revisions[1].pk])
    assert [found.revision for found in comparable_readings()] == [revisions[0].pk]
    assert "All coders, 1 text" in told("--batch", batches[1].name)
    with pytest.raises(CommandError, match="There is no batch called Nothing"):
        told("--batch", "Nothing")


@pytest.mark.skipif(find_spec("pygamma_agreement") is not None, reason="the extra is installed")
def test_the_command_says_what_gamma_needs():
    with pytest.raises(CommandError, match="requirements/gamma"):
        told("--gamma")


def test_boilerplate_is_no_text_to_agree_about():
    one, other = a_user(), a_user()
    lengths = []
    for text in (TEXT, TEXT + " Somebody writes." * 50):
        revision = a_revision(text)
        for analyst in (one, other):
            a_full_reading(analyst, revision)
        counted = list(counted_texts(comparable_readings(articles=[revision.article_id])))
        lengths.append(counted[0][EVERYBODY].units[Subject("mention", "text")].length)
    assert lengths == [TEXT.index("About the author")] * 2


def test_three_texts_take_as_many_queries_as_one():
    one, other = a_user(), a_user()
    counts = []
    for texts in (1, 2):
        for _ in range(texts):
            revision = a_revision()
            for analyst in (one, other):
                a_full_reading(analyst, revision)
        with CaptureQueriesContext(connection) as queries:
            measured()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def two_texts_read_by(first: str, second: str) -> None:
    one, other = a_user(username=first), a_user(username=second)
    speaker = an_actor("=cmd()")
    for mode in ("direct", "mixed"):
        revision = a_revision()
        a_full_reading(one, revision, mode="direct", speaker=speaker.pk)
        a_full_reading(other, revision, mode=mode)


def test_the_command_shows_figures_with_their_names():
    two_texts_read_by("ann", "bob")
    said = told()
    assert "Codebook version 1: 2 texts read by two analysts or more" in said
    assert "All coders, 2 texts" in said
    assert "ann and bob" not in said
    assert [line.split(maxsplit=2)[2] for line in said.splitlines() if "Quotation" in line] == [
        f"{'0.00 (-0.50 to 0.00)':<24}-0.33 (-1.00 to -0.33)"
    ]
    assert "Demand" not in said
    assert "ann and bob, 2 texts" in told("--pairs")


def test_the_command_writes_every_figure_as_csv():
    two_texts_read_by("ann", "bob")
    rows = list(csv.DictReader(StringIO(told("--csv", "-"))))
    found = {(r["coders"], r["kind"], r["role"], r["field"], r["measure"]): r for r in rows}
    assert len(found) == len(rows)
    cue = found["ann and bob", "statement", "cue", "", "exact_f1"]
    assert (cue["codebook"], cue["value"], cue["low"], cue["high"], cue["compared"], cue["texts"]) == (
        *("1", "1.0000", "1.0000", "1.0000", "4", "2"),
    )
    nothing = found["All coders", "threat", "demand", "", "alpha_u"]
    assert (nothing["value"], nothing["low"], nothing["compared"]) == ("", "", "0")


def test_the_command_writes_which_values_stand_against_which(tmp_path: Path):
    two_texts_read_by("ann", "bob")
    told("--confusion", str(tmp_path / "against.csv"))
    rows = list(csv.reader((tmp_path / "against.csv").read_text(encoding="utf-8").splitlines()))
    assert ["1", "statement", "mode", "ann", "bob", "direct", "mixed", "1"] in rows
    assert ["1", "statement", "mode", "ann", "bob", "direct", "direct", "1"] in rows
    assert ["1", "statement", "speaker", "ann", "bob", "'=cmd()", "(left open)", "2"] in rows
    assert not [row for row in rows if row[2] in {"parent", "statements", "primary_statement", "note", "certainty"}]


def test_the_command_refuses_what_it_cannot_do(tmp_path: Path):
    with pytest.raises(CommandError, match="nothing to compare"):
        told()
    two_texts_read_by("ann", "bob")
    with pytest.raises(CommandError, match="cannot be written"):
        told("--csv", str(tmp_path / "nowhere" / "figures.csv"))
    with pytest.raises(CommandError, match="since: invalid"):
        told("--since", "yesterday")


def test_the_web_process_starts_without_the_measures():
    loaded = (
        "import newsannot.wsgi, newsannot.urls, newsannot.api_urls, sys;"
        "sys.exit('newsannot.review.agreement.texts' in sys.modules or 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", loaded], cwd=settings.BASE_DIR, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
