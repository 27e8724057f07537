"""Code lists and guidelines. A version, once made, never changes; a new one is added beside it."""

import pgtrigger
from django.db import models

from newsannot.core.history import never_truncated


class Scheme(models.Model):
    """A named list of codes, such as `plover-mode`."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class SchemeVersion(models.Model):
    """A scheme as one file said it was."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=40, help_text="The source's own version, such as 0.8.")
    source = models.TextField(blank=True)
    licence = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number_unique")]
        ordering = ["scheme_id", "number"]

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"


class Code(models.Model):
    """One value of a scheme, with its definition. Annotations hold `code`, never this row's id."""

    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    definition = models.TextField(blank=True)
    example = models.TextField(blank=True)
    parent = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField()
    extra = models.JSONField(default=dict, blank=True)
    retired_in = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme_version", "code"], name="code_unique_in_version")]
        ordering = ["scheme_version_id", "position"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return self.label


class CodebookVersion(models.Model):
    """All schemes as they stood together; every reading is stamped with one."""

    number = models.PositiveIntegerField(unique=True)
    schemes = models.ManyToManyField(SchemeVersion, related_name="codebooks")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"

    def __str__(self) -> str:
        return f"Codebook {self.number}"


class Guideline(models.Model):
    """Instructions for coders, in Markdown; a new text is a new number."""

    key = models.SlugField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    text = models.TextField()
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="guideline_number_unique")]
        ordering = ["position", "key", "-number"]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
