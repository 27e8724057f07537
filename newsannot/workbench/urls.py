"""Routes of the analysts' screen."""

from django.urls import path

from newsannot.workbench.views import (
    carrying,
    evidence,
    inspector,
    marking,
    moving,
    past,
    reading,
    submitting,
    suggesting,
)

app_name = "workbench"
urlpatterns = [
    path("articles/<int:article_id>/readings/", reading.start, name="start"),
    path("readings/<int:reading_id>/", reading.workbench, name="reading"),
    path("readings/<int:reading_id>/undo/", marking.undo_last, name="undo"),
    path("readings/<int:reading_id>/redo/", marking.redo_last, name="redo"),
    path("readings/<int:reading_id>/carry/", carrying.carry, name="carry"),
    path("readings/<int:reading_id>/codebook/", moving.move, name="move"),
    path("readings/<int:reading_id>/submit/", submitting.submit, name="submit"),
    path("readings/<int:reading_id>/mentions/", marking.mark, {"kind_name": "mention"}, name="mark_mention"),
    path("readings/<int:reading_id>/statements/", marking.mark, {"kind_name": "statement"}, name="mark_statement"),
    path("readings/<int:reading_id>/threats/", marking.mark, {"kind_name": "threat"}, name="mark_threat"),
    *(
        path(
            f"readings/<int:reading_id>/{kind}s/all/",
            marking.mark_everywhere,
            {"kind_name": kind},
            f"mark_every_{kind}",
        )
        for kind in ("mention", "statement", "threat")
    ),
    path("readings/<int:reading_id>/lacking/", reading.lacking, name="lacking"),
    path("readings/<int:reading_id>/shown/", reading.shown, name="shown"),
    path("readings/<int:reading_id>/at/<int:offset>/", reading.records_at, name="records_at"),
    path("readings/<int:reading_id>/deleted/", past.deleted, name="deleted"),
    path("readings/<int:reading_id>/suggestions/", suggesting.suggestions, name="suggestions"),
    path("readings/<int:reading_id>/suggestions/shown/", suggesting.show, name="show_suggestions"),
    path(
        "readings/<int:reading_id>/suggestions/<str:fingerprint>/accept/", suggesting.accept, name="accept_suggestion"
    ),
    path(
        "readings/<int:reading_id>/suggestions/<str:fingerprint>/reject/", suggesting.reject, name="reject_suggestion"
    ),
    path("annotations/<int:annotation_id>/", inspector.annotation, name="annotation"),
    path("annotations/<int:annotation_id>/kind/", marking.give_kind, name="give_kind"),
    path("annotations/<int:annotation_id>/delete/", marking.delete, name="delete"),
    path("annotations/<int:annotation_id>/restore/", past.restore, name="restore"),
    path("annotations/<int:annotation_id>/history/", past.history, name="history"),
    path("annotations/<int:annotation_id>/versions/<int:number>/restore/", past.restore_to, name="restore_version"),
    path("annotations/<int:annotation_id>/restatements/", marking.restate, name="restate"),
    path("annotations/<int:annotation_id>/spans/", evidence.add_span, name="add_span"),
    path("spans/<int:span_id>/", evidence.move_span, name="move_span"),
    path("spans/<int:span_id>/role/", evidence.recast_span, name="recast_span"),
    path("spans/<int:span_id>/delete/", evidence.remove_span, name="remove_span"),
]
