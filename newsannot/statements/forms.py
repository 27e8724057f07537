"""What editors say of an utterance."""

from collections.abc import Sequence

from django import forms

from newsannot.actors.models import Actor


class UtteranceForm(forms.Form):
    """Speaker (one of those of its statements), day, venue and the statement whose wording stands for it."""

    speaker = forms.ChoiceField(required=False)
    said_on = forms.CharField(required=False, max_length=40)
    venue = forms.CharField(required=False, max_length=200)
    canonical = forms.IntegerField(error_messages={"required": "Choose one of its statements."})
    version = forms.IntegerField()

    def __init__(self, speakers: Sequence[Actor], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.speakers = {str(one.pk): one for one in speakers}
        field = self.fields["speaker"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Nobody known"), *((key, one.name) for key, one in self.speakers.items())]

    @property
    def speaker_said(self) -> Actor | None:
        """The speaker chosen."""
        return self.speakers.get(self.cleaned_data["speaker"])
