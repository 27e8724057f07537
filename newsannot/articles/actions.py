"""Every write about articles: taking them in, and correcting their zones."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from psycopg.errors import DeadlockDetected, UniqueViolation

from newsannot.accounts.models import User
from newsannot.articles.access import require_rating, require_taking_in, require_zoning
from newsannot.articles.models import ArticleState, Reliability, Revision, Source, Zone
from newsannot.articles.queries import Recognised, genre_labels, known_articles
from newsannot.articles.rules.canonical import text_sha256
from newsannot.articles.rules.files import Found, Ready, Refused
from newsannot.articles.rules.items import (
    NO_DOMAIN,
    Draft,
    Errors,
    ItemRefusedError,
    SourceName,
    draft_item,
    unknown_fields,
)
from newsannot.articles.rules.zones import FoundZone, zones_problem
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action, attribute_to

BATCH = 500
"""How many articles are stored in one transaction."""
TRIES = 5
"""How often a batch is tried when others store the same articles at the same moment."""
UNSORTED = "16MB"
"""How many words of articles stored in bulk may wait to be sorted into the word index: the more, the less work."""
Status = Literal["created", "duplicate", "error", "revised"]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item: `id` is the article's, the stored one's for a duplicate; `note` says how it is known.

    `is_other_text`: a duplicate by its address, with a text that no revision has; `revising.py` may store that.
    """

    index: int
    id: int | None
    status: Status
    errors: Errors = field(default_factory=dict)
    note: str = ""
    is_other_text: bool = False


def take_in(
    *, items: Iterable[object], by: User | None, is_strict: bool = False, in_bulk: bool = False
) -> list[ItemResult]:
    """Store articles, each with its first revision and its zones; one result an item, in order.

    Items are the fields of `POST /api/v1/articles/`, or drafts; `is_strict` refuses an item with other fields. An
    article is known by its canonical address and by the hash of its text, whether stored before or earlier among these
    items; a known one is reported, never doubled. A bad item is reported and the rest goes on. Every `BATCH` articles
    are stored in one transaction; any number of callers may take in at once. `by` is None for the machine; raises
    PermissionDenied for who may not add articles. Who takes in thousands does so `in_bulk`, and calls `sort_words` in
    the end.
    """
    if by is not None:
        require_taking_in(by)
    results: list[ItemResult] = []
    for batch in _batches(enumerate(items), is_strict=is_strict):
        drafts = {index: one for index, one in batch if isinstance(one, Draft)}
        results += [ItemResult(index, None, "error", one) for index, one in batch if not isinstance(one, Draft)]
        results += _store(drafts=drafts, by=by, in_bulk=in_bulk) if drafts else []
    return sorted(results, key=lambda result: result.index)


