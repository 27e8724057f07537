"""What kind of actor words are likely to name."""

import pytest

from newsannot.actors.kind_guesses import SIGNS, kinds_by_likelihood

CODES = [
    "person", "state", "government_body", "armed_force", "intergovernmental_organisation", "alliance", "coalition",
    "armed_group", "party", "company", "media", "group", "population",
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Adaeze Obi", "person"),
        ("Сергей Лавров", "person"),
        ("王毅", "person"),
        ("Kosovo", "state"),
        ("Foreign Ministry", "government_body"),
        ("Министерство обороны", "government_body"),
        ("وزارة الخارجية", "government_body"),
        ("外交部", "government_body"),
        ("the Black Sea Fleet", "armed_force"),
        ("Workers' Party", "party"),
        ("The Strait Times", "media"),
        ("Obi Shipping Ltd", "company"),
        ("NATO", "alliance"),
        ("IAEA", "intergovernmental_organisation"),
        ("XYZ", "intergovernmental_organisation"),
        ("United Nations", "intergovernmental_organisation"),
        ("residents of the port", "population"),
        ("unnamed sources", "group"),
        ("", "person"),
        ("🚢", "person"),
    ],
)
def test_the_likeliest_kind_comes_first(words: str, kind: str) -> None:
    assert kinds_by_likelihood(words, CODES)[0] == kind


@pytest.mark.parametrize("words", ["Adaeze Obi", "NATO", "", "外交部", "\ud800", "a" * 300])
def test_every_kind_is_there_once_also_those_nobody_thought_of(words: str) -> None:
    codes = [*CODES, "spirit"]
    assert sorted(kinds_by_likelihood(words, codes)) == sorted(codes)


def test_signs_are_of_kinds_that_there_are() -> None:
    assert set(SIGNS) < set(CODES)
