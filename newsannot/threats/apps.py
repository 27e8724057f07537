"""Django's handle on the room."""

from django.apps import AppConfig


class ThreatsConfig(AppConfig):
    """The app `threats`."""

    name = "newsannot.threats"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kind `threat` known."""
        from newsannot.annotations.kinds import register
        from newsannot.threats.kinds import THREAT

        register(THREAT)
