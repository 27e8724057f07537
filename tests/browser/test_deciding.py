"""The keys by which editors decide what is one: sayings that are worded alike, and threats that may be one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from newsannot.accounts.models import Role, User
from newsannot.statements.comparing import compare_statements
from newsannot.statements.models import Likeness, Utterance
from newsannot.threats.comparing import compare_threats
from newsannot.threats.models import Episode, Kinship
from tests.calling import a_publication
from tests.factories import a_user, an_actor

SignIn = Callable[..., BrowserContext]


@pytest.fixture
def page(transactional_db: None, sign_in: SignIn) -> Page:
    """An editor's page; three statements of one speaker are worded alike, and their threats too."""
    speaker, target = an_actor().pk, an_actor("A Neighbour", "state").pk
    for day in ("2025-09-01", "2025-09-02", "2025-09-03"):
        said = {"speaker": speaker, "said_on": day, "said_on_basis": "text"}
        a_publication(claim=said, threat={"issuer": speaker, "harm_targets": [target]})
    compare_statements(most=9, by=None)
    compare_threats(most=9, by=None)
    context = sign_in(a_user(Role.EDITOR))
    return context.new_page()


@pytest.mark.parametrize(
    ("address", "asked", "made", "yes"),
    [
        ("/utterances/alike/", Likeness, Utterance, "Gathered under utterance"),
        ("/episodes/alike/", Kinship, Episode, "Gathered under episode"),
    ],
)
def test_one_key_answers_no_takes_it_back_or_answers_yes(page: Page, address, asked, made, yes) -> None:
    page.goto(address)
    see(page, "3 questions, the likest first.")
    page.keyboard.press("n")
    see(page, "2 questions, the likest first.", "Not the same; this is not asked again.")
    assert asked.objects.filter(verdict="apart").count() == 1
    page.keyboard.press("u")
    see(page, "3 questions, the likest first.")
    assert asked.objects.filter(verdict="").count() == 3
    page.keyboard.press("s")
    see(page, yes)
    assert (made.objects.count(), asked.objects.filter(verdict="same").count()) == (1, 1)
    assert User.objects.get(pk=asked.objects.get(verdict="same").by_id).is_editor is True


def test_the_last_change_of_an_episode_is_undone_by_one_key(page: Page) -> None:
    page.goto("/episodes/alike/")
    see(page, "3 questions, the likest first.")
    page.keyboard.press("s")
    see(page, "Gathered under episode")
    page.goto(f"/episodes/{Episode.objects.get().pk}/")
    see(page, "said that two threats are one")
    page.keyboard.press("u")
    see(page, "It is undone.", "Nothing is told of it")
    assert Kinship.objects.filter(verdict="same").count() == 0


def see(page: Page, *words: str) -> None:
    """Wait until a page that says so has come and its keys are listened for."""
    for each in words:
        expect(page.get_by_text(each)).to_be_visible()
    expect(page.locator("[data-controller=shortcut]:not([data-bound])")).to_have_count(0)
