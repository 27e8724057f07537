"""Actors in the administration."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from newsannot.actors.models import Actor, ActorName

if TYPE_CHECKING:
    _Inline = admin.TabularInline[ActorName, Actor]
    _ModelAdmin = admin.ModelAdmin[Actor]
else:
    _Inline, _ModelAdmin = admin.TabularInline, admin.ModelAdmin


class ActorNameInline(_Inline):
    model = ActorName
    extra = 0


@admin.register(Actor)
class ActorAdmin(_ModelAdmin):
    list_display = ["name", "kind", "wikidata_id", "iso3", "country", "is_public", "merged_into"]
    list_filter = ["kind"]
    search_fields = ["names__name", "wikidata_id"]
    readonly_fields = ["merged_into", "created_by", "created_at", "updated_at"]
    inlines = [ActorNameInline]

    def has_delete_permission(self, request: HttpRequest, obj: Actor | None = None) -> bool:
        return False
