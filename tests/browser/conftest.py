"""A real Chromium on a live server, signed in, with every console error a failure."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from threading import get_ident
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, WebError, sync_playwright
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_reading, a_revision, a_user

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The browser itself reports refused and failed requests; tests of refusals mean them.
EXPECTED = ("Failed to load resource", "htmx: htmx:error")

SignIn = Callable[[User], BrowserContext]
OpenWorkbench = Callable[..., WorkbenchPage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test. One that fails is run once more: what fails twice is broken, and what failed
    once is named in the summary, to be made steady."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


def chromium_path() -> str:
    """Where the system's Chromium is."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail("The browser tests need Chromium: run make test, or install it.")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests: the system's own."""
    # Playwright's loop runs in this thread; the ORM is used between its calls, never inside of one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def desktop(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """The context most tests share, one after the other, so that scripts and styles are fetched once."""
    with browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}) as context:
        yield context


@pytest.fixture
def quiet_server(live_server: LiveServer) -> Iterator[None]:
    """What a closed page asked for last is answered before the next test empties the tables."""
    under_way: set[int] = set()

    def begin(**_: object) -> None:
        under_way.add(get_ident())

    def end(**_: object) -> None:
        under_way.discard(get_ident())

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    until = time.monotonic() + 10
    time.sleep(0.02)  # for what was sent a moment before, to arrive
    while under_way and time.monotonic() < until:
        time.sleep(0.01)
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture
def sign_in(browser: Browser, desktop: BrowserContext, live_server: LiveServer, quiet_server: None) -> Iterator[SignIn]:
    """A browser context in which somebody is signed in; a console error in it fails the test.

    With options for the context it is a fresh one, else the shared one without what the last test left in it.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            errors.append(message.text)

    def note_uncaught(error: WebError) -> None:
        errors.append(str(error.error))

    def make(user: User, **options: Any) -> BrowserContext:
        is_fresh = bool(options) or desktop in contexts
        context = browser.new_context(base_url=live_server.url, **options) if is_fresh else desktop
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        context.on("console", note)
        context.on("weberror", note_uncaught)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.remove_listener("console", note)
        context.remove_listener("weberror", note_uncaught)
        for page in context.pages:
            page.close()
        if context is not desktop:
            context.close()
    desktop.clear_cookies()
    desktop.set_offline(False)
    assert errors == []


@pytest.fixture
def open_workbench(sign_in: SignIn) -> OpenWorkbench:
    """The workbench on a fresh reading of a text, opened by its analyst."""

    def open_it(text: str, **options: object) -> WorkbenchPage:
        user = a_user()
        reading: Reading = a_reading(by=user, revision=a_revision(text, zones=[]))
        return WorkbenchPage(sign_in(user, **options).new_page(), reading)

    return open_it
