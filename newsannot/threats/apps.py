"""Django's handle on the room."""

from django.apps import AppConfig


class ThreatsConfig(AppConfig):
    """The app `threats`."""

    name = "newsannot.threats"
    default_auto_field = "django.db.models.BigAutoField"
