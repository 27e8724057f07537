"""What stands in the published record at a number of the feed."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsannot.core.rows import ask
from newsannot.dataset.models import Change

BATCH = 2000
_STANDING = """
    SELECT record, snapshot FROM (
        SELECT DISTINCT ON (record) record, action, snapshot FROM dataset_change
        WHERE kind = %s AND seq <= %s AND record > %s ORDER BY record, seq DESC LIMIT %s
    ) AS last
"""


class Standing(NamedTuple):
    """A record and its canonical JSON; none when it was withdrawn."""

    record: str
    data: str


def standing_at(kind: str, seq: int) -> Iterator[list[Standing]]:
    """The records of a kind that stand after change `seq`, by id, in batches; some may come out empty."""
    after = ""
    while True:
        with ask(_STANDING, [kind, seq, after, BATCH]) as cursor:
            rows = [Standing(*row) for row in cursor.fetchall()]
        yield [row for row in rows if row.data]
        if len(rows) < BATCH:
            return
        after = rows[-1].record


def replayed(kind: str, changes: Iterable[Change]) -> list[Standing]:
    """The records of a kind that stand once all changes were applied, as a client holds them, by id."""
    held: dict[str, str] = {}
    for change in changes:
        if change.kind == kind:
            held[change.record] = change.snapshot
    return [Standing(record, held[record]) for record in sorted(held) if held[record]]


def lines(records: Iterable[Standing]) -> bytes:
    """Records as JSONL: a line of canonical JSON each."""
    return "".join(f"{one.data}\n" for one in records).encode()
