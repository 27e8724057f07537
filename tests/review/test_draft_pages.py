"""The editors' pages of drafts and chapters: what they do, whom they let in, what they refuse."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.codebook.drafting import add_edit, open_draft, put_in_force, write_guideline
from newsannot.codebook.models import CodebookVersion, Draft, Guideline, Scheme
from newsannot.codebook.revising import EditSaid
from tests.factories import a_codebook, a_reading, a_threat, a_user

pytestmark = pytest.mark.django_db
DRAFT = "/review/codebook/threat-consequence/draft/"
ARMS = {"code": "arms", "label": "Arms", "definition": "By arms.", "example": "", "parent": ""}


@pytest.fixture
def editor(client: Client) -> Client:
    a_codebook()
    client.force_login(a_user(Role.EDITOR))
    return client


def a_draft(*edits: EditSaid) -> Draft:
    by = a_user(Role.EDITOR)
    draft = open_draft(scheme=Scheme.objects.get(key="threat-consequence"), by=by)
    for said in edits:
        add_edit(draft=draft, version=draft.version, said=said, by=by)
        draft.refresh_from_db()
    return draft


RENAME = EditSaid("change", ("blockade",), (ARMS,))


def test_an_editor_begins_a_draft_from_the_list(editor: Client) -> None:
    answer = editor.post(DRAFT)
    assert (answer.status_code, answer.headers["Location"]) == (302, DRAFT)
    assert "Nothing differs yet" in editor.get(DRAFT).content.decode()


@pytest.mark.parametrize(
    ("sort", "sent", "said"),
    [
        ("change", {"codes": "force", **ARMS}, ("change", ["force"], 1)),
        ("add", ARMS, ("add", [], 1)),
        ("retire", {"codes": "force"}, ("retire", ["force"], 0)),
        ("merge", {"codes": ["force", "blockade"], **ARMS}, ("merge", ["force", "blockade"], 1)),
        (
            "split",
            {"codes": "force"}
            | {f"{name}_1": value for name, value in ARMS.items()}
            | {"code_2": "raid", "label_2": "Raid", "definition_2": "A raid."},
            ("split", ["force"], 2),
        ),
    ],
)
def test_each_sort_of_edit_is_made_by_its_form(editor: Client, sort: str, sent: dict[str, Any], said: Any) -> None:
    draft = a_draft()
    page = editor.get(f"{DRAFT}{sort}/", {"codes": "force"})
    assert (page.status_code, editor.post(f"{DRAFT}{sort}/", {"version": 1} | sent).status_code) == (200, 302)
    made = draft.edits.get()
    assert (made.sort, made.codes, len(made.says)) == said


def test_the_draft_shows_what_differs_and_how_much_it_is_in_use(editor: Client) -> None:
    a_threat(a_reading())
    a_draft(RENAME)
    page = " ".join(editor.get(DRAFT).content.decode().split())
    assert "1 annotation in 1 reading: 1 open, 0 published" in page
    assert '<span class="code">consequence</span>' in page


def test_a_code_is_moved_and_an_edit_taken_back(editor: Client) -> None:
    draft = a_draft()
    assert editor.post(f"{DRAFT}move/", {"codes": "force", "version": 1}).status_code == 302
    edit = draft.edits.get()
    assert editor.post(f"{DRAFT}edits/{edit.pk}/take-back/", {"version": 2}).status_code == 302
    assert draft.edits.count() == 0
    assert editor.post(f"{DRAFT}edits/{edit.pk}/take-back/", {"version": 3}).status_code == 404


def test_a_draft_is_put_in_force_with_a_reason(editor: Client) -> None:
    a_draft(RENAME)
    refused = editor.post(f"{DRAFT}in-force/", {"version": 2, "reason": " "})
    assert refused.status_code == 422
    assert "Say why, for those who coded before." in refused.content.decode()
    answer = editor.post(f"{DRAFT}in-force/", {"version": 2, "reason": "Clearer."})
    assert answer.headers["Location"] == "/codebook/threat-consequence/"
    assert CodebookVersion.objects.first().reason == "Clearer."  # type: ignore[union-attr]
    assert "Clearer." in editor.get("/codebook/threat-consequence/versions/").content.decode()


def test_putting_it_in_force_twice_tells_what_happened(editor: Client) -> None:
    draft = a_draft(RENAME)
    put_in_force(draft=draft, version=2, reason="First.", by=draft.by)
    answer = editor.post(f"{DRAFT}in-force/", {"version": 2, "reason": "Second."}, follow=True)
    assert "This draft was put in force as version 2 meanwhile." in answer.content.decode()
    assert CodebookVersion.objects.count() == 2


def test_a_draft_is_discarded(editor: Client) -> None:
    a_draft(RENAME)
    assert editor.post(f"{DRAFT}discard/", {"version": 2}).status_code == 302
    assert editor.get(DRAFT).status_code == 404


def test_an_edit_of_a_draft_that_moved_on_is_shown_beside_what_was_edited_meanwhile(editor: Client) -> None:
    a_draft(RENAME)
    sent = {"version": 1, "codes": "force"} | ARMS | {"code": "violence", "label": "Mine"}
    answer = editor.post(f"{DRAFT}change/", sent)
    page = answer.content.decode()
    assert (answer.status_code, "Rename blockade to arms" in page, 'value="Mine"' in page) == (409, True, True)
    assert editor.post(f"{DRAFT}change/", sent | {"version": 2}).status_code == 302


@pytest.mark.parametrize("path", ["move/", "discard/", "in-force/"])
@pytest.mark.parametrize("version", ["1", "x", "", "99999999999999999999"])
def test_a_stale_version_of_the_draft_is_told(editor: Client, path: str, version: str) -> None:
    a_draft(RENAME)
    answer = editor.post(f"{DRAFT}{path}", {"version": version, "codes": "force", "reason": "So."})
    assert (answer.status_code, "Somebody edited this draft meanwhile." in answer.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("sort", "sent", "words"),
    [
        ("add", {}, ["Give it a code.", "A code needs a label.", "A code needs a definition."]),
        ("add", ARMS | {"code": "a b", "label": "l" * 161}, ["without spaces", "At most 160 characters."]),
        ("add", ARMS | {"parent": "gone"}, ["There is no code “gone” to stand below."]),
        ("add", ARMS | {"definition": "a\x00b"}, ["Null characters are not allowed."]),
        ("add", ARMS | {"version": "x"}, ["Enter a whole number."]),
        ("add", ARMS | {"code": "force"}, ["“force” is a code of this list already."]),
        ("merge", ARMS | {"codes": ["force"]}, ["Choose at least two codes to merge."]),
        ("merge", ARMS | {"codes": ["force", "gone"]}, ["gone is not one of the available choices."]),
        ("split", {"codes": "force"}, ["Give it a code."]),
    ],
)
def test_bad_input_is_named_at_every_field(editor: Client, sort: str, sent: dict[str, Any], words: list[str]) -> None:
    a_draft()
    answer = editor.post(f"{DRAFT}{sort}/", {"version": 1} | sent)
    page = answer.content.decode()
    assert (answer.status_code, [one for one in words if one not in page]) == (422, [])


@pytest.mark.parametrize(
    "path", [f"{DRAFT}dance/", f"{DRAFT}change/?codes=gone", f"{DRAFT}split/", "/review/codebook/gone/draft/"]
)
def test_what_is_not_there_is_not_found(editor: Client, path: str) -> None:
    a_draft()
    assert editor.get(path).status_code == 404


POSTS = [f"{DRAFT}move/", f"{DRAFT}discard/", f"{DRAFT}in-force/", f"{DRAFT}edits/1/take-back/"]
PAGES = [DRAFT, f"{DRAFT}add/", "/review/guidelines/threats/"]


@pytest.mark.parametrize("path", [*POSTS, *PAGES])
def test_only_editors_edit_and_strangers_sign_in(client: Client, path: str) -> None:
    a_codebook()
    a_draft()
    assert client.post(path).status_code == 302
    client.force_login(a_user())
    assert client.post(path).status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_what_changes_the_draft_is_posted(editor: Client, path: str) -> None:
    assert editor.get(path).status_code == 405


def test_the_draft_takes_as_many_queries_for_three_edits_as_for_one(
    editor: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    a_draft(RENAME)
    editor.get(DRAFT)
    with django_assert_max_num_queries(30) as first:
        editor.get(DRAFT)
    a_draft(EditSaid("retire", ("unspecified",)), EditSaid("add", (), (ARMS | {"code": "raid"},)))
    with django_assert_num_queries(len(first)):
        editor.get(DRAFT)


# --- Chapters -------------------------------------------------------------------------------------

CHAPTER = "/review/guidelines/threats/"
WRITTEN = {"base": 1, "title": "Threats", "text": "Mark them all.\n", "reason": "Some were left out."}


@pytest.fixture
def chapter() -> Guideline:
    return Guideline.objects.create(key="threats", number=1, title="Threats", text="Mark them.\n")


def test_a_chapter_is_looked_at_first_and_then_put_in_force(editor: Client, chapter: Guideline) -> None:
    assert "Mark them." in editor.get(CHAPTER).content.decode()
    looked = editor.post(CHAPTER, WRITTEN)
    assert (looked.status_code, Guideline.objects.count()) == (200, 1)
    assert "</span> all</ins>" in looked.content.decode()
    assert "<p>Mark them all.</p>" in looked.content.decode()
    assert editor.post(CHAPTER, WRITTEN | {"force": "1"}).headers["Location"] == "/guidelines/threats/"
    page = editor.get("/guidelines/threats/versions/").content.decode()
    assert ("Some were left out." in page, "</span> all</ins>" in page) == (True, True)


@pytest.mark.parametrize("force", [{}, {"force": "1"}])
def test_a_chapter_written_on_an_older_wording_is_shown_beside_the_newer(
    editor: Client, chapter: Guideline, force: dict[str, str]
) -> None:
    by = a_user(Role.EDITOR)
    write_guideline(key="threats", base=1, title="Threats", text="Mark none.", reason="Theirs.", by=by)
    answer = editor.post(CHAPTER, WRITTEN | force)
    page = answer.content.decode()
    assert (answer.status_code, Guideline.objects.count(), "Theirs." in page) == (409, 2, True)
    assert ('name="base" value="2"' in page, "Mark them all." in page) == (True, True)
    assert editor.post(CHAPTER, WRITTEN | {"base": 2, "force": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "t" * 161}, "Ensure this value has at most 160 characters"),
        ({"text": "  "}, "This field is required."),
        ({"text": "a\x00"}, "Null characters are not allowed."),
        ({"base": "one"}, "Enter a whole number."),
        ({"reason": "", "force": "1"}, "Say why, for those who read it before."),
        ({"text": "Mark them.", "force": "1"}, "This says what is in force already."),
    ],
)
def test_a_bad_chapter_is_named_at_its_field(
    editor: Client, chapter: Guideline, sent: dict[str, Any], words: str
) -> None:
    answer = editor.post(CHAPTER, WRITTEN | sent)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Guideline.objects.count() == 1


def test_a_chapter_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get("/review/guidelines/gone/").status_code == 404


# --- Proposing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/codebook/mid/propose/", "/guidelines/threats/propose/"])
def test_analysts_propose_and_readers_do_not(client: Client, path: str) -> None:
    call_command("load_codebook", verbosity=0)
    assert client.get(path).status_code == 302
    client.force_login(a_user(Role.READER))
    assert client.post(path, {"text": "More."}).status_code == 403
    client.force_login(a_user())
    assert client.get(path).status_code == 200
    empty = client.post(path, {"text": " "})
    assert (empty.status_code, "Say what should change, and why." in empty.content.decode()) == (422, True)
    assert client.post(path, {"text": "a\x01b"}).status_code == 422
    assert client.post(path, {"text": "More."}).status_code == 302
    assert client.put(path).status_code == 405


def test_a_code_that_is_not_there_cannot_be_proposed_on(client: Client) -> None:
    a_codebook()
    client.force_login(a_user())
    assert client.get("/codebook/mid/propose/", {"code": "9"}).status_code == 404
    assert client.get("/codebook/gone/propose/").status_code == 404
