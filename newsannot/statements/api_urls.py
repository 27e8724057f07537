"""Routes of the API's statements."""

from django.urls import path

from newsannot.statements import api

urlpatterns = [
    path("statements/", api.statements, name="statements"),
    path("statements/<uuid:public_id>/", api.statement, name="statement"),
    path("readings/<int:reading_id>/statements/", api.reading_statements, name="reading_statements"),
    path("utterances/", api.utterances, name="utterances"),
    path("utterances/<int:utterance_id>/", api.utterance, name="utterance"),
]
