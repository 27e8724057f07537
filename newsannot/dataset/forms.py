"""Input of the exports page: a format, a layer, kinds of record, and the filters of the API."""

import re
from typing import Any

from django import forms
from django.http import QueryDict

from newsannot.accounts.models import User
from newsannot.annotations.kinds import all_kinds
from newsannot.core.layers import Layer
from newsannot.dataset.formats.registry import FORMATS
from newsannot.dataset.gathering import FILTERS, Selection

LAYER_LABELS = {
    Layer.PUBLISHED: "What is published",
    Layer.CURATED: "The curated readings, published or not",
    Layer.SUBMITTED: "What analysts handed in",
}
DAYS = frozenset({"published_from", "published_to", "said_from", "said_to", "updated_since"})
LABELS = {"q": "Words", "plover_mode": "PLOVER mode"}


class ExportForm(forms.Form):
    """What somebody wants a file of; every filter of the API is a field of its name."""

    format = forms.ChoiceField(label="Format")
    layer = forms.ChoiceField(label="Layer", initial=Layer.PUBLISHED)
    kinds = forms.MultipleChoiceField(label="Kinds", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        ready = [(one.name, one.label) for one in FORMATS.values() if one.is_ready]
        layers = LAYER_LABELS if user.is_editor else {Layer.PUBLISHED: LAYER_LABELS[Layer.PUBLISHED]}
        choices = {
            "format": ready,
            "layer": [(str(one), label) for one, label in layers.items()],
            "kinds": [(kind.name, kind.plural) for kind in all_kinds()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.fields["kinds"].initial = [kind.name for kind in all_kinds()]
        self.filters = {one.name: one for filters in FILTERS.values() for one in filters}
        for name, one in self.filters.items():
            widget = forms.DateInput(attrs={"type": "date"}) if name in DAYS else forms.TextInput()
            label = LABELS.get(name, name.replace("_", " ").capitalize())
            hint = re.sub(r"[`*]", "", one.help)
            self.fields[name] = forms.CharField(label=label, required=False, help_text=hint, widget=widget)

    def filter_pairs(self) -> list[list[forms.BoundField]]:
        """The fields that narrow it, two and two."""
        fields = [self[name] for name in self.filters]
        return [fields[at : at + 2] for at in range(0, len(fields), 2)]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is filled in, or wrong."""
        return any(self[name].value() or self[name].errors for name in self.filters)

    def clean_kinds(self) -> list[str]:
        """No kind is every kind."""
        chosen = list(self.cleaned_data["kinds"])
        return [] if len(chosen) == len(self.fields["kinds"].choices) else chosen  # type: ignore[attr-defined]

    def selection(self) -> Selection:
        """What a valid form selects; several values of a filter are parted by commas."""
        query = QueryDict(mutable=True)
        for name in self.filters:
            given = self.cleaned_data[name]
            values = [given] if name == "q" else [one.strip() for one in given.split(",")]
            query.setlist(name, [one for one in values if one]) if given else None
        kinds = tuple(self.cleaned_data["kinds"])
        return Selection(user=self.user, layer=Layer(self.cleaned_data["layer"]), kinds=kinds, query=query.urlencode())
