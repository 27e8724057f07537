"""Routes of the actors, under /actors/."""

from django.urls import path

from newsannot.actors import views

app_name = "actors"

urlpatterns = [
    path("", views.actors, name="list"),
    path("", views.actors, name="create"),
    path("new/", views.new, name="new"),
    path("search/", views.search, name="search"),
    path("<int:actor_id>/", views.actor, name="actor"),
    path("<int:actor_id>/change/", views.change, name="change"),
]
