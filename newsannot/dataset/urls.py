"""Routes of publication."""

from django.urls import path

from newsannot.dataset import export_views, import_views, record_views, release_views, views

app_name = "dataset"

urlpatterns = [
    *(
        path(f"{kind}s/<uuid:public_id>/", record_views.record, {"kind": kind}, name=kind)
        for kind in ("statement", "threat", "mention")
    ),
    path("exports/", export_views.exports, name="exports"),
    path("exports/<int:export_id>/", export_views.export, name="export"),
    path("exports/<int:export_id>/file/", export_views.export_file, name="export_file"),
    path("exports/<int:export_id>/discard/", export_views.discard, name="discard_export"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/new/", import_views.new_import, name="new_import"),
    path("imports/<int:import_id>/", import_views.import_page, name="import"),
    path("imports/<int:import_id>/discard/", import_views.discard, name="discard_import"),
    path("revisions/<int:revision_id>/publish/", views.publish, name="publish"),
    path("revisions/<int:revision_id>/withdraw/", views.withdraw, name="withdraw"),
    path("releases/", release_views.releases, name="releases"),
    path("releases/new/", release_views.new_release, name="new_release"),
    path("releases/<str:release>/", release_views.release, name="release"),
    path("releases/<str:release>/drop/", release_views.drop, name="drop_release"),
    path("releases/<str:release>/files/<str:file>/", release_views.file, name="release_file"),
    path("releases/<str:release>/since/<str:former>/", release_views.since, name="release_since"),
]
