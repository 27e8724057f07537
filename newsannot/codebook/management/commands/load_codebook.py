"""Load code lists and guidelines from files."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsannot.codebook.actions import Loaded, load_codebook
from newsannot.codebook.rules import FileWrong, read_guideline, read_scheme

T = TypeVar("T")
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


class Command(BaseCommand):
    """Read every file first, then load all of them or, when one is wrong, none."""

    help = "Load the code lists and guidelines; files that say nothing new change nothing, so it can be run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--codes", type=Path, default=FIXTURES / "codebook", help="folder of code lists (JSON)")
        parser.add_argument("--guidelines", type=Path, default=FIXTURES / "guidelines", help="folder of Markdown")
        parser.add_argument(
            "--replace-edits",
            action="store_true",
            help="let files take the place of what editors put in force since (it stays as an older version)",
        )

    def handle(self, *_args: object, codes: Path, guidelines: Path, replace_edits: bool, **_options: object) -> None:
        try:
            schemes = _read_all(codes, "*.json", read_scheme)
            chapters = _read_all(guidelines, "*.md", read_guideline)
        except FileWrong as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if not schemes:
            raise CommandError(f"Nothing was loaded. There is no code list in {codes}.")
        loaded = load_codebook(schemes=schemes, guidelines=chapters, by=None, replaces_edits=replace_edits)
        self.stdout.write(_told(loaded))


def _read_all(folder: Path, pattern: str, read: Callable[[str, bytes], T]) -> list[T]:
    return [read(path.name, path.read_bytes()) for path in sorted(folder.glob(pattern))]


def _told(loaded: Loaded) -> str:
    changes = [*loaded.schemes, *(f"guideline {key}" for key in loaded.guidelines)]
    new = f"new: {', '.join(changes)}" if changes else "nothing new"
    kept = f" Kept as edited here: {', '.join(loaded.kept)} (--replace-edits takes the files)." if loaded.kept else ""
    return f"Codebook {loaded.codebook.number}; {new}.{kept}"
