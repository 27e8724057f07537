"""The page of agreement: what it shows of stored figures, that each leads to its cases, and when it is out of date."""

import csv
import re
from collections import Counter
from html import unescape
from itertools import combinations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsannot.accounts.models import Role, User
from newsannot.actors.actions import merge_actors, unmerge_actor
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Revision
from newsannot.codebook.models import CodebookVersion
from newsannot.review.actions import return_reading
from newsannot.review.measuring import ask_for_report, make_report
from newsannot.review.merging import merge_readings
from newsannot.review.models import AgreementCase, AgreementReport, Batch, ReportState
from newsannot.review.rules.comparison import Strategy
from newsannot.review.tasks import make_agreement_report
from tests.factories import a_codebook, a_mention, a_reading, a_revision, a_statement, a_user, an_actor
from tests.review.assigning import a_batch, an_assignment
from tests.review.test_pages import html, text_of

pytestmark = pytest.mark.django_db

PAGE = "/review/agreement/"
CASES = "/review/agreement/cases/"
COMPUTE = "/review/agreement/compute/"
FORMS = (("name", "name"), ("name", "title"), ("title", "title"), ("name", "name"), ("nominal", "title"))
"""What Ana and Ben say of the one mention of each of five texts."""


@pytest.fixture
def editor(client: Client) -> User:
    by = a_user(Role.EDITOR, first_name="Eva")
    client.force_login(by)
    return by


def read_by(analyst: User, revision: Revision, form: str = "name", *, more: str = "") -> Reading:
    """A reading with a mention of that form, and of other words besides, handed in."""
    reading = a_reading(analyst, revision)
    a_mention(reading, form=form)
    if more:
        a_mention(reading, more, form="name")
    return submit_reading(reading=reading, by=analyst)


def ana_and_ben() -> tuple[User, User]:
    """Two analysts who read five texts; in the last Ben marked one thing more."""
    ana, ben = a_user(first_name="Ana"), a_user(first_name="Ben")
    for nth, (anas, bens) in enumerate(FORMS):
        revision = a_revision()
        read_by(ana, revision, anas)
        read_by(ben, revision, bens, more="envoy" if nth == 4 else "")
    return ana, ben


def made(**scope) -> AgreementReport:
    """A report asked for, and made as the worker does."""
    report = ask_for_report(by=a_user(Role.EDITOR), **scope)
    make_agreement_report(report.pk)
    report.refresh_from_db()
    return report


def row_of(report: AgreementReport, group: list[int], measure: str, kind: str = "mention", **of) -> dict:
    rows = report.figures["versions"][0]["rows"]
    wanted = {"group": group, "kind": kind, "measure": measure, "role": "", "field": ""} | of
    return next(row for row in rows if {name: row[name] for name in wanted} == wanted)


def words_of(response) -> list[str]:
    return [unescape(found) for found in re.findall(r'<h3 class="case-words"[^>]*>([^<]*)</h3>', html(response))]


def figures(response) -> list[tuple[str, str]]:
    """Each figure's address and words."""
    found = re.findall(r'<a class="figure[^"]*" href="([^"]*)"[^>]*>(.*?)</a>', html(response), re.DOTALL)
    return [(unescape(link), text_of(words).strip()) for link, words in found]


# --- The figures, by hand ------------------------------------------------------------------------------


def alpha_by_hand(units: list[tuple[str, ...]]) -> float:
    """Krippendorff's α for nominal values from its definition: 1 less observed by expected disagreement."""
    values = [value for unit in units for value in unit]
    pairs = [pair for unit in units for pair in combinations(unit, 2)]
    observed = sum(one != other for one, other in pairs) / len(pairs)
    every = list(combinations(values, 2))
    return 1 - observed / (sum(one != other for one, other in every) / len(every))


def kappa_by_hand(pairs: list[tuple[str, str]]) -> float:
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(ones[value] * others[value] for value in ones) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance)


def test_the_figures_are_those_reckoned_by_hand() -> None:
    ana, ben = ana_and_ben()
    report = made()
    pair = [ana.pk, ben.pk]
    assert row_of(report, pair, "records_f1")["value"] == pytest.approx(2 * 5 / (5 + 6))
    assert row_of(report, pair, "exact_f1")["value"] == pytest.approx(2 * 5 / (5 + 6))
    assert row_of(report, [], "alpha", field="form")["value"] == pytest.approx(alpha_by_hand(list(FORMS)))
    assert row_of(report, pair, "cohen_kappa", field="form")["value"] == pytest.approx(kappa_by_hand(list(FORMS)))
    assert row_of(report, [ana.pk], "records_f1")["value"] == row_of(report, [ben.pk], "records_f1")["value"]
    assert (report.state, report.done, report.total) == (ReportState.DONE, 5, 5)


