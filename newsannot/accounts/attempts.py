"""Brake on guessing passwords: ten failures in five minutes for one name from one address, then a wait."""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

ALLOWED = 10
WINDOW_SECONDS = 5 * 60


@dataclass(frozen=True)
class Attempts:
    """The failed attempts to sign in as one name (whatever its case) from one address."""

    username: str
    address: str

    @property
    def _key(self) -> str:
        return "sign-in:" + sha256(f"{self.username.strip().casefold()}\0{self.address}".encode()).hexdigest()

    @property
    def are_spent(self) -> bool:
        """Whether there were too many: then not even the right password is looked at."""
        return int(cache.get(self._key, 0)) >= ALLOWED

    def note_failure(self) -> None:
        """Count one more; the first of a series starts the window."""
        if not cache.add(self._key, 1, WINDOW_SECONDS):
            try:
                cache.incr(self._key)
            except ValueError:  # the window ended between the two lines
                cache.add(self._key, 1, WINDOW_SECONDS)

    def forget(self) -> None:
        """Start anew, after a success."""
        cache.delete(self._key)
