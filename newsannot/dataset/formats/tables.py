"""Tables: CSV for spreadsheets, Parquet for data frames, and TSV in the shape of POLECAT. A row for each record."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from newsannot.dataset.formats.archive import Sink
from newsannot.dataset.formats.form import Actor, Document, Record, Shapes, actors_of, in_role, library, texts_of, words
from newsannot.dataset.formats.graph import written_claim

ABOUT = ("kind", "id", "version", "updated_at")
OF_DOCUMENT = ("key", "article", "revision", "sha256", "title", "url", "source", "domain", "published_at", "language")
BATCH = 5000
_FORMULA = re.compile(r"[\s'\"]*[=+\-@\t\r|%]")


def _rows(documents: Iterable[Document]) -> Iterator[tuple[Document, Record]]:
    return ((document, record) for document in documents for record in document.records)


def _fields(shapes: Shapes) -> list[str]:
    return list(dict.fromkeys(name for shape in shapes.values() for name in shape.fields))


def _roles(shapes: Shapes) -> list[str]:
    return list(dict.fromkeys(role for shape in shapes.values() for role in shape.roles))


# --- CSV -----------------------------------------------------------------------------------------


def write_csv(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte order mark, which spreadsheets need; nothing in it is taken for a formula.

    Several values of a field are parted by `; `; each role has its words and, in code points, its places.
    """
    fields, roles = _fields(shapes), _roles(shapes)
    head = [*ABOUT, *OF_DOCUMENT, "reader", *fields, *(f"{role}_{what}" for role in roles for what in ("words", "at"))]
    yield b"\xef\xbb\xbf" + _line(head)
    for document, record in _rows(documents):
        about = [getattr(record, name) for name in ABOUT]
        of = [getattr(document, name) for name in (*OF_DOCUMENT, "reader")]
        said = ["; ".join(_told(record, name)) for name in fields]
        parts = [cell for role in roles for cell in _evidence(document, record, role)]
        yield _line([*about, *of, *said, *parts])


def _told(record: Record, name: str) -> Sequence[str]:
    return (
        written_claim({name: record.claim[name]}).get(name) or texts_of(record.claim[name])
        if name in record.claim
        else ()
    )


def _evidence(document: Document, record: Record, role: str) -> tuple[str, str]:
    places = ";".join(f"{span.start}-{span.end}" for span in in_role(record, role))
    return words(document, record, role), places


def _line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return line.getvalue().encode()


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


# --- Parquet -------------------------------------------------------------------------------------


def write_parquet(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """Parquet, 5,000 records a row group."""
    arrow, parquet = library("pyarrow", "formats"), library("pyarrow.parquet", "formats")
    schema = _schema(arrow, shapes)
    sink, rows = Sink(), _rows(documents)
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        while batch := list(islice(rows, BATCH)):
            writer.write_table(arrow.Table.from_pylist([_row(d, r, shapes) for d, r in batch], schema=schema))
            yield sink.taken()
    yield sink.taken()


def _schema(arrow: Any, shapes: Shapes) -> Any:
    text = arrow.string()
    span = arrow.struct([("role", text), ("start", arrow.int32()), ("end", arrow.int32()), ("exact", text)])
    sorts = {name: sort for shape in shapes.values() for name, sort in shape.fields.items()}
    actor = arrow.struct([("id", arrow.int64()), ("name", text), ("kind", text), ("wikidata_id", text)])
    types = {"actor": actor, "actors": arrow.list_(actor), "flag": arrow.bool_()}
    types |= {"codes": arrow.list_(text), "records": arrow.list_(text)}
    about = [
        (name, arrow.int64() if name in {"version", "article", "revision"} else text) for name in ABOUT + OF_DOCUMENT
    ]
    columns = [(name, types.get(sort, text)) for name, sort in sorts.items()]
    return arrow.schema([*about, ("reader", text), *columns, ("spans", arrow.list_(span))])


def _row(document: Document, record: Record, shapes: Shapes) -> dict[str, Any]:
    claim = {name: _cell(shapes[record.kind].fields[name], value) for name, value in record.claim.items()}
    spans = [
        {"role": s.role, "start": s.start, "end": s.end, "exact": document.text[s.start : s.end]} for s in record.spans
    ]
    about = {name: getattr(record, name) for name in ABOUT} | {name: getattr(document, name) for name in OF_DOCUMENT}
    return about | {"reader": document.reader, **claim, "spans": spans}


def _cell(sort: str, value: Any) -> Any:
    if sort in {"actor", "actors"}:
        found = [
            {"id": a.id, "name": a.name, "kind": a.kind, "wikidata_id": a.wikidata_id or None} for a in actors_of(value)
        ]
        return found if sort == "actors" else found[0]
    if sort == "flag":
        return bool(value)
    return texts_of(value) if sort in {"codes", "records"} else texts_of(value)[0]


# --- PLOVER and POLECAT --------------------------------------------------------------------------

EVENT, QUAD = "THREATEN", "VERBAL CONFLICT"
_SIDE = ("Name", "Country", "COW", "Sectors", "Name Raw", "Wikidata ID")
POLECAT = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Quad Code", "Contexts",
    *(f"Actor {what}" for what in _SIDE), *(f"Recipient {what}" for what in _SIDE),
    "Placename", "Source", "Publication Date", "Language", "Version",
)  # fmt: skip


