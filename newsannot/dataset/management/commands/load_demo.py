"""Make the demo."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsannot.codebook.models import CodebookVersion
from newsannot.core.errors import RuleBroken
from newsannot.dataset.demo import load_demo
from newsannot.dataset.demo_files import DemoFileWrong, read_demo
from newsannot.suggestions.actions import draft_suggestions
from newsannot.suggestions.queries import undrafted_revisions


class Command(BaseCommand):
    """Make accounts with known passwords, so on the embedded database only."""

    help = "Make the demo's accounts, articles and annotations on the embedded database; safe to run again."

    def handle(self, *_args: object, **_options: object) -> None:
        if not settings.IS_EMBEDDED:
            raise CommandError(
                "DATABASE_URL is set. The demo has known passwords: it is for the embedded database only."
            )
        if not CodebookVersion.objects.exists():
            raise CommandError("There are no code lists yet. First run: manage.py load_codebook")
        try:
            made = load_demo(read_demo(Path(settings.BASE_DIR) / "fixtures"))
            draft_suggestions(revision_ids=undrafted_revisions(made.articles), by=None)
        except (DemoFileWrong, RuleBroken) as error:
            raise CommandError(f"Nothing of the demo was made. {error}") from error
        self.stdout.write(
            f"Demo: {made.articles} articles, {made.readings} readings, {made.actors} actors."
            if made.articles
            else "The demo is there already."
        )
