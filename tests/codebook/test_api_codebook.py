"""The API's collection `codebook`."""

import pytest

from newsannot.accounts.models import Role
from newsannot.codebook.drafting import add_edit, open_draft, put_in_force
from newsannot.codebook.models import CodebookVersion, Scheme
from newsannot.codebook.revising import EditSaid
from tests.calling import ARTICLES, Api
from tests.factories import CODES, a_codebook, a_user

pytestmark = pytest.mark.django_db
MERGE = EditSaid("merge", ("force", "blockade"), ({"code": "arms", "label": "Arms", "definition": "By arms."},))
RETIRE = EditSaid("retire", ("unspecified",))


def test_the_newest_codebook_lists_its_schemes() -> None:
    a_codebook()
    answer = Api().get("codebook/")
    assert [one["key"] for one in answer.json["results"]] == sorted(CODES)
    assert (answer.json["next"], answer.json["previous"]) == (None, None)
    assert {one["codebook"] for one in answer.json["results"]} == {1}


def test_a_scheme_is_given_out_with_its_codes_in_their_order() -> None:
    a_codebook()
    given = Api().get("codebook/quotation-mode/").json
    assert (given["key"], given["code_count"], given["version"]) == ("quotation-mode", 3, "1")
    assert [code["code"] for code in given["codes"]] == ["direct", "mixed", "indirect"]
    assert given["codes"][0] == {
        "code": "direct",
        "label": "Direct",
        "definition": "",
        "example": "",
        "parent": None,
        "extra": {},
    }


def test_an_older_codebook_is_read_by_its_number() -> None:
    a_codebook()
    CodebookVersion.objects.create(number=2)
    api = Api()
    assert api.get("codebook/").json["results"] == []
    assert api.get("codebook/mid/").status == 404
    assert api.get("codebook/mid/", version=1).json["codebook"] == 1
    assert api.get("codebook/", version=3).status == 404
    assert api.get("codebook/", version="one").errors == {"version": ["version: “one” is no id."]}


def test_no_codebook_is_not_found() -> None:
    assert Api().get("codebook/").status == 404


def test_the_codebook_is_for_those_who_read_or_annotate() -> None:
    assert Api(a_user(Role.EDITOR), ARTICLES).get("codebook/").status == 403
    assert Api()("POST", "codebook/", {}).status == 405


def test_a_scheme_tells_its_versions_and_what_became_of_codes() -> None:
    a_codebook()
    editor = a_user(Role.EDITOR)
    draft = open_draft(scheme=Scheme.objects.get(key="threat-consequence"), by=editor)
    for version, said in enumerate((MERGE, RETIRE), 1):
        add_edit(draft=draft, version=version, said=said, by=editor)
    put_in_force(draft=draft, version=3, reason="Too often confused.", by=editor)
    given = Api().get("codebook/threat-consequence/").json
    assert ([code["code"] for code in given["codes"]], given["number"]) == (["arms"], 2)
    new, old = given["versions"]
    assert (new["number"], new["codebook"], new["reason"]) == (2, 2, "Too often confused.")
    assert new["became"] == [
        {"sort": "merged", "old": "force", "new": ["arms"]},
        {"sort": "merged", "old": "blockade", "new": ["arms"]},
        {"sort": "retired", "old": "unspecified", "new": []},
    ]
    assert (old["number"], old["codebook"], old["became"]) == (1, 1, [])
    before = Api().get("codebook/threat-consequence/", version=1).json
    assert [code["code"] for code in before["codes"]] == ["force", "blockade", "unspecified"]
