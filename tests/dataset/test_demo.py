from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction

from newsannot.accounts.models import Token, User
from newsannot.accounts.rules import digest_of
from newsannot.actors.models import Actor
from newsannot.annotations.models import Derivation, Reading, Span, Transition
from newsannot.articles.models import Article, Source, Zone
from newsannot.dataset.demo import load_demo
from newsannot.dataset.demo_files import read_demo
from newsannot.statements.models import Statement
from newsannot.threats.models import Episode, Threat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FILES = read_demo(Path(settings.BASE_DIR) / "fixtures")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo, made once for all tests of this file and then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_codebook", verbosity=0)
        load_demo(FILES)
        yield
        transaction.set_rollback(True)


def standing_states() -> dict[tuple[str, str], str]:
    rows = Reading.objects.values_list("revision__article__url", "reader__username", "state")
    keys = {article.url: article.key for article in FILES.articles}
    return {(keys[url], reader or "curated"): state for url, reader, state in rows}


def test_readings_stand_in_every_state() -> None:
    assert standing_states() == {
        ("vladivostok-troops", "analyst2"): "submitted",
        ("quarantine-1962", "analyst"): "accepted",
        ("quarantine-1962", "curated"): "published",
        ("forty-eight-hours-2003", "analyst2"): "accepted",
        ("forty-eight-hours-2003", "curated"): "published",
        ("suez-bulganin-1956", "analyst"): "returned",
        ("resolution-678", "analyst2"): "open",
        ("zhou-panikkar-1950", "analyst"): "submitted",
        ("july-note-1914", "analyst2"): "accepted",
        ("july-note-1914", "curated"): "open",
        ("berlin-note-1958", "analyst"): "open",
        ("agadir-1911", "analyst"): "submitted",
        ("agadir-1911", "analyst2"): "submitted",
        ("cod-war-letter", "analyst2"): "returned",
        ("baghdad-2003", "analyst2"): "accepted",
        ("baghdad-2003", "curated"): "published",
    }


def test_a_returned_reading_says_why() -> None:
    returned = Transition.objects.get(state="returned", reading__reader__username="analyst")
    assert returned.comment.startswith("Almost there.")
    assert returned.by == User.objects.get(username="editor")


def test_every_span_is_the_text_at_its_offsets_in_every_script() -> None:
    spans = Span.objects.select_related("reading__revision")
    assert [s.pk for s in spans if s.reading.revision.text[s.start : s.end] != s.exact] == []
    assert spans.count() > 300


def test_what_is_published_holds_each_thing_the_screens_and_the_api_should_show() -> None:
    statements = Statement.objects.published()
    threats = Threat.objects.published()
    assert {statement.mode for statement in statements} == {"direct", "mixed", "indirect"}
    assert statements.filter(parent__isnull=False).count() == 2
    split = [s for s in statements if s.spans.filter(role="content").count() == 2]
    assert len(split) == 3
    assert sorted(threats.values_list("purpose", "consequence", "deadline", "nuclear_signal")) == [
        ("compellent", "blockade", "", "none"),
        ("compellent", "force", "", "none"),
        ("compellent", "force", "2003-03-19", "none"),
        ("compellent", "force", "2003-03-19", "none"),
        ("deterrent", "arrest", "", "none"),
        ("deterrent", "wmd", "", "implicit"),
    ]


def test_an_ultimatum_is_told_to_its_end() -> None:
    steps = Episode.objects.get().steps.order_by("happened_on")
    assert list(steps.values_list("kind", "happened_on", "evidence__annotation__kind")) == [
        ("issued", "2003-03-17", "threat"),
        ("reiterated", "2003-03-18", "threat"),
        ("carried_out", "2003-03-20", "statement"),
    ]


def test_the_editor_corrected_a_value_before_publishing() -> None:
    curated = Threat.objects.published().get(nuclear_signal="implicit")
    original = Threat.objects.get(pk=Derivation.objects.get(curated=curated).original_id)
    assert (original.credibility, curated.credibility) == ("2", "3")


@pytest.mark.parametrize("username", ["reader", "analyst", "analyst2", "editor", "admin"])
def test_the_accounts_open_with_the_known_password(username: str) -> None:
    user = authenticate(username=username, password="newsannot")
    assert isinstance(user, User)
    assert user.role == username.removesuffix("2")


@pytest.mark.parametrize(
    ("key", "owner", "scopes"),
    [
        ("demo-reader-token", "reader", {"read:curated"}),
        ("demo-analyst-token", "analyst", {"read:curated", "write:annotations"}),
        ("demo-editor-token", "editor", {"read:curated", "write:articles", "write:annotations"}),
    ],
)
def test_the_tokens_have_their_scopes(key: str, owner: str, scopes: set[str]) -> None:
    token = Token.objects.get(digest=digest_of(key))
    assert (token.user.username, set(token.scopes)) == (owner, scopes)


def test_actors_and_sources_come_with_all_that_is_known_of_them() -> None:
    putin = Actor.objects.get(wikidata_id="Q7747")
    assert (putin.kind, putin.country, putin.cameo_code, putin.sectors) == ("person", "RUS", "RUSGOV", ["GOV"])
    assert {"Путин", "普京", "פוטין"} & set(putin.names.values_list("name", flat=True)) == {"Путин", "普京"}
    assert Actor.objects.get(name="Kosovo").cow_code == 347
    limited = Source.objects.filter(excerpt_limit__isnull=False)
    assert sorted(limited.values_list("domain", "excerpt_limit")) == [
        ("cable.demo.invalid", 120),
        ("harbour.demo.invalid", 300),
        ("musterblatt.demo.invalid", 500),
    ]


def test_author_boxes_and_link_lists_are_boilerplate() -> None:
    article = Article.objects.get(url=FILES.articles[0].url)
    zone = Zone.objects.get(revision=article.current_revision, kind="boilerplate")
    text = article.current_revision.text[zone.start : zone.end]
    assert text.startswith("About the author: Helen Marsh")
    assert text.endswith("Five Maps That Explain the Strait")
