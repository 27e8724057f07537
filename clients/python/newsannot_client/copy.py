"""A copy of the published record in a file, brought up to date by the feed of changes.

A page of changes and the number of the last one are stored in one transaction: whenever the program is killed, the file
holds the record as it was after some change, and the next `sync` goes on behind it.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from newsannot_client.client import Client
from newsannot_client.records import ChangeOut

_PAUSE = 5
"""Seconds before a server is asked again that lets nobody wait."""
_TABLES = """
    CREATE TABLE IF NOT EXISTS record (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS record_by_kind ON record (kind, id);
    CREATE TABLE IF NOT EXISTS place (
        only INTEGER PRIMARY KEY CHECK (only = 1), address TEXT NOT NULL, seq INTEGER NOT NULL, last TEXT NOT NULL
    ) STRICT;
"""
_KEEP = """
    INSERT INTO record (id, kind, version, seq, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE
    SET kind = excluded.kind, version = excluded.version, seq = excluded.seq, data = excluded.data
"""


class SyncRefused(Exception):
    """The server's feed is not the one this copy was made of, or came damaged; the copy is as it was."""


@dataclass(frozen=True, slots=True)
class Synced:
    """How many changes were applied, and the number of the last one the copy holds now."""

    changes: int
    seq: int


class LocalCopy:
    """The record in an SQLite file: `with LocalCopy("record.sqlite") as copy: copy.sync(client)`."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @property
    def seq(self) -> int:
        """The number of the last change this copy holds; 0 at the beginning."""
        return self._place()[1]

    def sync(
        self,
        client: Client,
        *,
        on_page: Callable[[Synced], None] | None = None,
        page_size: int = 500,
        upto: int | None = None,
        wait: int = 0,
    ) -> Synced:
        """Apply every change since the last one, none beyond `upto`; `on_page` is told after each page.

        With `wait`, and nothing new, the server is asked to answer as soon as there is, within so many seconds.
        Raises SyncRefused for a feed that does not continue this copy, and what the client raises. What was applied
        before stays.
        """
        address, seq, last = self._place()
        if address not in {"", client.address}:
            raise SyncRefused(f"This copy is of {address}, not of {client.address}.")
        applied, is_known = 0, seq == 0
        for page in client.changes(max(seq - 1, 0), page_size=page_size):
            if not is_known and (page[0]["seq"], _sign(page[0])) != (seq, last):
                raise SyncRefused(f"Change {seq} is not what it was when it was copied; begin a new copy.")
            is_known = True
            wanted = [change for change in page if upto is None or change["seq"] <= upto]
            applied += self._apply(client.address, wanted)
            if on_page:
                on_page(Synced(applied, self.seq))
            if len(wanted) < len(page):
                break
        if not is_known:
            raise SyncRefused(f"The server has no change {seq} any more; begin a new copy.")
        if wait and not applied and upto is None:
            applied = self._waited(client, wait)
        return Synced(applied, self.seq)

    def _waited(self, client: Client, wait: int) -> int:
        """Apply what comes within so many seconds; tells how many changes. Where nobody may wait, some seconds pass."""
        began = time.monotonic()
        applied = sum(self._apply(client.address, page) for page in client.changes(self.seq, wait=wait))
        if not applied:
            time.sleep(max(min(wait, _PAUSE) - (time.monotonic() - began), 0))
        return applied

    def records(self, kind: str | None = None) -> Iterator[dict[str, Any]]:
        """The records, of one kind or all, by kind and id."""
        for data in self._data(kind):
            yield json.loads(data)

    def record(self, number: str) -> dict[str, Any] | None:
        """One record by its id; an actor's is in digits."""
        found = self._database.execute("SELECT data FROM record WHERE id = ?", [number]).fetchone()
        return None if found is None else json.loads(found[0])

    def actor_now(self, number: int) -> int:
        """Whom an actor was merged into, in the end; itself when it was not."""
        passed = {number}
        while (found := self.record(str(number))) and found["merged_into"]:
            number = found["merged_into"]["id"]
            if number in passed:
                break
            passed.add(number)
        return number

    def lines(self, kind: str | None = None) -> Iterator[str]:
        """The records, of one kind or all, by kind and id, each as a line of canonical JSON."""
        for data in self._data(kind):
            yield f"{data}\n"

    def dump(self, path: str | PathLike[str]) -> None:
        """Write all records as JSONL, a line of canonical JSON each, by kind and id."""
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(self.lines())

    def _data(self, kind: str | None) -> Iterator[str]:
        query = "SELECT data FROM record WHERE ? IS NULL OR kind = ? ORDER BY kind, id"
        with closing(self._database.execute(query, [kind, kind])) as cursor:
            for (data,) in cursor:
                yield data

    def _place(self) -> tuple[str, int, str]:
        found = self._database.execute("SELECT address, seq, last FROM place").fetchone()
        return found or ("", 0, "")

    def _apply(self, address: str, changes: Sequence[ChangeOut]) -> int:
        """Store the changes behind the last one and the new place at once; answers how many these were.

        Another process may have been faster: what the copy has already is passed over.
        """
        with self._writing():
            _, before, last = self._place()
            seq = before
            for change in changes:
                if change["seq"] <= seq:
                    continue
                if change["seq"] != seq + 1:
                    raise SyncRefused(f"After change {seq} comes {change['seq']}: something is missing between them.")
                self._store(change)
                seq, last = change["seq"], _sign(change)
            self._database.execute("INSERT OR REPLACE INTO place VALUES (1, ?, ?, ?)", [address, seq, last])
        return seq - before

    def _store(self, change: ChangeOut) -> None:
        if change["snapshot"] is None:
            self._database.execute("DELETE FROM record WHERE id = ?", [change["record"]])
            return
        data = canonical(change["snapshot"])
        if hashlib.sha256(data.encode()).hexdigest() != change["sha256"]:
            raise SyncRefused(f"Change {change['seq']} came damaged: its words have another SHA-256.")
        kept = [change["record"], change["kind"], change["version"], change["seq"], data]
        self._database.execute(_KEEP, kept)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def canonical(value: Any) -> str:
    """JSON as the server hashes it: sorted keys, no space between, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sign(change: ChangeOut) -> str:
    """What tells a change from another of the same number."""
    return f"{change['action']} {change['record']} {change['sha256'] or ''}"
