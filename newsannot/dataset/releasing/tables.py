"""The records of a release as tables: CSV for everybody, Parquet where pyarrow is installed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from newsannot.dataset.releasing.shapes import arrow_schema, cell, columns_of
from newsannot.dataset.releasing.standing import Standing


def write_csv(kind: str, batches: Iterable[list[Standing]]) -> Iterator[bytes]:
    """CSV [RFC 4180] in UTF-8, a row for each record."""
    columns = columns_of(kind)
    yield _rows([[column.name for column in columns]])
    for batch in batches:
        records = (json.loads(one.data) for one in batch)
        yield _rows([cell(column.value_of(record)) for column in columns] for record in records)


def _rows(rows: Iterable[list[Any]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()


def has_parquet() -> bool:
    """Whether Parquet can be written here: it comes with the extra [formats]."""
    return find_spec("pyarrow") is not None


def write_parquet(kind: str, batches: Iterable[list[Standing]]) -> Iterator[bytes]:
    """Parquet with objects and lists as the API gives them, a row group for each batch."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    schema, sink = arrow_schema(arrow, kind), _Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in batches:
            records = [json.loads(one.data) for one in batch]
            writer.write_table(arrow.Table.from_pylist(records, schema=schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Collects what is written, to be taken bit by bit."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep the bytes."""
        self._parts.append(bytes(data))
        self._length += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        """How much was written in all."""
        return self._length

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        found, self._parts = b"".join(self._parts), []
        return found
