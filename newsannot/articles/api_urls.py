"""Routes of the API's articles and sources."""

from django.urls import path

from newsannot.articles import api

urlpatterns = [
    path("articles/", api.articles, name="articles"),
    path("articles/<int:article_id>/", api.article, name="article"),
    path("sources/", api.sources, name="sources"),
    path("sources/<int:source_id>/", api.source, name="source"),
]
