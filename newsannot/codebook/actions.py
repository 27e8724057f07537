"""Loading code lists and guidelines from files: new versions beside the old ones, never a change to one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsannot.accounts.models import User
from newsannot.codebook.drafting import lock_codebooks, make_codebook, store_codes
from newsannot.codebook.models import Became, CodebookVersion, Guideline, Scheme, SchemeVersion
from newsannot.codebook.queries import entries_of
from newsannot.codebook.rules import GuidelineFile, SchemeFile
from newsannot.core.history import action


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did: the keys of the schemes and guidelines it made versions of, and the codebook that stands.

    `kept` names what was edited here since its file was last loaded, and so was left as it is.
    """

    schemes: Sequence[str]
    guidelines: Sequence[str]
    codebook: CodebookVersion
    kept: Sequence[str] = ()


@action
def load_codebook(
    *,
    schemes: Iterable[SchemeFile],
    guidelines: Iterable[GuidelineFile],
    by: User | None,
    replaces_edits: bool = False,
) -> Loaded:
    """Make a version of each scheme and guideline that says something new, and a codebook when a scheme does.

    A file says something new when it differs from the last one loaded. What editors put in force since is kept, and
    named, unless `replaces_edits`: then the file becomes the newest version, beside theirs. A scheme that has no file
    any more stays in the codebook: its codes are still asked for. Locks the codebooks, so that two who load at once
    make one version.
    """
    lock_codebooks()
    kept: list[str] = []
    changed = [file.key for file in schemes if _add_scheme_version(file, kept, replaces_edits=replaces_edits)]
    rewritten = [file.key for file in guidelines if _add_guideline(file, kept, replaces_edits=replaces_edits)]
    newest = CodebookVersion.objects.first()
    codebook = make_codebook(by=None) if changed or newest is None else newest
    return Loaded(changed, rewritten, codebook, kept)


def _add_scheme_version(file: SchemeFile, kept: list[str], *, replaces_edits: bool) -> SchemeVersion | None:
    """The new version of a scheme, or None when the file says nothing new or what was edited here is kept."""
    scheme, _ = Scheme.objects.get_or_create(key=file.key, defaults={"name": file.name})
    newest = scheme.versions.last()
    loaded = scheme.versions.exclude(sha256="").last()
    if loaded is not None and loaded.sha256 == file.sha256 and (loaded == newest or not replaces_edits):
        return None
    if newest is not None and newest.is_edited_here and not replaces_edits:
        kept.append(file.key)
        return None
    Scheme.objects.filter(pk=scheme.pk).update(name=file.name)
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=newest.number + 1 if newest else 1,
        name=file.name,
        version=file.version,
        source=file.source,
        licence=file.licence,
        description=file.description,
        sha256=file.sha256,
    )
    store_codes(version, file.codes)
    _retire_what_is_gone(newest, version, file)
    return version


def _retire_what_is_gone(before: SchemeVersion | None, version: SchemeVersion, file: SchemeFile) -> None:
    """Say of each code that a file dropped that nothing became of it; a file cannot tell more."""
    was = [one.code for one in entries_of(before.pk) if not one.retired_in] if before else []
    now = {one.code for one in file.codes if not one.retired_in}
    Became.objects.bulk_create(
        Became(scheme_version=version, sort="retired", old=code) for code in was if code not in now
    )


def _add_guideline(file: GuidelineFile, kept: list[str], *, replaces_edits: bool) -> Guideline | None:
    """The new version of a guideline, or None when the file says nothing new or what was edited here is kept."""
    versions = Guideline.objects.filter(key=file.key).order_by("number")
    newest, loaded = versions.last(), versions.filter(by=None).last()
    said = (file.title, file.text, file.position)
    is_known = loaded is not None and (loaded.title, loaded.text, loaded.position) == said
    if is_known and (loaded == newest or not replaces_edits):
        return None
    if newest is not None and newest.by_id and not replaces_edits:
        kept.append(f"guideline {file.key}")
        return None
    return Guideline.objects.create(
        key=file.key,
        number=newest.number + 1 if newest else 1,
        title=file.title,
        text=file.text,
        position=file.position,
    )
