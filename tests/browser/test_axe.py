"""axe on every page, light and dark, wide and narrow."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, Tenure
from newsannot.annotations.actions import change_annotation, delete_annotation
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.articles.revising import add_revision
from newsannot.articles.rules.items import draft_item
from newsannot.dataset.actions import make_release, order_release, publish_reading, withdraw_reading
from newsannot.dataset.models import ImportJob
from newsannot.dataset.webhooks.actions import make_webhook
from newsannot.dataset.webhooks.models import Delivery, Webhook
from newsannot.review.assigning import compare_training, release
from newsannot.review.discussing import resolve_thread, write_comment
from newsannot.review.measuring import ask_for_report, make_report
from newsannot.review.merging import merge_readings
from newsannot.review.models import Assignment, Batch, BulkDeed, Dispute, Notice
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import rule
from newsannot.statements.actions import gather_statements
from newsannot.statements.comparing import compare_statements
from newsannot.statements.models import Statement
from newsannot.threats.actions import gather_threats, record_step
from newsannot.threats.comparing import compare_threats
from newsannot.threats.models import Threat
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.calling import a_publication
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, an_actor
from tests.review.assigning import a_batch, an_assignment

VIEWS = [("light", 1440), ("dark", 390)]


@pytest.fixture
def demo(transactional_db: None, live_server: LiveServer) -> None:
    """The demo; in an open reading something was changed and deleted, and its article's text has changed since."""
    call_command("load_codebook", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("load_world", verbosity=0)
    _make_a_past(Reading.objects.get(reader__username="analyst", state="open"))
    _make_work(User.objects.get(username="analyst"))
    _make_training(User.objects.get(username="analyst"))
    revision = Reading.objects.get(reader__username="analyst", state="open").revision
    text = revision.text.replace(" said ", " has said ")
    add_revision(article=revision.article, draft=draft_item({"text": f"Updated.\n{text}"}), by=None)


def _make_work(analyst: User) -> None:
    """A late assignment of an open reading, one in the pool, and one that was taken back."""
    batch = a_batch(analysts_per_article=2, due_at=timezone.now() - timedelta(days=2), note="Mind the cues.")
    revision = Reading.objects.get(reader=analyst, state="open").revision
    an_assignment(analyst, batch=batch, revision=revision, due_at=batch.due_at)
    an_assignment(batch=batch, revision=revision, slot=2)
    other = Reading.objects.filter(state="submitted").exclude(revision__readings__reader=analyst).first()
    untouched = a_revision() if other is None else other.revision
    release(assignment=an_assignment(analyst, batch=batch, revision=untouched), by=batch.created_by)


def _make_training(analyst: User) -> None:
    """A training that was compared."""
    done = Reading.objects.filter(reader=analyst, state="accepted").earliest("pk")
    training = a_batch(is_training=True, pass_mark=80)
    compare_training(assignment=an_assignment(analyst, batch=training, revision=done.revision), by=analyst)


def _make_a_past(reading: Reading) -> None:
    changed, gone = reading.annotations.filter(kind="statement").earliest("pk"), reading.annotations.latest("pk")
    claim, parts = {"speaker": None, "note": "Heard twice."}, {"cue": [], "source": []}
    change_annotation(annotation=changed, claim=claim, parts=parts, by=reading.reader)
    delete_annotation(annotation=gone, by=reading.reader)


def _compared() -> Revision:
    """A text of which two readings were compared; they differ."""
    submitted = Reading.objects.filter(state="submitted", reader__isnull=False)
    two = submitted.order_by().values("revision").annotate(readings=Count("pk")).get(readings=2)
    revision = Revision.objects.get(pk=two["revision"])
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=User.objects.get(username="editor"))
    return revision


def _talked(compared: Revision) -> Notice:
    """What the analyst is told of a ruling on their reading, of which people spoke; so they did of the record."""
    editor = User.objects.get(username="editor")
    disputes = Dispute.objects.filter(curated__reading__revision=compared).undecided()
    for dispute in disputes:
        rule(dispute=dispute, choice=0, note="See the second half.", by=editor)
    told = Notice.objects.rulings().filter(person__username="analyst", annotation__isnull=False).latest("pk")
    for about in (told.ruling, told.annotation):
        first = write_comment(about=about, body="@analyst, do you agree?", by=editor)
        write_comment(about=about, body="I do.", parent=first, by=told.person)
        resolve_thread(comment=write_comment(about=about, body="Well seen.", by=editor), by=editor)
    return told


def _measured() -> None:
    """Figures of all work; those of a batch are asked for."""
    by = User.objects.get(username="editor")
    make_report(ask_for_report(by=by))
    ask_for_report(batch=Batch.objects.earliest("pk"), by=by)


def _release(revision: Revision) -> None:
    """Two releases, between which a reading was withdrawn."""
    editor = User.objects.get(username="editor")
    for name in ("2025-08", "2025-09"):
        release = order_release(name=name, publisher="The demo", licence="CC-BY-4.0", by=editor)
        make_release(release)
        if name == "2025-08":
            withdraw_reading(revision=revision, by=editor)
    publish_reading(revision=revision, by=editor)


