"""Routes of the codebook and the guidelines."""

from django.urls import path

from newsannot.codebook import views

app_name = "codebook"
urlpatterns = [
    path("codebook/", views.index, name="index"),
    path("codebook/<slug:key>/", views.scheme, name="scheme"),
    path("guidelines/", views.guidelines, name="guidelines"),
    path("guidelines/<slug:key>/", views.guidelines, name="guidelines"),
]
