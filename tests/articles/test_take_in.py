"""Taking articles in: stored whole, once each, a bad one reported and the rest going on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from newsannot.accounts.models import Role
from newsannot.articles.actions import ItemResult, take_in
from newsannot.articles.models import Article, Revision, Source, Zone
from newsannot.articles.rules.canonical import text_sha256
from newsannot.codebook.models import Code, CodebookVersion, Scheme, SchemeVersion
from tests.factories import a_user

BODY = "The minister said on Monday that his country would answer any attack on its ships and its planes."


def item(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"title": "A warning", "text": f"A warning\r\n{BODY} {number}", "language": "en"} | fields


@pytest.mark.django_db
def test_an_article_is_stored_with_its_revision_zones_and_source() -> None:
    editor = a_user(Role.EDITOR)
    fields = {
        "url": "https://www.gazette.example/1#top",
        "source": {"name": "The Gazette", "domain": "gazette.example"},
        "published_at": "2025-09-05T14:30:00+03:00",
        "byline": "Jane Doe",
    }
    [result] = take_in(items=[item(**fields)], by=editor)
    article = Article.objects.get()
    revision = article.current_revision
    assert result == ItemResult(0, article.pk, "created")
    assert (article.title, article.byline, article.language) == ("A warning", "Jane Doe", "en")
    assert (article.url, article.created_by) == ("https://www.gazette.example/1", editor)
    assert article.published_at == datetime(2025, 9, 5, 11, 30, tzinfo=UTC)
    assert (article.source.name, article.source.domain) == ("The Gazette", "gazette.example")
    assert (revision.number, revision.text) == (1, f"A warning\n{BODY} 1")
    assert (revision.length, revision.block_starts) == (len(revision.text), [0, 10])
    assert [(zone.kind, zone.start, zone.end) for zone in revision.zones.all()] == [
        ("headline", 0, 9),
        ("body", 10, revision.length),
    ]


@pytest.mark.django_db
def test_what_is_stored_is_searchable_at_once() -> None:
    take_in(items=[item(), item(2, text="Nothing about that. “Don’t worry,” she said.")], by=None)
    found = Revision.objects.extra(where=["search @@ search_query(%s)"], params=["DON'T worry"])
    assert [revision.text for revision in found] == ["Nothing about that. “Don’t worry,” she said."]


@pytest.mark.django_db
def test_known_articles_are_reported_and_never_doubled() -> None:
    first = item(1, url="https://e.example/1")
    [created] = take_in(items=[first], by=None)
    again = [
        first,
        item(2, url="https://E.example/1?utm_source=x"),
        item(1, url="https://e.example/other"),
        item(3),
        item(3, title="Same text below another title"),
    ]
    results = take_in(items=again, by=None)
    assert [(result.status, result.note) for result in results] == [
        ("duplicate", "same address"),
        ("duplicate", "same address, another text: nothing changed"),
        ("duplicate", "same text"),
        ("created", ""),
        ("duplicate", "same text"),
    ]
    assert [result.id for result in results[:3]] == [created.id] * 3
    assert results[4].id == results[3].id
    assert Article.objects.count() == 2


@pytest.mark.django_db
def test_a_text_known_from_a_later_revision_is_recognised() -> None:
    [created] = take_in(items=[item()], by=None)
    text = "The text after a correction."
    Revision.objects.create(
        article_id=created.id,
        number=2,
        text=text,
        length=len(text),
        block_starts=[0],
        sha256=text_sha256(text),
        retrieved_at=datetime.now(UTC),
    )
    assert take_in(items=[{"text": text}], by=None) == [ItemResult(0, created.id, "duplicate", note="same text")]


@pytest.mark.django_db
def test_a_bad_item_is_reported_and_the_rest_goes_on() -> None:
    results = take_in(items=[item(1), {"text": " "}, {"text": BODY, "url": "x", "language": "?"}, item(2)], by=None)
    assert [(result.index, result.status) for result in results] == [
        (0, "created"),
        (1, "error"),
        (2, "error"),
        (3, "created"),
    ]
    assert results[1].errors == {"text": ["There is no text in it."]}
    assert sorted(results[2].errors) == ["language", "url"]
    assert (Article.objects.count(), Revision.objects.count()) == (2, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "NUL \0 and \x0c and lone \ud800 surrogate.",
        "👨‍👩‍👧 e\u0301 \u202eRTL\u202c \u2028 line",
        "<script>alert(1)</script> & <mark>",
        "x" * 100_000,
        " ".join(map(str, range(150_000))),
        "".join(map(chr, range(0x4E00, 0x9FFF))) * 9,
    ],
)
def test_hostile_texts_are_stored_in_their_canonical_form(text: str) -> None:
    [result] = take_in(items=[{"text": text}], by=None)
    assert result.status == "created"
    stored = Revision.objects.get().text
    assert stored == text.replace("\0", "\ufffd").replace("\x0c", "\ufffd").replace("\ud800", "\ufffd")
    assert Revision.objects.get().length == len(stored)


@pytest.mark.django_db
def test_a_page_is_kept_as_it_came_with_its_extractor() -> None:
    page = f"<html lang=en><body><article><h1>A warning</h1><p>{BODY}</p><p>{BODY} Again.</p></article></body></html>"
    take_in(items=[{"html": page}], by=None)
    revision = Revision.objects.get()
    assert bytes(revision.raw or b"") == page.encode()
    assert (revision.raw_type, revision.extractor) == ("text/html", "trafilatura")


@pytest.mark.django_db
def test_sources_are_known_by_domain_or_else_by_name() -> None:
    take_in(
        items=[
            item(1, source={"name": "Gazette", "domain": "gazette.example"}),
            item(2, source={"name": "The Gazette", "domain": "www.gazette.example"}),
            item(3, source="Gazette"),
            item(4, source="Вестник"),
            item(5, source="вестник"),
            item(6),
            item(7),
        ],
        by=None,
    )
    assert [(source.domain, source.articles.count()) for source in Source.objects.order_by("domain")] == [
        ("gazette.example", 3),
        ("unknown-source.invalid", 2),
        ("вестник.invalid", 2),
    ]
    assert Article.objects.filter(source__name="Unknown source").count() == 2


@pytest.mark.django_db
def test_an_unknown_genre_is_refused_once_there_is_a_codebook() -> None:
    assert take_in(items=[item(1, genre="Anything")], by=None)[0].status == "created"
    _a_codebook_with_genres("NewsArticle", "OpinionNewsArticle")
    good, bad = take_in(items=[item(2, genre="OpinionNewsArticle"), item(3, genre="Poem")], by=None)
    assert good.status == "created"
    assert bad.errors == {"genre": ["“Poem” is no genre of the codebook: NewsArticle, OpinionNewsArticle."]}


def _a_codebook_with_genres(*codes: str) -> None:
    scheme = SchemeVersion.objects.create(
        scheme=Scheme.objects.create(key="genre", name="Genre"), number=1, version="1", sha256="x"
    )
    Code.objects.bulk_create(
        Code(scheme_version=scheme, code=code, label=code, position=n) for n, code in enumerate(codes)
    )
    CodebookVersion.objects.create(number=1).schemes.add(scheme)


@pytest.mark.django_db
def test_somebody_who_only_reads_the_api_may_add_nothing() -> None:
    with pytest.raises(PermissionDenied):
        take_in(items=[item()], by=a_user(Role.READER))
    assert Article.objects.count() == 0


@pytest.mark.django_db
def test_recognising_many_takes_no_more_queries_than_recognising_one(django_assert_num_queries: Any) -> None:
    take_in(items=[item(number) for number in range(20)], by=None)
    with django_assert_num_queries(4):  # savepoint, attribution, one lookup, release
        take_in(items=[item(1)], by=None)
    with django_assert_num_queries(4):
        take_in(items=[item(number) for number in range(20)], by=None)


@pytest.mark.django_db(transaction=True)
def test_the_same_articles_sent_at_the_same_moment_are_stored_once() -> None:
    items = [item(number, url=f"https://e.example/{number}") for number in range(60)]

    def send(order: int) -> list[ItemResult]:
        try:
            return take_in(items=items if order % 2 else items[::-1], by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    statuses = [result.status for answer in answers for result in answer]
    assert (statuses.count("created"), statuses.count("duplicate")) == (60, 180)
    assert (Article.objects.count(), Revision.objects.count(), Source.objects.count()) == (60, 60, 1)


@pytest.mark.django_db(transaction=True)
def test_when_the_database_fails_midway_nothing_of_the_batch_is_stored() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_zone ADD CONSTRAINT no_zones CHECK (kind <> 'headline')")
    try:
        with pytest.raises(IntegrityError):
            take_in(items=[item(1, text=BODY, title=""), item(2)], by=None)
        assert (Article.objects.count(), Revision.objects.count(), Zone.objects.count()) == (0, 0, 0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE articles_zone DROP CONSTRAINT no_zones")


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_article_of_the_same_text_or_address() -> None:
    [result] = take_in(items=[item(url="https://e.example/1")], by=None)
    article = Article.objects.get(pk=result.id)
    for column in ("url", "text_sha256"):
        twin = Article(source=article.source, title="Twin", retrieved_at=article.retrieved_at)
        setattr(twin, column, getattr(article, column))
        with pytest.raises(IntegrityError, match=column), transaction.atomic():
            twin.save()
