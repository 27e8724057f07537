"""Bring database and static files up to the installed version."""

import fcntl
import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

PREPARING = 0x6E657773  # any number, the same for all: "news", the key of the advisory lock


class Command(BaseCommand):
    """Migrate, load code lists, demo and known actors, collect static files; what is done already is not done again."""

    help = "Bring the database and the static files up to this version; safe to repeat, and for several at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-static", action="store_true", help="leave the static files alone")

    def handle(self, *_args: object, **options: object) -> None:
        with self._alone():
            self._migrate()
            self._load()
        if not options["no_static"]:
            self._collect_static()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold an advisory lock: of several machines that start at once, one works and the others wait."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self._say(f"Migrating the database ({len(plan)} steps) …")
            call_command("migrate", interactive=False, verbosity=0)

    def _load(self) -> None:
        """Load the code lists, on the embedded database the demo, and known actors; what is done is not done again."""
        demo = {"load_demo": "demo"} if settings.IS_EMBEDDED else {}
        subjects = {"load_codebook": "code lists"} | demo | {"load_world": "states, organisations and people in office"}
        for command, subject in subjects.items():
            if command in get_commands():
                self._say(f"Loading the {subject} …")
                call_command(command, stdout=self.stdout)

    def _collect_static(self) -> None:
        root = Path(settings.STATIC_ROOT)
        root.mkdir(parents=True, exist_ok=True)
        stamp, current = root.parent / "static.stamp", _static_fingerprint()
        with (root.parent / "static.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if stamp.exists() and stamp.read_text() == current and (root / "staticfiles.json").exists():
                return
            self._say("Collecting static files …")
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            stamp.write_text(current)


def _static_fingerprint() -> str:
    """What identifies the static files: path, size and time of each."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
