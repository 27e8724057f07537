"""Brake on guessing passwords: ten attempts in five minutes for one name from one address, then a wait."""

from dataclasses import dataclass
from hashlib import sha256

from newsannot.core import counting

ALLOWED = 10
WINDOW_SECONDS = 5 * 60


@dataclass(frozen=True)
class Attempts:
    """The attempts to sign in as one name (whatever its case) from one address, at whichever process they arrive."""

    username: str
    address: str

    @property
    def _key(self) -> str:
        return "sign-in:" + sha256(f"{self.username.strip().casefold()}\0{self.address}".encode()).hexdigest()

    def count_one(self) -> bool:
        """Count an attempt before it is looked at; False when there were too many: then not even the right password is.

        The first of a series starts the window.
        """
        return counting.count_once_more(self._key, seconds=WINDOW_SECONDS).count <= ALLOWED

    def forget(self) -> None:
        """Start anew, after a success."""
        counting.forget(self._key)
