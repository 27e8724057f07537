"""New chapters and code lists in the browser, the order of chapters, and chapters taken out and brought back."""

import re
from typing import Any

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.annotations.models import Reading
from newsannot.codebook.models import CodebookVersion, Guideline, Scheme
from newsannot.codebook.queries import codebook, current_guidelines, schemes_of
from tests.factories import a_codebook, a_reading, a_threat, a_user
from tests.review.test_pages import html, text_of

pytestmark = pytest.mark.django_db

NEW_CHAPTER, NEW_LIST, KEPT = "/review/guidelines/new/", "/review/codebook/new/", "/review/codebook/"
WRITTEN = {"title": "Irony: what is not meant", "text": "## When\n\nIt is rare.", "reason": "Asked for often."}
LISTED = {
    "name": "Tone of voice",
    "description": "How it was said.",
    "code": "calm",
    "label": "Calm",
    "definition": "Without haste.",
    "reason": "For a study.",
}


@pytest.fixture
def editor(client: Client) -> Client:
    a_codebook()
    for position, key in enumerate(("mentions", "statements", "threats"), start=1):
        Guideline.objects.create(key=key, number=1, title=key.title(), text=f"On {key}.\n", position=position)
    client.force_login(a_user(Role.EDITOR))
    return client


def order() -> list[str]:
    return [chapter.key for chapter in current_guidelines()]


# --- Chapters -----------------------------------------------------------------------------------------


def test_a_new_chapter_is_looked_at_then_in_force_behind_the_others(editor: Client) -> None:
    assert "Look at it first" in html(editor.get(NEW_CHAPTER))
    shown = editor.post(NEW_CHAPTER, WRITTEN)
    assert ("It is rare." in text_of(html(shown)), order()) == (True, ["mentions", "statements", "threats"])
    made = editor.post(NEW_CHAPTER, WRITTEN | {"force": "1"})
    assert (made.headers["Location"], order()[-1]) == ("/guidelines/irony/", "irony")
    assert "It is rare." in html(editor.get("/guidelines/irony/"))
    chapter = Guideline.objects.get(key="irony")
    assert (chapter.number, chapter.title, chapter.reason) == (1, WRITTEN["title"], "Asked for often.")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": ""}, "This field is required."),
        ({"text": " "}, "This field is required."),
        ({"title": "Threats: anew", "force": "1"}, "There is, or was, a chapter “threats”"),
        ({"title": "New", "force": "1"}, "Begin the title with a word in Latin letters"),
        ({"title": "Ирония", "force": "1"}, "Begin the title with a word in Latin letters"),
        ({"text": "a\x07b", "force": "1"}, "cannot be stored"),
    ],
)
def test_a_bad_new_chapter_is_named_at_its_field(editor: Client, sent: dict[str, str], words: str) -> None:
    answer = editor.post(NEW_CHAPTER, WRITTEN | sent)
    assert (answer.status_code, words in html(answer)) == (422, True)
    assert order() == ["mentions", "statements", "threats"]


def test_chapters_change_places_as_new_versions_that_say_the_same(editor: Client) -> None:
    assert editor.post("/review/guidelines/threats/move/", {"up": "1"}).headers["Location"] == f"{KEPT}#chapters"
    assert order() == ["mentions", "threats", "statements"]
    numbers = dict(Guideline.objects.order_by("number").values_list("key", "number"))
    assert numbers == {"mentions": 1, "statements": 2, "threats": 2}
    assert Guideline.objects.reworded().count() == 0  # nothing to be seen in the course of agreement
    assert "It is the first already." in html(
        editor.post("/review/guidelines/mentions/move/", {"up": "1"}, follow=True)
    )
    editor.post("/review/guidelines/mentions/move/", {"down": "1"})
    assert order() == ["threats", "mentions", "statements"]
    shown = re.findall(r'<a href="/review/guidelines/(\w+)/"', html(editor.get(KEPT)))
    assert shown == order()


def test_a_chapter_is_withdrawn_with_a_reason_and_put_in_force_again(editor: Client) -> None:
    path = "/review/guidelines/statements/withdraw/"
    refused = editor.post(path, {"base": "1", "withdrawal": " "})
    assert (refused.status_code, "Say why, for those who read it." in html(refused)) == (422, True)
    stale = editor.post(path, {"base": "9", "withdrawal": "So."})
    assert (stale.status_code, len(order())) == (409, 3)
    assert editor.post(path, {"base": "1", "withdrawal": "It is in “mentions”."}).status_code == 302
    assert order() == ["mentions", "threats"]
    assert editor.get("/guidelines/statements/").status_code == 404
    assert editor.get("/guidelines/statements/versions/").status_code == 200
    assert [one.number for one in Guideline.objects.reworded()] == [2]
    again = editor.post(path, {"base": "2", "withdrawal": "Again."})
    assert (again.status_code, "is not in force" in html(again)) == (422, True)
    assert "is withdrawn" in text_of(html(editor.get("/review/guidelines/statements/")))
    back = {"base": "2", "title": "Statements", "text": "On statements.", "reason": "Missed.", "force": "1"}
    assert editor.post("/review/guidelines/statements/", back).status_code == 302
    assert order() == ["mentions", "statements", "threats"]


# --- Code lists -----------------------------------------------------------------------------------------


