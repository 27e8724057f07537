"""Items: fields checked, text made canonical, ready to be stored."""

from datetime import UTC, datetime

import pytest

from newsannot.articles.rules.items import ItemRefusedError, SourceName, draft_item

BODY = "The minister said on Monday that his country would answer any attack on its ships and its planes."
PAGE = f"""<!doctype html><html lang="ru-RU"><head><title>A warning - The Gazette</title>
<meta property="og:title" content="A warning"><meta property="og:site_name" content="The Gazette">
<meta name="author" content="Jane Doe"><meta property="article:published_time" content="2025-09-05T14:30:00+03:00">
<link rel="canonical" href="https://www.Gazette.example/a-warning?utm_source=x"><script>alert("evil")</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>A warning</h1><p>{BODY}</p><script>evil()</script>
<h2>Why it matters</h2><p>{BODY}<br>{BODY}</p></article></body></html>"""


def errors_of(**fields: object) -> dict[str, list[str]]:
    with pytest.raises(ItemRefusedError) as refusal:
        draft_item(fields)
    return refusal.value.errors


def test_all_fields_are_read() -> None:
    draft = draft_item(
        {
            "title": " A  warning ",
            "text": f"A warning\r\n{BODY}",
            "url": "HTTPS://Example.org:443/a?utm_source=x&id=1#top",
            "source": {"name": "The Gazette", "domain": "WWW.Gazette.example"},
            "language": "zh-hans-cn",
            "published_at": "2025-09-05T14:30:00+03:00",
            "byline": "Jane Doe",
            "genre": "OpinionNewsArticle",
            "something": "else",
        }
    )
    assert draft.title == "A warning"
    assert draft.text == f"A warning\n{BODY}"
    assert draft.block_starts == [0, 10]
    assert [zone.kind for zone in draft.zones] == ["headline", "body"]
    assert draft.url == "https://example.org/a?id=1"
    assert draft.source == SourceName("The Gazette", "gazette.example")
    assert draft.language == "zh-Hans-CN"
    assert draft.published_at == datetime(2025, 9, 5, 11, 30, tzinfo=UTC)
    assert (draft.byline, draft.genre) == ("Jane Doe", "OpinionNewsArticle")
    assert draft.capture is None


def test_a_text_alone_is_enough() -> None:
    draft = draft_item({"text": f"A warning to all\n{BODY}"})
    assert (draft.title, draft.language, draft.url, draft.published_at) == ("A warning to all", "und", None, None)
    assert draft.source == SourceName("Unknown source", "")


def test_a_title_is_taken_from_the_first_words_when_there_is_no_headline() -> None:
    assert draft_item({"text": f"{BODY} {BODY}"}).title == f"{BODY} The minister said on…"


@pytest.mark.parametrize(
    ("source", "url", "expected"),
    [
        ("Gazette", None, SourceName("Gazette", "")),
        ("gazette.example", None, SourceName("gazette.example", "gazette.example")),
        ("Gazette", "https://www.gazette.example/a", SourceName("Gazette", "gazette.example")),
        (None, "https://www.gazette.example/a", SourceName("gazette.example", "gazette.example")),
        ({"name": "Gazette"}, None, SourceName("Gazette", "")),
    ],
)
def test_a_source_is_completed_from_what_is_known(source: object, url: str | None, expected: SourceName) -> None:
    assert draft_item({"text": BODY, "source": source, "url": url}).source == expected


