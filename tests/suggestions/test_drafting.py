"""Drafting for what is stored: names by SQL, zones, the worker's task and the command."""

from io import StringIO

import pytest
from django.core.management import call_command

from newsannot.actors.models import ActorName
from newsannot.suggestions.models import Drafting
from newsannot.suggestions.queries import names_that_may_stand_in, texts_to_draft, undrafted_revisions
from newsannot.suggestions.rules.drafts import CodableText, KnownName
from newsannot.suggestions.tasks import draft_new_suggestions, draft_undrafted
from tests.factories import TEXT, a_revision, an_actor

pytestmark = pytest.mark.django_db


def names(text: str, language: str = "en") -> set[str]:
    return {one.name for one in names_that_may_stand_in(CodableText(text, language))}


def test_only_names_whose_words_may_stand_in_the_text_are_loaded() -> None:
    for name in ("Vladimir Putin", "Putin", "Vladimir Nabokov", "Россия", "普京", "صدام حسين", "U.S.", "the alliance"):
        an_actor(name)
    assert names("Then Vladimir Putin’s envoy came.") == {"Vladimir Putin", "Putin"}
    assert names("PUTIN came. The alliance met in the U.S. today.") == {"Putin", "the alliance", "U.S."}
    assert names("Он уехал из России.", "ru") == {"Россия"}
    assert names("他见到了普京总统。", "zh") == {"普京"}
    assert names("قال لصدام حسين", "ar") == {"صدام حسين"}


def test_names_of_plain_words_are_loaded_where_their_first_two_stand_side_by_side() -> None:
    for name in ("Adaeze Obi", "Adaeze Wu Lin", "Samuel Obi", "Das Kapital", "Emily Wu", "John F. Wu"):
        an_actor(name)
    crowd = "Adaeze Wu met Samuel Lin and Emily Obi; all left, and Das was there."
    assert names(crowd) == {"Adaeze Wu Lin"}
    assert names("ADAEZE OBI spoke to Adaeze\u00a0Wu.") == {"Adaeze Obi", "Adaeze Wu Lin"}
    assert names("Kein Wort von Adaeze Obis Leuten zum Kapital, das John F. Wu las.", "de") == {
        "Adaeze Obi",
        "Das Kapital",
        "John F. Wu",
    }


def test_of_too_many_names_those_written_down_first_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsannot.suggestions.queries.MOST_NAMES", 2)
    for number in range(4):
        an_actor(f"Obi {number}")
        ActorName.objects.filter(name=f"Obi {number}").update(name="Obi")
    found = [one.main for one in names_that_may_stand_in(CodableText("Obi spoke.", "en"))]
    assert found == ["Obi 0", "Obi 1"]


def test_the_name_of_a_merged_actor_is_that_of_where_it_went() -> None:
    main, other = an_actor("Volodymyr Zelenskyy"), an_actor("Zelensky")
    other.merged_into = main
    other.save()
    ActorName.objects.filter(actor=main).delete()
    found = names_that_may_stand_in(CodableText("Zelensky came.", "en"))
    assert found == [KnownName(main.pk, "Zelensky", "person", "Volodymyr Zelenskyy")]


def test_a_text_comes_with_its_language_boilerplate_and_headings() -> None:
    at = TEXT.index("About the author")
    revision = a_revision(
        language="en-GB", zones=[("headline", 0, 24), ("body", 25, 40), ("boilerplate", at, len(TEXT))]
    )
    assert texts_to_draft([revision.pk]) == {revision.pk: CodableText(TEXT, "en-GB", ((at, len(TEXT)),), ((0, 24),))}


def test_a_run_of_the_task_drafts_for_every_revision_once() -> None:
    revisions = [a_revision().pk for _ in range(3)]
    assert undrafted_revisions(10) == revisions[::-1]
    draft_new_suggestions(timestamp=0)
    assert undrafted_revisions(10) == []
    assert sorted(Drafting.objects.values_list("revision", flat=True)) == revisions
    assert draft_undrafted() == 0


def test_a_run_whose_time_is_up_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        a_revision()
    monkeypatch.setattr("newsannot.suggestions.tasks.BATCH", 2)
    assert draft_undrafted(seconds=-1) == 2
    assert draft_undrafted(seconds=-1) == 1


def test_the_command_drafts_for_all_and_says_when_there_is_nothing_to_do() -> None:
    a_revision()
    said = StringIO()
    call_command("draft_suggestions", stdout=said)
    call_command("draft_suggestions", stdout=said)
    assert "Revisions drafted: 1, in" in said.getvalue()
    assert said.getvalue().endswith("Every revision has its suggestions already (rules 6).\n")
    assert Drafting.objects.count() == 1
