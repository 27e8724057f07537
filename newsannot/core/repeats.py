"""What a page sends again, not knowing whether it arrived, is carried out once: its key is stored with the write.

The first action of the request stores the key in its own transaction. Sent again, the write finds the key there (or is
refused, being done already) and nothing of it stays; what the first one did is then found by the key. A request
without a key costs nothing, one with a key one more INSERT.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from newsannot.core.errors import RuleBroken
from newsannot.core.models import KeptAnswer
from newsannot.core.rows import ask

KEPT_FOR = timedelta(days=1)
LONGEST_KEY = 200
_SWEPT_ONCE_IN = 64
_DONE = 200
_TABLE = KeptAnswer._meta.db_table
_KEEP = f"""
    INSERT INTO {_TABLE} (owner, key, request, status, body, headers, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (owner, key) DO NOTHING RETURNING id
"""  # noqa: S608
_SWEEP = f"DELETE FROM {_TABLE} WHERE owner = %s AND created_at < %s"  # noqa: S608

Outcome = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that may be sent twice; `outcome` makes of an action's result what is to be known of it later."""

    owner: int
    key: str
    request: str
    outcome: Callable[[Any], Outcome]

    def keep(self, result: Any) -> None:
        """Store the key with what was done; raises RuleBroken when it is there, once whoever stores it has ended."""
        values = [self.owner, self.key, self.request, _DONE, json.dumps(self.outcome(result)), "{}", timezone.now()]
        with ask(_KEEP, values) as cursor:
            if cursor.fetchone() is None:
                raise RuleBroken("This key came with another request before; make a new one.", field="request")
        if int(self.request[:8], 16) % _SWEPT_ONCE_IN == 0:
            ask(_SWEEP, [self.owner, timezone.now() - KEPT_FOR])

    def outcome_before(self) -> Outcome | None:
        """What the request did when it came before; None when it did not."""
        kept = KeptAnswer.objects.filter(owner=self.owner, key=self.key, request=self.request).first()
        return json.loads(kept.body) if kept else None


_keyed: ContextVar[Keyed | None] = ContextVar("keyed", default=None)


@contextmanager
def keyed(request: Keyed | None) -> Iterator[None]:
    """Let the first action within the block store the request's key, where it has one."""
    token = _keyed.set(request)
    try:
        yield
    finally:
        _keyed.reset(token)


def take_keyed() -> Keyed | None:
    """The request whose key is yet to be stored, for the action that asks first; no action within it finds it."""
    found = _keyed.get()
    if found is not None:
        _keyed.set(None)
    return found


def digest_of(*words: Any) -> str:
    """SHA-256 of what a request says."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
