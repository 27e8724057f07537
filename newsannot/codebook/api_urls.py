"""Routes of the API's codebook."""

from django.urls import path

from newsannot.codebook import api

urlpatterns = [
    path("codebook/", api.schemes, name="schemes"),
    path("codebook/<slug:key>/", api.scheme, name="scheme"),
]
