"""All routes of the pages; the API's are in api_urls."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from newsannot.core import health
from newsannot.workbench.views.articles import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("account/", include("newsannot.accounts.urls")),
    path("account/webhooks/", include("newsannot.dataset.webhooks.urls")),
    path("actors/", include("newsannot.actors.urls")),
    path("utterances/", include("newsannot.statements.urls")),
    path("episodes/", include("newsannot.threats.urls")),
    path("review/", include("newsannot.review.urls")),
    path("work/", include("newsannot.review.work_urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("newsannot.api_urls")),
    path("", include("newsannot.codebook.urls")),
    path("", include("newsannot.workbench.article_urls")),
    path("", include("newsannot.workbench.urls")),
    path("", include("newsannot.dataset.urls")),
]
