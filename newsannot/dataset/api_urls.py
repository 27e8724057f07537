"""Routes of publication in the API."""

from django.urls import path

from newsannot.annotations.serializers import register_linked_data
from newsannot.dataset import api, receipt_api, release_api
from newsannot.dataset.linked_data import web_annotation

register_linked_data(web_annotation)

urlpatterns = [
    path("releases/", release_api.releases, name="releases"),
    path("releases/<str:release>/", release_api.release, name="release"),
    path("releases/<str:release>/files/<str:file>/", release_api.file, name="release_file"),
    path("releases/<str:release>/since/<str:former>/", release_api.since, name="release_since"),
    *(
        path(f"{kind}s/<uuid:public_id>/receipt/", view, name=f"{kind}_receipt")
        for kind, view in receipt_api.RECEIPTS.items()
    ),
    path("changes/", api.changes, name="changes"),
    *(
        path(f"{kind}s/<uuid:public_id>/versions/", view, name=f"{kind}_versions")
        for kind, view in api.VERSIONS.items()
    ),
    path("revisions/<int:revision_id>/publish/", api.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", api.withdraw, name="withdraw"),
]
