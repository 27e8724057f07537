"""Which operating system user the server runs as, and how a process becomes that user."""

import contextlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from newsannot.core.embedded.refusals import EmbeddedDatabaseError

# Either lets a process pass through directories closed to its user; the first gives less, containers have the second.
PASSING_CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}


@dataclass(frozen=True)
class Account:
    """An operating system user, by its numbers."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        """Its name, or its number when it has none."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def prefix(self, *places: Path) -> list[str]:
        """The start of a command that shall run as this account and reach all the places.

        Empty unless we are root. Where a place lies in a directory that only root may enter (a clone under /root), the
        command keeps the one capability to pass through it; raises EmbeddedDatabaseError when that cannot be had.
        """
        if os.geteuid() != 0:
            return []
        setpriv = shutil.which("setpriv")
        closed = next(filter(None, map(self._closed_parent, places)), None)
        capability = _passing_capability() if closed else None
        if not setpriv or (closed and not capability):
            raise EmbeddedDatabaseError(self._refusal(closed))
        become = [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not capability:
            return [*become, "--inh-caps=-all", "--"]
        # The secure bit lets access(2), by which PostgreSQL looks for its own programs, heed the capability too.
        keep = [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", "--securebits=+no_setuid_fixup"]
        return [*become, *keep, "--"]

    def _refusal(self, closed: Path | None) -> str:
        if closed is None:
            return (
                "PostgreSQL does not run as root, and the command setpriv (package util-linux) is missing. "
                "Run as an ordinary user, or set DATABASE_URL."
            )
        return (
            f"PostgreSQL does not run as root, and user {self.name} may not enter {closed}. "
            f"Allow it (chmod o+x '{closed}'), run as an ordinary user, or set DATABASE_URL."
        )

    def _closed_parent(self, place: Path) -> Path | None:
        """The outermost directory on the way to a place which this account may not enter."""
        for parent in reversed(place.resolve().parents):
            found = parent.stat()
            owner, group = found.st_uid == self.uid, found.st_gid == self.gid
            needed = stat.S_IXUSR if owner else stat.S_IXGRP if group else stat.S_IXOTH
            if not found.st_mode & needed:
                return parent
        return None


def account_for(cluster: Path) -> Account:
    """Whoever owns the cluster already; for a new one ourselves, or an unprivileged user when we are root."""
    if cluster.exists():
        owner = Account(cluster.stat().st_uid, cluster.stat().st_gid)
        if os.geteuid() not in {0, owner.uid}:
            raise EmbeddedDatabaseError(
                f"{cluster} belongs to user {owner.name}. "
                "Run as that user, or set NEWSANNOT_DATA to a directory of your own."
            )
        return owner
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedDatabaseError(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. "
        "Run as an ordinary user, or set DATABASE_URL."
    )


def hand_over(path: Path) -> None:
    """Give a file that root may have made to the owner of its directory, who will want it another day."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _passing_capability() -> str | None:
    """The weakest capability this process has (Linux: `CapPrm` in proc(5)) to pass through a closed directory."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("CapPrm:"):
                permitted = int(line.split()[1], 16)
                return next((name for name, bit in PASSING_CAPABILITIES.items() if permitted >> bit & 1), None)
    return None
