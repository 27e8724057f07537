"""Routes of the review, under /review/: the editors' pages, rulings and comments, the inbox."""

from django.urls import path

from newsannot.review.views import adjudication, agreement, batches, chapters, drafts, inbox, people, readings, talking

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
    path("assignments/<int:assignment_id>/give/", batches.give_to, name="give"),
    path("people/", people.people, name="people"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/compute/", agreement.compute, name="compute_agreement"),
    path("agreement/figures.csv", agreement.figures_sheet, name="figures_sheet"),
    path("agreement/cases/", agreement.cases, name="cases"),
    path("agreement/cases.csv", agreement.cases_sheet, name="cases_sheet"),
    path("revisions/<int:revision_id>/", adjudication.adjudication, name="adjudication"),
    path("revisions/<int:revision_id>/merge/", adjudication.merge, name="merge"),
    path("revisions/<int:revision_id>/unmerge/", adjudication.unmerge, name="unmerge"),
    path("revisions/<int:revision_id>/finish/", adjudication.finish, name="finish"),
    path("revisions/<int:revision_id>/taken/", adjudication.taken, name="taken"),
    path("disputes/names/", adjudication.show_names, name="names"),
    path("disputes/<int:dispute_id>/", adjudication.dispute, name="dispute"),
    path("codebook/<slug:key>/draft/", drafts.draft, name="draft"),
    path("codebook/<slug:key>/draft/move/", drafts.move, name="move_code"),
    path("codebook/<slug:key>/draft/discard/", drafts.discard, name="discard_draft"),
    path("codebook/<slug:key>/draft/in-force/", drafts.enforce, name="put_in_force"),
    path("codebook/<slug:key>/draft/edits/<int:edit_id>/take-back/", drafts.take_back, name="take_back_edit"),
    path("codebook/<slug:key>/draft/<slug:sort>/", drafts.edit, name="edit_draft"),
    path("guidelines/<slug:key>/", chapters.chapter, name="chapter"),
    path("rulings/", inbox.rulings, name="rulings"),
    path("rulings/<int:ruling_id>/", talking.ruling, name="ruling"),
    path("rulings/<int:ruling_id>/comments/", talking.ruling_talk, name="ruling_talk"),
    path("annotations/<int:annotation_id>/comments/", talking.record_talk, name="record_talk"),
    path("comments/<int:comment_id>/edit/", talking.edit, name="edit_comment"),
    path("comments/<int:comment_id>/delete/", talking.delete, name="delete_comment"),
    path("comments/<int:comment_id>/resolve/", talking.resolve, name="resolve"),
    path("comments/<int:comment_id>/reopen/", talking.reopen, name="reopen"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/digest/", inbox.digest, name="digest"),
    path("inbox/<int:notice_id>/open/", inbox.open_one, name="open"),
]
