"""Edits of a code list: what it becomes, what became of each code, what is refused."""

from typing import Any

import pytest

from newsannot.codebook.revising import EditSaid, Revised, Terms, composed, differences, revise
from newsannot.codebook.rules import CodeEntry
from newsannot.core.errors import RuleBroken


def entry(code: str, parent: str = "", **fields: Any) -> CodeEntry:
    said = {"label": code.title(), "definition": f"It is {code}.", "example": "", "retired_in": "", "extra": {}}
    return CodeEntry(**{"code": code, "parent": parent} | said | fields)


def said(code: str, parent: str = "", **fields: str) -> dict[str, str]:
    return {
        "code": code,
        "label": code.title(),
        "definition": f"It is {code}.",
        "example": "",
        "parent": parent,
    } | fields


ANY = Terms()
LIST = (entry("force", extra={"weight": 2}), entry("air", "force"), entry("sea", "force"), entry("talks"))


def edited(*edits: EditSaid, terms: Terms = ANY) -> Revised:
    return revise(LIST, edits, terms)


def shown(revised: Revised) -> list[tuple[str, str]]:
    return [(one.code, one.parent) for one in revised.entries if not one.retired_in]


def refused(*edits: EditSaid, terms: Terms = ANY) -> dict[str, list[str]]:
    with pytest.raises(RuleBroken) as refusal:
        edited(*edits, terms=terms)
    return refusal.value.problems


CHANGE = EditSaid("change", ("force",), (said("arms", label="Arms"),))
ADD = EditSaid("add", (), (said("land", "force"),))
RETIRE = EditSaid("retire", ("talks",))
MERGE = EditSaid("merge", ("air", "sea"), (said("strike", "force"),))
SPLIT = EditSaid("split", ("talks",), (said("leave"), said("refuse")))


def test_a_renamed_code_keeps_its_place_its_children_and_what_only_the_scheme_knows() -> None:
    revised = edited(CHANGE)
    assert shown(revised) == [("arms", ""), ("air", "arms"), ("sea", "arms"), ("talks", "")]
    assert revised.became == {"force": ("arms",)}
    assert revised.entries[0].extra == {"weight": 2}


def test_new_words_for_a_code_are_no_new_code() -> None:
    revised = edited(EditSaid("change", ("talks",), (said("talks", label="End of talks"),)))
    assert revised.became == {}
    assert [(d.sort, d.fields) for d in differences(LIST, revised.entries, revised.became)] == [
        ("reworded", (("label", "Talks", "End of talks"),))
    ]


def test_a_new_code_stands_at_the_end_below_its_parent() -> None:
    assert [code for code, _ in shown(edited(ADD))] == ["force", "air", "sea", "land", "talks"]


def test_a_retired_code_stays_on_record_out_of_use() -> None:
    revised = edited(RETIRE)
    assert (shown(revised)[-1], revised.became) == (("sea", "force"), {"talks": ()})
    assert revised.entries[-1].retired_in == "draft"


def test_codes_merge_into_a_new_one_or_into_one_of_them() -> None:
    assert edited(MERGE).became == {"air": ("strike",), "sea": ("strike",)}
    into_one = edited(EditSaid("merge", ("air", "sea"), (said("air", "force"),)))
    assert (into_one.became, shown(into_one)) == ({"sea": ("air",)}, [("force", ""), ("air", "force"), ("talks", "")])


def test_a_split_code_becomes_several_of_which_one_may_keep_its_name() -> None:
    assert edited(SPLIT).became == {"talks": ("leave", "refuse")}
    kept = edited(EditSaid("split", ("talks",), (said("talks"), said("refuse"))))
    assert kept.became == {"talks": ("talks", "refuse")}


def test_a_code_moves_past_its_neighbour_with_all_that_stands_below_it() -> None:
    down = edited(EditSaid("move", ("force",), ({"places": 1},)))
    assert [code for code, _ in shown(down)] == ["talks", "force", "air", "sea"]
    up = edited(EditSaid("move", ("sea",), ({"places": -1},)))
    assert [code for code, _ in shown(up)] == ["force", "sea", "air", "talks"]
    assert [d.sort for d in differences(LIST, up.entries, up.became)] == ["reordered"]


def test_a_code_goes_below_another_with_all_that_stands_below_it() -> None:
    revised = edited(EditSaid("change", ("force",), (said("force", "talks"),)))
    assert shown(revised) == [("talks", ""), ("force", "talks"), ("air", "force"), ("sea", "force")]


