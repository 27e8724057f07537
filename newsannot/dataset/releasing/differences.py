"""What differs between two releases: records added, changed and removed, by id."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from newsannot.core.rows import ask
from newsannot.dataset.models import Release

_TOUCHED = """
    SELECT t.kind, t.record, old.seq, old.version, old.snapshot, new.seq, new.version, new.snapshot
    FROM (
        SELECT DISTINCT record, kind FROM dataset_change
        WHERE seq > %(former)s AND seq <= %(later)s AND record > %(after)s ORDER BY record LIMIT %(most)s
    ) t
    LEFT JOIN LATERAL (
        SELECT seq, version, snapshot FROM dataset_change
        WHERE record = t.record AND seq <= %(former)s ORDER BY seq DESC LIMIT 1
    ) old ON true
    JOIN LATERAL (
        SELECT seq, version, snapshot FROM dataset_change
        WHERE record = t.record AND seq <= %(later)s ORDER BY seq DESC LIMIT 1
    ) new ON true
    ORDER BY t.record
"""
MOST_WORDS = 160


@dataclass(frozen=True, slots=True)
class State:
    """A record in a release: the change that brought it about, its version, and what it says."""

    seq: int
    version: int
    data: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that is not the same in both; None where a release does not have it."""

    kind: str
    record: str
    before: State | None
    after: State | None

    @property
    def what(self) -> str:
        """Whether it was added, changed or removed."""
        if self.before is None:
            return "added"
        return "changed" if self.after else "removed"

    @property
    def fields(self) -> list[str]:
        """The fields of a changed record that say something else."""
        if not (self.before and self.after):
            return []
        old, new = json.loads(self.before.data), json.loads(self.after.data)
        return [name for name in new if old.get(name) != new[name]]

    @property
    def words(self) -> str:
        """What the record is about, shortly: its first evidence, or its name."""
        state = self.after or self.before
        said: dict[str, Any] = json.loads(state.data) if state else {}
        spans = sorted((one for role in said.get("parts", {}).values() for one in role), key=lambda one: one["start"])
        text = " … ".join(one["exact"] for one in spans) or said.get("name", "")
        return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS]} …"


@dataclass(frozen=True, slots=True)
class Differences:
    """Some of the differences, and the id after which there are more (empty: there are none)."""

    rows: Sequence[Difference]
    after: str


def differences(former: Release, later: Release, *, after: str = "", most: int) -> Differences:
    """The differences of so many records that were touched in between, beginning after an id. One query."""
    with ask(_TOUCHED, {"former": former.seq, "later": later.seq, "after": after, "most": most + 1}) as cursor:
        touched = cursor.fetchall()
    found = [Difference(row[0], row[1], _state(row[2:5]), _state(row[5:8])) for row in touched[:most]]
    differing = [one for one in found if _data(one.before) != _data(one.after)]
    return Differences(differing, touched[most - 1][1] if len(touched) > most else "")


def _state(row: Sequence[Any]) -> State | None:
    return State(*row) if row[2] else None


def _data(state: State | None) -> str:
    return state.data if state else ""
