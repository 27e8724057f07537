"""Input of releases: one that somebody wants."""

from django import forms

from newsannot.core.errors import Problems


class ReleaseForm(forms.Form):
    """What a release is called, by whom and under which licence it is given out."""

    name = forms.CharField(
        max_length=60,
        help_text="For good, and part of its address: small letters, digits, dots and dashes, such as 2025-09.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    publisher = forms.CharField(max_length=200, help_text="Who is to be cited.")
    licence = forms.CharField(
        max_length=120,
        initial="CC-BY-4.0",
        help_text="Of the annotations; words of articles stay their sources’.",
    )
    notes = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For the README: what is new, what to mind.",
    )

    def show_refusal(self, problems: Problems) -> None:
        """Show why an action refused, beside the fields it names."""
        for name, texts in problems.items():
            self.add_error(name if name in self.fields else None, list(texts))