def test_with_three_readers_one_is_held_against_each_of_the_others() -> None:
    ana, _ = ana_and_ben()
    revision = Revision.objects.earliest("pk")
    cem = a_user(first_name="Cem")
    read_by(cem, revision, "title", more="envoy")
    report = made()
    # Ana: five of her mentions with Ben’s, one with Cem’s; of 2 × (5 and 6) and (1 and 2) marked
    assert row_of(report, [ana.pk], "records_f1")["value"] == pytest.approx(2 * 6 / (5 + 6 + 1 + 2))
    assert row_of(report, [cem.pk], "records_f1")["value"] == pytest.approx(2 * 2 / (2 + 1 + 2 + 1))
    units = [(*FORMS[0], "title"), *FORMS[1:]]
    expected = row_of(report, [], "alpha", field="form")
    values = [value for unit in units for value in unit]
    observed = sum(
        sum(one != other for one, other in combinations(unit, 2)) * 2 / (len(unit) - 1) for unit in units
    ) / len(values)
    by_chance = sum(one != other for one, other in combinations(values, 2)) * 2 / (len(values) * (len(values) - 1))
    assert expected["value"] == pytest.approx(1 - observed / by_chance)


# --- The page ------------------------------------------------------------------------------------------


def test_before_it_is_computed_the_page_offers_that_and_computing_waits_for_the_worker(client, editor) -> None:
    assert "Not computed yet" in html(client.get(PAGE))
    response = client.post(COMPUTE, follow=True)
    assert "Waiting for the worker" in html(response)
    report = AgreementReport.objects.get()
    assert (report.batch, report.article, report.asked_by, report.made_at) == (None, None, editor, None)


