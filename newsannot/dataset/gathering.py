"""Documents with their records out of the database, for everybody's formats: streamed, whatever their number.

One cursor leads over the readings; the texts, records, spans, links and actors of a stretch of them are a handful of
queries, so that neither memory nor the number of queries for a text grows with the whole.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict

from newsannot.accounts.models import User
from newsannot.annotations.api import FILTERS as MENTION_FILTERS
from newsannot.annotations.kinds import ClaimField, Kind, all_kinds, kind_named
from newsannot.annotations.layers import in_layer
from newsannot.annotations.models import Reading, ReadingState
from newsannot.annotations.outward import fetched, link_sql
from newsannot.annotations.pages import narrowed
from newsannot.core.filters import Filter, conditions_of
from newsannot.core.layers import Audience, Layer
from newsannot.dataset.formats.form import Actor, Document, Record, Ref, Shape, Shapes, Span, Value, blacked_out
from newsannot.statements.api import FILTERS as STATEMENT_FILTERS
from newsannot.statements.api import THREATENED
from newsannot.threats.api import FILTERS as THREAT_FILTERS
from newsannot.threats.api import SAID

LAYERS = (Layer.PUBLISHED, Layer.CURATED, Layer.SUBMITTED)
MOST_DOCUMENTS = 200
MOST_CHARACTERS = 1_000_000
"""How many texts, or characters of them, are held at once."""
FILTERS: Mapping[str, Sequence[Filter]] = {
    "mention": MENTION_FILTERS,
    "statement": STATEMENT_FILTERS,
    "threat": THREAT_FILTERS,
}
_RELATED = {
    "statement": frozenset(one.name for one in THREATENED),
    "threat": frozenset(one.name for one in SAID),
}
_TEXTS = "SELECT id, text FROM articles_revision WHERE id = ANY(%s)"
_SPANS = """
    SELECT annotation_id, role, start, "end" FROM annotations_span
    WHERE annotation_id = ANY(%s) ORDER BY annotation_id, start, "end", role
"""
_ACTORS = """
    SELECT id, name, kind, coalesce(wikidata_id, ''), coalesce(iso3, ''), coalesce(cow_code::text, ''),
           coalesce(cameo_code, ''), sectors
    FROM actors_actor WHERE id = ANY(%s)