def test_edits_add_up() -> None:
    merged = EditSaid("merge", ("leave", "strike"), (said("other"),))
    assert edited(MERGE, SPLIT, merged).became == {
        "air": ("other",),
        "sea": ("other",),
        "talks": ("other", "refuse"),
    }


def test_a_rename_taken_back_by_another_leaves_nothing() -> None:
    back = EditSaid("change", ("arms",), (said("force", label="Force", definition="It is force."),))
    revised = edited(CHANGE, back)
    assert (revised.became, differences(LIST, revised.entries, revised.became)) == ({}, [])


def test_what_differs_is_told_once_for_each_code() -> None:
    revised = edited(CHANGE, MERGE_BELOW_ARMS, SPLIT, EditSaid("add", (), (said("cyber"),)))
    assert [(d.sort, d.old, d.new) for d in differences(LIST, revised.entries, revised.became)] == [
        ("merged", ("air", "sea"), ("strike",)),
        ("renamed", ("force",), ("arms",)),
        ("split", ("talks",), ("leave", "refuse")),
        ("added", (), ("cyber",)),
    ]


MERGE_BELOW_ARMS = EditSaid("merge", ("air", "sea"), (said("strike", "arms"),))
FIXED = Terms(fixed=frozenset({"force", "talks"}))
BELOW = "“Air” stands below it; retire or move that first."


@pytest.mark.parametrize(
    ("edit", "problems"),
    [
        (EditSaid("add", (), ({"code": "", "label": " ", "definition": ""},)), ["code", "label", "definition"]),
        (EditSaid("add", (), (said("a b"),)), ["code"]),
        (EditSaid("add", (), (said("c" * 41),)), ["code"]),
        (EditSaid("add", (), (said("x", "gone", label="l" * 161),)), ["label", "parent"]),
        (EditSaid("add", (), (said("x", "gone"),)), ["parent"]),
        (EditSaid("add", (), (said("x", definition="a\x00b"),)), ["definition"]),
        (EditSaid("add", (), (said("force"),)), ["code"]),
        (EditSaid("change", ("force",), (said("force", "air"),)), ["parent"]),
        (EditSaid("change", ("gone",), (said("x"),)), ["codes"]),
        (EditSaid("retire", ("force",)), ["codes"]),
        (EditSaid("merge", ("air",), (said("x"),)), ["codes"]),
        (EditSaid("merge", ("force", "talks"), (said("x", "force"),)), ["parent"]),
        (EditSaid("split", ("talks",), (said("leave"),)), ["code_2"]),
        (EditSaid("split", ("talks",), (said("leave"), said("leave"))), ["code_2"]),
        (EditSaid("split", ("talks",), (said("leave", label=""), said("air"))), ["label_1"]),
        (EditSaid("move", ("force",), ({"places": -1},)), ["codes"]),
        (EditSaid("dance", ("force",)), ["sort"]),
    ],
)
def test_what_cannot_be_names_its_fields(edit: EditSaid, problems: list[str]) -> None:
    assert list(refused(edit)) == problems


@pytest.mark.parametrize("edit", [RETIRE, SPLIT, EditSaid("change", ("talks",), (said("end"),))])
def test_a_code_the_application_knows_keeps_its_name(edit: EditSaid) -> None:
    assert "the application knows it" in next(iter(refused(edit, terms=FIXED).values()))[0]
    assert edited(EditSaid("change", ("talks",), (said("talks", label="End"),)), terms=FIXED).became == {}


def test_a_name_is_never_used_again_for_something_else() -> None:
    terms = Terms(former={"war": ("force",), "old": ()})
    assert refused(EditSaid("add", (), (said("war"),)), terms=terms) == {
        "code": ["“war” meant something else in an earlier version; choose another code."]
    }
    assert list(refused(RETIRE, EditSaid("add", (), (said("talks"),)))) == ["code"]
    assert edited(EditSaid("change", ("force",), (said("war"),)), terms=terms).became == {"force": ("war",)}


def test_what_became_of_codes_is_composed_over_versions() -> None:
    first = {"air": ("strike",), "sea": ("strike",), "talks": ("leave", "refuse")}
    second = {"strike": ("attack",), "refuse": (), "force": ("arms",)}
    assert composed([first, second]) == {
        "air": ("attack",),
        "sea": ("attack",),
        "talks": ("leave",),
        "strike": ("attack",),
        "refuse": (),
        "force": ("arms",),
    }


def test_a_code_renamed_and_back_over_two_versions_is_what_it_was() -> None:
    assert composed([{"a": ("b",)}, {"b": ("a",)}]) == {"b": ("a",)}
