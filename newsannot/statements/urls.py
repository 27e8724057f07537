"""Routes of the utterances, under /utterances/."""

from django.urls import path

from newsannot.statements import views

app_name = "utterances"

urlpatterns = [
    path("", views.utterances, name="list"),
    path("new/", views.new, name="new"),
    path("alike/", views.alike, name="alike"),
    path("alike/<int:likeness_id>/", views.decide, name="decide"),
    path("<int:utterance_id>/", views.utterance, name="utterance"),
    path("<int:utterance_id>/add/", views.add, name="add"),
    path("<int:utterance_id>/part/", views.part, name="part"),
    path("<int:utterance_id>/merge/", views.merge, name="merge"),
]
