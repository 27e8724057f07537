"""What people type in to make a webhook and to have changes sent again."""

from django import forms

from newsannot.dataset.models import ChangeAction
from newsannot.dataset.webhooks.addresses import LONGEST, Refused, target_of

KINDS = [("statement", "Statements"), ("threat", "Threats"), ("mention", "Mentions"), ("actor", "Actors")]


class WebhookForm(forms.Form):
    """Where to, and what."""

    url = forms.CharField(
        label="URL",
        max_length=LONGEST,
        help_text="Each change is sent there by POST, signed.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "url", "placeholder": "https://example.org/newsannot"}
        ),
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds",
        choices=KINDS,
        initial=[kind for kind, _ in KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind."},
    )
    actions = forms.MultipleChoiceField(
        label="When they are",
        choices=ChangeAction.choices,
        initial=ChangeAction.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )

    def clean_url(self) -> str:
        """Refuse an address that nothing may be sent to."""
        url = str(self.cleaned_data["url"])
        try:
            target_of(url)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url


class ReplayForm(forms.Form):
    """From which change on to send again."""

    first = forms.IntegerField(
        label="From change",
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "1"}),
        help_text="Its seq; 1 sends the whole record.",
    )
