"""Draft suggestions for what is there already."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from newsannot.suggestions.actions import draft_suggestions
from newsannot.suggestions.parsing import LANGUAGE
from newsannot.suggestions.queries import engine_version, undrafted_revisions
from newsannot.suggestions.rules.drafting import ENGINE


class Command(BaseCommand):
    """Draft for all revisions that this version of the rules has not drafted for; safe to stop and to run again."""

    help = "Draft suggestions for every revision that has none of this version yet; the worker does so by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=50, help="revisions in one transaction (default: 50)")

    def handle(self, *_args: object, **options: object) -> None:
        drafted, started = 0, time.monotonic()
        while revision_ids := undrafted_revisions(max(int(str(options["batch"])), 1)):
            drafted += draft_suggestions(revision_ids=revision_ids, by=None)
            self.stdout.write(f"{drafted:,} drafted …", ending="\r")
            self.stdout.flush()
        engine = f"{ENGINE} {engine_version(LANGUAGE)}"
        seconds = time.monotonic() - started
        self.stdout.write(
            f"Revisions drafted: {drafted:,}, in {seconds:.1f} s ({engine})."
            if drafted
            else f"Every revision has its suggestions already ({engine})."
        )
