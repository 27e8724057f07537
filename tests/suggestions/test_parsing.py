"""spaCy reading along: when it does, what it says when it is not installed, and what comes of it."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from newsannot.actors.models import Actor
from newsannot.annotations.models import Mention
from newsannot.suggestions.actions import accept_suggestion
from newsannot.suggestions.models import Drafting
from newsannot.suggestions.parsing import check_parser, is_parsed, parse, parser_version
from newsannot.suggestions.queries import engine_version, undrafted_revisions
from newsannot.suggestions.rules.drafting import VERSION
from newsannot.suggestions.rules.drafts import CodableText
from newsannot.suggestions.tasks import draft_undrafted
from tests.factories import a_reading, a_revision, an_actor
from tests.suggestions.making import open_in

try:
    VERSION_THERE = parser_version()
except ImproperlyConfigured:
    VERSION_THERE = ""

installed = pytest.mark.skipif(not VERSION_THERE, reason="the extra [nlp] is not installed")
not_installed = pytest.mark.skipif(bool(VERSION_THERE), reason="the extra [nlp] is installed")
TEXT = (
    "The harbour was quiet.\nAnton Bask of the World Bank arrived. He denied the report and said the port was closed."
)


def test_nothing_is_parsed_unless_it_is_asked_for(settings: LazySettings) -> None:
    assert not settings.NLP
    assert not is_parsed("en")
    assert engine_version("en") == VERSION
    assert check_parser() == []


def test_english_alone_is_parsed(settings: LazySettings) -> None:
    settings.NLP = True
    assert [is_parsed(tag) for tag in ("en", "en-GB", "EN", "de", "und", "")] == [True, True, True, False, False, False]
    assert engine_version("ar") == VERSION


@not_installed
def test_asked_for_and_not_installed_it_says_what_to_install(settings: LazySettings) -> None:
    settings.NLP = True
    [error] = check_parser()
    assert error.id == "suggestions.E001"
    assert "pip install --require-hashes -r requirements/nlp.txt" in error.msg
    with pytest.raises(ImproperlyConfigured, match="spaCy and its English model are not installed"):
        parse(CodableText(TEXT, "en"))


@installed
def test_names_and_subjects_are_read_where_they_stand() -> None:
    read = parse(CodableText(TEXT, "en"))
    assert [(TEXT[one.start : one.end], one.sort) for one in read.entities] == [
        ("Anton Bask", "person"),
        ("the World Bank", "body"),
    ]
    by_verb = {TEXT[one.verb_start : one.verb_end]: TEXT[one.start : one.end] for one in read.subjects}
    assert (by_verb["denied"], by_verb["said"]) == ("He", "He")
    shared = [TEXT[one.verb_start : one.verb_end] for one in read.subjects if one.is_shared]
    assert shared == ["said"]


@installed
def test_boilerplate_is_not_read() -> None:
    assert parse(CodableText(TEXT, "en", uncodable=((0, len(TEXT)),))).entities == ()


@installed
@pytest.mark.django_db
def test_somebody_new_is_proposed_with_a_kind_and_made_when_that_is_accepted(settings: LazySettings) -> None:
    settings.NLP = True
    reading = a_reading(revision=a_revision(TEXT, zones=[]))
    draft_undrafted()
    new = {one.who: one for one in open_in(reading) if one.kind == "mention"}
    assert sorted(new) == ["Anton Bask (new)", "World Bank (new)"]
    suggestion = new["Anton Bask (new)"]
    change = accept_suggestion(reading=reading, fingerprint=suggestion.fingerprint, by=reading.reader)
    actor = Mention.objects.get(pk=change.annotation.pk).actor
    assert (actor.name, actor.kind, actor.created_by) == ("Anton Bask", "person", reading.reader)
    assert change.annotation.engine == f"rules {VERSION}+{VERSION_THERE}"


@installed
@pytest.mark.django_db
def test_what_the_rules_drafted_alone_is_drafted_again_once_a_parser_reads_along(settings: LazySettings) -> None:
    english, german = a_revision(TEXT, zones=[]), a_revision("Der Hafen ist zu.", language="de", zones=[])
    draft_undrafted()
    settings.NLP = True
    assert undrafted_revisions(9) == [english.pk]
    assert draft_undrafted() == 1
    assert set(Drafting.objects.values_list("revision", "engine_version")) == {
        (english.pk, VERSION),
        (german.pk, VERSION),
        (english.pk, f"{VERSION}+{VERSION_THERE}"),
    }


@pytest.mark.django_db
def test_somebody_new_who_is_known_by_now_is_not_made_again() -> None:
    reading = a_reading(revision=a_revision("Anton Bask came.", zones=[]))
    values = {"form": "name", "actor": {"name": "Anton Bask", "kind": "person"}}
    said = {"kind": "mention", "parts": {"text": [[0, 10]]}, "values": values, "reason": "", "rule": "name"}
    Drafting.objects.create(
        revision=reading.revision,
        engine="rules",
        engine_version="x",
        suggestions=[said | {"fingerprint": "f" * 32, "score": 0.5}],
    )
    known = an_actor("Anton Bask")
    change = accept_suggestion(reading=reading, fingerprint="f" * 32, by=reading.reader)
    assert Mention.objects.get(pk=change.annotation.pk).actor == known
    assert Actor.objects.filter(name="Anton Bask").count() == 1
