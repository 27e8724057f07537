"""Django's handle on the room."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The app `core`."""

    name = "newsannot.core"
    default_auto_field = "django.db.models.BigAutoField"
