"""Routes of the editors' pages, under /review/."""

from django.urls import path

from newsannot.review.views import adjudication, batches, readings

app_name = "review"

urlpatterns = [
    path("", readings.queue, name="queue"),
    path("readings/<int:reading_id>/", readings.reading, name="reading"),
    path("readings/<int:reading_id>/accept/", readings.accept, name="accept"),
    path("readings/<int:reading_id>/return/", readings.give_back, name="return"),
    path("batches/", batches.batches, name="batches"),
    path("batches/new/", batches.new_batch, name="new_batch"),
    path("batches/<int:batch_id>/", batches.batch, name="batch"),
    path("batches/<int:batch_id>/delete/", batches.delete, name="delete_batch"),
    path("batches/<int:batch_id>/close/", batches.close, name="close_batch"),
    path("assignments/<int:assignment_id>/release/", batches.take_back, name="release"),
    path("revisions/<int:revision_id>/", adjudication.adjudication, name="adjudication"),
    path("revisions/<int:revision_id>/merge/", adjudication.merge, name="merge"),
    path("revisions/<int:revision_id>/unmerge/", adjudication.unmerge, name="unmerge"),
    path("revisions/<int:revision_id>/finish/", adjudication.finish, name="finish"),
    path("disputes/names/", adjudication.show_names, name="names"),
    path("disputes/<int:dispute_id>/", adjudication.dispute, name="dispute"),
]
