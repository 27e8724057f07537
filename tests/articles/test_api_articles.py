"""The API's collections `articles` and `sources`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.articles.models import Article, Revision, Source
from newsannot.dataset.actions import withdraw_reading
from tests.calling import ARTICLES, READ, WRITE, Api, a_publication
from tests.factories import a_codebook, a_revision, a_source, a_user

pytestmark = pytest.mark.django_db


def editor(*scopes: str) -> Api:
    """A client of an editor."""
    return Api(a_user(Role.EDITOR), *(scopes or (READ, WRITE, ARTICLES)))


# --- Reading -------------------------------------------------------------------------------------


def test_a_published_article_is_given_out_without_its_text() -> None:
    source = a_source(name="The Strait Times", domain="strait.invalid", reliability="B")
    there = a_publication(source=source, byline="A. Reporter", genre="NewsArticle", url="https://strait.invalid/1")
    article, revision = there.reading.revision.article, there.reading.revision
    api = Api()
    (given,) = api.get("articles/").json["results"]
    assert given == {
        "id": article.pk,
        "url": "https://strait.invalid/1",
        "title": "Minister warns neighbour",
        "byline": "A. Reporter",
        "source": {"id": source.pk, "name": "The Strait Times", "domain": "strait.invalid", "reliability": "B"},
        "published_at": "2025-09-05T12:00:00Z",
        "language": "en",
        "genre": "NewsArticle",
        "revision": {
            "id": revision.pk,
            "number": 1,
            "sha256": revision.sha256,
            "length": len(revision.text),
        },
        "updated_at": article.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert api.get(f"articles/{article.pk}/").json == given


def test_articles_that_are_not_published_are_for_those_who_annotate() -> None:
    article = a_revision().article
    reader, analyst = Api(), Api(a_user(Role.ANALYST), READ, WRITE)
    assert reader.get("articles/").ids == []
    assert reader.get(f"articles/{article.pk}/").status == 404
    assert analyst.get("articles/").ids == []
    assert analyst.get("articles/", layer="all").ids == [article.pk]
    assert analyst.get(f"articles/{article.pk}/", layer="all").status == 200
    assert reader.get("articles/", layer="all").status == 403
    assert Api(a_user(Role.EDITOR), ARTICLES).get("articles/").json["scope"] == READ
    assert analyst.get("articles/", layer="own").status == 400


def test_a_withdrawn_article_is_gone() -> None:
    there = a_publication()
    withdraw_reading(revision=there.reading.revision, by=a_user(Role.EDITOR))
    assert Api().get("articles/").ids == []


def test_an_article_is_listed_once_however_many_of_its_texts_are_published() -> None:
    article = a_publication().reading.revision.article
    Revision.objects.create(
        article=article,
        number=2,
        text="New words.",
        length=10,
        block_starts=[0],
        sha256="0" * 64,
        retrieved_at=datetime.now(UTC),
    )
    (given,) = Api().get("articles/", count="true").json["results"]
    assert (given["id"], given["revision"]["number"]) == (article.pk, 2)


def test_filters_let_through_what_they_name() -> None:
    a_codebook()
    french = a_source(name="Le Journal", domain="journal.invalid", reliability="C", country="FRA")
    mine = a_revision(
        "Le détroit « reste ouvert ».",
        source=french,
        language="fr",
        title="Le ministre parle",
        published_at=datetime(2024, 2, 3, 18, tzinfo=UTC),
    ).article_id
    theirs = a_revision().article_id
    api = Api(a_user(Role.ANALYST), READ, WRITE)

    def ask(**query: Any) -> list[Any]:
        answer = api.get("articles/", layer="all", **query)
        assert answer.status == 200, answer.json
        return answer.ids

    assert ask() == [mine, theirs]
    assert ask(source=french.pk) == ask(source="journal.invalid") == [mine]
    assert ask(country="FRA") == [mine]
    assert ask(language="fr") == [mine]
    assert ask(reliability="C") == [mine]
    assert ask(published_to="2024-12-31") == [mine]
    assert ask(published_from="2024-12-31") == [theirs]
    assert ask(q="reste ouvert") == ask(q="MINISTRE parle") == ask(q="“reste ouvert”") == [mine]
    assert ask(q="strait") == [theirs]
    assert ask(updated_since="2999-01-01") == []
    assert ask(language="fr", q="strait") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("genre", "gossip"), ("country", "ZZZ"), ("speaker", "1"), ("source", "0"), ("published_from", "2025-99-01")],
)
def test_an_unknown_filter_or_value_is_named(name: str, value: str) -> None:
    answer = Api().get("articles/", **{name: value})
    assert (answer.status, list(answer.errors)) == (400, [name])


def test_sources_are_listed_read_and_filtered() -> None:
    source = a_source(name="Le Journal", domain="journal.invalid", country="FRA", language="fr", excerpt_limit=300)
    a_source(name="The Times", reliability="A")
    api = Api()
    (given,) = api.get("sources/", country="FRA").json["results"]
    assert given.pop("updated_at") == source.updated_at.isoformat().replace("+00:00", "Z")
    assert given == {
        "id": source.pk,
        "name": "Le Journal",
        "domain": "journal.invalid",
        "country": "FRA",
        "language": "fr",
        "reliability": None,
        "licence": None,
        "excerpt_limit": 300,
        "embargo_hours": 0,
    }
    assert api.get(f"sources/{source.pk}/").json["name"] == "Le Journal"
    assert api.get("sources/999999/").status == 404
    assert len(api.get("sources/").ids) == 2
    assert api.get("sources/", q="JOURNAL").ids == api.get("sources/", language="fr").ids == [source.pk]
    assert [one["name"] for one in api.get("sources/", reliability="A").json["results"]] == ["The Times"]
    assert Api(a_user(Role.EDITOR), WRITE).get("sources/").json["scope"] == READ


def test_a_page_takes_as_many_queries_for_three_articles_as_for_one() -> None:
    api = Api()
    a_publication()
    api.get("articles/")
    with CaptureQueriesContext(connection) as one:
        assert len(api.get("articles/").ids) == 1
    a_publication()
    a_publication()
    with CaptureQueriesContext(connection) as three:
        assert len(api.get("articles/").ids) == 3
    assert len(three) == len(one)


# --- Taking in -----------------------------------------------------------------------------------

ITEM = {
    "title": "Fleet leaves port",
    "text": "Fleet leaves port\r\nThe “fleet” left.",
    "url": "https://strait.invalid/fleet",
    "source": {"name": "The Strait Times", "domain": "strait.invalid"},
    "language": "en",
    "published_at": "2025-09-05T12:00:00Z",
    "byline": "A. Reporter",
}


def test_an_article_is_taken_in_with_its_canonical_text() -> None:
    answer = editor()("POST", "articles/", ITEM)
    article = Article.objects.get()
    assert (answer.status, answer.json) == (
        200,
        [{"index": 0, "id": article.pk, "status": "created", "errors": {}}],
    )
    assert article.current_revision.text == "Fleet leaves port\nThe “fleet” left."
    assert (article.title, article.source.domain, article.byline) == (
        "Fleet leaves port",
        "strait.invalid",
        "A. Reporter",
    )


def test_each_item_has_its_result_and_a_bad_one_does_not_keep_the_rest_out() -> None:
    a_codebook()
    answer = editor()(
        "POST",
        "articles/",
        [ITEM, {"title": "No text"}, ITEM, {**ITEM, "url": 7}, {"text": "Other.", "title": "Other"}],
    )
    assert [one["status"] for one in answer.json] == ["created", "error", "duplicate", "error", "created"]
    assert [list(one["errors"]) for one in answer.json] == [[], ["text"], [], ["url"], []]
    assert answer.json[2]["id"] == answer.json[0]["id"]
    assert Article.objects.count() == 2


def test_sending_an_article_again_doubles_nothing() -> None:
    api = editor()
    first = api("POST", "articles/", ITEM, idempotency_key="batch 1")
    again = api("POST", "articles/", ITEM, idempotency_key="batch 1")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert api("POST", "articles/", ITEM).json[0]["status"] == "duplicate"
    assert api("POST", "articles/", [], idempotency_key="batch 1").kind == "idempotency"


def test_hostile_text_is_stored_as_text() -> None:
    text = "a\x00b\ud800c </script><script>alert(1)</script> \u202e\u2028\ufeff"
    (result,) = editor()("POST", "articles/", {"title": "<b>", "text": text}).json
    assert result["status"] == "created"
    stored = Article.objects.get(pk=result["id"]).current_revision.text
    assert stored == text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")


def test_a_field_that_no_article_has_is_named() -> None:
    source = {"name": "The Strait Times", "town": "Port Obi"}
    answer = editor()("POST", "articles/", [{**ITEM, "autor": "A. Reporter", "source": source, "url": 7}, ITEM])
    assert [(one["status"], sorted(one["errors"])) for one in answer.json] == [
        ("error", ["autor", "source.town", "url"]),
        ("created", []),
    ]
    assert "no such field" in answer.json[0]["errors"]["autor"][0]


def test_what_is_no_object_among_articles_is_that_items_error() -> None:
    answer = editor()("POST", "articles/", [7, ITEM, None, "text", [ITEM]])
    assert [(one["index"], one["status"], list(one["errors"])) for one in answer.json] == [
        (0, "error", ["item"]),
        (1, "created", []),
        (2, "error", ["item"]),
        (3, "error", ["item"]),
        (4, "error", ["item"]),
    ]


@pytest.mark.parametrize("body", [[], 7, "text", None])
def test_what_is_no_article_is_malformed(body: Any) -> None:
    answer = editor()("POST", "articles/", b"null" if body is None else body)
    assert (answer.status, answer.kind) == (400, "malformed")


def test_too_many_at_once_are_refused_whole() -> None:
    answer = editor()("POST", "articles/", [{"text": str(n)} for n in range(1001)])
    assert (answer.status, answer.kind, Source.objects.count()) == (413, "too-large", 0)


def test_only_tokens_that_may_add_articles_do() -> None:
    assert Api(a_user(Role.ANALYST), READ, WRITE)("POST", "articles/", ITEM).json["scope"] == ARTICLES
    assert Api()("POST", "articles/", ITEM).json["scope"] == ARTICLES
    assert editor()("PUT", "articles/", ITEM).status == 405
    assert Article.objects.count() == 0
