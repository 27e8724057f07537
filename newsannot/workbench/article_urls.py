"""Routes of the articles: those of their own room, and the pages that show readings too."""

from django.urls import path

from newsannot.articles.urls import urlpatterns as adding
from newsannot.workbench.views import articles

app_name = "articles"
urlpatterns = [
    path("articles/", articles.inbox, name="inbox"),
    path("articles/<int:article_id>/", articles.article, name="article"),
    *adding,
]
