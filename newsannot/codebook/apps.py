"""Django's handle on the room."""

from django.apps import AppConfig


class CodebookConfig(AppConfig):
    """The app `codebook`."""

    name = "newsannot.codebook"
    default_auto_field = "django.db.models.BigAutoField"