def test_asking_puts_one_job_before_the_worker(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        report = ask_for_report(by=a_user(Role.EDITOR))
    job = ProcrastinateJob.objects.get(task_name="make_agreement_report")
    assert (job.args, job.status) == ({"report": report.pk}, "todo")


def test_htmx_is_told_how_far_it_is_ever_more_slowly_and_then_to_load_anew(client, editor) -> None:
    report = ask_for_report(by=editor)
    AgreementReport.objects.update(state=ReportState.RUNNING, done=3, total=7)
    part = client.get(PAGE, headers={"hx-request": "true"})
    assert "3 of 7 texts compared" in html(part)
    assert "<h1>" not in html(part)
    assert 'hx-trigger="load delay:1s"' in html(part)
    assert "delay:8s" in html(client.get(PAGE, {"asked": "5"}, headers={"hx-request": "true"}))
    make_report(report)
    done = client.get(PAGE, headers={"hx-request": "true"})
    assert (done.headers["HX-Refresh"], done.content) == ("true", b"")


def test_what_is_being_computed_is_not_begun_twice_but_what_has_stalled_is(client, editor) -> None:
    ask_for_report(by=editor)
    assert "being computed already" in html(client.post(COMPUTE, follow=True))
    AgreementReport.objects.update(touched_at=timezone.now() - timezone.timedelta(minutes=6))
    assert "being computed already" not in html(client.post(COMPUTE, follow=True))


def test_the_page_shows_the_figures_and_why_there_is_none(client, editor) -> None:
    ana_and_ben()
    made()
    page = html(client.get(PAGE))
    shown = figures(client.get(PAGE))
    assert ("0.91" in {words.split()[0] for _, words in shown}, "nothing changed since" in page) == (True, True)
    assert "No record of it was found by two." in page
    assert "Everybody gave one and the same value." in page


def test_from_every_figure_one_click_leads_to_its_cases(client, editor) -> None:
    ana, ben = ana_and_ben()
    made()
    for group in ("", f"?group={ana.pk}-{ben.pk}"):
        links = {link for link, _ in figures(client.get(f"{PAGE}{group}"))}
        assert len(links) > 5
        assert {client.get(link).status_code for link in links} == {200}


def test_the_cases_are_those_told_otherwise_with_what_each_says(client, editor) -> None:
    ana, ben = ana_and_ben()
    made()
    query = {"codebook": 1, "kind": "mention", "name": "field:form", "group": f"{ana.pk}-{ben.pk}"}
    response = client.get(CASES, query)
    assert words_of(response) == ["Minister Adaeze Obi"] * 2
    said = re.findall(r"<dt>(\w+)</dt>\s*<dd dir=\"auto\">\s*<a href=\"([^\"]*)\">([^<]*)</a>", html(response))
    assert [(who, words) for who, _, words in said] == [
        ("Ana", "Name"),
        ("Ben", "Title"),
        ("Ana", "Nominal"),
        ("Ben", "Title"),
    ]
    record = Annotation.objects.filter(reading__reader=ana).order_by("pk")[1]
    assert said[0][1] == f"/review/readings/{record.reading_id}/#claim-{record.pk}"
    assert f'id="claim-{record.pk}"' in html(client.get(said[0][1].partition("#")[0]))
    assert words_of(client.get(CASES, query | {"show": "alike"})) == ["Minister Adaeze Obi"] * 3


def test_things_that_one_reader_lacks_are_cases_of_the_records(client, editor) -> None:
    ana_and_ben()
    made()
    response = client.get(CASES, {"codebook": 1, "kind": "mention"})
    assert (words_of(response), "no such record" in html(response)) == (["envoy"], True)
    assert words_of(client.get(CASES, {"codebook": 1, "kind": "mention", "name": "borders"})) == ["envoy"]
    assert len(words_of(client.get(CASES, {"codebook": 1, "kind": "mention", "show": "alike"}))) == 5


def test_a_confusion_table_counts_values_against_values_and_leads_to_them(client, editor) -> None:
    ana, ben = ana_and_ben()
    made()
    query = {"codebook": 1, "kind": "mention", "name": "field:form", "group": f"{ana.pk}-{ben.pk}"}
    page = html(client.get(CASES, query))
    cells = re.findall(r'href="\?([^"]*first=[^"]*)">(\d+)<span class="visually-hidden"> ([^<]*)</span>', page)
    assert {words: int(number) for _, number, words in cells} == {
        "Name against Name": 2,
        "Name against Title": 1,
        "Title against Title": 1,
        "Nominal against Title": 1,
        "no such record against Name": 1,
    }
    for link, number, _ in cells:
        assert len(words_of(client.get(f"{CASES}?{unescape(link)}"))) == int(number)
    everybody = html(client.get(CASES, {name: query[name] for name in query if name != "group"}))
    assert len(re.findall(r";first=", everybody)) == 8  # two on the diagonal; three off it, each either way round


def test_a_case_leads_to_the_question_it_became(client, editor) -> None:
    ana, ben, revision = a_user(), a_user(), a_revision()
    for by, mode in ((ana, "direct"), (ben, "indirect")):
        reading = a_reading(by, revision)
        a_statement(reading, mode=mode)
        submit_reading(reading=reading, by=by)
    made()
    query = {"codebook": 1, "kind": "statement", "name": "field:mode"}
    assert f'href="/review/revisions/{revision.pk}/"' in html(client.get(CASES, query))
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    assert re.search(rf'href="/review/revisions/{revision.pk}/\?question=\d+"', html(client.get(CASES, query)))


def test_borders_drawn_otherwise_are_shown_in_words(client, editor) -> None:
    revision = a_revision()
    for quote in ("Minister Adaeze Obi", "Adaeze Obi"):
        reading = a_reading(None, revision)
        a_mention(reading, quote)
        submit_reading(reading=reading, by=reading.reader)
    made()
    page = html(client.get(CASES, {"codebook": 1, "kind": "mention", "name": "role:text"}))
    assert (">Minister Adaeze Obi</a>" in page, ">Adaeze Obi</a>" in page) == (True, True)


def test_actors_and_lists_are_told_by_name(client, editor) -> None:
    revision, actors = a_revision(), [an_actor("<b>Obi</b>"), an_actor("An Envoy")]
    for said in (actors[:1], actors):
        reading = a_reading(None, revision)
        a_statement(reading, addressees=[one.pk for one in said])
        submit_reading(reading=reading, by=reading.reader)
    made()
    page = html(client.get(CASES, {"codebook": 1, "kind": "statement", "name": "field:addressees"}))
    assert ("&lt;b&gt;Obi&lt;/b&gt; + An Envoy" in page, "<b>Obi" in page) == (True, False)


def test_figures_say_when_they_are_out_of_date(client, editor) -> None:
    ana_and_ben()
    made()
    reading = Reading.objects.filter(reader__isnull=False).earliest("pk")
    return_reading(reading=reading, comment="Look again.", by=editor)
    assert "2 readings changed since" in text_of(html(client.get(PAGE)))  # it, and Ben’s, which stands alone now
    submit_reading(reading=reading, by=reading.reader)
    assert "1 reading changed since" in text_of(html(client.get(PAGE)))
    made()
    assert "nothing changed since" in text_of(html(client.get(PAGE)))


def test_figures_say_when_actors_they_count_were_merged_or_parted(client, editor) -> None:
    revision, obi, minister, other = a_revision(), an_actor("Obi"), an_actor("The minister"), an_actor("Nobody")
    for actor in (obi, minister):
        reading = a_reading(None, revision)
        a_mention(reading, actor=actor.pk)
        submit_reading(reading=reading, by=reading.reader)
    assert row_of(made(), [], "alpha", field="actor")["value"] == 0.0
    merge_actors(actor=other, into=an_actor("Nobody else"), by=editor)
    assert "nothing changed since" in text_of(html(client.get(PAGE)))
    merge_actors(actor=minister, into=obi, by=editor)
    assert "1 actor was merged or parted since" in text_of(html(client.get(PAGE)))
    assert row_of(made(), [], "alpha", field="actor")["value"] is None  # both name one actor now
    unmerge_actor(actor=minister, by=editor)
    assert "1 actor was merged or parted since" in text_of(html(client.get(PAGE)))
    assert row_of(made(), [], "alpha", field="actor")["value"] == 0.0


def test_beside_each_figure_stands_how_much_was_compared(client, editor) -> None:
    ana_and_ben()
    made()
    counts = Counter(words for _, words in figures(client.get(PAGE)) if words.startswith("0.91"))
    assert {" ".join(words.split()[-2:]) for words in counts} == {"11 records", "11 spans"}
    form = next(words for link, words in figures(client.get(PAGE)) if "field%3Aform" in link)
    assert form.endswith("5 records")


def test_a_batch_and_an_article_have_figures_of_their_own(client, editor) -> None:
    ana, ben = ana_and_ben()
    revisions = list(Revision.objects.order_by("pk"))
    batch = a_batch(analysts_per_article=2, name="=August")
    for slot, by in enumerate((ana, ben), start=1):
        an_assignment(by, batch=batch, revision=revisions[1], slot=slot)
    of_batch, of_article = made(batch=batch), made(article=revisions[2].article)
    assert (of_batch.total, of_article.total) == (1, 1)
    assert "=August" in html(client.get(PAGE, {"batch": batch.pk}))
    query = {"codebook": 1, "kind": "mention", "name": "field:form"}
    assert len(words_of(client.get(CASES, query | {"batch": batch.pk}))) == 1
    assert words_of(client.get(CASES, query | {"article": revisions[2].article_id})) == []
    Batch.objects.filter(pk=batch.pk).exists()
    posted = client.post(COMPUTE, {"batch": batch.pk})
    assert posted["Location"] == f"{PAGE}?batch={batch.pk}"


def test_codebook_versions_are_told_apart_and_the_drop_is_shown(client, editor) -> None:
    ana, ben = a_user(), a_user()
    old, new = a_revision(), a_revision()
    for by in (ana, ben):
        read_by(by, old)
        read_by(by, new, more="envoy" if by == ben else "")
    standing = a_codebook()
    newer = CodebookVersion.objects.create(number=2, reason="Titles are names")
    newer.schemes.set(standing.schemes.all())
    days = timezone.now() - timezone.timedelta(days=21)
    Reading.objects.filter(revision=old).update(submitted_at=days)
    Reading.objects.filter(revision=new).update(codebook=newer)
    made()
    page = html(client.get(PAGE))
    shown = text_of(page)
    assert "▼ −0.33" in shown
    assert ('class="chart-mark"' in page, "Codebook version 2: Titles are names" in page) == (True, True)
    assert page.count("<rect") == 2
    of_old = html(client.get(PAGE, {"codebook": 1}))
    assert re.findall(r'<option value="(\d+)"\s+selected>', of_old) == ["1"]
    by_time = next(link for link, _ in figures(client.get(PAGE)) if "from=" in link and "codebook=2" in link)
    assert words_of(client.get(by_time)) == ["envoy"]


def test_sheets_hold_every_figure_and_no_formula(client, editor) -> None:
    ana, ben = a_user(first_name="=HYPERLINK(1)"), a_user(first_name="Ben")
    revision = a_revision(title="@SUM(A1)")
    read_by(ana, revision, "name")
    read_by(ben, revision, "title")
    report = made()
    lines = list(csv.reader(streamed(client.get("/review/agreement/figures.csv")).splitlines()))
    rows = [row for of in (*report.figures["versions"], *report.figures["times"]) for row in of["rows"]]
    assert len(lines) == 1 + len(rows)
    assert "'=HYPERLINK(1) and Ben" in {line[2] for line in lines}
    query = {"codebook": 1, "kind": "mention", "name": "field:form"}
    cases = list(csv.DictReader(streamed(client.get("/review/agreement/cases.csv", query)).splitlines()))
    assert [(one["title"], one["first"], one["value of first"], one["value of second"]) for one in cases] == [
        ("'@SUM(A1)", "'=HYPERLINK(1)", "name", "title")
    ]


def streamed(response) -> str:
    return b"".join(response.streaming_content).decode()


# --- Who, how many, and what there is not ---------------------------------------------------------------

ROUTES = (PAGE, CASES, "/review/agreement/figures.csv", "/review/agreement/cases.csv")


@pytest.mark.parametrize("path", ROUTES)
def test_only_editors_see_agreement(client, path) -> None:
    assert client.get(path).status_code == 302
    for role in (Role.READER, Role.ANALYST):
        client.force_login(a_user(role))
        assert client.get(path).status_code == 403
    client.force_login(a_user(Role.EDITOR))
    assert client.post(path).status_code == 405


def test_only_editors_have_figures_computed(client) -> None:
    assert client.post(COMPUTE).status_code == 302
    client.force_login(a_user())
    assert (client.post(COMPUTE).status_code, AgreementReport.objects.exists()) == (403, False)
    client.force_login(a_user(Role.EDITOR))
    assert client.get(COMPUTE).status_code == 405


@pytest.mark.parametrize("query", ["batch=0", "batch=x", "article=99999999", "batch=" + "9" * 30])
def test_of_what_there_is_not_there_are_no_figures(client, editor, query) -> None:
    assert client.get(f"{PAGE}?{query}").status_code == 404
    assert client.post(COMPUTE, dict([query.split("=")])).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=mention",
        "kind=nothing&codebook=1",
        "kind=mention&codebook=x",
        "kind=mention&codebook=1&name=field:nothing",
        "kind=mention&codebook=1&name=role:cue",
    ],
)
def test_of_what_is_not_measured_there_are_no_cases(client, editor, query) -> None:
    ana_and_ben()
    made()
    assert client.get(f"{CASES}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["group=1-2-3", "group=x", "from=never&to=1", "first=%00&second=\u2028", "after=x", "show=nothing"]
)
def test_what_narrows_to_nothing_known_is_passed_over(client, editor, query) -> None:
    ana_and_ben()
    made()
    assert client.get(f"{CASES}?kind=mention&codebook=1&name=field:form&{query}").status_code == 200


def test_cases_not_computed_yet_are_not_found(client, editor) -> None:
    assert client.get(f"{CASES}?kind=mention&codebook=1").status_code == 404


def test_pages_take_as_many_queries_for_many_as_for_one(client, editor, django_assert_num_queries) -> None:
    ana, ben = a_user(), a_user()
    read_by(ana, first := a_revision(), "name")
    read_by(ben, first, "title")
    made()
    address = f"{CASES}?kind=mention&codebook=1&name=field:form"
    client.get(address), client.get(PAGE)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as of_page:
            client.get(PAGE)
        with CaptureQueriesContext(connection) as of_cases:
            assert len(words_of(client.get(address))) in {1, 6}
        counts.append((len(of_page), len(of_cases)))
        for _ in range(5):
            read_by(ana, more := a_revision(), "name")
            read_by(ben, more, "title")
        made()
    assert counts[0] == counts[1]


def test_made_anew_the_old_cases_go(editor) -> None:
    ana_and_ben()
    made()
    before = AgreementCase.objects.count()
    made()
    assert (AgreementCase.objects.count(), before) == (6, 6)


def test_a_report_that_is_gone_is_passed_over_by_the_worker() -> None:
    make_agreement_report(2**40)
    assert AgreementReport.objects.exists() is False