def _webhook(by: User) -> Webhook:
    """One that was stopped after a failure."""
    webhook = make_webhook(url="https://example.org/in", kinds=["threat"], actions=["publish"], by=by)
    Delivery.objects.create(webhook=webhook, seq=1, status=204, duration_ms=80)
    Delivery.objects.create(webhook=webhook, seq=2, status=410, error="It answered 410.", duration_ms=80)
    Webhook.objects.filter(pk=webhook.pk).update(is_active=False, stopped_because="It answered 410.")
    return webhook


def _gathered() -> int:
    """An utterance of a published statement, by id; two others are worded alike."""
    speaker = an_actor().pk
    statements = [a_publication(claim={"speaker": speaker, "said_on": ""}).statement for _ in range(3)]
    compare_statements(most=99, by=None)
    chosen = Statement.objects.filter(pk=statements[0].pk)
    return gather_statements(statements=list(chosen), by=User.objects.get(username="editor")).pk


def _records(published: Reading) -> list[str]:
    """The pages of a published record of each kind."""
    kinds = ("mention", "statement", "threat")
    return [f"/{one}s/{published.annotations.filter(kind=one).earliest('pk').public_id}/" for one in kinds]


def _told(by: User) -> tuple[int, int]:
    """An episode of a threat whose deadline passed, with an outcome, and one of which only the deadline is known.

    Two more threats may be one.
    """
    speaker, target = an_actor().pk, an_actor("A Neighbour", "state").pk
    made = [
        a_publication(
            claim={"speaker": speaker, "said_on": ""}, threat={"deadline": "2025-09-03", "harm_targets": [target]}
        ).threat
        for _ in range(4)
    ]
    threats = [Threat.objects.get(pk=one.pk) for one in made]
    compare_threats(most=99, by=None)
    ended, waiting = (gather_threats(threats=[one], by=by) for one in threats[:2])
    record_step(
        episode=ended,
        version=1,
        kind="carried_out",
        happened_on="2025-09-04",
        note="At dawn.",
        evidence=threats[1].statements.all(),
        by=by,
    )
    return ended.pk, waiting.pk


def _imports() -> list[str]:
    """An import that waits for a decision, one under way, one that failed and one that came in, with problems."""
    by = User.objects.get(username="editor")
    foreign = {"labels": {"Quote": 12}, "relations": {"said_by": 3}, "attributes": {"mode": {"DIRECT": 2, "direct": 1}}}
    told = {"problems": [["one.ann:3", "This line is damaged: T"]], "problem_count": 1, "text_count": 3, "new_count": 2}
    brought = [[Reading.objects.earliest("pk").pk, 2, 0]]
    made = [
        ImportJob.objects.create(owner=by, format="brat", state="checked", foreign=foreign, **told),
        ImportJob.objects.create(owner=by, format="brat", state="running", is_trial=False, done=1, text_count=3),
        ImportJob.objects.create(owner=by, state="failed", problem="It cannot be told."),
        ImportJob.objects.create(owner=by, format="brat", state="done", brought=brought, **told),
    ]
    return [f"/imports/{one.pk}/" for one in made]


