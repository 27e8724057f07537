"""Routes of publication in the API."""

from django.urls import path

from newsannot.annotations.serializers import register_linked_data
from newsannot.dataset import api
from newsannot.dataset.linked_data import web_annotation

register_linked_data(web_annotation)

urlpatterns = [
    path("changes/", api.changes, name="changes"),
    *(
        path(f"{kind}s/<uuid:public_id>/versions/", view, name=f"{kind}_versions")
        for kind, view in api.VERSIONS.items()
    ),
    path("revisions/<int:revision_id>/publish/", api.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", api.withdraw, name="withdraw"),
]
