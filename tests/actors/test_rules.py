"""Names tidied, their script told, identifiers looked at."""

import json

import pytest
from django.conf import settings

from newsannot.actors.rules import (
    TELLING,
    Identity,
    Name,
    folded,
    guess_kind,
    identifier_problems,
    is_far,
    language_problem,
    name_problem,
    script_of,
    searched_words,
    tidy_name,
    tidy_names,
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  Adaeze\n Obi ", "Adaeze Obi"), ("Erdog\u0306an", "Erdoğan"), ("阿达　奥比", "阿达 奥比"), (" ", "")],
)
def test_a_name_is_composed_and_spaced_once(given: str, kept: str) -> None:
    assert tidy_name(given) == kept


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Erdoğan", "Latn"),
        ("Путин", "Cyrl"),
        ("فلاديمير", "Arab"),
        ("פוטין", "Hebr"),
        ("普京", "Hani"),
        ("プーチン大統領", "Jpan"),
        ("푸틴", "Kore"),
        ("G7", "Latn"),
        ("47", ""),
    ],
)
def test_the_script_is_that_of_most_letters(name: str, script: str) -> None:
    assert script_of(name) == script


def test_the_main_name_comes_first_and_every_name_once_with_what_is_known_of_it() -> None:
    names = tidy_names("NATO", [Name("НАТО", "ru"), Name(" NATO ", "en"), Name(""), Name("НАТО")])
    assert names == [Name("NATO", "en", "Latn"), Name("НАТО", "ru", "Cyrl")]


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 301, "\ud800"])
def test_a_name_that_cannot_be_kept_is_told(name: str) -> None:
    assert name_problem(name) is not None


@pytest.mark.parametrize(
    ("identity", "fields"),
    [
        (Identity(wikidata_id="Q7747", iso3="RUS", country="RUS", cow_code=365), []),
        (Identity(), []),
        (Identity(wikidata_id="7747"), ["wikidata_id"]),
        (Identity(wikidata_id="Q0"), ["wikidata_id"]),
        (Identity(iso3="Rus"), ["iso3"]),
        (Identity(iso3="RU"), ["iso3"]),
        (Identity(country="R1S"), ["country"]),
        (Identity(cow_code=0), ["cow_code"]),
        (Identity(cow_code=2**31), ["cow_code"]),
        (Identity(description="x" * 501), ["description"]),
        (Identity(cameo_code="x" * 21), ["cameo_code"]),
        (Identity(sectors=["GOV", "GOVERNMENT"]), ["sectors"]),
        (Identity(description="a\x00b"), ["description"]),
    ],
)
def test_identifiers_of_another_shape_are_told_by_field(identity: Identity, fields: list[str]) -> None:
    assert list(identifier_problems(identity)) == fields


@pytest.mark.parametrize(("language", "is_fine"), [("", True), ("zh-Hans", True), ("english", False), ("e n", False)])
def test_a_language_is_a_tag(language: str, is_fine: bool) -> None:
    assert (language_problem(language) is None) == is_fine


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Łukasz al-ʿAbbādī", " lukasz al abbadi"),
        ("U.S.", " us"),
        ("İSTANBUL", " istanbul"),
        ("Straße", " strasse"),
        ("Ёлкин Андрей", " елкин андреи"),
        ("أدايزي أُوبي", " ادايزي اوبي"),
        ("نأט״ו", " ناטו"),
        ("阿达泽·奥比", " 阿 达 泽 奥 比"),
        ("푸틴", " 푸 틴"),
        ("देवनागरी", " देवनागरी"),
        ("a_b%c\\", " a b c"),
        ("zero\u200bwidth", " zerowidth"),
        ("— % ", ""),
    ],
)
def test_a_name_is_folded_for_search(name: str, words: str) -> None:
    assert folded(name) == words


def test_a_folded_name_fits_an_index() -> None:
    assert len(folded("ﷺ" * 300).encode()) < 2_700


def test_what_is_typed_is_cut_at_its_spaces() -> None:
    assert searched_words("al-Assad  泽·奥 %") == [" al assad", " 泽 奥"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Adaeze Obi", "person"),
        ("Joseph Evans", "person"),
        ("Владимир Путин", "person"),
        ("普京", "person"),
        ("", "person"),
        ("Ministry of Foreign Affairs", "government_body"),
        ("Министерство обороны", "government_body"),
        ("وزارة الخارجية", "government_body"),
        ("中国外交部", "government_body"),
        ("Russian Army", "armed_force"),
        ("российские военные", "armed_force"),
        ("a militia", "armed_group"),
        ("Conservative Party", "party"),
        ("حزب الله", "party"),
        ("The New York Times", "media"),
        ("Warsaw Pact", "alliance"),
        ("NATO", "intergovernmental_organisation"),
        ("ОБСЕ", "intergovernmental_organisation"),
        ("European Union", "intergovernmental_organisation"),
        ("U.S.", "state"),
        ("США", "state"),
        ("Republic of Port", "state"),
        ("Kazakhstan", "state"),
        ("Shell plc", "company"),
        ("Ukrainians", "population"),
        ("the Palestinians", "population"),
        ("Украинцы", "population"),
        ("European leaders", "group"),
        ("английские аналитики", "group"),
        ("senior figures", "group"),
    ],
)
def test_a_kind_is_guessed_from_the_name(name: str, kind: str) -> None:
    assert guess_kind(name) == kind


def test_every_kind_that_is_guessed_is_in_the_code_list() -> None:
    codes = json.loads((settings.BASE_DIR / "fixtures" / "codebook" / "actor-kind.json").read_text())["codes"]
    assert {kind for kind, _ in TELLING} <= {one["code"] for one in codes}


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("Vladivostok Forum", "Pacific Islands Forum", True),
        ("Vladivostok Forum", "Iraqi Armed Forces", True),
        ("Minister Adaeze Obi", "Adaeze Obi", False),
        ("Minister Obi", "Adaeze Obi", False),
        ("kaormi", "Karomi Tensu", False),
        ("kar", "Karomi Tensu Al Verdan", False),
        ("卡乌", "卡罗", False),
    ],
)
def test_a_name_that_shares_little_with_what_was_typed_is_far_from_it(typed: str, name: str, *, expected: bool) -> None:
    assert is_far(searched_words(typed), folded(name)) is expected
