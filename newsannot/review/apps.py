"""Django's handle on the room."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The app `review`."""

    name = "newsannot.review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell rooms below of work, rulings, comments, proposals and where suggestions hide; hear of merged actors."""
        from newsannot.actors.actions import have_merges_told
        from newsannot.codebook.drafting import have_proposals_told
        from newsannot.review.following import follow_merges
        from newsannot.review.notices import tell_editors
        from newsannot.review.queries.work import is_coded_blind
        from newsannot.review.telling import Work
        from newsannot.review.views.talking import record_section
        from newsannot.suggestions.queries import hide_where
        from newsannot.workbench import assigned, sections

        assigned.register(Work())
        sections.register(record_section)
        hide_where(is_coded_blind)
        have_proposals_told(tell_editors)
        have_merges_told(follow_merges)
