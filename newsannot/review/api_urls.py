"""Routes of the editors' decisions in the API."""

from django.urls import path

from newsannot.review import api

urlpatterns = [
    path("readings/<int:reading_id>/accept/", api.accept, name="accept"),
    path("readings/<int:reading_id>/return/", api.give_back, name="return"),
]
