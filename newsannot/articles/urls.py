"""Routes by which articles are added and corrected; the workbench adds the inbox and an article's own page."""

from django.urls import path

from newsannot.articles import views

urlpatterns = [
    path("articles/new/", views.new, name="new"),
    path("articles/<int:article_id>/revise/", views.revise, name="revise"),
    path("sources/<int:source_id>/rating/", views.rate, name="rate"),
    path("revisions/<int:revision_id>/zones/", views.zones, name="zones"),
]
