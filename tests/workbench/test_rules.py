"""Flat segments, lanes and blocks as HTML: every code point once, every mark exactly where it stands."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.core.wording import first_words
from newsannot.workbench.rules import (
    Marked,
    PageBlock,
    block_html,
    blocks_html,
    clipped,
    lanes,
    look_of,
    mark_classes,
    mark_description,
    segments,
    text_html,
)

HOSTILE = [
    "",
    " ",
    "  leading and trailing  ",
    "a\u00a0b\u200bc\u00add\u2028e\u2029f\u0085g",
    "<b>bold</b> &amp; &lt;script&gt;alert(1)</script> <!-- no --> <![CDATA[x]]>",
    "</p><p>another</p>",
    "&notit; &#65; &#x41; &amp;amp;",
    "\ttab\t\ttabs",
    "🚢👨‍👩‍👧 e\u0301 \ufeff \ufffd \U0010ffff",
    "قال الوزير “سنغلق” המיצר and back",
    "\u202eright-to-left override\u202c",
    "]]> -- > < & \" ' `",
]


class Page(HTMLParser):
    """Reads a block the way a browser does: its text, and the words under each mark by annotation."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.under, self.inside, self.tags = "", {}, [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "mark":
            self.inside = dict(attrs)["data-a"].split()

    def handle_endtag(self, tag):
        if tag == "mark":
            self.inside = []

    def handle_data(self, data):
        for annotation in self.inside:
            self.under.setdefault(int(annotation), []).append((len(self.text), data))
        self.text += data


def a_mark(annotation: int, start: int, end: int, *what: str) -> Marked:
    """A mark; `what` is its kind, its role and whom it is about."""
    kind, role, who = [*what, *("mention", "text", "")[len(what) :]]
    return Marked(annotation, kind, role, start, end, who)


texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
)
marks_over = st.lists(
    st.tuples(st.integers(0, 70), st.integers(1, 40), st.sampled_from(["mention", "statement", "threat"])), max_size=8
).map(lambda rows: [a_mark(at + 1, start, start + length, kind) for at, (start, length, kind) in enumerate(rows)])


@given(text=texts, start=st.integers(0, 50), marks=marks_over)
def test_the_segments_of_a_block_are_its_text_without_gaps(text: str, start: int, marks: list[Marked]) -> None:
    found = list(segments(marks, start, start + len(text)))
    assert "".join(text[s.start - start : s.end - start] for s in found) == text
    assert [s.start for s in found[1:]] == [s.end for s in found[:-1]]


@given(text=texts, start=st.integers(0, 50), marks=marks_over)
def test_every_mark_covers_exactly_its_part_of_the_block(text: str, start: int, marks: list[Marked]) -> None:
    end = start + len(text)
    found = list(segments(marks, start, end))
    for mark in marks:
        covered = {
            at for s in found for at in range(s.start, s.end) if mark.annotation in {m.annotation for m, _ in s.marks}
        }
        assert covered == set(range(max(mark.start, start), min(mark.end, end)))


@given(text=texts, start=st.integers(0, 50), marks=marks_over)
def test_a_browser_reads_the_block_back_as_its_text_with_each_mark_over_its_words(
    text: str, start: int, marks: list[Marked]
) -> None:
    page = Page(block_html(PageBlock(3, start, text), marks, 7))
    assert page.text == text
    assert set(page.tags) <= {"p", "mark"}
    for mark in clipped(marks, start, start + len(text)):
        words = "".join(data for _, data in page.under.get(mark.annotation, []))
        assert words == text[mark.start - start : mark.end - start]


@given(marks=marks_over)
def test_marks_that_overlap_have_different_lanes(marks: list[Marked]) -> None:
    inside = clipped(marks, 0, 200)
    given_out = list(zip(inside, lanes(inside), strict=True))
    for at, (one, lane) in enumerate(given_out):
        for other, other_lane in given_out[at + 1 :]:
            assert lane != other_lane or one.end <= other.start or other.end <= one.start


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_block_keeps_its_text_under_a_mark(text: str) -> None:
    page = Page(block_html(PageBlock(0, 10, text), [a_mark(1, 0, 500, "mention", "text", '"><script>')], 1))
    assert page.text == text
    assert set(page.tags) <= {"p", "mark"}