def sort_words() -> None:
    """Sort the words of what was stored in bulk into the index; searches find them before, but read all that waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('revision_search')")


def take_in_found(*, found: Sequence[Found], by: User | None, in_bulk: bool = False) -> list[ItemResult]:
    """Store what was found in files; one result a find, those refused already reported as they are."""
    ready = [(index, one.draft) for index, one in enumerate(found) if isinstance(one, Ready)]
    taken = take_in(items=[draft for _, draft in ready], by=by, in_bulk=in_bulk)
    stored = {index: replace(result, index=index) for (index, _), result in zip(ready, taken, strict=True)}
    refused = {
        index: ItemResult(index, None, "error", one.errors)
        for index, one in enumerate(found)
        if isinstance(one, Refused)
    }
    return [(stored | refused)[index] for index in range(len(found))]


def _batches(items: Iterable[tuple[int, object]], *, is_strict: bool) -> Iterator[list[tuple[int, Draft | Errors]]]:
    """The items as drafts, or as what is wrong with them, batch by batch."""
    genres: Mapping[str, str] | None = None
    batch: list[tuple[int, Draft | Errors]] = []
    for index, item in items:
        drafted = _draft(item, is_strict=is_strict)
        if isinstance(drafted, Draft) and drafted.genre:
            genres = genre_labels() if genres is None else genres
            if genres and drafted.genre not in genres:
                drafted = {"genre": [f"“{drafted.genre}” is no genre of the codebook: {', '.join(genres)}."]}
        batch.append((index, drafted))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _draft(item: object, *, is_strict: bool) -> Draft | Errors:
    if isinstance(item, Draft):
        return item
    if not isinstance(item, Mapping):
        return {"item": ["This must be an article, as an object with its fields."]}
    unknown = unknown_fields(item) if is_strict else {}
    try:
        drafted = draft_item(item)
    except ItemRefusedError as refusal:
        return {**unknown, **refusal.errors}
    return unknown or drafted


def _store(*, drafts: Mapping[int, Draft], by: User | None, in_bulk: bool) -> list[ItemResult]:
    """Store one batch of drafts: all of it or, when the database fails, nothing of it.

    Somebody else may store one of its articles at the same moment: the unique indexes notice, and the batch is tried
    again, now knowing that article.
    """
    for patience in range(TRIES, 0, -1):
        try:
            with transaction.atomic():
                attribute_to(by.pk if by else None, action=take_in.__name__)
                if in_bulk:
                    _sort_seldom()
                return _store_unknown(drafts, by)
        except (IntegrityError, OperationalError) as error:
            if patience == 1 or not isinstance(error.__cause__, UniqueViolation | DeadlockDetected):
                raise
    raise AssertionError("the last try returns or raises")


def _sort_seldom() -> None:
    """Let words wait for the index in this transaction, which otherwise sorts them in as soon as 4 MB do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('gin_pending_list_limit', %s, true), set_config('work_mem', %s, true)",
            [UNSORTED, UNSORTED],
        )


def _store_unknown(drafts: Mapping[int, Draft], by: User | None) -> list[ItemResult]:
    """Recognise each draft, or store it; drafts after it may be recognised by it."""
    known, results, new = known_articles(drafts.values()), [], []
    with connection.cursor() as cursor:
        ids = _new_ids(cursor, sum(known.recognise(draft) is None for draft in drafts.values()))
        for index, draft in drafts.items():
            if recognised := known.recognise(draft):
                results.append(_duplicate(index, recognised))
                continue
            article_id, revision_id = next(ids)
            known.add(article_id, draft)
            new.append(_Row(article_id, revision_id, draft))
            results.append(ItemResult(index, article_id, "created"))
        if new:
            with connection.wrap_database_errors:
                _copy(cursor, new, by)
    return results


def _duplicate(index: int, known: Recognised) -> ItemResult:
    return ItemResult(index, known.article_id, "duplicate", note=known.note, is_other_text=known.is_other_text)


@dataclass(frozen=True, slots=True)
class _Row:
    """A draft with the ids it is stored under."""

    article_id: int
    revision_id: int
    draft: Draft


def _new_ids(cursor: CursorWrapper, count: int) -> Iterator[tuple[int, int]]:
    """Fresh ids for so many articles and their first revisions."""
    if not count:
        return iter(())
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence('articles_article', 'id')),"
        " nextval(pg_get_serial_sequence('articles_revision', 'id')) FROM generate_series(1, %s)",
        [count],
    )
    return iter(cursor.fetchall())


def _copy(cursor: CursorWrapper, rows: Sequence[_Row], by: User | None) -> None:
    """COPY articles, revisions and zones in."""
    now = timezone.now()
    sources = _source_ids(dict.fromkeys(row.draft.source for row in rows))
    author = by.pk if by else None
    with cursor.copy(_ARTICLES) as copy:
        for row in rows:
            copy.write_row(_article_row(row, sources[row.draft.source], now, author))
    with cursor.copy(_REVISIONS) as copy:
        for row in rows:
            copy.write_row(_revision_row(row, now))
    with cursor.copy(_ZONES) as copy:
        for row in rows:
            for zone in row.draft.zones:
                copy.write_row((row.revision_id, zone.kind, zone.start, zone.end, zone.is_codable))


_ARTICLES = """COPY articles_article (id, source_id, url, title, byline, published_at, language, genre,
    text_sha256, retrieved_at, state, created_by_id, created_at, updated_at) FROM STDIN"""
