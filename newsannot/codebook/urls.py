"""Routes of the codebook and the guidelines."""

from django.urls import path

from newsannot.codebook import views

app_name = "codebook"
urlpatterns = [
    path("codebook/", views.index, name="index"),
    path("codebook/<slug:key>/", views.scheme, name="scheme"),
    path("codebook/<slug:key>/versions/", views.versions, name="versions"),
    path("codebook/<slug:key>/propose/", views.propose, name="propose"),
    path("guidelines/", views.guidelines, name="guidelines"),
    path("guidelines/<slug:key>/", views.guidelines, name="guidelines"),
    path("guidelines/<slug:key>/versions/", views.wordings, name="wordings"),
    path("guidelines/<slug:key>/propose/", views.propose_wording, name="propose_wording"),
]
