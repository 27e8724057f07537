"""Routes of the API's readings and annotations."""

from django.urls import path

from newsannot.annotations import api

urlpatterns = [
    path("mentions/", api.mentions, name="mentions"),
]
