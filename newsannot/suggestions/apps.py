"""Django's handle on the room."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    """The app `suggestions`."""

    name = "newsannot.suggestions"
    default_auto_field = "django.db.models.BigAutoField"
