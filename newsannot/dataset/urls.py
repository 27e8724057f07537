"""Routes of publication."""

from django.urls import path

from newsannot.dataset import views

app_name = "dataset"

urlpatterns = [
    path("revisions/<int:revision_id>/publish/", views.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", views.withdraw, name="withdraw"),
]
