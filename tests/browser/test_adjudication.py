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
from tests.browser.workbench_page import FRAMES, SEEN
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
        assert page.evaluate(painted) == [choice.locator("bdi").evaluate(SEEN)]


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


def test_the_words_in_question_come_into_sight(
    transactional_db: None, live_server: LiveServer, sign_in: SignIn
) -> None:
    revision = a_revision("\n".join([LINES[0], *["Nothing was said of it."] * 80, LINES[1]]))
    for mode in ("direct", "mixed"):
        quotes = ("“We will answer,”", "“there will be war,”")
        handed_in(revision, [({"content": quote}, {"mode": mode}) for quote in quotes])
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").click()
    expect(page.locator("#question[data-bound]")).to_be_visible()
    near, far = page.locator("mark", has_text="We will answer"), page.locator("mark", has_text="there will be war")
    expect(near).to_be_in_viewport()
    expect(far).not_to_be_in_viewport()
    page.keyboard.press("1")
    expect(far).to_be_in_viewport()
    expect(page.locator("#question-title")).to_be_focused()
    page.keyboard.press("k")
    expect(near).to_be_in_viewport()


def test_keys_too_many_or_too_fast_do_nothing_else(revision: Revision, sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").click()
    expect(page.locator("#question[data-bound]")).to_be_visible()
    page.keyboard.press("7")
    page.keyboard.press("1")
    page.keyboard.press("7")
    expect(page.locator("#undecided")).to_have_text("3 undecided")
    expect(page.locator("#question-title")).to_be_focused()
    expect(page.locator(".slot.is-armed")).to_have_count(0)
    expect(page.locator(".toast.is-error")).to_have_count(0)
    assert Ruling.objects.count() == 1


def test_of_two_editors_at_one_question_the_second_is_shown_both(revision: Revision, sign_in: SignIn) -> None:
    first, second = (sign_in(a_user(Role.EDITOR, first_name=name)).new_page() for name in ("Eva", "Ulf"))
    first.goto(f"/review/revisions/{revision.pk}/")
    first.get_by_role("button", name="Compare 2 readings").click()
    second.goto(f"/review/revisions/{revision.pk}/")
    for page in (first, second):
        expect(page.locator("#question[data-bound]")).to_be_visible()
    first.keyboard.press("2")
    expect(first.locator("#undecided")).to_have_text("3 undecided")
    second.keyboard.press("1")
    expect(second.locator(".question-choice.is-refused .question-sent")).to_have_text("yours, not stored")
    expect(second.locator(".question-choice.is-standing")).to_contain_text("“We will answer")
    expect(second.locator("#question")).to_contain_text("Decided by Eva")
    expect(second.locator("#undecided")).to_have_text("3 undecided")
    expect(second.locator("#inspector")).not_to_contain_text("“We will answer,”")
    expect(second.locator("#question-title")).to_be_focused()
    second.keyboard.press("1")
    expect(second.locator(".question-sent")).to_have_count(0)
    expect(second.locator("#question-title")).to_have_text("Speaker")
    assert [ruling.by.first_name for ruling in Ruling.objects.order_by("pk")] == ["Eva", "Ulf"]


def test_what_the_record_says_now_is_shown_when_it_was_changed(revision: Revision, sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").click()
    expect(page.locator("#question[data-bound]")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#question-title")).to_have_text("Speaker")
    expect(page.locator(".question-choice.is-standing")).to_contain_text("Adaeze Obi")
    page.locator(".typeahead[data-name=speaker] .chip-remove").click()
    expect(page.locator(".question-choice.is-standing")).to_have_count(0)
    expect(page.locator("#unsaved")).to_have_text("")


def test_why_is_said_by_keyboard_and_decides_nothing(revision: Revision, sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(f"/review/revisions/{revision.pk}/")
    page.get_by_role("button", name="Compare 2 readings").click()
    expect(page.locator("#question[data-bound]")).to_be_visible()
    expect(page.locator("main[data-bound]")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#ruling-reason")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#question-title")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#ruling-reason")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("The mark is part of it.")
    page.keyboard.press("Enter")
    expect(page.locator("#question-title")).to_be_focused()
    expect(page.locator("#undecided")).to_have_text("4 undecided")
    page.keyboard.press("2")
    expect(page.locator("#undecided")).to_have_text("3 undecided")
    ruling = Ruling.objects.get()
    assert (ruling.note, ruling.value) == ("The mark is part of it.", ruling.dispute.choices[1]["value"])
    page.keyboard.press("?")
    expect(page.locator("dialog#keys h3").first).to_have_text("The question")