def test_a_new_list_is_in_force_with_its_first_code_and_takes_more_by_a_draft(editor: Client) -> None:
    reading = a_reading()
    a_threat(reading)
    assert editor.post(NEW_LIST, LISTED).headers["Location"] == "/codebook/tone-of-voice/"
    newest = CodebookVersion.objects.first()
    assert newest is not None
    assert (newest.number, newest.reason, [*codebook(newest.pk)["tone-of-voice"]]) == (2, "For a study.", ["calm"])
    assert (Scheme.objects.get(key="tone-of-voice").name, newest.schemes.count()) == (
        "Tone of voice",
        CodebookVersion.objects.get(number=1).schemes.count() + 1,
    )
    assert Reading.objects.get(pk=reading.pk).codebook.number == 1
    draft = "/review/codebook/tone-of-voice/draft/"
    editor.post(draft)
    more = {"version": "1", "code": "shouted", "label": "Shouted", "definition": "Aloud.", "example": "", "parent": ""}
    assert editor.post(f"{draft}add/", more).status_code == 302
    assert editor.post(f"{draft}in-force/", {"version": "2", "reason": "Two tones."}).status_code == 302
    assert [*codebook(CodebookVersion.objects.latest().pk)["tone-of-voice"]] == ["calm", "shouted"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "MID"}, "There is a list “mid” already."),
        ({"name": "Тон"}, "Begin the name with a word in Latin letters"),
        ({"code": "in two words"}, "without spaces"),
        ({"definition": ""}, "This field is required."),
        ({"reason": " "}, "This field is required."),
    ],
)
def test_a_bad_new_list_is_named_at_its_field(editor: Client, sent: dict[str, str], words: str) -> None:
    answer = editor.post(NEW_LIST, LISTED | sent)
    assert (answer.status_code, words in html(answer)) == (422, True)
    assert CodebookVersion.objects.count() == 1


NAME = "/review/codebook/mid/name/"
RENAMED = {"base": "1", "name": "Militarized disputes", "description": "What was threatened.", "reason": "Clearer."}


def test_a_list_is_renamed_as_its_next_version_and_past_ones_keep_their_name(editor: Client) -> None:
    first = CodebookVersion.objects.latest()
    assert 'value="mid"' in html(editor.get(NAME))
    assert editor.post(NAME, RENAMED).headers["Location"] == "/codebook/mid/"
    newest = CodebookVersion.objects.latest()
    assert (newest.number, newest.reason) == (2, "Clearer.")
    of = [schemes_of(one.pk)["mid"] for one in (first, newest)]
    assert [(one.name, one.number, one.description) for one in of] == [
        ("mid", 1, ""),
        ("Militarized disputes", 2, "What was threatened."),
    ]
    assert [*codebook(newest.pk)["mid"].items()] == [*codebook(first.pk)["mid"].items()]
    assert "Militarized disputes" in html(editor.get("/codebook/mid/"))
    told = text_of(html(editor.get("/codebook/mid/versions/")))
    assert "name: was: mid now: Militarized disputes description: now: What was threatened." in told


def test_a_draft_goes_on_from_the_renamed_list(editor: Client) -> None:
    draft = "/review/codebook/mid/draft/"
    editor.post(draft)
    more = {
        "version": "1",
        "code": "raid",
        "label": "Raid",
        "definition": "A short attack.",
        "example": "",
        "parent": "",
    }
    assert editor.post(f"{draft}add/", more).status_code == 302
    assert editor.post(NAME, RENAMED).status_code == 302
    assert editor.post(f"{draft}in-force/", {"version": "2", "reason": "Raids."}).status_code == 302
    newest = CodebookVersion.objects.latest()
    assert (schemes_of(newest.pk)["mid"].name, [*codebook(newest.pk)["mid"]][-1]) == ("Militarized disputes", "raid")


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"name": ""}, 422, "This field is required."),
        ({"reason": " "}, 422, "This field is required."),
        ({"name": "mid", "description": ""}, 422, "It is called and described so already."),
        ({"name": "Threat-Purpose"}, 422, "Another list is called so."),
        ({"name": "a\x07b"}, 422, "cannot be stored"),
        ({"base": "x"}, 422, "Enter a whole number."),
        ({"base": "7"}, 409, "Another version was put in force meanwhile: version 1"),
    ],
)
def test_a_bad_name_of_a_list_is_named_at_its_field(
    editor: Client, sent: dict[str, str], status: int, words: str
) -> None:
    answer = editor.post(NAME, RENAMED | sent)
    assert (answer.status_code, words in html(answer)) == (status, True)
    assert CodebookVersion.objects.count() == 1


# --- Who --------------------------------------------------------------------------------------------------

POSTED = ("/review/guidelines/threats/move/", "/review/guidelines/threats/withdraw/")


def test_only_editors_make_chapters_and_lists(editor: Client) -> None:
    paths = (NEW_CHAPTER, NEW_LIST, NAME, *POSTED)
    assert [editor.get(path).status_code for path in paths] == [200, 200, 200, 405, 405]
    assert editor.get("/review/codebook/nothing/name/").status_code == 404
    assert [editor.post(path.replace("threats", "gone")).status_code for path in POSTED] == [404, 404]
    assert editor.put(NEW_CHAPTER).status_code == 405
    for role in (Role.READER, Role.ANALYST):
        editor.force_login(a_user(role))
        assert {editor.post(path).status_code for path in paths} == {403}
    editor.logout()
    assert {editor.post(path).status_code for path in paths} == {302}
    assert order() == ["mentions", "statements", "threats"]


def test_the_page_asks_as_often_for_many_chapters_as_for_one(
    editor: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    editor.get(KEPT)
    with django_assert_max_num_queries(30) as asked:
        editor.get(KEPT)
    Guideline.objects.create(key="more", number=1, title="More", text="More.\n", position=9)
    with django_assert_num_queries(len(asked)):
        editor.get(KEPT)
