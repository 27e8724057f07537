"""Reads of the feed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, Q

from newsannot.dataset.models import Change


class Told(NamedTuple):
    """A change as it is stored."""

    seq: int
    kind: str
    record: str
    version: int
    action: str
    at: datetime
    sha256: str
    snapshot: str

    def written(self) -> str:
        """As JSON, the snapshot in the very words it is stored in; everything else is a number, a code or an id."""
        sha256 = f'"{self.sha256}"' if self.sha256 else "null"
        return (
            f'{{"seq":{self.seq},"kind":"{self.kind}","record":"{self.record}","version":{self.version},'
            f'"action":"{self.action}","at":"{self.at.isoformat().replace("+00:00", "Z")}","sha256":{sha256},'
            f'"snapshot":{self.snapshot or "null"}}}'
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Changes in their order, and whether there are more."""

    changes: list[Told]
    has_more: bool

    @property
    def last(self) -> int:
        """The number of the last; 0 when there are none."""
        return self.changes[-1].seq if self.changes else 0

    def written(self, head: dict[str, Any]) -> bytes:
        """A page of the API: what stands on top, and the changes as `results`."""
        results = ",".join(change.written() for change in self.changes)
        return f'{json.dumps(head)[:-1]}, "results":[{results}]}}'.encode()


def changes_after(asked: Q, size: int) -> Stretch:
    """The first `size` changes that meet a condition, in their order; one query, by the index of their numbers."""
    rows = list(Change.objects.filter(asked).order_by("seq").values_list(*Told._fields)[: size + 1])
    return Stretch([Told(*row) for row in rows[:size]], len(rows) > size)


def count_changes(narrowed: Q) -> int:
    """How many changes there are from the first on; of all, as many as the last one's number says."""
    if narrowed:
        return Change.objects.filter(narrowed).count()
    return Change.objects.aggregate(last=Max("seq"))["last"] or 0
