"""Django's handle on the room."""

from django.apps import AppConfig


class DatasetConfig(AppConfig):
    """The app `dataset`."""

    name = "newsannot.dataset"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from newsannot.actors.models import Merge
        from newsannot.dataset.recording import tell_of_merge

        post_save.connect(tell_of_merge, sender=Merge)
