"""Django's handle on the room."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The app `review`."""

    name = "newsannot.review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the screens below of assigned work, and suggestions where to hide."""
        from newsannot.review.queries.work import is_coded_blind
        from newsannot.review.telling import Work
        from newsannot.suggestions.queries import hide_where
        from newsannot.workbench.assigned import register

        register(Work())
        hide_where(is_coded_blind)
