"""Routes of the editors' pages, under /review/."""

from django.urls import path

from newsannot.review import views

app_name = "review"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("readings/<int:reading_id>/", views.reading, name="reading"),
    path("readings/<int:reading_id>/accept/", views.accept, name="accept"),
    path("readings/<int:reading_id>/return/", views.give_back, name="return"),
]
