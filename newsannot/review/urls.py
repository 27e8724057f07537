"""Routes of the editors' pages, under /review/."""

from django.urls import path

from newsannot.review.views import readings

app_name = "review"

urlpatterns = [
    path("", readings.queue, name="queue"),
    path("readings/<int:reading_id>/", readings.reading, name="reading"),
    path("readings/<int:reading_id>/accept/", readings.accept, name="accept"),
    path("readings/<int:reading_id>/return/", readings.give_back, name="return"),
]
