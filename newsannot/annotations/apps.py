"""Django's handle on the room."""

from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    """The app `annotations`."""

    name = "newsannot.annotations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kind `mention` known."""
        from newsannot.annotations.kinds import MENTION, register

        register(MENTION)
