"""Routes of the API's readings and annotations."""

from django.urls import path

from newsannot.annotations import api

urlpatterns = [
    path("articles/<int:article_id>/readings/", api.article_readings, name="article_readings"),
    path("readings/<int:reading_id>/", api.reading, name="reading"),
    path("readings/<int:reading_id>/mentions/", api.reading_mentions, name="reading_mentions"),
    path("readings/<int:reading_id>/submit/", api.submit, name="submit"),
    path("annotations/<uuid:public_id>/", api.annotation, name="annotation"),
    path("mentions/", api.mentions, name="mentions"),
    path("mentions/<uuid:public_id>/", api.mention, name="mention"),
    path("revisions/<int:revision_id>/verify/", api.verify, name="verify"),
]
