"""Django's handle on the room."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """The app `statements`."""

    name = "newsannot.statements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kind `statement` known."""
        from newsannot.annotations.kinds import register
        from newsannot.statements.kinds import STATEMENT

        register(STATEMENT)
