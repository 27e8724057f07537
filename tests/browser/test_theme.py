"""Light, dark or the system's own: chosen once, kept, and there before the first paint."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.factories import a_user


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """A page with the account menu, in a context of its own: the choice is kept there."""
    page = sign_in(a_user(), color_scheme="light").new_page()
    page.goto("/account/tokens/")
    page.wait_for_selector("[data-look=theme][data-bound]", state="attached")
    return page


def choose(page: Page, theme: str) -> None:
    """Press the theme's button, wherever the menu keeps it."""
    page.locator(f"[data-look=theme] [data-choice='{theme}']").dispatch_event("click")


def test_a_chosen_theme_outlives_the_page(page: Page) -> None:
    choose(page, "dark")
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert page.locator("[data-choice=dark]").get_attribute("aria-pressed") == "true"


def test_dark_is_dark_and_auto_follows_the_system(page: Page) -> None:
    ink = "() => getComputedStyle(document.body).color"
    light = page.evaluate(ink)
    choose(page, "dark")
    dark = page.evaluate(ink)
    assert dark != light
    choose(page, "")
    assert page.evaluate(ink) == light
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ink) == dark


def test_the_theme_is_there_before_any_module_runs(page: Page) -> None:
    choose(page, "dark")
    page.route("**/app.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"


def test_compact_is_denser_and_outlives_the_page(page: Page) -> None:
    height = "() => document.querySelector('.topbar').getBoundingClientRect().height"
    comfortable = page.evaluate(height)
    page.locator("[data-choice=compact]").dispatch_event("click")
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.density") == "compact"
    assert page.locator("[data-choice=compact]").get_attribute("aria-pressed") == "true"
    assert page.evaluate(height) < comfortable
