"""Input about actors, checked for shape; what actors may be is for the actions to say."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from newsannot.actors.models import Actor, ActorName, MembershipRole
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.rules import LONGEST_NAME, LONGEST_OFFICE, Identity, Name, folded
from newsannot.core.numbers import number_in


class ActorForm(forms.Form):
    """An actor's main name, kind and identifiers."""

    name = forms.CharField(label="Main name", max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label="Kind")
    description = forms.CharField(
        max_length=500, required=False, help_text="A line that tells it from others of the same name."
    )
    wikidata_id = forms.CharField(label="Wikidata", max_length=20, required=False, help_text="Such as Q7747.")
    iso3 = forms.CharField(
        label="ISO 3166-1 alpha-3", max_length=3, required=False, help_text="For a state: such as RUS. Kosovo has none."
    )
    country = forms.CharField(
        label="State it belongs to",
        max_length=3,
        required=False,
        help_text="For all others: its ISO code, such as RUS.",
    )
    cow_code = forms.IntegerField(
        label="Correlates of War number", required=False, min_value=1, max_value=999_999, help_text="Such as 365."
    )
    cameo_code = forms.CharField(label="CAMEO code", max_length=20, required=False, help_text="Such as RUSGOV.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", "Choose …"), *((code, choice.label) for code, choice in actor_kinds().items())]
        for name in ("wikidata_id", "iso3", "country", "cameo_code"):
            self.fields[name].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    @staticmethod
    def values_of(actor: Actor) -> dict[str, Any]:
        """What the form shows for an actor as it stands."""
        fields = ("name", "kind", "description", "wikidata_id", "iso3", "country", "cow_code", "cameo_code")
        return {field: getattr(actor, field) for field in fields}

    def identity(self, *, sectors: list[str]) -> Identity:
        """The identifiers sent, codes in capitals; `sectors` are kept as they were."""
        sent = self.cleaned_data
        return Identity(
            description=sent["description"],
            wikidata_id=sent["wikidata_id"].upper() or None,
            iso3=sent["iso3"].upper(),
            country=sent["country"].upper(),
            cow_code=sent["cow_code"],
            cameo_code=sent["cameo_code"].upper(),
            sectors=sectors,
        )


class TieForm(forms.Form):
    """An office or a membership: the other actor, chosen from a list or typed in full, and from when until when."""

    other = forms.CharField(required=False, max_length=20)
    other_typed = forms.CharField(required=False, max_length=LONGEST_NAME)
    from_on = forms.CharField(label="From", max_length=11, required=False, help_text="2014, 2014-03 or 2014-03-21.")
    until_on = forms.CharField(
        label="Until", max_length=11, required=False, help_text="Empty while it lasts, as far as is known."
    )
    field_order = ("office", "role", "other", "other_typed", "from_on", "until_on")

    @property
    def chosen(self) -> Actor | None:
        """The actor that the form names by its id."""
        given = number_in(str(self["other"].value() or ""))
        return None if given is None else Actor.objects.filter(pk=given).first()

    def clean(self) -> dict[str, Any]:
        """The values sent, with the actor as `actor`."""
        sent = super().clean() or {}
        typed = sent.get("other_typed", "")
        named = self.chosen if sent.get("other") else None
        if typed and not named:
            of = ActorName.objects.filter(search=folded(typed), actor__merged_into=None).values("actor")
            several = list(Actor.objects.filter(pk__in=of)[:2])
            named = several[0] if len(several) == 1 else None
            if len(several) > 1:
                self.add_error("other", f"Several actors go by “{typed}”; choose one from the list.")
        if named is None and "other" not in self.errors:
            self.add_error("other", "Choose an actor from the list, or type its whole name.")
        return {**sent, "actor": named}


class TenureForm(TieForm):
    """An office somebody holds."""

    office = forms.CharField(label="Office", max_length=LONGEST_OFFICE, help_text="Such as Foreign Minister.")


class MembershipForm(TieForm):
    """A group an actor belongs to."""

    role = forms.ChoiceField(label="As", choices=MembershipRole.choices, initial=MembershipRole.MEMBER)


class NameForm(forms.Form):
    """One name an actor also goes by; an emptied name is taken away."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME, required=False)
    language = forms.CharField(label="Language", max_length=35, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"dir": "auto", "placeholder": "Another name"}
        self.fields["language"].widget.attrs |= {"placeholder": "en", "spellcheck": "false"}


class NameForms(forms.BaseFormSet):  # type: ignore[type-arg] # Django's own class takes no argument when it runs
    """The names an actor also goes by."""

    def names(self) -> list[Name]:
        """The names sent."""
        sent = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [Name(one["name"], one["language"]) for one in sent]


_NameFormSet = forms.formset_factory(NameForm, formset=NameForms, extra=3, max_num=200, absolute_max=200)


def name_forms(sent: Mapping[str, Any] | None = None, *, standing: Iterable[Name] = ()) -> NameForms:
    """The rows for the other names: as sent, or as they stand with three more to fill in."""
    initial = [{"name": one.name, "language": one.language} for one in standing]
    return cast("NameForms", _NameFormSet(sent) if sent is not None else _NameFormSet(initial=initial))
