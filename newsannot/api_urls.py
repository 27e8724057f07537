"""All routes of the API, under /api/v1/. Every path ends in a slash."""

from django.urls import include, path, re_path

from newsannot.core import api

app_name = "api"
urlpatterns = [
    path("", include("newsannot.articles.api_urls")),
    path("", include("newsannot.actors.api_urls")),
    path("", include("newsannot.codebook.api_urls")),
    path("", include("newsannot.annotations.api_urls")),
    path("", include("newsannot.statements.api_urls")),
    path("", include("newsannot.threats.api_urls")),
    path("", include("newsannot.review.api_urls")),
    path("", include("newsannot.dataset.api_urls")),
    path("docs/", api.docs, name="docs"),
    path("schema/", api.schema, name="schema"),
    re_path("", api.nowhere),
]
