"""Input of review: the batch somebody wants, and what its assignments are to become."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.review.models import LONGEST_LEASE, MOST_READERS, Batch, DeedSort
from newsannot.review.queries.changing import Change
from newsannot.review.queries.planning import MOST_ARTICLES, READ_BY, Wish, analysts_to_choose
from newsannot.workbench.forms.inbox import read_wanted
from newsannot.workbench.queries.inbox import language_choices, source_choices

PUSH, PULL = "push", "pull"
HOW = ((PUSH, "Give them out now, evenly"), (PULL, "Leave them in the pool, to be taken one by one"))


def check_to_come(moment: datetime) -> None:
    """Refuse a moment that has passed."""
    if moment <= timezone.now():
        raise forms.ValidationError("That moment has passed.")


class BatchForm(forms.Form):
    """Which articles, read by whom, under which conditions."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    note = forms.CharField(
        label="Note on the guidelines",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What to mind; its analysts see it above the text.",
    )
    q = forms.CharField(
        label="Words in the title or text", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    source = forms.ChoiceField(required=False)
    language = forms.ChoiceField(required=False)
    read_by = forms.ChoiceField(label="Read by", required=False, choices=[*READ_BY.items()])
    most = forms.IntegerField(
        label="At most", initial=50, min_value=1, max_value=MOST_ARTICLES, help_text="Articles, the newest first."
    )
    analysts_per_article = forms.IntegerField(
        label="Analysts for each article", initial=2, min_value=1, max_value=MOST_READERS
    )
    how = forms.ChoiceField(label="How", choices=HOW, initial=PUSH, widget=forms.RadioSelect)
    analysts = forms.TypedMultipleChoiceField(
        label="To whom", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    maximum_share = forms.IntegerField(label="Most for one person, in percent", initial=100, min_value=1, max_value=100)
    due_at = forms.DateTimeField(
        label="Due (UTC)",
        required=False,
        validators=[check_to_come],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    lease_hours = forms.IntegerField(
        label="Hours before what was taken from the pool returns there",
        initial=24,
        min_value=1,
        max_value=LONGEST_LEASE,
        help_text="Counted from the last work on it.",
    )
    hides_suggestions = forms.BooleanField(label="Hide suggestions: the texts are coded blind", required=False)
    is_training = forms.BooleanField(
        label="A training: what is handed in is compared with the curated readings", required=False
    )
    pass_mark = forms.IntegerField(label="Pass mark, in percent", required=False, min_value=0, max_value=100)
    requires = forms.ModelChoiceField(
        label="Only for who has passed",
        queryset=Batch.objects.filter(is_training=True),
        required=False,
        empty_label="No training",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, str]]] = {
            "source": [("", "All sources"), *((one.pk, one.name) for one in source_choices())],
            "language": [("", "All languages"), *language_choices()],
            "analysts": [(one.pk, one.label) for one in analysts_to_choose()],
        }
        for name, offered in choices.items():
            cast("forms.ChoiceField", self.fields[name]).choices = offered

    def clean(self) -> dict[str, Any]:
        """What goes together: people for what is given out and none for the pool, a pass mark for a training."""
        sent = super().clean() or self.cleaned_data
        if sent.get("how") == PUSH and not sent.get("analysts") and "analysts" not in self.errors:
            self.add_error("analysts", "Choose who is to read them.")
        if sent.get("how") == PULL and sent.get("analysts"):
            self.add_error("analysts", "Every analyst may take from the pool: choose nobody, or give them out now.")
        if sent.get("is_training") and sent.get("pass_mark") is None and "pass_mark" not in self.errors:
            self.add_error("pass_mark", "Say what share of the records must be found.")
        if sent.get("is_training") and sent.get("requires"):
            self.add_error("requires", "A training requires no other.")
        return sent

    def wish(self) -> Wish:
        """The batch that a valid form asks for."""
        sent = self.cleaned_data
        kept = ("name", "note", "read_by", "most", "analysts_per_article", "maximum_share", "analysts", "due_at")
        more = ("lease_hours", "hides_suggestions", "is_training", "requires")
        return Wish(
            **{name: sent[name] for name in (*kept, *more)},
            wanted=read_wanted({name: sent[name] for name in ("q", "source", "language")}),
            is_pool=sent["how"] == PULL,
            pass_mark=sent["pass_mark"] if sent["is_training"] else None,
        )

    def show_refusal(self, problems: Any) -> None:
        """Say what was refused at the fields it is about."""
        names = {"per_article": "analysts_per_article", "articles": "q"}
        for field, texts in problems.items():
            name = names.get(field, field)
            self.add_error(name if name in self.fields else None, list(texts))


class ChangeForm(forms.Form):
    """What many assignments of a batch are to become; which field it has depends on the sort of change."""

    due_at = forms.DateTimeField(
        label="Due (UTC)",
        required=False,
        validators=[check_to_come],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="Left empty, they have no due date.",
    )
    analyst = forms.MultipleChoiceField(
        label="To whom",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say to whom."},
    )

    def __init__(self, sort: DeedSort, people: Sequence[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort, self.people = sort, {str(one.pk): one for one in people}
        kept = {DeedSort.DUE: "due_at", DeedSort.GIVE: "analyst"}.get(sort)
        self.fields = {name: field for name, field in self.fields.items() if name == kept}
        if sort == DeedSort.GIVE:
            offered = [(key, one.label) for key, one in self.people.items()]
            cast("forms.MultipleChoiceField", self.fields["analyst"]).choices = offered

    def change(self) -> Change:
        """The change that a valid form asks for."""
        sent = self.cleaned_data
        return Change(self.sort, due_at=sent.get("due_at"), to=[self.people[key] for key in sent.get("analyst", ())])
