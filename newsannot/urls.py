"""All routes of the pages; the API's are in api_urls."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("newsannot.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("newsannot.codebook.urls")),
]
