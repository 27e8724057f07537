"""Routes of the API's actors."""

from django.urls import path

from newsannot.actors import api

urlpatterns = [
    path("actors/", api.actors, name="actors"),
    path("actors/<int:actor_id>/", api.actor, name="actor"),
]
