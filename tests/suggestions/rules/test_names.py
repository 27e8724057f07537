"""Mentions drafted from names of the knowledge base, surnames and titles."""

import unicodedata

import pytest

from newsannot.suggestions.rules.drafting import draft_text
from newsannot.suggestions.rules.drafts import CodableText, KnownName
from newsannot.suggestions.rules.languages import language_named
from newsannot.suggestions.rules.names import keys_of_text, name_key
from tests.suggestions.rules.drafting import HOUSE, NATO, PUTIN, RUSSIA, drafts, of_kind

FOUND = [
    ("en", "It was Vladimir Putin’s idea.", "Vladimir Putin", PUTIN),
    ("en", "It was President Vladimir Putin who came.", "President Vladimir Putin", PUTIN),
    ("en", "Then the alliance met.", "the alliance", NATO),
    ("en", "The alliance met.", "The alliance", NATO),
    ("ru", "Письмо отдали Путину.", "Путину", PUTIN),
    ("ru", "Это решение России.", "России", RUSSIA),
    ("ru", "Из Белого дома не ответили.", "Белого дома", HOUSE),
    ("ar", "هذا قرار لروسيا.", "روسيا", RUSSIA),
    ("zh-Hans", "他见到了普京总统。", "普京", PUTIN),
    ("he", "המכתב נמסר לולדימיר פוטין.", "ולדימיר פוטין", PUTIN),
]


@pytest.mark.parametrize(("language", "text", "words", "actor"), FOUND)
def test_a_name_is_found_in_the_forms_its_language_gives_it(language: str, text: str, words: str, actor: int) -> None:
    [draft] = drafts(text, language)
    [piece] = draft.parts["text"]
    assert (text[piece.start : piece.end], draft.values) == (words, {"actor": actor, "form": "name"})


PERSIAN = [
    KnownName(1, "آرش کریمی‌نژاد", "person", "Arash Kariminejad"),
    KnownName(2, "ایران", "state", "Iran"),
    KnownName(3, "ایران‌خودرو", "company", "Iran Khodro"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("آرش کریمی‌نژاد آمد.", [("آرش کریمی‌نژاد", 1)]),
        ("«آرش کریمی‌نژاد» امضا کرد.", [("آرش کریمی‌نژاد", 1)]),
        ("ایران‌خودرو بیانیه داد.", [("ایران‌خودرو", 3)]),
        ("ایران بیانیه داد.", [("ایران", 2)]),
        ("ایران‌شناسی رشته‌ای است.", []),
    ],
)
def test_a_name_ends_at_no_joint_within_a_persian_word(text: str, found: list[tuple[str, int]]) -> None:
    mentions = [draft for draft in draft_text(CodableText(text, "fa"), PERSIAN) if draft.kind == "mention"]
    assert [(text[d.parts["text"][0].start : d.parts["text"][0].end], d.values["actor"]) for d in mentions] == found


def test_a_persian_surname_with_a_joint_stands_for_who_was_named_in_full() -> None:
    text = "آرش کریمی‌نژاد آمد. کریمی‌نژاد گفت: «می‌مانیم تا فردا.»"
    [statement] = [d for d in draft_text(CodableText(text, "fa"), PERSIAN) if d.kind == "statement"]
    assert statement.values["speaker"] == 1


@pytest.mark.parametrize("text", ["Putinism is a word.", "NATOs are many.", "A Russian came.", "vladimir putin"])
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert of_kind("mention", text) == []


def test_a_name_with_its_accents_apart_is_found() -> None:
    text = unicodedata.normalize("NFD", "Then António Costa came.")
    [draft] = draft_text(CodableText(text, "en"), [KnownName(9, "António Costa", "person", "António Costa")])
    assert text[draft.parts["text"][0].start : draft.parts["text"][0].end] == unicodedata.normalize(
        "NFD", "António Costa"
    )


def test_an_actor_is_suggested_where_first_named_and_where_it_speaks() -> None:
    text = "Vladimir Putin came. Vladimir Putin sat. “Well,” Vladimir Putin said."
    places = [draft.parts["text"][0].start for draft in drafts(text) if draft.kind == "mention"]
    assert places == [0, text.rindex("Vladimir")]


def test_a_place_in_the_running_text_is_preferred_to_a_headline_and_a_name_to_a_place() -> None:
    text = "Moscow acts\nIn Moscow it snows. Moscow acts."
    [draft] = drafts(text, headings=((0, 11),))
    assert draft.parts["text"][0].start == text.rindex("Moscow")


def test_a_surname_stands_for_who_was_named_in_full() -> None:
    text = "Adaeze Obi came. “We wait,” Obi said."
    assert [draft.values["actor"] for draft in drafts(text) if draft.kind == "mention"] == [5, 5]


def test_a_title_stands_for_who_bears_it_in_this_text() -> None:
    text = "Russian President Vladimir Putin came. The Russian president said that he would stay."
    last = [draft for draft in drafts(text) if draft.kind == "mention"][-1]
    assert (last.values, last.reason) == (
        {"actor": PUTIN, "form": "title"},
        "“Russian president” is taken for Vladimir Putin, who bears that title in this text; speaks here.",
    )


def test_a_title_that_two_bear_is_settled_by_the_word_that_modifies_it() -> None:
    names = [KnownName(1, "Ann Bell", "person", "Ann Bell"), KnownName(2, "Cid Dorn", "person", "Cid Dorn")]
    text = "Danish President Ann Bell met Polish President Cid Dorn. “No,” the Danish president said."
    found = draft_text(CodableText(text, "en"), names)
    assert [draft.values.get("speaker") for draft in found if draft.kind == "statement"] == [1]


def test_a_name_that_two_bear_is_settled_by_who_is_named_otherwise_too() -> None:
    names = [
        KnownName(1, "Moscow", "state", "Russia"),
        KnownName(2, "Moscow", "state", "Soviet Union"),
        KnownName(2, "Soviet Union", "state", "Soviet Union"),
    ]
    alone = draft_text(CodableText("Moscow answered.", "en"), names)
    together = draft_text(CodableText("The Soviet Union waited. Moscow answered.", "en"), names)
    assert [draft.values.get("actor") for draft in alone] == [None]
    assert [draft.reason for draft in alone] == ["“Moscow” may be Russia or Soviet Union."]
    assert {draft.values["actor"] for draft in together} == {2}


def test_every_name_that_stands_in_a_text_is_found_by_its_keys() -> None:
    for code, text, words, _ in FOUND:
        keys = keys_of_text(text, language_named(code.split("-")[0]))
        bare = words.removeprefix("President ")
        assert name_key(bare.split(" ")[0]) in keys
        assert name_key(bare.split(" ")[-1]) in keys
