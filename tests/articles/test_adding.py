"""The page on which articles are pasted or sent as files."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.articles.models import Article, Revision
from newsannot.articles.rules.decoding import MEGABYTE
from tests.factories import a_user

BODY = "The minister said on Monday that his country would answer any attack on its ships and its planes."
URL = "/articles/new/"
TOO_LARGE = (
    "This is 50.0 MB; an article's text may have at most 5 MB. "
    "Many articles in one file go into a JSONL file, one article a line."
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(a_user())
    return client


def upload(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def test_strangers_sign_in_first_and_readers_may_not(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/account/sign-in/?next={URL}"
    client.force_login(a_user(Role.READER))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"text": BODY}).status_code == 403
    assert Article.objects.count() == 0


def test_other_methods_are_refused(analyst: Client) -> None:
    assert analyst.put(URL).status_code == 405


def test_the_form_is_shown(analyst: Client) -> None:
    response = analyst.get(URL)
    assert response.status_code == 200
    assert 'name="uploads"' in response.content.decode()


def test_a_pasted_text_becomes_an_article(analyst: Client) -> None:
    response = analyst.post(
        URL,
        {
            "text": f"A warning\r\n{BODY}",
            "url": "https://gazette.example/1",
            "source": "The Gazette",
            "language": "en",
            "published_at": "2025-09-05T14:30",
            "byline": "Jane Doe",
        },
    )
    article = Article.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/articles/{article.pk}/")
    assert article.current_revision.text == f"A warning\n{BODY}"
    assert (article.title, article.source.name, article.source.domain) == (
        "A warning",
        "The Gazette",
        "gazette.example",
    )
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2025-09-05T14:30:00+00:00"


def test_a_known_article_leads_to_the_one_that_is_there(analyst: Client) -> None:
    analyst.post(URL, {"text": BODY})
    response = analyst.post(URL, {"text": BODY}, follow=True)
    assert response.redirect_chain == [(f"/articles/{Article.objects.get().pk}/", 302)]
    assert "The article is already here (same text)." in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {"text": ["Paste a text, or choose files below."]}),
        ({"text": " \r\n "}, {"text": ["There is no text in it."]}),
        (
            {"text": BODY, "url": "nowhere"},
            {"url": ["A web address starts with http:// or https:// and names a host."]},
        ),
        ({"text": BODY, "language": "??"}, {"language": ["“??” is no language tag, such as en, pt-BR or zh-Hans."]}),
        ({"text": BODY, "source": "a" * 201}, {"source": ["This may have at most 200 characters."]}),
        (
            {"text": BODY, "published_at": "soon"},
            {"published_at": ["This must be a date and time, such as 2025-09-05T14:30:00+03:00."]},
        ),
        (
            {"text": BODY, "genre": "Poem"},
            {"genre": ["Select a valid choice. Poem is not one of the available choices."]},
        ),
    ],
)
def test_bad_fields_are_named_and_nothing_is_stored(
    analyst: Client, fields: dict[str, str], errors: dict[str, list[str]]
) -> None:
    assert errors_of(analyst.post(URL, fields)) == errors
    assert Article.objects.count() == 0


def test_what_was_typed_is_kept_with_its_errors(analyst: Client) -> None:
    page = analyst.post(URL, {"text": "“Kept” <b>", "url": "x"}).content.decode()
    assert "“Kept” &lt;b&gt;</textarea>" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (upload("a.txt", ""), "It is empty."),
        (upload("a.txt", " \n"), "There is no text in it."),
        (upload("a.txt", b"\x89PNG\r\n"), "This is a PNG picture, not text."),
        (upload("a.txt", b"abc\xff"), "It is not valid UTF-8: byte 3 (FF) cannot be read."),
        (upload("a.doc", "text"), "Its name does not say what it is: .txt, .html or .jsonl."),
        (upload("a.html", "<script>evil()</script>"), "No article was found in this page."),
        (
            upload("a.txt", bytes(50 * MEGABYTE)),
            TOO_LARGE,
        ),
    ],
    ids=["empty", "blank", "binary", "broken", "unknown", "script", "huge"],
)
def test_a_bad_file_is_refused_with_its_reason(analyst: Client, file: SimpleUploadedFile, reason: str) -> None:
    file.seek(0)
    assert errors_of(analyst.post(URL, {"uploads": file})) == {"uploads": [reason]}
    assert Article.objects.count() == 0


def test_text_and_files_together_are_refused(analyst: Client) -> None:
    response = analyst.post(URL, {"text": BODY, "uploads": upload("a.txt", BODY)})
    assert errors_of(response) == {"uploads": ["Send either a text or files, not both."]}


def test_a_page_is_taken_in_without_its_scripts_and_with_what_the_form_says(analyst: Client) -> None:
    page = f"<html lang=de><script>evil()</script><h1>Warnung</h1><p>{BODY}</p><p>{BODY} Noch einmal.</p></html>"
    response = analyst.post(URL, {"uploads": upload("a.html", page), "byline": "Jane Doe"})
    article = Article.objects.get()
    assert response["Location"] == f"/articles/{article.pk}/"
    assert (article.title, article.language, article.byline) == ("Warnung", "de", "Jane Doe")
    assert article.current_revision.text == f"Warnung\n{BODY}\n{BODY} Noch einmal."


def test_many_files_are_told_one_by_one(analyst: Client) -> None:
    lines = [{"title": "One", "text": "First."}, {"text": ""}, {"title": "Two", "text": "Second."}, {"text": "First."}]
    files = [upload("a.jsonl", "\n".join(map(json.dumps, lines))), upload("b.txt", b"\xff"), upload("c.txt", BODY)]
    response = analyst.post(URL, {"uploads": files, "title": "Not for many", "language": "en"})
    assert response.status_code == 200
    told = {
        status: [place for place, _, _ in response.context[status].rows] for status in ("created", "duplicate", "error")
    }
    assert told == {
        "created": ["a.jsonl:1", "a.jsonl:3", "c.txt"],
        "duplicate": ["a.jsonl:4"],
        "error": ["a.jsonl:2", "b.txt"],
    }
    assert "It is not valid UTF-8: byte 0 (FF) cannot be read." in response.content.decode()
    assert sorted(Article.objects.values_list("title", "language")) == [("One", "en"), (BODY, "en"), ("Two", "en")]
    assert Revision.objects.count() == 3


def test_many_files_of_which_none_can_be_taken_in_are_a_failure(analyst: Client) -> None:
    response = analyst.post(URL, {"uploads": [upload("a.txt", ""), upload("b.txt", b"\xff")]})
    assert response.status_code == 422
    assert Article.objects.count() == 0


def test_a_script_that_sends_a_file_is_told_where_to_go(analyst: Client) -> None:
    response = analyst.post(URL, {"uploads": upload("a.txt", f"A warning\n{BODY}")}, headers={"HX-Request": "true"})
    article = Article.objects.get()
    assert (response.status_code, response["HX-Redirect"]) == (200, f"/articles/{article.pk}/")
    assert "The article is added." in analyst.get(response["HX-Redirect"]).content.decode()


def test_of_very_many_articles_the_first_are_named_and_the_rest_counted(
    analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsannot.articles.views.MOST_TOLD", 2)
    lines = "\n".join(json.dumps({"title": f"Report {n}", "text": f"{BODY} {n}"}) for n in range(5))
    page = analyst.post(URL, {"uploads": upload("many.jsonl", lines)}).content.decode()
    assert "5 articles added" in page
    assert (page.count('<li class="list-row">'), "And 3 more." in page) == (2, True)
