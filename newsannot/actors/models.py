"""Who is mentioned, speaks and threatens. Actors are shared by all readings and articles."""

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.db.models.lookups import LessThanOrEqual

from newsannot.actors.naming import NAMED_ONLY_IN
from newsannot.actors.rules import folded
from newsannot.articles.models import Article, Source
from newsannot.core.filters import not_among
from newsannot.core.history import never_truncated, tracked
from newsannot.core.layers import Audience


class ActorQuerySet(models.QuerySet["Actor"]):
    """Actors, narrowed."""

    def held_back(self) -> "ActorQuerySet":
        """Those whom only published records within an embargo name, and for whom no editor vouches."""
        embargoed, params = Article.objects.embargoed().values("pk").query.sql_with_params()
        named = RawSQL(NAMED_ONLY_IN.format(articles=embargoed), params)  # noqa: S611 - a constant, and an ORM query
        return self.filter(is_public=True, is_vouched_for=False, pk__in=named).order_by()

    def given_out(self, audience: Audience) -> "ActorQuerySet":
        """All for those who work on the record; for readers, those that are public and not held back."""
        if audience is Audience.STAFF:
            return self
        return self.filter(not_among("id", Actor.objects.held_back().values("pk")), is_public=True)


@tracked()
class Actor(models.Model):
    """A person, state, organisation or group. The code systems are separate and optional."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    description = models.CharField(max_length=500, blank=True)
    wikidata_id = models.CharField(max_length=20, null=True, blank=True, unique=True)
    iso3 = models.CharField(max_length=3, blank=True)
    cow_code = models.PositiveIntegerField(null=True, blank=True)
    cameo_code = models.CharField(max_length=20, blank=True)
    sectors = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3 of the state it belongs to.")
    is_public = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Given out to all who read the API: an editor vouches for it, or a published record names it.",
    )
    is_vouched_for = models.BooleanField(
        default=False,
        db_default=False,
        help_text="An editor made, changed or merged it: given out even when all that names it is held back.",
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"]),
            models.Index(fields=["country"], condition=~Q(country=""), name="actor_country"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="actor_named"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="actor_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(wikidata_id__isnull=True) | Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"),
                name="actor_wikidata_id_shaped",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="merged_in_no_circle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__merged_into__isnull=False),
                func="""
                    -- Two merges at the same moment could close a circle that neither sees: they wait for one another.
                    PERFORM pg_advisory_xact_lock(hashtext('actor merge'), 0);
                    IF EXISTS (
                        WITH RECURSIVE chain(id) AS (
                            SELECT NEW.merged_into_id
                            UNION
                            SELECT a.merged_into_id FROM actors_actor a JOIN chain ON a.id = chain.id
                            WHERE a.merged_into_id IS NOT NULL
                        )
                        SELECT FROM chain WHERE id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'an actor cannot be merged into one that was merged into it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'actor_merged_in_no_circle';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="holders_stay_people",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("kind"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind")),
                func="""
                    IF EXISTS (SELECT FROM actors_tenure WHERE person_id = NEW.id AND NEW.kind <> 'person')
                        OR EXISTS (SELECT FROM actors_tenure WHERE organisation_id = NEW.id AND NEW.kind = 'person')
                        OR EXISTS (SELECT FROM actors_membership WHERE group_id = NEW.id AND NEW.kind = 'person')
                    THEN
                        RAISE EXCEPTION 'offices and memberships rest on the kind of this actor; remove them first'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'actor_kind_fits_ties';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def vouch(self) -> None:
        """Be public from the next saving on, whatever is published of it."""
        self.is_vouched_for = self.is_public = True


class Merge(models.Model):
    """Somebody found an actor to be another; undone when `undone_at` is set. What stands is `Actor.merged_into`.

    `made_public`: the other became vouched for by it, and goes back when it is undone.
    """

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="merges_into_it")
    made_public = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["actor"], condition=Q(undone_at=None), name="merge_standing_once")
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]

    def __str__(self) -> str:
        return f"{self.actor_id} into {self.into_id}"


if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class FoldedField(_TextField):
    """Another column of the row, folded for search whenever the row is written."""

    def __init__(self, of: str = "name", **options: Any) -> None:
        self.of = of
        defaults: dict[str, Any] = {"editable": False, "db_default": ""}
        super().__init__(**defaults | options)

    def deconstruct(self) -> Any:
        """To migrations it is text."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The folded value, also for bulk_create."""
        value = folded(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


KNOWN_WORDS = """
    INSERT INTO actors_actorword (word)
    SELECT DISTINCT w.word FROM {names} AS n, string_to_table(ltrim(n.search), ' ') AS w(word)
    WHERE length(w.word) > 2 AND NOT EXISTS (SELECT FROM actors_actorword known WHERE known.word = w.word)
"""


def _words_known(operation: pgtrigger.Operation, name: str) -> pgtrigger.Trigger:
    """Trigger: the words of names that are written become known words."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),  # type: ignore[no-untyped-call]
        func=f"{KNOWN_WORDS.format(names='written')}; RETURN NULL;",
    )


class ActorName(models.Model):
    """One name an actor goes by, its main name included; typeahead searches these, folded, in `search`."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    script = models.CharField(max_length=4, blank=True, help_text="ISO 15924")
    search = FoldedField()

    class Meta:
        ordering = ["actor_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="actor_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="actor_name_not_empty"),
        ]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="actor_name_search"),
            models.Index(OpClass("search", name="text_pattern_ops"), name="actor_name_begins"),
            GinIndex(Func(F("search"), Value(" "), function="string_to_array"), name="actor_name_words"),
            models.Index(Lower("name"), name="actor_name_lowered"),
        ]
        triggers = [
            _words_known(pgtrigger.Insert, "words_known_when_added"),
            _words_known(pgtrigger.Update, "words_known_when_changed"),
        ]

    def __str__(self) -> str:
        return self.name


