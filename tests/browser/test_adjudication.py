"""Deciding between readings by keyboard alone."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.models import Role
from newsannot.annotations.actions import mark_annotation, submit_reading
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from newsannot.articles.models import Revision
from newsannot.review.models import Dispute, Ruling
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import FRAMES
from tests.factories import a_reading, a_revision, a_user, an_actor, piece

LINES = [
    "“We will answer,” Minister Obi warned on Monday.",
    "If the strait is closed, “there will be war,” she said.",
    "Nobody in the capital believed it.",
]


def handed_in(revision: Revision, statements: list[tuple[dict[str, str], dict[str, object]]]) -> Reading:
    """A reading with these statements: words of roles, and claim."""
    reading = a_reading(None, revision)
    for words, claim in statements:
        parts = {role: [piece(reading, quote)] for role, quote in words.items()}
        mark_annotation(kind=kind_named("statement"), reading=reading, parts=parts, claim=claim, by=reading.reader)
    return submit_reading(reading=reading, by=reading.reader)


@pytest.fixture
def revision(transactional_db: None, live_server: LiveServer) -> Revision:
    """Two readings that differ in a speaker, a quotation mark, a cue, a mode and in what there is."""
    revision, one, other = a_revision("\n".join(LINES)), an_actor("Adaeze Obi"), an_actor("The ministry")
    handed_in(
        revision,
        [
            ({"content": "“We will answer,”", "cue": "warned"}, {"speaker": one.pk, "mode": "direct"}),
            ({"content": "“there will be war,”"}, {"speaker": one.pk, "mode": "direct"}),
        ],
    )
    handed_in(
        revision,
        [
            ({"content": "“We will answer", "cue": "warned"}, {"speaker": other.pk, "mode": "direct"}),
            ({"content": "“there will be war,”"}, {"speaker": one.pk, "mode": "mixed"}),
            ({"content": "Nobody in the capital believed it."}, {"mode": "indirect"}),
        ],
    )
    return revision


def test_an_editor_decides_everything_by_keyboard_alone(revision: Revision, sign_in: SignIn) -> None:
    editor = a_user(Role.EDITOR)
    page = sign_in(editor).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").press("Enter")
    title = page.locator("#question-title")
    expect(page.locator("#question[data-bound]")).to_be_visible()
    expect(page.locator("#undecided")).to_have_text("4 undecided")

    answers = {"Borders of the content": "1", "Speaker": "2", "Quotation": "1", "Is this a statement?": "2"}
    for left in (3, 2, 1, 0):
        page.keyboard.press(answers[title.inner_text()])
        expect(page.locator("#undecided")).to_have_text(f"{left} undecided" if left else "All decided")
        expect(title).to_be_focused()

    page.keyboard.press("z")
    expect(page.locator("#undecided")).to_have_text("1 undecided")
    expect(title).to_have_text("Is this a statement?")
    page.keyboard.press("y")
    expect(page.locator("#undecided")).to_have_text("All decided")

    page.get_by_role("button", name="Finish").press("Enter")
    expect(page.get_by_text("Finished: 2 readings accepted.")).to_be_visible()
    curated = Reading.objects.curated().get(revision=revision)
    claims = [read_record(one).claim for one in Annotation.objects.standing().filter(reading=curated).order_by("pk")]
    assert [(claim["mode"], claim["speaker"] is not None) for claim in claims] == [("direct", True)] * 2
    assert Ruling.objects.in_force().count() == 4
    assert Dispute.objects.undecided().count() == 0
    assert {reading.state for reading in Reading.objects.filter(revision=revision, reader__isnull=False)} == {
        "accepted"
    }


def test_the_borders_of_a_choice_are_painted_while_it_is_in_hand(revision: Revision, sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").click()
    expect(page.locator("#question[data-bound]")).to_be_visible()
    expect(page.locator("#question-title")).to_have_text("Borders of the content")
    painted = "() => Array.from(CSS.highlights.get('question') ?? [], range => range.toString())"
    for choice in page.locator(".question-choice").all():
        choice.focus()
        page.evaluate(FRAMES)
        assert page.evaluate(painted) == [choice.locator("bdi").inner_text()]


def test_digits_fill_roles_while_words_are_selected(revision: Revision, sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").click()
    expect(page.locator("#question[data-bound]")).to_be_visible()
    page.locator("#b0").dblclick(position={"x": 30, "y": 10})
    page.evaluate(FRAMES)
    page.keyboard.press("9")
    page.evaluate(FRAMES)
    expect(page.locator("#undecided")).to_have_text("4 undecided")
    assert Ruling.objects.count() == 0
