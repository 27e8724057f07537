"""Sources and articles in the administration. Texts never change; articles come in by intake alone."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from newsannot.articles.models import Article, Source

if TYPE_CHECKING:
    _SourceAdmin = admin.ModelAdmin[Source]
    _ArticleAdmin = admin.ModelAdmin[Article]
else:
    _SourceAdmin = _ArticleAdmin = admin.ModelAdmin


@admin.register(Source)
class SourceAdmin(_SourceAdmin):
    list_display = ["name", "domain", "country", "language", "reliability", "excerpt_limit", "embargo_hours"]
    list_filter = ["reliability", "country"]
    search_fields = ["name", "domain"]


@admin.register(Article)
class ArticleAdmin(_ArticleAdmin):
    list_display = ["title", "source", "published_at", "language", "state"]
    list_filter = ["state", "language"]
    list_select_related = ["source"]
    search_fields = ["title", "url"]
    autocomplete_fields = ["source"]
    readonly_fields = ["url", "text_sha256", "retrieved_at", "created_by", "created_at", "updated_at"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False
