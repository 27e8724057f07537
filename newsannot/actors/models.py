"""Who is mentioned, speaks and threatens. Actors are shared by all readings and articles."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

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

    def __str__(self) -> str:
        return self.name


class ActorName(models.Model):
    """One name an actor goes by, its main name included; typeahead searches these."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    script = models.CharField(max_length=4, blank=True, help_text="ISO 15924")

    class Meta:
        ordering = ["actor_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="actor_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="actor_name_not_empty"),
        ]
        indexes = [
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="actor_name_trigrams"),
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="actor_name_prefix"),
        ]

    def __str__(self) -> str:
        return self.name
