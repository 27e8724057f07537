"""Routes of publication in the API."""

from django.urls import path

from newsannot.dataset import api

urlpatterns = [
    path("revisions/<int:revision_id>/publish/", api.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", api.withdraw, name="withdraw"),
]
