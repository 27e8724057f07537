"""Django's handle on the room."""

from django.apps import AppConfig


class DatasetConfig(AppConfig):
    """The app `dataset`."""

    name = "newsannot.dataset"
    default_auto_field = "django.db.models.BigAutoField"
