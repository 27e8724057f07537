"""People and their tokens, for administrators. A key is never shown: it is not kept."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from newsannot.accounts.access import signed_in
from newsannot.accounts.actions import revoke_token
from newsannot.accounts.models import Token, User

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[User]
    _TokenAdmin = admin.ModelAdmin[Token]
else:
    _UserAdmin, _TokenAdmin = UserAdmin, admin.ModelAdmin


@admin.register(User)
class PersonAdmin(_UserAdmin):
    """People. The role says it all: whoever is administrator by role is so here too."""

    list_display = ("username", "label", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("About", {"fields": ("first_name", "last_name", "email")}),
        ("Since", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "role", "password1", "password2")}),)
    readonly_fields = ("date_joined", "last_login")
    filter_horizontal = ()

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:
        """Let the role decide who may come here."""
        obj.is_staff = obj.is_superuser = obj.is_admin
        super().save_model(request, obj, form, change)


@admin.register(Token)
class TokenAdmin(_TokenAdmin):
    """Tokens: to see who uses the API and to revoke."""

    list_display = ("name", "prefix", "user", "created_at", "last_used_at", "revoked_at")
    list_filter = ("user__role",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    fields = readonly_fields = (
        "name",
        "prefix",
        "user",
        "scopes",
        "created_at",
        "last_used_at",
        "revoked_at",
    )
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes a token for another."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tokens are revoked, so that one can tell later which there were."""
        return False

    @admin.action(description="Revoke the chosen tokens")
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        """End the tokens that have not ended yet."""
        for token in queryset.filter(revoked_at=None):
            revoke_token(token=token, by=signed_in(request))
