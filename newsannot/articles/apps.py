"""Django's handle on the room."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The app `articles`."""

    name = "newsannot.articles"
    default_auto_field = "django.db.models.BigAutoField"