def test_lanes_are_given_out_from_the_words_outwards_and_taken_again_when_free() -> None:
    marks = clipped([a_mark(1, 0, 10), a_mark(2, 2, 6), a_mark(3, 4, 12), a_mark(4, 6, 8), a_mark(5, 12, 14)], 0, 20)
    assert lanes(marks) == [1, 2, 3, 2, 1]


def test_a_segment_names_kinds_tint_and_roles_in_their_lanes() -> None:
    inside = [
        a_mark(1, 0, 10, "statement", "content"),
        a_mark(2, 0, 4, "mention", "text"),
        a_mark(3, 0, 10, "threat", "condition"),
    ]
    first, second = segments(inside, 0, 10)
    assert (
        mark_classes(look_of(first.marks)) == "k-mention k-threat k-statement t-mention l3-text l2-condition l1-content"
    )
    assert mark_classes(look_of(second.marks)) == "k-threat k-statement t-threat l2-condition l1-content"


def test_five_marks_over_the_same_words_are_three_lines_below_one_above_and_more() -> None:
    (segment,) = segments([a_mark(at, 0, 5, "statement", "content") for at in range(1, 7)], 0, 5)
    classes = mark_classes(look_of(segment.marks)).split()
    assert sorted(classes) == sorted(
        ["k-statement", "t-statement", "l1-content", "l2-content", "l3-content", "l4-content", "lmore"]
    )


def test_a_mark_is_described_with_the_actor_it_is_about() -> None:
    (segment,) = segments(
        [a_mark(1, 0, 5, "statement", "content", "Adaeze Obi"), a_mark(2, 0, 5, "mention", "text")], 0, 5
    )
    assert mark_description(look_of(segment.marks)) == "statement by Adaeze Obi, content; mention, text"


def test_a_block_carries_its_number_offset_version_and_zone() -> None:
    html = block_html(PageBlock(4, 180, "Author", "boilerplate"), [], 9)
    assert html == '<p class="block z-boilerplate" id="b4" data-s="180" data-v="9" dir="auto">Author</p>'


def test_an_empty_block_has_nothing_inside() -> None:
    html = block_html(PageBlock(1, 5, ""), [a_mark(1, 0, 20)], 1)
    assert html == '<p class="block" id="b1" data-s="5" data-v="1" dir="auto"></p>'


@given(lines=st.lists(st.text(alphabet="ab <&", max_size=8), min_size=1, max_size=8), marks=marks_over)
def test_a_page_of_blocks_is_each_block_by_itself(lines: list[str], marks: list[Marked]) -> None:
    marks = sorted(marks, key=lambda m: (m.start, -m.end, m.annotation))
    blocks, at = [], 0
    for index, line in enumerate(lines):
        blocks.append(PageBlock(index, at, line))
        at += len(line) + 1
    assert list(blocks_html(blocks, marks, 2)) == [block_html(block, marks, 2) for block in blocks]


def test_a_text_is_its_blocks_in_order_on_leaves() -> None:
    blocks = [PageBlock(at, at * 5, "line") for at in range(100)]
    marks = [a_mark(1, 0, 4), a_mark(2, 480, 484)]
    inside = "".join(blocks_html(blocks, marks, 2))
    html = text_html(blocks, marks, 2)
    assert html.count('<div class="leaf">') == html.count("</div>") == 2
    assert html.replace('<div class="leaf">', "").replace("</div>", "") == inside


def test_first_words_are_one_line_and_say_when_there_are_more() -> None:
    assert first_words("two\n lines") == "two lines"
    assert first_words("abcdef ghi", most=8) == "abcdef…"


def test_a_quotation_that_expresses_a_threat_is_tinted_and_takes_no_lane() -> None:
    (segment,) = segments([a_mark(1, 0, 5, "statement", "content"), a_mark(2, 0, 5, "threat", "expression")], 0, 5)
    assert mark_classes(look_of(segment.marks)) == "k-threat k-statement t-threat l1-content"
