"""`manage.py serve`: everything under one command, from an empty directory to a clean stop."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsannot.core.embedded import REPOSITORY


@contextmanager
def serve(data: Path, *arguments: str, port: object = "") -> Iterator[subprocess.Popen[str]]:
    """The command at work; told to stop at the end of the block, also of one that failed."""
    environment = {**os.environ, "NEWSANNOT_DATA": str(data), "PORT": str(port), "DATABASE_URL": ""}
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lines_until(process: subprocess.Popen[str], pattern: str) -> list[str]:
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(pattern, line):
            return lines
    raise AssertionError("".join(lines))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_works_until_told_to_stop_and_again_on_the_same_data(data: Path, number: signal.Signals) -> None:
    port = free_port()
    with serve(data, port=port) as process:
        lines = lines_until(process, r"demo-reader-token' http")
        assert f"  newsannot is running at http://127.0.0.1:{port}/     (stop it with Ctrl+C)\n" in lines
        assert ready_state(port) == '{"database": "ok", "migrations": "ok", "worker": "ok"}'
        started = time.monotonic()
        process.send_signal(number)
        rest = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert "Stopping …\n" in rest
    assert rest.rstrip().endswith("\nStopped.")
    assert time.monotonic() - started < 20
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_a_database_killed_under_it_is_brought_back(data: Path) -> None:
    port = free_port()
    with serve(data, port=port) as process:
        lines_until(process, r"demo-reader-token' http")
        ready_state(port)
        server = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGKILL)
        ended = time.monotonic() + 30
        while Path(f"/proc/{server}/cwd").exists() and time.monotonic() < ended:
            time.sleep(0.05)
        assert ready_state(port) == '{"database": "ok", "migrations": "ok", "worker": "ok"}'
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0


def ready_state(port: int) -> str:
    """The answer of /readyz once it says yes."""
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_taken_port_is_named_with_the_way_out(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serve(data, port=port) as process:
            words = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert f"Cannot listen on 127.0.0.1, port {port}" in words
    assert "PORT=8001 make run" in words


@pytest.mark.parametrize(
    ("arguments", "port", "words"),
    [
        (["--host", "0.0.0.0"], "", "The embedded demo has known passwords and listens on loopback only."),  # noqa: S104
        ([], "eighty", "PORT is 'eighty', which is not a number."),
        ([], "70000", "Cannot listen on 127.0.0.1, port 70000"),
    ],
)
def test_what_cannot_be_served_is_refused_in_words(data: Path, arguments: list[str], port: str, words: str) -> None:
    with serve(data, *arguments, port=port) as process:
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert words in said


def test_a_process_told_to_stop_while_it_loads_the_application_ends() -> None:
    loading = (
        "import signal; signal.signal(signal.SIGTERM, lambda *_: None); import newsannot.wsgi; signal.raise_signal(15)"
    )
    ended = subprocess.run([sys.executable, "-c", loading], cwd=REPOSITORY, check=False, timeout=120)
    assert ended.returncode == -signal.SIGTERM
