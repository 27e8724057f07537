"""What editors say of an episode and of its steps."""

from collections.abc import Sequence

from django import forms

from newsannot.actors.models import Actor
from newsannot.threats.models import StepKind


class EpisodeForm(forms.Form):
    """Issuer (one of those of its threats) and the threat whose words stand for it."""

    issuer = forms.ChoiceField(required=False)
    canonical = forms.IntegerField(error_messages={"required": "Choose one of its threats."})
    version = forms.IntegerField()

    def __init__(self, issuers: Sequence[Actor], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.issuers = {str(one.pk): one for one in issuers}
        field = self.fields["issuer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Nobody known"), *((key, one.name) for key, one in self.issuers.items())]

    @property
    def issuer_said(self) -> Actor | None:
        """The issuer chosen."""
        return self.issuers.get(self.cleaned_data["issuer"])


class StepForm(forms.Form):
    """What happened to the threat, when, and what is to be said of it; the version is the episode's."""

    kind = forms.ChoiceField(choices=StepKind.choices)
    happened_on = forms.CharField(max_length=40, error_messages={"required": "Say when."})
    note = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField()


class AskAgainForm(forms.Form):
    """The day on which editors are asked again what became of a threat."""

    ask_on = forms.DateField(error_messages={"required": "Name a day.", "invalid": "Write a day: 2030-01-31."})
