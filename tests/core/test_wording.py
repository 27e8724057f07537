import pytest

from newsannot.core.wording import Stretch, elided, passages, set_off, words_in


def test_passages_hold_what_differs_with_a_line_on_either_side() -> None:
    before = "One.\nTwo.\nMark them.\nFour.\nFive.\nSix.\nSeven.\n"
    after = "One.\nTwo.\nMark them all.\nFour.\nFive.\nSix.\nSeven.\nEight.\n"
    assert passages(before, after) == [
        [
            Stretch("same", "Two.\n"),
            Stretch("same", "Mark them"),
            Stretch("new", " all"),
            Stretch("same", ".\n"),
            Stretch("same", "Four.\n"),
        ],
        [Stretch("same", "Seven.\n"), Stretch("new", "Eight.\n")],
    ]


def test_texts_that_say_the_same_differ_in_no_passage() -> None:
    assert passages("One.\n", "One.\n") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He said: “no”.", ["He", " ", "said", ":", " ", "“", "no", "”", "."]),
        ("我们将封锁海峡。", list("我们将封锁海峡。")),
        ("لن نقبل ذلك، أبدًا", ["لن", " ", "نقبل", " ", "ذلك", "،", " ", "أبدًا"]),
        ("हिन्दी में", ["हिन्दी", " ", "में"]),
        ("שָׁלוֹם!", ["שָׁלוֹם", "!"]),
        ("👨‍👩‍👧👍🏽🇺🇦", ["👨‍👩‍👧", "👍🏽", "🇺🇦"]),
        ("e\u0301te\u0301\r\nla", ["e\u0301te\u0301", "\r\n", "la"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words_and_where_no_spaces_part_them_into_characters(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("texts", "own"),
    [
        (["we will close it", "we will close it”"], [[], ["”"]]),
        (
            ["we will close it", "we may close it", "we will shut it"],
            [["will close"], ["may close"], ["will shut"]],
        ),
        (["我们将封锁海峡", "我们要封锁海峡"], [["将"], ["要"]]),
        (["لن نقبل ذلك", "لن نقبل بذلك"], [["ذلك"], ["بذلك"]]),
        (["a 👨‍👩‍👧 b", "a 👨‍👩‍👦 b"], [["👨‍👩‍👧"], ["👨‍👩‍👦"]]),
        (["stop at once now", "stop soon now"], [["at once"], ["soon"]]),
        (["same", "same"], [[], []]),
    ],
)
def test_what_each_of_several_texts_has_alone_is_set_off(texts: list[str], own: list[list[str]]) -> None:
    told = set_off(texts)
    assert [[s.words for s in one if s.fate == "own"] for one in told] == own
    assert ["".join(s.words for s in one) for one in told] == texts


def test_what_stayed_is_never_cut_within_a_character() -> None:
    family = "👨‍👩‍👧"
    assert elided([Stretch("same", family * 9)], most=len(family) * 3) == [Stretch("same", f"{family} … {family}")]
