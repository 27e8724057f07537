"""The whole application as one command: database, web server and worker."""

import ipaddress
import os
import signal
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from newsannot.core import embedded
from newsannot.core.metrics import SHARED_COUNTS
from newsannot.core.places import MOST_WAITING, PLACES
from newsannot.core.supervisor import STOPPING, Child, SupervisionFailed, Supervisor

DEMO = """
  newsannot is running at {url}     (stop it with Ctrl+C)

  Sign in as   analyst, analyst2, editor or admin     password   newsannot
  API tokens   demo-reader-token, demo-analyst-token, demo-editor-token
  Try          curl -H 'Authorization: Token demo-reader-token' {url}api/v1/statements/
"""


class Command(BaseCommand):
    """Prepare, then run the web server and the worker until told to stop."""

    help = "Run newsannot: prepare the database, then web server and worker until SIGINT or SIGTERM."
    requires_system_checks = ("newsannot",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help="default: PORT from the environment, else 8000")
        parser.add_argument("--workers", type=int, default=2, help="web server processes")
        parser.add_argument("--threads", type=int, default=2, help="requests that work at once in each of them")

    def handle(self, *_args: object, **options: object) -> None:
        host, port = str(options["host"]), int(str(options["port"] or _port()))
        _check_place(host, port)
        for number in STOPPING:  # a stop while preparing ends it like Ctrl+C does
            signal.signal(number, signal.default_int_handler)
        try:
            call_command("prepare", stdout=self.stdout, stderr=self.stderr)
            _close_database()
            with tempfile.TemporaryDirectory(prefix="newsannot-metrics-") as shared:
                os.environ.setdefault(SHARED_COUNTS, shared)  # where the web server's processes add up their counts
                os.environ |= {PLACES: str(options["threads"]), "PORT": str(port)}
                self._supervise(host, port, int(str(options["workers"])), int(str(options["threads"])))
        except KeyboardInterrupt:
            self._say("Stopped while preparing.")
        except (SupervisionFailed, embedded.EmbeddedDatabaseError) as error:
            raise CommandError(str(error)) from error

    def _supervise(self, host: str, port: int, workers: int, threads: int) -> None:
        self._say("Starting the web server and the worker …")
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        Supervisor(
            [Child("web server", web_command(host, port, workers, threads)), Child("worker", worker_command())],
            say=self._say,
        ).run(
            is_ready=lambda: _answers(f"{url}healthz"),
            tend=embedded.ensure_running,  # should it have been killed
            when_ready=lambda: self._say(DEMO.format(url=url) if settings.IS_EMBEDDED else f"Running at {url}"),
        )
        self._say("Stopped.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def web_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """The web server's command line: granian, WSGI, each worker process with its own threads and connection pool.

    `threads` work; besides them some are there for requests that wait.
    """
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        f"--blocking-threads={threads + MOST_WAITING}",
        "--no-ws",
        "--respawn-failed-workers",
        "--workers-kill-timeout=5",
        "--log-level=warning",
        "newsannot.wsgi:application",
    ]


def worker_command() -> list[str]:
    """The background worker's command line; running jobs get some seconds to end, those done well go.

    Two at a time, so that a long one does not hold up the rest.
    """
    return [
        sys.executable,
        "manage.py",
        "procrastinate",
        "worker",
        "--concurrency=2",
        "--shutdown-graceful-timeout=5",
        "--delete-jobs=successful",
    ]


def _port() -> int:
    """The port the environment asks for."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal():
        raise CommandError(f"PORT is {wanted!r}, which is not a number.")
    return int(wanted)


def _check_place(host: str, port: int) -> None:
    """Refuse, before anything starts, a host the demo must not show itself on and a port that is taken."""
    if settings.IS_EMBEDDED and not _is_loopback(host):
        raise CommandError(
            "The embedded demo has known passwords and listens on loopback only. "
            "Leave --host away, or set DATABASE_URL."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Cannot listen on {host}, port {port} ({error}). Choose another port, as in: PORT=8001 make run"
            ) from error


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _close_database() -> None:
    """Give the connections of the preparation back: from here on this process only watches."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  http on our own address
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True  # it answers; what is wrong, it says itself
    except OSError:
        return False
