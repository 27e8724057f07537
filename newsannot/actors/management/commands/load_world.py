"""Load the starting set of actors."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsannot.actors.world import WorldWrong, load_world
from newsannot.codebook.models import CodebookVersion


class Command(BaseCommand):
    """States, organisations and people in office; safe to run again, and nothing of people's is changed by it."""

    help = "Load the starting set: states, international organisations, people in office; safe to run again."

    def handle(self, *_args: object, **_options: object) -> None:
        if not CodebookVersion.objects.exists():
            raise CommandError("There are no code lists yet. First run: manage.py load_codebook")
        try:
            loaded = load_world(Path(settings.BASE_DIR) / "fixtures" / "world")
        except WorldWrong as error:
            raise CommandError(f"The starting set was not loaded. {error}") from error
        self.stdout.write(
            f"Actors: {loaded.created} added, {loaded.filled} filled up, {loaded.ties} offices and memberships."
            if loaded.created or loaded.filled or loaded.ties
            else "The actors of the starting set are there already."
        )
