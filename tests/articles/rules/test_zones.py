"""Zones: which part of an article each line is."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.articles.rules.zones import FoundZone, find_zones, headline_of

SEEDS = sorted((Path(__file__).resolve().parents[4] / "shared" / "seed").glob("*.txt"))
PARAGRAPH = (
    "The minister told reporters on Monday that his country would answer any attack on its ships, whatever flag the "
    "attackers sailed under, and that nobody should doubt it."
)
RUSSIAN = "Министр заявил журналистам в понедельник, что страна ответит на любое нападение на её корабли и самолёты."
ARABIC = "قال الوزير للصحفيين يوم الاثنين إن بلاده سترد على أي هجوم على سفنها مهما كان العلم الذي ترفعه تلك السفن."
CHINESE = "外交部长星期一对记者说，如果任何国家攻击我国船只，我国将作出坚决回应，并采取一切必要措施保护航行安全。"
HEBREW = "שר החוץ אמר לכתבים ביום שני כי ארצו תגיב על כל תקיפה של אוניותיה ואיש לא צריך לפקפק בכך."


def kinds_of(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(zone.kind, text[zone.start : zone.end]) for zone in find_zones(text, title)]


def test_headline_headings_and_body_are_found() -> None:
    text = f"Minister warns of answer to attacks\n{PARAGRAPH}\n{PARAGRAPH}\nWhy Now?\n{PARAGRAPH}"
    assert kinds_of(text) == [
        ("headline", "Minister warns of answer to attacks"),
        ("body", f"{PARAGRAPH}\n{PARAGRAPH}"),
        ("heading", "Why Now?"),
        ("body", PARAGRAPH),
    ]


def test_the_line_that_says_the_title_is_the_headline() -> None:
    text = f"World news\nMinister “warns” of answer\n{PARAGRAPH}"
    kinds = kinds_of(text, "Minister 'warns' of answer - The Gazette")
    assert ("headline", "Minister “warns” of answer") in kinds
    assert ("headline", "World news") not in kinds


def test_a_text_without_its_title_has_no_headline() -> None:
    assert kinds_of(f"Some Heading\n{PARAGRAPH}", "Another title altogether") == [
        ("body", f"Some Heading\n{PARAGRAPH}")
    ]


@pytest.mark.parametrize("label", ["Key Points and Summary – ", "Key takeaways: ", "Главное: ", "要点：", "תקציר: "])
def test_key_points_are_summary_with_the_list_below(label: str) -> None:
    first = f"{label}{PARAGRAPH}"
    text = f"{first}\n-His second point.\n-His third point.\nA headline below\n{PARAGRAPH}"
    assert kinds_of(text) == [
        ("summary", f"{first}\n-His second point.\n-His third point."),
        ("headline", "A headline below"),
        ("body", PARAGRAPH),
    ]


def test_a_list_right_below_the_headline_is_summary() -> None:
    text = f"A headline\n• One point\n• Another point\n{PARAGRAPH}\n• A list inside\n• the body\n{PARAGRAPH}"
    assert [kind for kind, _ in kinds_of(text)] == ["headline", "summary", "body"]


def test_russian_speech_that_opens_with_a_dash_is_body() -> None:
    text = f"Заголовок статьи\n— Мы ответим, — сказал министр.\n— Когда? — спросили его.\n{RUSSIAN}"
    assert [kind for kind, _ in kinds_of(text)] == ["headline", "body"]


@pytest.mark.parametrize(
    ("paragraph", "author", "links"),
    [
        (PARAGRAPH, "About the Author:", "Read more"),
        (RUSSIAN, "Об авторе", "Читайте также:"),
        (ARABIC, "عن الكاتب", "اقرأ أيضا"),
        (CHINESE, "作者简介：", "相关阅读"),
        (HEBREW, "על הכותב", "קראו עוד:"),
    ],
)
def test_author_box_and_links_after_the_article_are_boilerplate(paragraph: str, author: str, links: str) -> None:
    body = "\n".join([paragraph] * 9)
    tail = f"{author}\n{paragraph}\n{links}\nOne more title\nAnother title"
    assert kinds_of(f"{body}\n{tail}") == [("body", body), ("boilerplate", tail)]


def test_an_author_box_at_the_top_ends_with_its_paragraph() -> None:
    body = "\n".join([PARAGRAPH] * 6)
    assert kinds_of(f"About the author\n{PARAGRAPH}\n{body}", "Not here") == [
        ("boilerplate", f"About the author\n{PARAGRAPH}"),
        ("body", body),
    ]


def test_a_tail_of_titles_is_boilerplate_without_a_label() -> None:
    links = "More Military\nA Harbour’s New Cranes\nThe Ferry Has a Rival\nNo. 12: A Tram to the Sea"
    assert kinds_of(f"{PARAGRAPH}\n{PARAGRAPH}\n{links}") == [
        ("body", f"{PARAGRAPH}\n{PARAGRAPH}"),
        ("boilerplate", links),
    ]


def test_a_link_amid_the_article_is_boilerplate_and_the_article_goes_on() -> None:
    link = "Read more: What the treaty says about ships"
    assert kinds_of(f"{PARAGRAPH}\n{link}\n{PARAGRAPH}") == [
        ("body", PARAGRAPH),
        ("boilerplate", link),
        ("body", PARAGRAPH),
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "Photo: The minister on Monday.",
        "The minister speaks in the capital on Monday. (AP Photo/Some One, File) via Getty Images",
        "Фото: пресс-служба министерства",
        "صورة: الوزير يتحدث إلى الصحفيين",
        "资料图：部长在记者会上",
        "צילום: דובר המשרד",
    ],
)
def test_captions_are_found(caption: str) -> None:
    assert kinds_of(f"{PARAGRAPH}\n{caption}\n{PARAGRAPH}")[1] == ("caption", caption)


@pytest.mark.parametrize(
    "notice", ["© 2025 The Gazette", "Sign up for our newsletter", "Все права защищены.", "Advertisement"]
)
def test_notices_are_boilerplate(notice: str) -> None:
    assert kinds_of(f"{PARAGRAPH}\n{PARAGRAPH}\n{notice}")[-1] == ("boilerplate", notice)


@pytest.mark.parametrize("line", ["“We will answer”", "“They will not pass.”", "He said:", "No."])
def test_short_speech_is_body_not_a_heading(line: str) -> None:
    assert [kind for kind, _ in kinds_of(f"{PARAGRAPH}\n{line}\n{PARAGRAPH}")] == ["body"]


def test_boilerplate_alone_cannot_be_coded() -> None:
    assert [FoundZone(kind, 0, 1).is_codable for kind in ("body", "headline", "boilerplate")] == [True, True, False]


def test_headline_of_a_text_is_given_or_empty() -> None:
    assert headline_of(f"Minister warns\n{PARAGRAPH}") == "Minister warns"
    assert headline_of(PARAGRAPH) == ""


@given(
    st.lists(
        st.sampled_from(["", " ", "Read more", "About the author", "A title", PARAGRAPH, "- item", "👨"]), max_size=12
    )
)
def test_zones_never_overlap_and_cover_every_line_with_words(lines: list[str]) -> None:
    text = "\n".join(lines)
    zones = find_zones(text)
    assert all(zone.start < zone.end for zone in zones)
    assert all(one.end < other.start for one, other in pairwise(zones))
    covered = "".join(text[zone.start : zone.end] for zone in zones)
    assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.skipif(not SEEDS, reason="the seed article is not here")
def test_the_zones_of_the_seed_article_are_right() -> None:
    text = SEEDS[0].read_text()
    kinds = kinds_of(text)
    assert [kind for kind, _ in kinds] == [
        "summary", "headline", "body", "heading", "body", "heading", "body", "boilerplate",
    ]  # fmt: skip
    assert kinds[0][1].count("\n") == 2
    lines = text.split("\n")
    assert [kinds[1][1], kinds[3][1], kinds[5][1]] == [lines[3], lines[9], lines[12]]
    assert kinds[7][1].count("\n") == 5