_REVISIONS = """COPY articles_revision (id, article_id, number, text, length, block_starts, sha256, retrieved_at, raw,
    raw_type, extractor, extractor_version) FROM STDIN"""
_ZONES = """COPY articles_zone (revision_id, kind, start, "end", is_codable) FROM STDIN"""


def _article_row(row: _Row, source_id: int, now: datetime, author: int | None) -> tuple[Any, ...]:
    draft = row.draft
    about = (draft.url, draft.title, draft.byline, draft.published_at, draft.language, draft.genre, draft.sha256)
    return (row.article_id, source_id, *about, now, ArticleState.READY.value, author, now, now)


def _revision_row(row: _Row, now: datetime) -> tuple[Any, ...]:
    text, starts = row.draft.text, "{" + ",".join(map(str, row.draft.block_starts)) + "}"
    fixed = (row.revision_id, row.article_id, 1, text, len(text), starts, row.draft.sha256, now)
    capture = row.draft.capture
    if capture is None:
        return (*fixed, None, "", "", "")
    raw = None if capture.raw == text.encode() else capture.raw
    return (*fixed, raw, capture.raw_type, capture.extractor, capture.extractor_version)


def _source_ids(wanted: Collection[SourceName]) -> dict[SourceName, int]:
    """The id of each source, made when it is new: known by its domain or, without one, by its name."""
    found = _find_sources(wanted)
    for has_domain in (True, False):  # a name may turn out to be that of a domain just made
        missing = [source for source in wanted if source not in found and bool(source.domain) is has_domain]
        if missing:
            made = [Source(name=source.name, domain=_domain_for(source)) for source in missing]
            Source.objects.bulk_create(made, ignore_conflicts=True)
            found = _find_sources(wanted)
    return found


def _find_sources(wanted: Collection[SourceName]) -> dict[SourceName, int]:
    names = [source.name for source in wanted if not source.domain]
    domains = [_domain_for(source) for source in wanted]
    rows = list(Source.objects.filter(Q(domain__in=domains) | Q(name__in=names)).order_by("-id"))
    by_domain, by_name = {row.domain: row.pk for row in rows}, {row.name: row.pk for row in rows}
    found = {
        source: by_domain.get(_domain_for(source)) or (None if source.domain else by_name.get(source.name))
        for source in wanted
    }
    return {source: pk for source, pk in found.items() if pk is not None}


def _domain_for(source: SourceName) -> str:
    """The source's domain, or a made-up one, which names of the same letters share."""
    made_up = slugify(source.name, allow_unicode=True)[:200] or text_sha256(source.name)[:16]
    return source.domain or f"{made_up}{NO_DOMAIN}"


@action
def correct_zones(*, revision: Revision, zones: Sequence[FoundZone], by: User) -> list[Zone]:
    """Put other zones in the place of a revision's.

    Zones are half-open in code points. Raises RuleBroken when they overlap, leave the text or are of no known kind, or
    when text that annotations rest on would become boilerplate; PermissionDenied for who is no editor. Locks the
    revision.
    """
    require_zoning(by)
    locked = Revision.objects.select_for_update().only("text").get(pk=revision.pk)
    if problem := zones_problem(zones, locked.text):
        raise RuleBroken(problem, field="zones")
    Zone.objects.filter(revision=revision).delete()
    return Zone.objects.bulk_create(
        Zone(revision=revision, kind=zone.kind, start=zone.start, end=zone.end, is_codable=zone.is_codable)
        for zone in zones
    )


@action
def rate_source(*, source: Source, reliability: str | None, by: User) -> Source:
    """Say how far a source can be relied on; None: not rated, which is not *cannot be judged*.

    Raises RuleBroken for what is no grade, PermissionDenied for who is no editor. Locks the source.
    """
    require_rating(by)
    if reliability is not None and reliability not in Reliability.values:
        raise RuleBroken(f"Choose one of {', '.join(Reliability.values)}, or none.", field="reliability")
    rated = Source.objects.select_for_update().get(pk=source.pk)
    rated.reliability = reliability
    rated.save(update_fields=["reliability", "updated_at"])
    return rated