@pytest.mark.parametrize(
    ("published_at", "expected"),
    [
        ("2025-09-05", datetime(2025, 9, 5, tzinfo=UTC)),
        ("2025-09-05T14:30", datetime(2025, 9, 5, 14, 30, tzinfo=UTC)),
        ("2025-09-05T14:30:00Z", datetime(2025, 9, 5, 14, 30, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_dates_and_moments_are_read(published_at: str | None, expected: datetime | None) -> None:
    assert draft_item({"text": BODY, "published_at": published_at}).published_at == expected


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("text", None, "This field is required."),
        ("text", 7, "This must be a string."),
        ("text", "", "It is empty."),
        ("text", " \n ", "There is no text in it."),
        ("title", ["x"], "This must be a string."),
        ("title", "x" * 501, "This may have at most 500 characters."),
        ("byline", "x" * 301, "This may have at most 300 characters."),
        ("url", "javascript:alert(1)", "A web address starts with http:// or https:// and names a host."),
        ("url", "https://", "A web address starts with http:// or https:// and names a host."),
        ("url", "http://[::1", "This is no web address."),
        ("url", "https://example.org/" + "é" * 1000, "A web address may have at most 2000 characters."),
        ("language", "english please", "“english please” is no language tag, such as en, pt-BR or zh-Hans."),
        ("published_at", "yesterday", "This must be a date and time, such as 2025-09-05T14:30:00+03:00."),
        ("published_at", "0001-01-01", "This must be a date and time, such as 2025-09-05T14:30:00+03:00."),
        ("published_at", 5, "This must be a date and time, such as 2025-09-05T14:30:00+03:00."),
        ("source", 5, "This must be an object with a name and a domain."),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(field: str, value: object, message: str) -> None:
    assert errors_of(**{"text": BODY, field: value}) == {field: [message]}


def test_every_wrong_field_is_named_at_once() -> None:
    assert sorted(errors_of(text="", url="x", language="??")) == ["language", "text", "url"]
    assert errors_of(text=BODY, source={"domain": "no domain!"}) == {
        "source.domain": ["“no domain!” is no domain, such as example.org."]
    }


def test_a_text_that_is_too_large_is_refused() -> None:
    assert errors_of(text="word " * 1_100_000)["text"][0].startswith(
        "This is 5.2 MB; an article's text may have at most 5 MB."
    )


def test_a_page_gives_its_text_without_scripts_and_its_metadata() -> None:
    draft = draft_item({"html": PAGE})
    assert draft.text == f"A warning\n{BODY}\nWhy it matters\n{BODY}\n{BODY}"
    assert [zone.kind for zone in draft.zones] == ["headline", "body", "heading", "body"]
    assert (draft.title, draft.byline, draft.language) == ("A warning", "Jane Doe", "ru-RU")
    assert draft.source == SourceName("The Gazette", "gazette.example")
    assert draft.url == "https://www.gazette.example/a-warning"
    assert draft.published_at == datetime(2025, 9, 5, 11, 30, tzinfo=UTC)
    assert draft.capture is not None
    assert draft.capture.raw == PAGE.encode()
    assert (draft.capture.raw_type, draft.capture.extractor) == ("text/html", "trafilatura")
    assert draft.capture.extractor_version != ""


def test_given_fields_go_before_those_of_the_page() -> None:
    draft = draft_item(
        {"html": PAGE, "title": "Mine", "language": "en", "source": "Other", "url": "http://b.example/1"}
    )
    assert (draft.title, draft.language, draft.url) == ("Mine", "en", "http://b.example/1")
    assert draft.source == SourceName("Other", "b.example")


def test_wrong_metadata_of_a_page_is_left_out() -> None:
    page = PAGE.replace("ru-RU", "??").replace(
        "https://www.Gazette.example/a-warning?utm_source=x", "https://g.example/"
    )
    draft = draft_item({"html": page.replace("2025-09-05T14:30:00+03:00", "long ago")})
    assert (draft.language, draft.url, draft.published_at) == ("und", None, None)


def test_text_and_html_together_are_refused() -> None:
    assert errors_of(text=BODY, html=PAGE) == {"html": ["Give either text or html, not both."]}


@pytest.mark.parametrize("page", ["<html><body></body></html>", "<div>" * 5000, "<script>evil()</script>", " "])
def test_a_page_without_an_article_is_refused(page: str) -> None:
    assert errors_of(html=page) == {"html": ["No article was found in this page."]}
