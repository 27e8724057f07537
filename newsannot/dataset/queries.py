"""Reads of the feed and of releases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, Q

from newsannot.accounts.models import User
from newsannot.core.keyset import Page, number, page_of
from newsannot.dataset.models import Change, Release, ReleaseState

PAGE_SIZE = 50


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


def releases_page(user: User, query: Mapping[str, str]) -> Page[Release]:
    """Releases, the newest first; for editors also those that are being made or failed."""
    releases = Release.objects.order_by("-id")
    if not user.is_editor:
        releases = releases.filter(state=ReleaseState.READY)
    return page_of(releases, [("id", number)], query, size=PAGE_SIZE, is_descending=True)


def former_releases(release: Release) -> list[Release]:
    """The last dozen that a release can be compared with, the newest first."""
    former = Release.objects.filter(state=ReleaseState.READY, seq__lte=release.seq, pk__lt=release.pk)
    return list(former.order_by("-id")[:12])