def write_plover(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """Threats as events of PLOVER, a JSON object a line; statements and mentions are none."""
    for document, record in _rows(documents):
        if record.kind == "threat":
            yield json.dumps(_event(document, record), ensure_ascii=True).encode() + b"\n"


def _event(document: Document, record: Record) -> dict[str, Any]:
    claim = record.claim
    event = {
        "id": record.id,
        "date": (document.published_at or "")[:10],
        "event": EVENT,
        "mode": next(iter(texts_of(claim.get("plover_mode"))), ""),
        "context": texts_of(claim.get("plover_contexts")),
        "source": [_party(one) for one in actors_of(claim.get("issuer"))],
        "target": [_party(one) for one in _recipients(record)],
        "cameo": next(iter(texts_of(claim.get("cameo"))), ""),
        "text": [document.text[span.start : span.end] for span in record.spans],
        "article": {
            "title": document.title,
            "url": document.url,
            "source": document.source,
            "language": document.language,
        },
    }
    return {name: value for name, value in event.items() if value not in ("", [])}


def _party(actor: Actor) -> dict[str, Any]:
    about = {"name": actor.name, "code": actor.iso3, "cow": actor.cow_code, "cameo": actor.cameo_code}
    return {name: value for name, value in (about | {"sectors": list(actor.sectors)}).items() if value}


def _recipients(record: Record) -> list[Actor]:
    both = [*actors_of(record.claim.get("harm_targets")), *actors_of(record.claim.get("influence_targets"))]
    return list(dict.fromkeys(both))


def write_polecat(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """Threats in the columns of POLECAT, a row for each recipient; what we do not know is left empty."""
    yield ("\t".join(POLECAT) + "\n").encode()
    for document, record in _rows(documents):
        if record.kind == "threat":
            recipients: list[Actor | None] = [*_recipients(record)]
            for recipient in recipients or [None]:
                yield ("\t".join(map(_plain, _polecat(document, record, recipient))) + "\n").encode()


def _polecat(document: Document, record: Record, recipient: Actor | None) -> list[str]:
    claim = record.claim
    issuer = next(iter(actors_of(claim.get("issuer"))), None)
    mode, contexts = texts_of(claim.get("plover_mode")), texts_of(claim.get("plover_contexts"))
    first = [record.id, document.published_at[:10], EVENT, "".join(mode), QUAD, ";".join(contexts)]
    last = ["", document.source, document.published_at[:10], document.language, str(record.version)]
    return [*first, *_side(issuer), *_side(recipient), *last]


def _side(actor: Actor | None) -> list[str]:
    if actor is None:
        return [""] * len(_SIDE)
    return [actor.name, actor.iso3, actor.cow_code, ";".join(actor.sectors), actor.name, actor.wikidata_id]


def _plain(cell: str) -> str:
    return re.sub(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", str(safe_cell(cell)))
