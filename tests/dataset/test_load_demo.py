from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.models import Annotation
from newsannot.articles.models import Article
from newsannot.dataset.demo import Made, load_demo
from newsannot.dataset.demo_files import DemoFileWrong, DemoRecord, read_demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_lists")]
FILES = read_demo(Path(settings.BASE_DIR) / "fixtures")


@pytest.fixture
def code_lists(request: pytest.FixtureRequest) -> None:
    if "without_code_lists" not in request.fixturenames:
        call_command("load_codebook", verbosity=0)


@pytest.fixture
def without_code_lists() -> None:
    """For a test of what comes before them."""


def test_the_demo_is_made_whole() -> None:
    assert load_demo(FILES) == Made(actors=73, articles=11, readings=12)


def test_making_it_again_changes_nothing() -> None:
    load_demo(FILES)
    count = Annotation.objects.count()
    assert load_demo(FILES) == Made()
    assert (Annotation.objects.count(), Article.objects.count(), User.objects.count()) == (count, 11, 5)


def test_a_quotation_that_is_not_there_names_the_file_and_leaves_nothing_behind() -> None:
    wrong = DemoRecord("mention", "", {"text": ("Nobody said this",)}, {"actor": "putin"})
    last = replace(FILES.readings[-1], records=(wrong,))
    with pytest.raises(DemoFileWrong) as refused:
        load_demo(replace(FILES, readings=(*FILES.readings[:2], last)))
    assert str(refused.value) == "11-baghdad-2003.analyst2.json: “Nobody said this” occurs 0 times, not once."
    assert (User.objects.count(), Actor.objects.count(), Article.objects.count()) == (0, 0, 0)


def run_command() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue().strip()


def test_the_command_tells_what_it_made() -> None:
    assert run_command() == "Demo: 11 articles, 12 readings, 73 actors."
    assert run_command() == "The demo is there already."


def test_the_command_refuses_another_database(settings: Any) -> None:
    settings.IS_EMBEDDED = False
    with pytest.raises(CommandError) as refused:
        run_command()
    assert str(refused.value).startswith("DATABASE_URL is set.")
    assert User.objects.count() == 0


@pytest.mark.usefixtures("without_code_lists")
def test_the_command_asks_for_the_code_lists_first() -> None:
    with pytest.raises(CommandError) as refused:
        run_command()
    assert str(refused.value) == "There are no code lists yet. First run: manage.py load_codebook"
