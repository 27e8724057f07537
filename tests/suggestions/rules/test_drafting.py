"""What is true of every draft, whatever the text."""

import json

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsannot.annotations.rules import Piece
from newsannot.articles.rules.canonical import canonical
from newsannot.articles.rules.zones import find_zones
from newsannot.suggestions.rules.drafting import draft_text
from newsannot.suggestions.rules.drafts import CodableText, Draft, fingerprint, holds, is_same_proposal, sureness
from newsannot.suggestions.rules.languages import known_languages, language_named, language_of, tokens_in
from tests.suggestions.rules.drafting import NAMES, drafts, words

BOILERPLATE = "About the author: “We will strike if they come,” Obi said."
DEMO = sorted((settings.BASE_DIR / "fixtures/demo/articles").glob("*.json"))
SHARDS = [
    "“", "”", '"', "'", "«", "»", "„", "「", "」", "《", "》", "’", "‘", " ", "\n", ".", ",", ":", "?", "。", "，", "—",
    "\u2028", "said", "told", "that", "If", "unless", "will", "strike", "he", "the", "President", "Putin",
    "Vladimir Putin", "warned", "сказал", "что", "Путин", "если", "قال", "إن", "普京", "说", "如果", "אמר", "כי", "אם",
    "🚢", "e\u0301", "U.S.", "according to",
]  # fmt: skip


def test_nothing_is_drafted_from_boilerplate() -> None:
    text = f"“We will wait,” Obi said.\n{BOILERPLATE}"
    start = text.index("About")
    found = drafts(text, uncodable=((start, len(text)),))
    assert [words(draft, text)["content"] for draft in found] == [["“We will wait,”"]]


def test_boilerplate_that_begins_within_a_line_is_left_out() -> None:
    text = f"“We will wait,” Obi said. {BOILERPLATE}"
    start = text.index("About")
    assert all(p.end <= start for d in drafts(text, uncodable=((start, len(text)),)) for p in d.main)


def test_drafts_come_in_the_order_of_the_text_and_once() -> None:
    found = drafts("“If they come, we will strike,” Vladimir Putin said. Obi said that NATO was late.")
    places = [draft.main[0].start for draft in found]
    assert places == sorted(places)
    assert len({draft.fingerprint for draft in found}) == len(found)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_draft_of_the_demo_can_be_stored(path) -> None:
    article = json.loads(path.read_text())
    text = "\n".join(article["lines"])
    zones = find_zones(text, article["title"])
    codable = CodableText(text, article["language"], tuple((z.start, z.end) for z in zones if not z.is_codable))
    found = draft_text(codable, NAMES)
    assert found != []
    assert [draft for draft in found if not holds(draft, codable)] == []


@hypothesis_settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(SHARDS), max_size=60), st.sampled_from(known_languages()), st.booleans())
def test_every_draft_of_any_text_can_be_stored(shards: list[str], language: str, is_spaced: bool) -> None:
    text = canonical((" " if is_spaced else "").join(shards)).text
    cut = len(text) // 2
    codable = CodableText(text, language, ((cut, len(text)),) if cut else ())
    assert [draft for draft in draft_text(codable, NAMES) if not holds(draft, codable)] == []


@pytest.mark.parametrize(
    "text",
    [
        "“" * 5000,
        "'" * 5000,
        "said " * 5000,
        "If a, " * 3000 + "will",
        "“a,” said b " * 2000,
        "x said that " * 2000,
        "\n" * 9000,
    ],
)
def test_texts_made_to_hurt_are_answered_with_nothing_that_does_not_hold(text: str) -> None:
    codable = CodableText(text, "en")
    assert [draft for draft in draft_text(codable, NAMES) if not holds(draft, codable)] == []


def test_parts_that_overlap_leave_the_text_or_lie_in_boilerplate_do_not_hold() -> None:
    text = CodableText("one two three", "en", ((8, 13),))

    def draft(**parts: tuple[Piece, ...]) -> Draft:
        return Draft("statement", parts, {}, "", "", 1)

    assert holds(draft(content=(Piece(0, 3),), cue=(Piece(4, 7),)), text)
    assert not holds(draft(content=(Piece(0, 5),), cue=(Piece(4, 7),)), text)
    assert not holds(draft(content=(Piece(0, 14),)), text)
    assert not holds(draft(content=(Piece(3, 4),)), text)
    assert not holds(draft(content=(Piece(4, 9),)), text)
    assert not holds(draft(cue=(Piece(0, 3),)), text)


def test_a_fingerprint_tells_kind_and_parts_and_nothing_else() -> None:
    parts = {"content": (Piece(4, 7), Piece(0, 3)), "cue": ()}
    assert fingerprint("statement", parts) == fingerprint("statement", {"content": (Piece(0, 3, "one"), Piece(4, 7))})
    assert fingerprint("statement", parts) != fingerprint("threat", {"condition": (Piece(0, 3), Piece(4, 7))})
    assert fingerprint("statement", parts) != fingerprint("statement", {"content": (Piece(0, 3),)})


@pytest.mark.parametrize(
    ("kind", "one", "other", "expected"),
    [
        ("statement", [Piece(0, 10)], [Piece(0, 10)], True),
        ("statement", [Piece(0, 10)], [Piece(0, 5)], True),
        ("statement", [Piece(0, 10)], [Piece(0, 4)], False),
        ("statement", [Piece(0, 10), Piece(20, 30)], [Piece(0, 30)], True),
        ("statement", [Piece(0, 10)], [Piece(10, 20)], False),
        ("threat", [Piece(0, 10), Piece(5, 12)], [Piece(0, 7)], True),
        ("mention", [Piece(0, 10)], [Piece(9, 40)], True),
        ("mention", [Piece(0, 10)], [Piece(10, 12)], False),
        ("statement", [], [], False),
    ],
)
def test_drafts_that_share_half_of_what_either_covers_propose_the_same(
    kind: str, one: list[Piece], other: list[Piece], expected: bool
) -> None:
    assert is_same_proposal(kind, one, other) is expected
    assert is_same_proposal(kind, other, one) is expected


@pytest.mark.parametrize(
    ("tag", "text", "code"),
    [
        ("en-GB", "", "en"),
        ("zh-Hant", "", "zh"),
        ("und", "Это русский текст.", "ru"),
        ("und", "Це український текст, і їх багато, її є.", "uk"),
        ("und", "هذا نص عربي", "ar"),
        ("und", "این یک متن فارسی است که کسی نوشته است.", "fa"),
        ("und", "זהו טקסט בעברית", "he"),
        ("xx", "这是中文。", "zh"),
        ("und", "Plain words", "en"),
        ("", "", "en"),
    ],
)
def test_the_language_is_the_tags_or_the_scripts(tag: str, text: str, code: str) -> None:
    assert language_of(tag, text).code == code


@pytest.mark.parametrize("code", known_languages())
def test_every_language_has_words_of_every_sort(code: str) -> None:
    language = language_named(code)
    text = "said sagte сказал сказав قال گفت אמר 说 a dit dit"
    assert language.cues.has(text, tokens_in(text, 0, len(text)), 0, len(text))


def test_a_score_reads_as_a_word() -> None:
    assert [sureness(score) for score in (0.9, 0.6, 0.2)] == ["quite sure", "likely", "unsure"]
