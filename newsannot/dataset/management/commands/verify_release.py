"""`manage.py verify_release NAME`: replay the feed from zero and compare it with a release, byte for byte."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsannot.dataset.models import Release, ReleaseState
from newsannot.dataset.releasing.verifying import verify


class Command(BaseCommand):
    """Out of the database, or, with `--url`, over the API of any server."""

    help = (
        "Replay the feed of changes from zero to a release's number, and compare what comes out byte for byte: from "
        "the database, or with --url over the API, without one."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The release, and where it is."""
        parser.add_argument("name", help="The name of the release.")
        parser.add_argument("--url", help="Where newsannot is, such as https://news.example/: ask its API instead.")
        parser.add_argument("--token", help="An API token; without it that of NEWSANNOT_TOKEN.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say of each file whether it holds; end with 1 when one does not."""
        name, url = options["name"], options["url"]
        checked = list(_over_the_api(name, url, options["token"]) if url else _in_the_database(name))
        for one in checked:
            self.stdout.write(f"{'WRONG' if one.problem else 'ok   '} {one.name} {one.problem}".rstrip())
        if any(one.problem for one in checked):
            sys.exit(1)
        self.stdout.write(f"Release {name} is what the feed says, byte for byte.")


def _in_the_database(name: str) -> Any:
    release = Release.objects.filter(name=name, state=ReleaseState.READY).first()
    if release is None:
        raise CommandError(f"There is no finished release “{name}”.")
    return verify(release)


def _over_the_api(name: str, url: str, token: str | None) -> Any:
    """What the Python client says, which stands beside the rooms and knows the API alone."""
    sys.path.append(str(settings.BASE_DIR / "clients" / "python"))
    import newsannot_client as api  # noqa: PLC0415 - found only now

    key = token or os.environ.get("NEWSANNOT_TOKEN", "")
    try:
        return list(api.verify(api.Client(url, key), name))
    except (api.ApiError, api.Unreachable, api.SyncRefused, ValueError) as error:
        raise CommandError(str(error)) from error
