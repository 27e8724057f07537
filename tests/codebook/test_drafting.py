"""Drafts of code lists, versions put in force, chapters and proposals: the actions, and what the database holds to."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from newsannot.accounts.models import Role, User
from newsannot.codebook.drafting import (
    add_edit,
    decide_proposal,
    discard_draft,
    open_draft,
    propose_change,
    put_in_force,
    take_back_edit,
    write_guideline,
)
from newsannot.codebook.models import Became, CodebookVersion, Draft, Guideline, Proposal, Scheme, SchemeVersion
from newsannot.codebook.queries import became_between, codebook, codebooks_in_force, guidelines_in_force
from newsannot.codebook.revising import EditSaid
from newsannot.core.errors import RuleBroken, Stale
from tests.factories import a_codebook, a_user

pytestmark = pytest.mark.django_db


def words(code: str, **fields: str) -> dict[str, str]:
    return {"code": code, "label": code.title(), "definition": f"It is {code}."} | fields


MERGE = EditSaid("merge", ("force", "blockade"), (words("arms"),))
SPLIT = EditSaid("split", ("unspecified",), (words("vague"), words("open")))
RENAME = EditSaid("change", ("arms",), (words("violence"),))


def scheme(key: str = "threat-consequence") -> Scheme:
    a_codebook()
    return Scheme.objects.get(key=key)


def a_draft(*edits: EditSaid, by: User | None = None, key: str = "threat-consequence") -> Draft:
    editor = by or a_user(Role.EDITOR)
    draft = open_draft(scheme=scheme(key), by=editor)
    for said in edits:
        add_edit(draft=draft, version=draft.version, said=said, by=editor)
        draft.refresh_from_db()
    return draft


def force(draft: Draft, reason: str = "Too often confused.") -> CodebookVersion:
    return put_in_force(draft=draft, version=draft.version, reason=reason, by=draft.by)


def test_a_draft_put_in_force_is_a_version_and_a_codebook_beside_the_old_ones() -> None:
    before = a_codebook()
    made = force(a_draft(MERGE, SPLIT))
    assert (made.number, made.reason) == (2, "Too often confused.")
    assert list(codebook(before.pk)["threat-consequence"]) == ["force", "blockade", "unspecified"]
    assert list(codebook(made.pk)["threat-consequence"]) == ["arms", "vague", "open"]
    assert codebook(made.pk)["mid"] == codebook(before.pk)["mid"]
    assert list(Became.objects.values_list("sort", "old", "new")) == [
        ("merged", "force", "arms"),
        ("merged", "blockade", "arms"),
        ("split", "unspecified", "vague"),
        ("split", "unspecified", "open"),
    ]


def test_a_scheme_has_one_open_draft_and_who_asks_for_it_gets_that() -> None:
    draft = a_draft()
    assert open_draft(scheme=draft.scheme, by=a_user(Role.EDITOR)) == draft
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(scheme=draft.scheme, base=draft.base, by=draft.by)


def test_an_edit_of_a_draft_that_moved_on_is_refused() -> None:
    draft = a_draft()
    add_edit(draft=draft, version=1, said=MERGE, by=draft.by)
    with pytest.raises(Stale) as refusal:
        add_edit(draft=draft, version=1, said=SPLIT, by=a_user(Role.EDITOR))
    assert (refusal.value.current.version, draft.edits.count()) == (2, 1)


def test_putting_in_force_twice_is_refused_and_makes_one_version() -> None:
    draft = a_draft(MERGE)
    force(draft)
    with pytest.raises(RuleBroken, match="put in force as version 2 meanwhile"):
        force(draft)
    assert (SchemeVersion.objects.filter(scheme=draft.scheme).count(), CodebookVersion.objects.count()) == (2, 2)


def test_an_edit_is_taken_back_unless_a_later_one_rests_on_it() -> None:
    draft = a_draft(MERGE, RENAME)
    first, second = draft.edits.all()
    with pytest.raises(RuleBroken, match="A later edit rests on this one") as refusal:
        take_back_edit(edit=first, version=3, by=draft.by)
    assert list(refusal.value.problems) == ["edit"]
    take_back_edit(edit=second, version=3, by=draft.by)
    take_back_edit(edit=first, version=4, by=draft.by)
    assert draft.edits.count() == 0
    with pytest.raises(RuleBroken, match="taken back already"):
        take_back_edit(edit=first, version=5, by=draft.by)


@pytest.mark.parametrize("reason", ["", "  ", "r" * 2001, "a\x00b"])
def test_a_version_needs_a_reason_that_can_be_stored(reason: str) -> None:
    draft = a_draft(MERGE)
    with pytest.raises(RuleBroken) as refusal:
        force(draft, reason)
    assert list(refusal.value.problems) == ["reason"]
    assert CodebookVersion.objects.count() == 1


def test_a_draft_that_comes_to_nothing_is_not_put_in_force() -> None:
    there, back = EditSaid("move", ("force",), ({"places": 1},)), EditSaid("move", ("force",), ({"places": -1},))
    with pytest.raises(RuleBroken, match="Nothing would differ"):
        force(a_draft(there, back))


def test_a_draft_begun_before_another_version_is_not_put_in_force() -> None:
    draft = a_draft(MERGE)
    SchemeVersion.objects.create(scheme=draft.scheme, number=2, version="2", sha256="of a file")
    with pytest.raises(RuleBroken, match="A newer version of this list was loaded"):
        force(draft)


def test_a_discarded_draft_changes_nothing_and_another_can_be_begun() -> None:
    draft = a_draft(MERGE)
    discard_draft(draft=draft, version=2, by=draft.by)
    with pytest.raises(RuleBroken, match="discarded meanwhile"):
        add_edit(draft=draft, version=2, said=SPLIT, by=draft.by)
    assert open_draft(scheme=draft.scheme, by=draft.by) != draft
    assert CodebookVersion.objects.count() == 1


def test_codes_the_application_reads_and_codes_held_outside_readings_keep_their_names() -> None:
    for key, code in [("threat-purpose", "compellent"), ("actor-kind", "person")]:
        with pytest.raises(RuleBroken, match="the application knows it"):
            a_draft(EditSaid("change", (code,), (words("other"),)), key=key)


def test_what_became_of_codes_is_read_over_versions() -> None:
    draft = a_draft(MERGE)
    force(draft)
    force(a_draft(RENAME))
    assert became_between(draft.scheme_id, 1, 3) == {
        "force": ("violence",),
        "blockade": ("violence",),
        "arms": ("violence",),
    }
    assert became_between(draft.scheme_id, 2, 3) == {"arms": ("violence",)}
    with pytest.raises(RuleBroken, match="meant something else"):
        a_draft(EditSaid("add", (), (words("force"),)))


def test_codebooks_are_listed_with_when_they_were_in_force(django_assert_num_queries: Any) -> None:
    made = force(a_draft(MERGE))
    with django_assert_num_queries(2):
        new, old = codebooks_in_force()
    assert (new.number, new.since, new.until, new.changed) == (2, made.created_at, None, ("threat-consequence",))
    assert (old.number, old.until, old.by) == (1, made.created_at, None)
    assert new.by == made.by.label if made.by else False


@pytest.mark.parametrize("model", [SchemeVersion, CodebookVersion, Became])
def test_versions_are_never_changed_even_by_sql(model: Any) -> None:
    force(a_draft(MERGE))
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(id=F("id"))


# --- Chapters -------------------------------------------------------------------------------------


def a_chapter() -> Guideline:
    return Guideline.objects.create(key="threats", number=1, title="Threats", text="Mark them.\n", position=10)


def test_a_chapter_written_anew_stands_beside_the_old_wording() -> None:
    a_chapter()
    editor = a_user(Role.EDITOR)
    made = write_guideline(
        key="threats", base=1, title="Threats", text="Mark them all.\r\n", reason="Some were left out.", by=editor
    )
    assert (made.number, made.text, made.position, made.by) == (2, "Mark them all.\n", 10, editor)
    assert [(one.number, one.reason, one.by) for one in guidelines_in_force()] == [
        (2, "Some were left out.", editor.label),
        (1, "", None),
    ]


def test_a_wording_written_on_an_older_one_is_refused() -> None:
    a_chapter()
    editor = a_user(Role.EDITOR)
    write_guideline(key="threats", base=1, title="Threats", text="All.", reason="So.", by=editor)
    with pytest.raises(Stale) as refusal:
        write_guideline(key="threats", base=1, title="Threats", text="None.", reason="So.", by=editor)
    assert refusal.value.current.text == "All.\n"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": ""}, "title"),
        ({"title": "t" * 161}, "title"),
        ({"text": " \n"}, "text"),
        ({"text": "a\x00"}, "text"),
        ({"reason": ""}, "reason"),
        ({"text": "Mark them."}, "text"),
        ({"key": "gone"}, "guideline"),
    ],
)
def test_a_bad_chapter_names_its_field(fields: dict[str, Any], named: str) -> None:
    a_chapter()
    said = {"key": "threats", "base": 1, "title": "Threats", "text": "Anew.", "reason": "So."} | fields
    with pytest.raises(RuleBroken) as refusal:
        write_guideline(**said, by=a_user(Role.EDITOR))
    assert list(refusal.value.problems) == [named]


# --- Proposals ------------------------------------------------------------------------------------


def a_proposal(**fields: Any) -> Proposal:
    about = {"scheme": scheme(), "guideline": "", "code": "force", "text": "Call it arms."} | fields
    return propose_change(**about, by=a_user())


def test_an_accepted_proposal_is_taken_up_by_the_draft_of_its_list() -> None:
    editor = a_user(Role.EDITOR)
    taken = decide_proposal(proposal=a_proposal(), is_accepted=True, answer="", by=editor)
    assert (taken.state, taken.decided_by, taken.draft) == ("accepted", editor, Draft.objects.get())
    assert taken.subject == "threat-consequence: force"


def test_a_proposal_is_declined_with_a_reason_and_once() -> None:
    proposal, editor = a_proposal(scheme=None, guideline="threats", code=""), a_user(Role.EDITOR)
    with pytest.raises(RuleBroken, match="Say why it is declined"):
        decide_proposal(proposal=proposal, is_accepted=False, answer=" ", by=editor)
    decide_proposal(proposal=proposal, is_accepted=False, answer="It says so.", by=editor)
    with pytest.raises(RuleBroken, match="Another editor declined this meanwhile"):
        decide_proposal(proposal=proposal, is_accepted=True, answer="", by=editor)


def test_a_proposal_says_something_about_one_thing() -> None:
    with pytest.raises(RuleBroken) as refusal:
        a_proposal(text=" ")
    assert list(refusal.value.problems) == ["text"]
    with pytest.raises(RuleBroken) as refusal:
        a_proposal(guideline="threats")
    assert list(refusal.value.problems) == ["scheme"]


# --- Races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_put_a_draft_in_force_at_once_make_one_version() -> None:
    draft = a_draft(MERGE)

    def put() -> str:
        try:
            return str(force(draft).number)
        except RuleBroken as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(one.result() for one in [pool.submit(put), pool.submit(put)])
    assert said == ["2", "This draft was put in force as version 2 meanwhile."]


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_of_one_draft_at_once_the_second_is_refused() -> None:
    draft = a_draft()

    def edit(said: EditSaid) -> str:
        try:
            return add_edit(draft=draft, version=1, said=said, by=draft.by).sort
        except Stale:
            return "stale"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = [one.result() for one in [pool.submit(edit, MERGE), pool.submit(edit, SPLIT)]]
    assert (said.count("stale"), draft.edits.count()) == (1, 1)
