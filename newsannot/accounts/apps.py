"""Django's handle on the room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app `accounts`."""

    name = "newsannot.accounts"
    default_auto_field = "django.db.models.BigAutoField"
