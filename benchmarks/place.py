"""A database and a server of the benchmarks' own, taken away again at the end."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parent.parent
NAME = "newsannot_bench"


@contextlib.contextmanager
def scratch_database() -> Iterator[None]:
    """A fresh database on the embedded server, or beside DATABASE_URL's; Django is set up on it."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    from newsannot.core import embedded

    embedded.ensure_running()
    url = os.environ.get("DATABASE_URL")
    parts = {k: str(v) for k, v in (conninfo_to_dict(url) if url else embedded.connection_parameters()).items() if v}
    with psycopg.connect(**parts, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {NAME}")
        admin.execute(f"CREATE DATABASE {NAME}")
    query = urlencode({k: v for k, v in parts.items() if k != "dbname"}, quote_via=quote)
    os.environ |= {
        "DATABASE_URL": f"postgresql:///{NAME}?{query}",
        "SECRET_KEY": "benchmark",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_codebook", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield
    finally:
        from django.db import connection

        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        with psycopg.connect(**parts, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {NAME}")


@contextlib.contextmanager
def server() -> Iterator[int]:
    """The web server as `make run` starts it, on a free port of loopback; gives the port."""
    from newsannot.core.management.commands.serve import web_command

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(web_command("127.0.0.1", port, 2, 2), cwd=ROOT, start_new_session=True)
    try:
        _wait(f"http://127.0.0.1:{port}/bare/")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError as error:
            sys.exit(f"{url} answers {error.code}.")
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The server did not start.")
