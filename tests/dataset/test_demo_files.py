import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from newsannot.articles.rules.canonical import canonical
from newsannot.articles.rules.zones import find_zones
from newsannot.dataset.demo_files import DemoFileWrong, find_quote, read_demo

TEXT = "He said: “No.” She said: “No, 🚢 no.” They said nothing."
DEMO = read_demo(Path(settings.BASE_DIR) / "fixtures")


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("“No.”", (9, 14)),
        ({"quote": "said", "within": "She said"}, (19, 23)),
        ({"quote": "said", "occurrence": 3}, (42, 46)),
        ({"quote": "no", "within": "🚢 no", "occurrence": 1}, (32, 34)),
    ],
)
def test_a_quotation_is_found_in_code_points(quote: Any, place: tuple[int, int]) -> None:
    piece = find_quote(TEXT, quote)
    assert (piece.start, piece.end) == place
    assert TEXT[piece.start : piece.end] == piece.quote


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("yes", "“yes” occurs 0 times, not once."),
        ("said", "“said” occurs 3 times, not once."),
        ({"quote": "said", "occurrence": 4}, "“said” occurs 3 times, not 4."),
        ({"quote": "No.", "within": "No"}, "“No” occurs 2 times, not once."),
        ({"quote": "They", "within": "She said"}, "“They” occurs 0 times, not once."),
    ],
)
def test_a_quotation_that_is_not_there_or_not_alone_is_refused(quote: Any, message: str) -> None:
    with pytest.raises(DemoFileWrong) as refused:
        find_quote(TEXT, quote)
    assert str(refused.value) == message


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "actors").mkdir()
    (tmp_path / "actors" / "states.json").write_text("{")
    with pytest.raises(DemoFileWrong, match=r"^states\.json: not JSON"):
        read_demo(tmp_path)


def test_the_demo_is_in_many_languages_and_scripts() -> None:
    languages = {article.fields["language"].split("-")[0] for article in DEMO.articles}
    assert languages == {"en", "ru", "ar", "zh", "he", "de"}


def test_the_demo_has_a_text_with_characters_that_break_careless_programs() -> None:
    text = next(article.text for article in DEMO.articles if article.key == "cod-war-letter")
    assert {"\u2028", "\u0301", "\u200d", "🐟"} <= set(text)
    assert canonical(text).text == text


@pytest.mark.parametrize("article", DEMO.articles, ids=lambda article: article.key)
def test_every_article_says_whose_it_is_and_where_it_stands(article: Any) -> None:
    assert {"url", "title", "byline", "language", "published_at", "genre"} == article.fields.keys()
    assert article.url.startswith("https://demo.invalid/")
    assert article.source in {source["key"] for source in DEMO.sources}


def test_the_first_article_has_every_zone_a_news_page_has() -> None:
    kinds = {zone.kind for zone in find_zones(DEMO.articles[0].text, DEMO.articles[0].fields["title"])}
    assert kinds == {"headline", "summary", "heading", "body", "boilerplate"}


def test_all_evidence_stands_in_its_article() -> None:
    texts = {article.key: article.text for article in DEMO.articles}
    pieces = [
        find_quote(texts[reading.article], quote)
        for reading in DEMO.readings
        for record in reading.records
        for quotes in record.parts.values()
        for quote in quotes
    ]
    assert len(pieces) > 200


def test_no_two_actors_share_a_key_or_a_wikidata_id() -> None:
    keys = [actor["key"] for actor in DEMO.actors]
    ids = [actor["wikidata_id"] for actor in DEMO.actors if actor["wikidata_id"]]
    assert (len(keys), len(ids)) == (len(set(keys)), len(set(ids)))


def test_the_files_are_laid_out_alike() -> None:
    folder = Path(settings.BASE_DIR) / "fixtures" / "demo" / "readings"
    for path in folder.glob("*.json"):
        assert path.read_text() == json.dumps(json.loads(path.read_text()), ensure_ascii=False, indent=2) + "\n"
