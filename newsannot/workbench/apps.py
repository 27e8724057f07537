"""Django's handle on the room."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """The app `workbench`."""

    name = "newsannot.workbench"
    default_auto_field = "django.db.models.BigAutoField"
