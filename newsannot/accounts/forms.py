"""What people type in to sign in and to make a token."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from newsannot.accounts.access import scopes_for
from newsannot.accounts.models import Token, User


class SignInForm(AuthenticationForm):
    """Name and password; what is wrong is said without telling which of the two."""

    error_messages = {
        "invalid_login": "This name and password do not go together. Passwords tell capital letters from small ones.",
        "inactive": "This account is closed. Ask an administrator to open it again.",
    }


class TokenForm(forms.Form):
    """A name for a token and what it may do, within the role of its maker."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="What will use it, so that you know later what breaks when you revoke it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Notebook, nightly import, …"}),
    )
    scopes = forms.MultipleChoiceField(
        label="May",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing the token may do."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        scopes = cast("forms.MultipleChoiceField", self.fields["scopes"])
        scopes.choices = [(scope.value, scope.label) for scope in scopes_for(user)]
        scopes.initial = [scopes_for(user)[0].value]

    def clean_name(self) -> str:
        """Refuse the name of a token still in use: a page sent twice must not make two."""
        name = str(self.cleaned_data["name"])
        if Token.objects.filter(user=self.user, name=name, revoked_at=None).exists():
            raise forms.ValidationError("You already have a token of this name. Choose another, or revoke the old one.")
        return name
