"""Published records as they are given out, as canonical JSON: what the feed, releases and exports are made of."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.utils.encoders import JSONEncoder

from newsannot.annotations.kinds import Kind, all_kinds
from newsannot.annotations.outward import read_outward
from newsannot.annotations.serializers import present_mentions
from newsannot.core.layers import Audience
from newsannot.statements.serializers import present_statements
from newsannot.threats.serializers import present_threats

PRESENT = {"mention": present_mentions, "statement": present_statements, "threat": present_threats}
"""How a kind of record is given out; the API's views need not be loaded."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A record as it is given out at one moment; `data` is canonical JSON."""

    kind: str
    record: str
    version: int
    data: str

    @property
    def sha256(self) -> str:
        """Of the UTF-8 of `data`."""
        return sha256_of(self.data)


def sha256_of(data: str) -> str:
    """Of the UTF-8 of a snapshot."""
    return hashlib.sha256(data.encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON with sorted keys, without space that says nothing, letters as they are."""
    return json.dumps(value, cls=JSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def snapshots_of(kind: Kind, records: QuerySet[Any], *, audience: Audience = Audience.READERS) -> list[Snapshot]:
    """The records of a queryset over a kind's model, in its order; as many queries for many as for one."""
    found = read_outward(kind, records, audience=audience)
    return [
        Snapshot(kind.name, str(one.public_id), one.version, canonical(shown))
        for one, shown in zip(found, PRESENT[kind.name](found), strict=True)
    ]


def given_out_of(readings: Iterable[int]) -> Iterator[Snapshot]:
    """All that readers get now of some readings, lower kinds first, the oldest first."""
    wanted = list(readings)
    for kind in all_kinds():
        records: Any = kind.model._default_manager.filter(kind=kind.name, reading__in=wanted)
        yield from snapshots_of(kind, records.given_out(Audience.READERS).order_by("pk"))
