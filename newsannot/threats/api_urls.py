"""Routes of the API's threats."""

from django.urls import path

from newsannot.threats import api

urlpatterns = [
    path("threats/", api.threats, name="threats"),
    path("threats/<uuid:public_id>/", api.threat, name="threat"),
    path("readings/<int:reading_id>/threats/", api.reading_threats, name="reading_threats"),
    path("episodes/", api.episodes, name="episodes"),
    path("episodes/<int:episode_id>/", api.episode, name="episode"),
]
