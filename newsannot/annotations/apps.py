"""Django's handle on the room."""

from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    """The app `annotations`."""

    name = "newsannot.annotations"
    default_auto_field = "django.db.models.BigAutoField"
