"""axe on every page, light and dark, wide and narrow."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems

VIEWS = [("light", 1440), ("dark", 390)]


@pytest.fixture
def demo(transactional_db: None, live_server: LiveServer) -> None:
    call_command("load_codebook", verbosity=0)
    call_command("load_demo", verbosity=0)


def pages() -> dict[str, list[str]]:
    """The addresses each of the demo's people is shown."""
    mine = Reading.objects.filter(reader__username="analyst")
    submitted = Reading.objects.filter(state="submitted").earliest("pk")
    published = Reading.objects.filter(state="published").earliest("pk")
    record = mine.get(state="open").annotations.filter(kind="statement").earliest("pk")
    article = published.revision.article_id
    return {
        "analyst": [
            "/articles/",
            "/articles/?q=nothinglikeit",
            "/articles/new/",
            f"/articles/{article}/",
            f"/readings/{mine.get(state='open').pk}/?annotation={record.pk}",
            f"/readings/{mine.get(state='returned').pk}/",
            f"/readings/{mine.get(state='open').pk}/submit/",
            "/actors/",
            f"/actors/{published.annotations.get(pk=published.annotations.earliest('pk').pk).mention.actor_id}/",
            "/codebook/",
            "/codebook/threat-purpose/",
            "/guidelines/",
            "/guidelines/threats/",
            "/account/tokens/",
            "/api/v1/docs/",
            "/nowhere/",
        ],
        "editor": [
            "/review/",
            "/review/?tab=curated&state=published",
            f"/review/readings/{submitted.pk}/",
            f"/review/readings/{published.pk}/",
            f"/revisions/{submitted.revision_id}/zones/",
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
def test_axe_finds_nothing_where_one_signs_in(
    browser: Browser, live_server: LiveServer, transactional_db: None, scheme: str, width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}/account/sign-in/")
    assert problems(page) == []
    page.close()
