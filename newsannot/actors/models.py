"""Who is mentioned, speaks and threatens. Actors are shared by all readings and articles."""

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from newsannot.actors.rules import folded
from newsannot.articles.models import Source
from newsannot.core.history import tracked


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
        help_text="Given out to all who read the API: an editor knows it, or a published record names it.",
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"])]
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
        ]

    def __str__(self) -> str:
        return self.name


class Merge(models.Model):
    """Somebody found an actor to be another; undone when `undone_at` is set. What stands is `Actor.merged_into`.

    `made_public`: the other became public by it, and goes back when it is undone.
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
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

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
            models.Index(Lower("name"), name="actor_name_lowered"),
        ]

    def __str__(self) -> str:
        return self.name


class ActorUse(models.Model):
    """How many published records name an actor, in articles of one source; `source` null: of all together.

    Written when a reading is published or withdrawn; what nobody published counts for nobody else, so that readings
    stay blind to one another.
    """

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="uses")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "source"], name="actor_use_unique", nulls_distinct=False)
        ]
        indexes = [models.Index(fields=["source", "-count"])]

    def __str__(self) -> str:
        return f"{self.count} × {self.actor_id}"
