"""Django's handle on the room."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The app `review`."""

    name = "newsannot.review"
    default_auto_field = "django.db.models.BigAutoField"
