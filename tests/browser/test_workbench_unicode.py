"""Selecting text in any script: whole characters, offsets in code points, the words the reader sees."""

import pytest

from newsannot.annotations.models import Span
from tests.browser.conftest import OpenWorkbench
from tests.browser.workbench_page import WorkbenchPage

FAMILY = "👨‍👩‍👧"
LINES = [
    f"🚢 A ship 🚀🚀 and a family {FAMILY} here",
    "Le cafe\u0301 ferme; नमस्ते दुनिया end",
    "俄罗斯总统普京表示，外国军队将成为合法目标。",
    "ประธานาธิบดีกล่าวว่ากองกำลังต่างชาติ",
    "푸틴은 외국 군대가 목표가 될 것이라고 말했다.",
    "قال الرئيس بوتين إن القوات الأجنبية هدف",
    "הנשיא אמר כי הכוחות יהיו מטרה",
    "He said قال الرئيس yesterday in Moscow",
    "Soft\u00adhyphen, no\u00a0break, zero\u200bwidth, two\u2028lines",
]


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    return open_workbench("\n".join(LINES))


def offsets(workbench: WorkbenchPage) -> tuple[int, int]:
    """Start and end of the last span, in code points."""
    workbench.wait_until_confirmed()
    span = Span.objects.filter(annotation__reading=workbench.reading).latest("pk")
    assert workbench.reading.revision.text[span.start : span.end] == span.exact
    return span.start, span.end


def test_offsets_after_astral_characters_are_code_points(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "and a family")
    assert workbench.mark() == ["and a family"]
    assert offsets(workbench) == (12, 24)


def test_a_selection_inside_a_family_takes_the_family(workbench: WorkbenchPage) -> None:
    at = LINES[0].encode("utf-16-le").index(FAMILY.encode("utf-16-le")) // 2
    workbench.select(0, at + 3, 0, at + 5)
    assert workbench.mark() == [FAMILY]


def test_half_a_surrogate_pair_becomes_the_whole_character(workbench: WorkbenchPage) -> None:
    workbench.select(0, 1, 0, 6)
    assert workbench.mark() == ["🚢 A ship"]


def test_a_letter_keeps_its_combining_mark(workbench: WorkbenchPage) -> None:
    workbench.select(1, 3, 1, 7)
    assert workbench.mark() == ["cafe\u0301"]


def test_devanagari_is_not_cut_inside_a_cluster(workbench: WorkbenchPage) -> None:
    at = LINES[1].index("नमस्ते")
    workbench.select(1, at, 1, at + 3)
    assert workbench.mark() == ["नमस्ते"]


@pytest.mark.parametrize(
    ("block", "word"),
    [(1, "नमस्ते"), (2, "总统"), (3, "กองกำลัง"), (4, "군대가")],
    ids=["devanagari", "chinese", "thai", "korean"],
)
def test_double_click_takes_a_word_without_spaces(workbench: WorkbenchPage, block: int, word: str) -> None:
    workbench.click(block, word, times=2)
    selected = workbench.page.evaluate("() => getSelection().toString().trim()")
    assert selected in LINES[block]
    assert len(selected) > 1
    assert workbench.mark() == [selected]


def test_characters_of_chinese_stay_as_drawn(workbench: WorkbenchPage) -> None:
    workbench.drag_over(2, "普京表")
    assert workbench.mark() == ["普京表"]


@pytest.mark.parametrize(("block", "words"), [(5, "الرئيس بوتين"), (6, "אמר כי")], ids=["arabic", "hebrew"])
def test_drag_from_right_to_left(workbench: WorkbenchPage, block: int, words: str) -> None:
    workbench.drag_over(block, words)
    assert workbench.mark() == [words]


def test_arabic_snaps_to_whole_words(workbench: WorkbenchPage) -> None:
    at = LINES[5].index("الرئيس")
    workbench.select(5, at + 2, 5, at + 9)
    assert workbench.mark() == ["الرئيس بوتين"]


