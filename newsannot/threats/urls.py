"""Routes of the episodes, under /episodes/."""

from django.urls import path

from newsannot.threats.views import alike, episodes, steps

app_name = "episodes"

urlpatterns = [
    path("", episodes.episodes, name="list"),
    path("new/", episodes.new, name="new"),
    path("alike/", alike.alike, name="alike"),
    path("alike/<int:kinship_id>/", alike.decide, name="decide"),
    path("<int:episode_id>/", episodes.episode, name="episode"),
    path("<int:episode_id>/add/", episodes.add, name="add"),
    path("<int:episode_id>/part/", episodes.part, name="part"),
    path("<int:episode_id>/merge/", episodes.merge, name="merge"),
    path("<int:episode_id>/undo/", episodes.undo, name="undo"),
    path("<int:episode_id>/steps/new/", steps.new_step, name="new_step"),
    path("<int:episode_id>/steps/<int:step_id>/", steps.step, name="step"),
]
