"""Django's handle on the room."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    """The app `actors`."""

    name = "newsannot.actors"
    default_auto_field = "django.db.models.BigAutoField"
