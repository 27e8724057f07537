"""The embedded database, really started, killed and started again."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from newsannot.core.embedded import REPOSITORY

USE = """
import sys
from newsannot.core import embedded
embedded.ensure_running()
print("ready", flush=True)
sys.stdin.read()
"""
KEY = "from newsannot.core import embedded; print(embedded.secret_key())"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


class Somewhere:
    """A data directory and the processes that use it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.users: list[subprocess.Popen[str]] = []

    def process(self, code: str, *prefix: str, **environment: str) -> subprocess.Popen[str]:
        """Start a Python process that finds its database here."""
        return subprocess.Popen(
            [*prefix, sys.executable, "-c", code],
            cwd=REPOSITORY,
            env={**os.environ, "DATABASE_URL": "", "NEWSANNOT_DATA": str(self.data), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def use(self, *prefix: str) -> subprocess.Popen[str]:
        """Start a process that attaches, and stays until its input ends."""
        self.users.append(self.process(USE, *prefix))
        return self.users[-1]

    def refusal(self) -> str:
        """What a process that cannot attach says last."""
        _out, words = self.process(USE).communicate(timeout=60)
        return words.strip().splitlines()[-1]

    def connect(self) -> psycopg.Connection:
        code = "from newsannot.core import embedded; print(embedded.connection_parameters()['host'])"
        host = self.process(code).communicate(timeout=60)[0].strip()
        return psycopg.connect(host=host, port=5432, user="newsannot", dbname="newsannot", autocommit=True)

    @property
    def pid_file(self) -> Path:
        return self.data / "postgres" / "postmaster.pid"

    def server(self) -> int:
        """The server's process number."""
        return int(self.pid_file.read_text().splitlines()[0])


def await_ready(*users: subprocess.Popen[str]) -> None:
    for user in users:
        line = user.stdout.readline()
        assert line == "ready\n", user.stderr.read()


def leave(*users: subprocess.Popen[str]) -> None:
    for user in users:
        user.stdin.close()
    assert [user.wait(60) for user in users] == [0] * len(users)


@pytest.fixture
def somewhere(tmp_path: Path) -> Iterator[Somewhere]:
    place = Somewhere(tmp_path / "data")
    yield place
    for user in place.users:
        if user.poll() is None:
            user.communicate(timeout=60)
        for stream in (user.stdin, user.stdout, user.stderr):
            stream.close()
    if place.pid_file.exists():
        leave_behind = place.use()
        await_ready(leave_behind)
        leave(leave_behind)
        for stream in (leave_behind.stdin, leave_behind.stdout, leave_behind.stderr):
            stream.close()


def test_eight_processes_at_once_share_one_server_and_the_last_stops_it(somewhere: Somewhere) -> None:
    users = [somewhere.use() for _ in range(8)]
    await_ready(*users)
    first, *others = users
    leave(*others)
    with somewhere.connect() as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("newsannot", "newsannot")
    connection.close()
    leave(first)
    assert not somewhere.pid_file.exists()


def test_the_server_listens_on_its_socket_only_and_keeps_what_it_acknowledges(somewhere: Somewhere) -> None:
    await_ready(somewhere.use())
    names = ("listen_addresses", "fsync", "synchronous_commit", "full_page_writes", "server_encoding")
    with somewhere.connect() as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone()[0] for name in names]
        superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    connection.close()
    assert settings == ["", "on", "on", "on", "UTF8"]
    assert superuser == (False,)


def test_what_was_committed_survives_a_killed_server(somewhere: Somewhere) -> None:
    await_ready(somewhere.use())
    with somewhere.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    connection.close()
    os.kill(somewhere.server(), signal.SIGKILL)
    await_ready(somewhere.use(), somewhere.use())
    with somewhere.connect() as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    connection.close()


def test_a_killed_starter_leaves_the_server_to_the_next_who_stops_it(somewhere: Somewhere) -> None:
    starter = somewhere.use()
    await_ready(starter)
    server = somewhere.server()
    starter.kill()
    starter.wait()
    heir = somewhere.use()
    await_ready(heir)
    assert somewhere.server() == server
    leave(heir)
    assert not somewhere.pid_file.exists()


def test_a_pid_file_that_names_a_living_stranger_is_seen_through(somewhere: Somewhere) -> None:
    await_ready(somewhere.use())
    owner = somewhere.pid_file.stat().st_uid
    os.kill(somewhere.server(), signal.SIGKILL)
    become = {"user": owner} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **become) as stranger:
        _number, *rest = somewhere.pid_file.read_text().split("\n")
        somewhere.pid_file.write_text("\n".join([str(stranger.pid), *rest]))
        await_ready(somewhere.use())
        assert somewhere.server() != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


