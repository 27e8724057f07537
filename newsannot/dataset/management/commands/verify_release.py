"""`manage.py verify_release NAME`: replay the feed from zero and compare it with a release, byte for byte."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsannot.dataset.models import Release, ReleaseState
from newsannot.dataset.releasing.verifying import verify


class Command(BaseCommand):
    help = "Replay the feed of changes from zero to a release's number, and compare what comes out byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The name of the release.")

    def handle(self, *args: Any, **options: Any) -> None:
        release = Release.objects.filter(name=options["name"], state=ReleaseState.READY).first()
        if release is None:
            raise CommandError(f"There is no finished release “{options['name']}”.")
        checked = verify(release)
        for one in checked:
            self.stdout.write(f"{'ok   ' if not one.problem else 'WRONG'} {one.name} {one.problem}".rstrip())
        if any(one.problem for one in checked):
            sys.exit(1)
        self.stdout.write(f"Release {release.name} is what the feed says up to {release.seq}, byte for byte.")
