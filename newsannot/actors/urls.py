"""Routes of the actors, under /actors/."""

from django.urls import path

from newsannot.actors.views import card, merging, pages, ties

app_name = "actors"

urlpatterns = [
    path("", pages.actors, name="list"),
    path("", pages.actors, name="create"),
    path("new/", pages.new, name="new"),
    path("search/", pages.search, name="search"),
    path("<int:actor_id>/", pages.actor, name="actor"),
    path("<int:actor_id>/card/", card.card, name="card"),
    path("<int:actor_id>/change/", pages.change, name="change"),
    path("<int:actor_id>/merge/", merging.merge, name="merge"),
    path("<int:actor_id>/unmerge/", merging.unmerge, name="unmerge"),
    *(
        one
        for sort in ("tenure", "membership")
        for one in (
            path(f"<int:actor_id>/{sort}s/new/", ties.new, {"sort_name": sort}, f"new_{sort}"),
            path(f"<int:actor_id>/{sort}s/<int:tie_id>/", ties.change, {"sort_name": sort}, sort),
            path(f"<int:actor_id>/{sort}s/<int:tie_id>/remove/", ties.remove, {"sort_name": sort}, f"remove_{sort}"),
        )
    ),
]