@pytest.mark.parametrize(("block", "word"), [(5, "قال"), (6, "הנשיא")], ids=["arabic", "hebrew"])
def test_shift_and_arrows_select_from_right_to_left(workbench: WorkbenchPage, block: int, word: str) -> None:
    workbench.page.evaluate("id => getSelection().collapse(document.getElementById(id).firstChild, 0)", f"b{block}")
    workbench.page.locator("#text").focus()
    workbench.press(*["Shift+ArrowLeft"] * len(word))
    assert workbench.mark() == [word]


def test_mixed_directions_in_one_line(workbench: WorkbenchPage) -> None:
    at = LINES[7].index("said")
    workbench.select(7, at, 7, LINES[7].index("yesterday") + 3)
    assert workbench.mark() == ["said قال الرئيس yesterday"]


@pytest.mark.parametrize("words", ["Soft\u00adhyphen", "no\u00a0break", "two\u2028lines"])
def test_signs_one_does_not_see_are_counted(workbench: WorkbenchPage, words: str) -> None:
    at = LINES[8].index(words)
    workbench.select(8, at, 8, at + len(words))
    assert workbench.mark() == [words]
    assert offsets(workbench)[1] - offsets(workbench)[0] == len(words)


# What stands before them has the offsets of code points and of UTF-16 differ.
BEFORE = "🚢🚀 before"
HARD = {
    "arabic": ("قال الرئيس إن القوات الأجنبية هدف", "القوات الأجنبية"),
    "hebrew": ("הנשיא אמר כי הכוחות יהיו מטרה", "כי הכוחות"),
    "persian": ("رئیس\u200cجمهور گفت نیروهای خارجی هدف می\u200cشوند", "نیروهای خارجی هدف می\u200cشوند"),
    "russian": ("Президент сказал, что иностранные войска станут целью", "иностранные войска"),
    "chinese": ("俄罗斯总统普京表示，外国军队将成为合法目标。", "外国军队"),
    "left to right to left": ("He said قال الرئيس yesterday in Moscow", "said قال الرئيس yesterday"),
    "right to left to right": ("قال إن NATO والقوات 2026 هدف", "NATO والقوات 2026"),
    "emoji": ("🚢 A ship 🚀🚀 and a 𝔘-boat 🚢", "ship 🚀🚀 and a 𝔘-boat"),
    "families": (f"one {FAMILY} and {FAMILY} two", f"{FAMILY} and {FAMILY}"),
    "combining marks": ("Le cafe\u0301 ferme\u0301 a\u0300 midi", "cafe\u0301 ferme\u0301 a\u0300"),
    "line separator": ("two\u2028lines and two\u2029paragraphs are one", "two\u2028lines and two\u2029paragraphs"),
    "soft hyphens": ("a super\u00adpower's counter\u00admeasures here", "super\u00adpower's counter\u00admeasures"),
    "bidirectional controls": (
        "the \u2067الرئيس\u2069 said \u202bنعم\u202c then",
        "\u2067الرئيس\u2069 said \u202bنعم\u202c",
    ),
}


def utf16(text: str) -> int:
    """The length of a text as the browser counts it."""
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(("line", "words"), HARD.values(), ids=HARD)
def test_what_is_painted_is_what_is_saved(open_workbench: OpenWorkbench, line: str, words: str) -> None:
    workbench = open_workbench(f"{BEFORE}\n{line}\n{BEFORE}")
    start = utf16(line[: line.index(words)])
    workbench.select(1, start, 1, start + utf16(words))
    assert workbench.painted("pending") == [words]
    workbench.mark()
    start, end = offsets(workbench)
    assert (start, end) == (len(BEFORE) + 1 + line.index(words), len(BEFORE) + 1 + line.index(words) + len(words))
    assert workbench.page.locator("#b1 mark").all_text_contents() == [words]
    workbench.open()
    assert workbench.page.locator("#b1 mark").all_text_contents() == [words]