def pages() -> dict[str, list[str]]:
    """The addresses each of the demo's people is shown."""
    compared = _compared()
    told = _talked(compared)
    _measured()
    line = {"id": compared.readings.filter(reader__isnull=False).earliest("pk").pk, "version": 0, "submitted_at": ""}
    BulkDeed.objects.create(sort="return", comment="Mind the cues.", readings=[line], by=told.ruling.by)
    utterance = _gathered()
    ended, waiting = _told(User.objects.get(username="editor"))
    mine = Reading.objects.filter(reader__username="analyst")
    submitted = Reading.objects.filter(state="submitted").earliest("pk")
    published = Reading.objects.filter(state="published").earliest("pk")
    _release(published.revision)
    record = mine.get(state="open").annotations.filter(kind="statement").earliest("pk")
    article = published.revision.article_id
    state, person = Actor.objects.get(iso3="RUS").pk, Tenure.objects.earliest("pk").person_id
    return {
        "analyst": [
            "/articles/",
            "/articles/?q=nothinglikeit",
            "/articles/new/",
            "/work/",
            "/work/figures/",
            "/work/figures/all/",
            f"/work/{Assignment.objects.get(score__isnull=False).pk}/result/",
            f"/articles/{article}/",
            f"/readings/{mine.get(state='open').pk}/?annotation={record.pk}",
            f"/readings/{mine.get(state='open').pk}/deleted/",
            f"/annotations/{record.pk}/history/",
            f"/readings/{mine.get(state='returned').pk}/",
            f"/readings/{mine.get(state='open').pk}/submit/",
            f"/readings/{mine.get(state='open').pk}/suggestions/",
            f"/readings/{mine.get(state='open').pk}/carry/",
            f"/articles/{mine.get(state='open').revision.article_id}/",
            "/actors/",
            f"/actors/{published.annotations.get(pk=published.annotations.earliest('pk').pk).mention.actor_id}/",
            f"/actors/{state}/",
            f"/actors/{person}/tenures/new/",
            f"/actors/{state}/memberships/new/",
            "/utterances/",
            f"/utterances/{utterance}/",
            "/episodes/",
            f"/episodes/{ended}/",
            "/codebook/",
            "/codebook/threat-purpose/",
            "/guidelines/",
            "/guidelines/threats/",
            "/account/tokens/",
            "/exports/",
            "/account/webhooks/",
            *_records(published),
            f"/account/webhooks/{_webhook(User.objects.get(username='analyst')).pk}/",
            "/review/inbox/",
            "/review/rulings/",
            "/review/rulings/?otherwise=1",
            f"/review/rulings/{told.ruling_id}/",
            f"/review/annotations/{told.annotation_id}/comments/",
            f"/readings/{told.reading_id}/?annotation={told.annotation_id}",
            "/api/v1/docs/",
            "/nowhere/",
        ],
        "editor": [
            "/review/",
            "/review/?tab=curated&state=published",
            "/imports/",
            "/imports/new/",
            *_imports(),
            "/releases/",
            "/releases/new/",
            "/releases/2025-09/",
            "/releases/2025-09/since/2025-08/",
            "/review/batches/",
            "/review/batches/new/",
            f"/review/batches/{Batch.objects.earliest('pk').pk}/",
            "/review/?order=differing&only=differing",
            "/review/people/",
            f"/review/people/{User.objects.get(username='analyst').pk}/all/",
            f"/review/people/{User.objects.get(username='analyst').pk}/rulings/",
            "/review/codebook/",
            "/review/codebook/new/",
            "/review/guidelines/new/",
            "/review/guidelines/threats/",
            "/review/bulk/",
            f"/review/bulk/{BulkDeed.objects.latest('pk').pk}/",
            "/review/agreement/",
            f"/review/agreement/?batch={Batch.objects.earliest('pk').pk}",
            "/review/agreement/cases/?codebook=1&kind=statement&name=field:mode",
            "/review/agreement/cases/?codebook=1&kind=mention&show=alike",
            f"/review/readings/{submitted.pk}/",
            f"/review/revisions/{submitted.revision_id}/",
            f"/review/revisions/{compared.pk}/",
            f"/review/revisions/{compared.pk}/taken/",
            f"/review/readings/{told.reading_id}/",
            f"/review/readings/{published.pk}/",
            f"/revisions/{submitted.revision_id}/zones/",
            f"/actors/{person}/",
            f"/actors/{person}/merge/",
            "/utterances/new/?q=strait",
            "/utterances/alike/",
            f"/utterances/{utterance}/",
            f"/utterances/{utterance}/add/?q=strait",
            "/episodes/?q=strait&state=closed&deadline=passed",
            "/episodes/new/?q=strait",
            "/episodes/alike/",
            f"/episodes/{ended}/",
            f"/episodes/{waiting}/add/?q=strait",
            f"/episodes/{waiting}/steps/new/?q=strait",
            "/review/deadlines/",
            f"/actors/{person}/merge/?into={state}",
            f"/articles/{article}/revise/",
            f"/sources/{published.revision.article.source_id}/rating/",
        ],
    }


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_nothing_on_any_page(demo: None, sign_in: SignIn, scheme: str, width: int) -> None:
    found = {}
    for name, addresses in pages().items():
        context = sign_in(
            User.objects.get(username=name), color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            if violations := problems(page):
                found[f"{name} {address}"] = violations
    assert found == {}


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_nothing_in_any_state_of_the_workbench(
    transactional_db: None, sign_in: SignIn, scheme: str, width: int
) -> None:
    """An open record of each kind with all unfolded, the find bar, the sheet of keys, nothing marked yet."""
    reading, empty = a_reading(), a_reading()
    statement = a_statement(reading, speaker=an_actor().pk)
    records = [a_mention(reading), statement, a_threat(reading, statement)]
    context = sign_in(reading.reader, color_scheme=scheme, viewport={"width": width, "height": 900})
    page, found = context.new_page(), {}
    for record in records:
        page.goto(f"/readings/{reading.pk}/?annotation={record.pk}")
        page.wait_for_selector("form[data-bound]")
        page.locator("#inspector .claim-form > details > summary").click()
        found[record.kind] = problems(page)
    page.locator("#text").press("/")
    page.keyboard.type("the")
    found["find"] = problems(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("dialog#keys").wait_for()
    found["keys"] = problems(page)
    other = sign_in(empty.reader, color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    other.goto(f"/readings/{empty.pk}/")
    other.locator("#suggestions[data-suggestions]").wait_for()
    found["empty"] = problems(other)
    assert {state: ones for state, ones in found.items() if ones} == {}


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_nothing_where_one_signs_in(
    browser: Browser, live_server: LiveServer, transactional_db: None, scheme: str, width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}/account/sign-in/")
    assert problems(page) == []
    page.close()
