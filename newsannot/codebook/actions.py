"""Every write to code lists and guidelines: new versions beside the old ones, never a change to one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from newsannot.accounts.models import User
from newsannot.codebook.models import Code, CodebookVersion, Guideline, Scheme, SchemeVersion
from newsannot.codebook.rules import GuidelineFile, SchemeFile
from newsannot.core.history import action


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did: the keys of the schemes and guidelines it made versions of, and the codebook that stands."""

    schemes: Sequence[str]
    guidelines: Sequence[str]
    codebook: CodebookVersion


@action
def load_codebook(*, schemes: Iterable[SchemeFile], guidelines: Iterable[GuidelineFile], by: User | None) -> Loaded:
    """Make a version of each scheme and guideline that says something new, and a codebook when a scheme does.

    A scheme that has no file any more stays in the codebook: its codes are still asked for. Locks the codebooks, so
    that two who load at once make one version.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE codebook_codebookversion IN SHARE ROW EXCLUSIVE MODE")
    changed = [scheme.key for scheme in schemes if _add_scheme_version(scheme)]
    rewritten = [guideline.key for guideline in guidelines if _add_guideline(guideline)]
    return Loaded(changed, rewritten, _codebook(is_new=bool(changed)))


def _add_scheme_version(file: SchemeFile) -> SchemeVersion | None:
    """The new version of a scheme, or None when the newest one says the same."""
    scheme, _ = Scheme.objects.get_or_create(key=file.key, defaults={"name": file.name})
    newest = scheme.versions.last()
    if newest is not None and newest.sha256 == file.sha256:
        return None
    Scheme.objects.filter(pk=scheme.pk).update(name=file.name)
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=newest.number + 1 if newest else 1,
        version=file.version,
        source=file.source,
        licence=file.licence,
        description=file.description,
        sha256=file.sha256,
    )
    Code.objects.bulk_create(
        Code(
            scheme_version=version,
            code=entry.code,
            label=entry.label,
            definition=entry.definition,
            example=entry.example,
            parent=entry.parent,
            retired_in=entry.retired_in,
            extra=dict(entry.extra),
            position=position,
        )
        for position, entry in enumerate(file.codes)
    )
    return version


def _add_guideline(file: GuidelineFile) -> Guideline | None:
    """The new version of a guideline, or None when the newest one says the same."""
    newest = Guideline.objects.filter(key=file.key).order_by("number").last()
    said = (file.title, file.text, file.position)
    if newest is not None and (newest.title, newest.text, newest.position) == said:
        return None
    return Guideline.objects.create(
        key=file.key,
        number=newest.number + 1 if newest else 1,
        title=file.title,
        text=file.text,
        position=file.position,
    )


def _codebook(*, is_new: bool) -> CodebookVersion:
    """The newest codebook, or a new one of the newest version of every scheme."""
    newest = CodebookVersion.objects.first()
    if newest is not None and not is_new:
        return newest
    codebook = CodebookVersion.objects.create(number=newest.number + 1 if newest else 1)
    codebook.schemes.set(SchemeVersion.objects.order_by("scheme_id", "-number").distinct("scheme_id"))
    return codebook