def test_an_empty_pid_file_does_no_harm(somewhere: Somewhere) -> None:
    user = somewhere.use()
    await_ready(user)
    leave(user)
    somewhere.pid_file.touch()
    await_ready(somewhere.use())


def test_a_half_made_cluster_is_cleared_away(somewhere: Somewhere) -> None:
    (somewhere.data / "making-x" / "base").mkdir(parents=True)
    await_ready(somewhere.use())
    assert sorted(path.name for path in somewhere.data.iterdir()) == ["lease", "postgres", "postgres.log", "start.lock"]


def test_any_path_will_do(tmp_path: Path, somewhere: Somewhere) -> None:
    somewhere.data = tmp_path / "with spaces, 'quotes' and “ünïcödé” 数据" / ("long" * 30)
    await_ready(somewhere.use())


def test_another_version_is_refused_by_name(somewhere: Somewhere) -> None:
    (somewhere.data / "postgres").mkdir(parents=True)
    (somewhere.data / "postgres" / "PG_VERSION").write_text("9\n")
    assert "was made by PostgreSQL 9, and PostgreSQL 18 is installed" in somewhere.refusal()


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path, somewhere: Somewhere) -> None:
    (tmp_path / "file").touch()
    somewhere.data = tmp_path / "file" / "data"
    assert f"cannot use {somewhere.data}: Not a directory. Set NEWSANNOT_DATA" in somewhere.refusal()


def test_everybody_gets_the_same_private_secret(somewhere: Somewhere) -> None:
    keys = {process.communicate(timeout=60)[0] for process in [somewhere.process(KEY) for _ in range(8)]}
    assert len(keys) == 1
    assert len(keys.pop().strip()) > 60
    assert stat.S_IMODE((somewhere.data / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in somewhere.data.iterdir()] == ["secret_key"]


def test_nothing_is_started_when_another_database_is_named(somewhere: Somewhere) -> None:
    user = somewhere.process(USE, DATABASE_URL="postgresql://elsewhere/newsannot")
    assert user.communicate(timeout=60)[0] == "ready\n"
    assert not somewhere.data.exists()


@as_root
def test_started_by_root_the_server_runs_as_somebody_else_even_in_a_closed_place(somewhere: Somewhere) -> None:
    somewhere.data.parent.chmod(0o700)
    await_ready(somewhere.use())
    assert Path(f"/proc/{somewhere.server()}").stat().st_uid != 0
    assert Path(somewhere.data / "postgres").stat().st_uid != 0


@as_root
def test_an_ordinary_user_has_a_server_of_their_own_and_root_may_help(tmp_path: Path, somewhere: Somewhere) -> None:
    os.chown(tmp_path, 65534, 65534)
    passing = (
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
    )  # this Python may lie in a closed place
    ordinary = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *passing)
    for prefix in (ordinary, (), ordinary):
        user = somewhere.use(*prefix)
        await_ready(user)
        leave(user)
    assert {path.stat().st_uid for path in [somewhere.data, *somewhere.data.rglob("*")]} == {65534}


@pytest.mark.parametrize("asked", [["import_actors", "--help"], ["help", "export_dataset"], []])
def test_help_is_told_without_a_database(tmp_path: Path, asked: list[str]) -> None:
    environment = {**os.environ, "DATABASE_URL": "", "NEWSANNOT_DATA": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "manage.py", *asked],
        check=True,
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.stdout != ""
    assert [one.name for one in tmp_path.iterdir()] == ["secret_key"]