class ActorWord(models.Model):
    """A word that some actor's name has, folded, of three letters and more: what somebody meant who misspelt it.

    Written by triggers on names. A word may outlive its names and may be there twice, neither of which harms: no writer
    waits for another.
    """

    word = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="actor_word"),
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="actor_word_alike"),
        ]

    def __str__(self) -> str:
        return self.word


class ActorUse(models.Model):
    """How many published records name an actor, in articles of one source; `source` null: of all together.

    Written when a reading is published or withdrawn; what nobody published counts for nobody else, so that readings
    stay blind to one another.
    """

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="uses")
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "source"], name="actor_use_unique", nulls_distinct=False)
        ]
        indexes = [
            models.Index(fields=["source", "-count"]),
            models.Index(fields=["-count"], condition=Q(source=None), name="actor_use_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.actor_id}"


HALF_KNOWN = r"^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?[?~%]?)?$"


class Compared(Func):
    """One of two half-known dates, cut to the precision of the less known: 2014-05 beside 2014 is 2014."""

    known = "rtrim({}, '?~%%%%')"
    template = (
        f"left({known.format('%(expressions)s')},"
        f" least(length({known.format('from_on')}), length({known.format('until_on')})))"
    )
    output_field = models.TextField()


def _dates(name: str) -> list[models.CheckConstraint]:
    """What holds for `from_on` and `until_on`: half-known dates, in order as far as they are known."""
    return [
        models.CheckConstraint(
            condition=Q(from_on__regex=HALF_KNOWN, until_on__regex=HALF_KNOWN), name=f"{name}_dates_shaped"
        ),
        models.CheckConstraint(
            condition=Q(from_on="") | Q(until_on="") | Q(LessThanOrEqual(Compared("from_on"), Compared("until_on"))),
            name=f"{name}_from_before_until",
        ),
    ]


@tracked()
class Tenure(models.Model):
    """A person holds an office [FollowTheMoney Occupancy]. Dates are EDTF: a year, a month or a day, each perhaps `?`.

    No `from_on`: nobody knows since when; no `until_on`: the person holds it still, as far as is known.
    """

    person = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="tenures")
    organisation = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="tenures_in_it")
    office = models.CharField(max_length=200)
    search = FoldedField(of="office")
    from_on = models.CharField(max_length=11, blank=True, help_text="EDTF")
    until_on = models.CharField(max_length=11, blank=True, help_text="EDTF")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            *_dates("tenure"),
            models.CheckConstraint(condition=~Q(office=""), name="tenure_office_named"),
            models.UniqueConstraint(fields=["person", "organisation", "office", "from_on"], name="tenure_unique"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="held_by_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT kind FROM actors_actor WHERE id = NEW.person_id) <> 'person' THEN
                        RAISE EXCEPTION 'an office is held by a person'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenure_of_person';
                    END IF;
                    IF (SELECT kind FROM actors_actor WHERE id = NEW.organisation_id) = 'person' THEN
                        RAISE EXCEPTION 'an office is held in an organisation or a state, not in a person'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenure_in_organisation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.from_on}–{self.until_on}"


class MembershipRole(models.TextChoices):
    """What a member is in a group [ParlaMint relations]."""

    LEAD = "lead", "Lead"
    MEMBER = "member", "Member"
    OBSERVER = "observer", "Observer"


@tracked()
class Membership(models.Model):
    """An actor belongs to a group: a state to an alliance, a party to a coalition. Dates as of a tenure."""

    member = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="memberships")
    group = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=16, choices=MembershipRole, default=MembershipRole.MEMBER)
    from_on = models.CharField(max_length=11, blank=True, help_text="EDTF")
    until_on = models.CharField(max_length=11, blank=True, help_text="EDTF")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            *_dates("membership"),
            models.CheckConstraint(condition=~Q(member=F("group")), name="membership_not_in_itself"),
            models.CheckConstraint(condition=Q(role__in=MembershipRole.values), name="membership_role_known"),
            models.UniqueConstraint(fields=["member", "group", "role", "from_on"], name="membership_unique"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="group_is_no_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT kind FROM actors_actor WHERE id = NEW.group_id) = 'person' THEN
                        RAISE EXCEPTION 'nobody is a member of a person'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_of_group';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.from_on}–{self.until_on}"
