"""Routes of publication in the API."""

from django.urls import path

from newsannot.dataset import api

urlpatterns = [
    path("changes/", api.changes, name="changes"),
    *(
        path(f"{kind}s/<uuid:public_id>/versions/", view, name=f"{kind}_versions")
        for kind, view in api.VERSIONS.items()
    ),
    path("revisions/<int:revision_id>/publish/", api.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", api.withdraw, name="withdraw"),
]
