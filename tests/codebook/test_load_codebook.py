import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from newsannot.accounts.models import Role
from newsannot.codebook.drafting import add_edit, open_draft, put_in_force, write_guideline
from newsannot.codebook.models import Became, Code, CodebookVersion, Guideline, Scheme, SchemeVersion
from newsannot.codebook.queries import codebook, current_guidelines, find_codes, latest_codebook, schemes_of
from newsannot.codebook.revising import EditSaid
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def write_scheme(folder: Path, key: str, *codes: str, **code_fields: Any) -> None:
    said = {
        "scheme": key,
        "label": key.title(),
        "version": "1",
        "source": "These tests",
        "licence": "CC0",
        "description": "A list.",
        "codes": [{"code": c, "label": c.title(), "definition": f"It is {c}."} | code_fields for c in codes],
    }
    (folder / f"{key}.json").write_text(json.dumps(said))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_scheme(tmp_path, "mood", "calm", "cross")
    write_scheme(tmp_path, "tone", "high")
    (tmp_path / "10-moods.md").write_text("# Moods\n\nTell them apart.\n")
    return tmp_path


def load(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_codebook", codes=folder, guidelines=folder, stdout=out, **options)
    return out.getvalue().strip()


def test_loading_makes_a_codebook_of_all_schemes(folder: Path) -> None:
    assert load(folder) == "Codebook 1; new: mood, tone, guideline moods."
    assert {key: list(codes) for key, codes in codebook(latest_codebook().pk).items()} == {
        "mood": ["calm", "cross"],
        "tone": ["high"],
    }


def test_loading_again_changes_nothing(folder: Path) -> None:
    load(folder)
    assert load(folder) == "Codebook 1; nothing new."
    assert (SchemeVersion.objects.count(), Code.objects.count(), Guideline.objects.count()) == (2, 3, 1)


def test_a_changed_file_makes_a_version_of_its_scheme_and_a_codebook_beside_the_old_one(folder: Path) -> None:
    load(folder)
    before = latest_codebook()
    write_scheme(folder, "mood", "calm", "merry")
    assert load(folder) == "Codebook 2; new: mood."
    assert list(codebook(before.pk)["mood"]) == ["calm", "cross"]
    assert list(codebook(latest_codebook().pk)["mood"]) == ["calm", "merry"]
    assert {key: scheme.number for key, scheme in schemes_of(latest_codebook().pk).items()} == {"mood": 2, "tone": 1}


def test_a_changed_guideline_makes_a_version_of_it_and_no_codebook(folder: Path) -> None:
    load(folder)
    (folder / "10-moods.md").write_text("# Moods\n\nTell them well apart.\n")
    assert load(folder) == "Codebook 1; new: guideline moods."
    assert list(Guideline.objects.order_by("number").values_list("number", "text")) == [
        (1, "Tell them apart.\n"),
        (2, "Tell them well apart.\n"),
    ]


def test_a_scheme_whose_file_is_gone_stays_in_the_next_codebook(folder: Path) -> None:
    load(folder)
    (folder / "tone.json").unlink()
    write_scheme(folder, "mood", "calm")
    load(folder)
    assert list(codebook(latest_codebook().pk)) == ["mood", "tone"]


def test_a_retired_code_is_not_offered(folder: Path) -> None:
    write_scheme(folder, "tone", "high", retired_in="2")
    load(folder)
    assert "tone" not in codebook(latest_codebook().pk)
    assert schemes_of(latest_codebook().pk)["tone"].code_count == 0


def test_one_bad_file_is_named_and_nothing_is_loaded(folder: Path) -> None:
    write_scheme(folder, "tone", "high", "high")
    with pytest.raises(CommandError) as refused:
        load(folder)
    assert str(refused.value) == "Nothing was loaded. tone.json, code “high”: given twice."
    assert (CodebookVersion.objects.count(), SchemeVersion.objects.count()) == (0, 0)


def test_a_folder_without_lists_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no code list in"):
        load(tmp_path)


def test_a_code_cannot_be_changed_even_by_sql(folder: Path) -> None:
    load(folder)
    with pytest.raises(DatabaseError), transaction.atomic():
        Code.objects.filter(code="calm").update(label="Cold")


def test_the_codes_of_a_version_are_read_once(folder: Path, django_assert_num_queries: Any) -> None:
    load(folder)
    version = latest_codebook().pk
    with django_assert_num_queries(2):
        codebook(version)
        schemes_of(version)
    with django_assert_num_queries(0):
        codebook(version)
        schemes_of(version)


def test_codes_are_found_by_all_words_in_any_case(folder: Path) -> None:
    load(folder)
    version = latest_codebook().pk
    assert [each.choice.code for each in find_codes(version, "IT cro")] == ["cross"]
    assert find_codes(version, "calm cross") == []
    assert find_codes(version, " ") == []


def test_the_shipped_lists_load() -> None:
    out = StringIO()
    call_command("load_codebook", stdout=out)
    assert len(codebook(latest_codebook().pk)) == 24
    assert Guideline.objects.count() == 5


# --- What was edited here ---------------------------------------------------------------------------


def edit_here() -> None:
    editor = a_user(Role.EDITOR)
    draft = open_draft(scheme=Scheme.objects.get(key="mood"), by=editor)
    add_edit(draft=draft, version=1, said=EditSaid("retire", ("cross",)), by=editor)
    put_in_force(draft=draft, version=2, reason="Nobody is.", by=editor)
    write_guideline(key="moods", base=1, title="Moods", text="Feel.", reason="Shorter.", by=editor)


def newest_text() -> str:
    return current_guidelines()[0].text


def test_loading_the_same_files_again_leaves_alone_what_editors_put_in_force(folder: Path) -> None:
    load(folder)
    edit_here()
    assert load(folder) == "Codebook 2; nothing new."
    assert (list(codebook(latest_codebook().pk)["mood"]), newest_text()) == (["calm"], "Feel.\n")


def test_a_changed_file_is_kept_out_by_an_edit_and_named_until_it_is_asked_for(folder: Path) -> None:
    load(folder)
    edit_here()
    write_scheme(folder, "mood", "calm", "cross", "merry")
    write_scheme(folder, "tone", "high", "low")
    (folder / "10-moods.md").write_text("# Moods\n\nTell them well apart.\n")
    assert load(folder) == (
        "Codebook 3; new: tone. Kept as edited here: mood, guideline moods (--replace-edits takes the files)."
    )
    assert load(folder, replace_edits=True) == "Codebook 4; new: mood, guideline moods."
    assert list(codebook(latest_codebook().pk)["mood"]) == ["calm", "cross", "merry"]
    assert load(folder) == "Codebook 4; nothing new."


def test_a_code_that_a_file_drops_is_on_record_as_retired(folder: Path) -> None:
    load(folder)
    write_scheme(folder, "mood", "calm")
    load(folder)
    assert list(Became.objects.values_list("sort", "old", "new")) == [("retired", "cross", "")]
