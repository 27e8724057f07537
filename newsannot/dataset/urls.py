"""Routes of publication."""

from django.urls import path

from newsannot.dataset import export_views, views

app_name = "dataset"

urlpatterns = [
    path("exports/", export_views.exports, name="exports"),
    path("exports/<int:export_id>/", export_views.export, name="export"),
    path("exports/<int:export_id>/file/", export_views.export_file, name="export_file"),
    path("exports/<int:export_id>/discard/", export_views.discard, name="discard_export"),
    path("revisions/<int:revision_id>/publish/", views.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", views.withdraw, name="withdraw"),
]
