"""Write records in one of everybody's formats."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from newsannot.accounts.models import User
from newsannot.annotations.kinds import all_kinds
from newsannot.core.layers import Layer
from newsannot.core.refusals import Refusal
from newsannot.dataset.formats.form import LibraryMissingError
from newsannot.dataset.formats.registry import FORMATS
from newsannot.dataset.gathering import LAYERS, Selection, documents, filter_names, shapes


class Command(BaseCommand):
    """Stream the records selected to a file or standard output; a file appears whole or not at all."""

    help = "Write the records of a layer in a format; every filter of the API is an option: --language uk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=sorted(FORMATS), default="jsonl", help="default: jsonl")
        parser.add_argument("--output", default="-", metavar="FILE", help="default: standard output")
        parser.add_argument("--layer", choices=[str(one) for one in LAYERS], default=str(Layer.PUBLISHED))
        parser.add_argument("--by", metavar="USERNAME", help="who asks; needed for a layer that only editors see")
        parser.add_argument("--kind", action="append", choices=[kind.name for kind in all_kinds()], default=[])
        for name in filter_names():
            parser.add_argument(f"--{name.replace('_', '-')}", action="append", default=[], metavar="VALUE")

    def handle(self, *_args: object, **options: Any) -> None:
        form = FORMATS[options["format"]]
        try:
            found = documents(_selection(options))
            pieces = form.write(found, shapes())
            if options["output"] == "-":
                for piece in pieces:
                    _stdout().write(piece)
                _stdout().flush()
            else:
                write_whole(Path(options["output"]), pieces)
        except (LibraryMissingError, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
        except Refusal as refusal:
            told = "; ".join(text for texts in refusal.errors.values() for text in texts)
            raise CommandError(told or refusal.detail) from refusal
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stdout() -> BinaryIO:
    return sys.stdout.buffer


def _selection(options: dict[str, Any]) -> Selection:
    query = QueryDict(mutable=True)
    for name in filter_names():
        query.setlist(name, options[name]) if options[name] else None
    user = User.objects.filter(username=options["by"]).first() if options["by"] else User()
    if user is None:
        raise CommandError(f"There is nobody called {options['by']}.")
    kinds = tuple(options["kind"])
    return Selection(user=user, layer=Layer(options["layer"]), kinds=kinds, query=query.urlencode())


def write_whole(path: Path, pieces: Any) -> int:
    """Write a file that appears when it is whole, and answer its bytes; nothing is left behind when that fails."""
    unfinished = path.with_name(f".{path.name}.part")
    size = 0
    try:
        with unfinished.open("wb") as file:
            for piece in pieces:
                size += file.write(piece)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return size