"""
# As text from the database: the driver makes objects of them, each of which Python would write out again.
_ID = Cast("public_id", TextField())
_AT = Func(
    "updated_at",
    template="""to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
    output_field=TextField(),
)
_NAMING = frozenset({"actor", "actors", "record", "records", "primary", "codes"})
"""Sorts of fields whose values are not given out as they are stored."""
_ABOUT = {
    "revision": "revision_id",
    "length": "revision__length",
    "sha256": "revision__sha256",
    "number": "revision__number",
    "article": "revision__article_id",
    "title": "revision__article__title",
    "url": "revision__article__url",
    "published_at": "revision__article__published_at",
    "language": "revision__article__language",
    "source": "revision__article__source__name",
    "domain": "revision__article__source__domain",
    "reliability": "revision__article__source__reliability",
    "excerpt_limit": "revision__article__source__excerpt_limit",
    "reader": "reader__username",
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What to export: a layer for a person, the kinds of record, and the API's filters.

    What is published is given out as readers get it, within the embargo and the excerpt limit of its source; the other
    layers, which only editors may ask for, whole. A kind that lacks one of the filters asked for is left out.
    """

    user: User
    layer: Layer = Layer.PUBLISHED
    kinds: tuple[str, ...] = ()
    query: str = ""

    @property
    def audience(self) -> Audience:
        """For whom it is read out."""
        return Audience.READERS if self.layer is Layer.PUBLISHED else Audience.STAFF


def shapes() -> Shapes:
    """The kinds as the formats see them."""
    return {
        kind.name: Shape(kind.name, kind.role, tuple(r.name for r in kind.roles), {f.name: f.sort for f in kind.fields})
        for kind in all_kinds()
    }


# --- Which --------------------------------------------------------------------------------------


def filter_names() -> list[str]:
    """The filters that some kind has."""
    return list(dict.fromkeys(one.name for filters in FILTERS.values() for one in filters))


def rows_of(selection: Selection) -> dict[str, QuerySet[Any]]:
    """The annotations selected, by kind.

    Raises a refusal naming every filter that no kind has, or that has an unknown value; PermissionDenied for a layer
    that is not the person's to see.
    """
    asked = QueryDict(selection.query)
    found = {}
    for kind in all_kinds():
        filters = FILTERS[kind.name]
        names = {one.name for one in filters}
        if (selection.kinds and kind.name not in selection.kinds) or set(asked) & set(filter_names()) - names:
            continue
        told = conditions_of(asked, filters, selection.audience)
        rows = in_layer(kind, selection.layer, selection.user, selection.audience)
        found[kind.name] = narrowed(rows, kind, told, _RELATED.get(kind.name, ()))
    if not found and set(asked) - set(filter_names()):
        conditions_of(asked, MENTION_FILTERS, selection.audience)
    return found


def readings_of(selection: Selection, rows: Mapping[str, QuerySet[Any]]) -> QuerySet[Reading]:
    """The readings whose records are selected; without a filter also those that were published or handed in empty."""
    readings = Reading.objects.order_by("pk")
    if selection.layer is Layer.SUBMITTED:
        readings = readings.filter(reader__isnull=False).exclude(state=ReadingState.OPEN)
    else:
        readings = readings.filter(reader=None)
    if selection.layer is Layer.PUBLISHED:
        readings = readings.filter(state=ReadingState.PUBLISHED)
    if selection.query or selection.kinds or selection.layer is Layer.PUBLISHED:
        wanted = Q(pk__in=[])
        for annotations in rows.values():  # by EXISTS: a long list would be gone through for each reading
            wanted |= Q(Exists(annotations.order_by().filter(reading=OuterRef("pk"))))
        readings = readings.filter(wanted)
    return readings


# --- The stream ----------------------------------------------------------------------------------


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything within as it stood at one moment, whoever writes meanwhile."""
    is_within = connection.in_atomic_block
    with transaction.atomic():
        if not is_within:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def document_count(selection: Selection) -> int:
    """How many documents `documents` gives."""
    return readings_of(selection, rows_of(selection)).count()


def documents(selection: Selection) -> Generator[Document]:
    """The documents selected, in the order of their readings, all as they stood at one moment, in one transaction.

    Raises as `rows_of` does, before the first. Who does not read to the end closes it.
    """
    rows = rows_of(selection)
    readings = readings_of(selection, rows).values_list("pk", *_ABOUT.values())
    return _stream(rows, readings, selection)


def _stream(
    rows: Mapping[str, QuerySet[Any]], readings: QuerySet[Any, Any], selection: Selection
) -> Generator[Document]:
    audience = selection.audience
    with one_moment():
        held: list[dict[str, Any]] = []
        size = 0
        for pk, *values in readings.iterator(chunk_size=MOST_DOCUMENTS):
            about = dict(zip(_ABOUT, values, strict=True)) | {"pk": pk}
            if held and (len(held) == MOST_DOCUMENTS or size + about["length"] > MOST_CHARACTERS):
                yield from _gathered(held, rows, audience)
                held, size = [], 0
            held.append(about)
            size += about["length"]
        if held:
            yield from _gathered(held, rows, audience)


@dataclass(slots=True)
class _Row:
    pk: int
    public_id: str
    kind: str
    version: int
    updated_at: str
    claim: dict[str, Any]


def _gathered(
    held: Sequence[Mapping[str, Any]], rows: Mapping[str, QuerySet[Any]], audience: Audience
) -> Iterator[Document]:
    """The documents of some readings: their texts, and for each kind the rows, links and spans."""
    texts = dict(fetched(_TEXTS, {about["revision"] for about in held}))
    by_reading: defaultdict[int, list[_Row]] = defaultdict(list)
    for name, annotations in rows.items():
        for reading, row in _rows(kind_named(name), annotations.filter(reading__in=[about["pk"] for about in held])):
            by_reading[reading].append(row)
    found = [row for own in by_reading.values() for row in own]
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for pk, role, start, end in fetched(_SPANS, [row.pk for row in found]):
        spans[pk].append(Span(role, start, end))
    _name_actors(found)
    for about in held:
        records = tuple(_record(row, spans[row.pk], audience) for row in by_reading[about["pk"]])
        yield _document(about, texts[about["revision"]], records, audience)


def _rows(kind: Kind, annotations: QuerySet[Any]) -> Iterator[tuple[int, _Row]]:
    columns = {field.name: _path(field) for field in kind.columns}
    found: dict[int, tuple[int, _Row]] = {}
    for pk, public_id, reading, version, at, *values in annotations.order_by("pk").values_list(
        "pk", _ID, "reading_id", "version", _AT, *columns.values()
    ):
        claim = {name: value for name, value in zip(columns, values, strict=True) if value}
        found[pk] = (reading, _Row(pk, public_id, kind.name, version, at.replace(".000000", ""), claim))
    for field in kind.linked:
        primary = next((f.name for f in kind.fields if f.sort == "primary" and f.links is field.links), None)
        for owner, value, *leads in fetched(link_sql(kind.name, field.name), found):
            claim = found[owner][1].claim
            claim.setdefault(field.name, []).append(value)
            if primary and leads[0]:
                claim[primary] = value
    yield from found.values()


def _path(field: ClaimField) -> str:
    return {"actor": f"{field.name}_id", "record": f"{field.name}__public_id"}.get(field.sort, field.name)


def _name_actors(rows: Sequence[_Row]) -> None:
    """Put actors in the place of their ids, and references in that of the ids of records."""
    naming = {kind.name: [(f.name, f.sort) for f in kind.fields if f.sort in _NAMING] for kind in all_kinds()}
    found = [(row.claim, name, sort) for row in rows for name, sort in naming[row.kind] if name in row.claim]
    wanted: set[int] = set()
    for claim, name, sort in found:
        if sort == "actor":
            wanted.add(claim[name])
        elif sort == "actors":
            wanted.update(claim[name])
    actors = {
        pk: Actor(name, kind, wikidata, pk, iso3, cow, cameo, tuple(sectors or ()))
        for pk, name, kind, wikidata, iso3, cow, cameo, sectors in fetched(_ACTORS, wanted)
    }
    for claim, name, sort in found:
        claim[name] = _value(sort, claim[name], actors)


def _value(sort: str, value: Any, actors: Mapping[int, Actor]) -> Value:
    if sort == "actor":
        return actors[value]
    if sort == "actors":
        return tuple(actors[pk] for pk in value)
    if sort == "records":
        return tuple(Ref(str(pk)) for pk in value)
    return tuple(value) if sort == "codes" else Ref(str(value))


def _record(row: _Row, spans: Sequence[Span], audience: Audience) -> Record:
    """The record; notes are for those who work on it."""
    if audience is Audience.READERS:
        row.claim.pop("note", None)
    return Record(row.public_id, row.kind, row.claim, tuple(spans), row.version, row.updated_at)


def _document(about: Mapping[str, Any], text: str, records: tuple[Record, ...], audience: Audience) -> Document:
    limit = about["excerpt_limit"] if audience is Audience.READERS else None
    reader = about["reader"] or ""
    return Document(
        key=f"a{about['article']}-r{about['number']}{f'-{reader}' if reader else ''}",
        text=text if limit is None else blacked_out(text, _within(records, limit)),
        sha256=about["sha256"],
        records=records,
        language=about["language"],
        title=about["title"],
        url=about["url"] or "",
        source=about["source"],
        domain=about["domain"],
        reliability=about["reliability"] or "",
        published_at=about["published_at"].isoformat() if about["published_at"] else "",
        article=about["article"],
        revision=about["revision"],
        reader=reader,
        is_excerpt=limit is not None,
    )


def _within(records: Sequence[Record], limit: int) -> Iterator[tuple[int, int]]:
    """What of the text the records give out: of each so many code points, in the order of the text."""
    for record in records:
        left = limit
        for span in record.spans:
            yield span.start, min(span.end, span.start + left)
            left = max(left - (span.end - span.start), 0)
