"""Django's handle on the room."""

from django.apps import AppConfig
from django.core.checks import register


class SuggestionsConfig(AppConfig):
    """The app `suggestions`."""

    name = "newsannot.suggestions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from newsannot.suggestions.parsing import check_parser

        register(check_parser, "newsannot")
