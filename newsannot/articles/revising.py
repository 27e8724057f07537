"""A changed text of a known article, stored as its next revision; what was read of the old one stays where it is."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.articles.access import require_revising
from newsannot.articles.actions import ItemResult
from newsannot.articles.models import Article, Revision, Zone
from newsannot.articles.queries import article_with_text
from newsannot.articles.rules.files import Found, Ready
from newsannot.articles.rules.items import Draft
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action


@action
def add_revision(*, article: Article, draft: Draft, by: User | None) -> Revision:
    """Store a draft's text as the next revision of an article, with its zones; what else is known of it stays.

    Readings stay with the revision they are of. `by` is None for the machine. Raises PermissionDenied for who is no
    editor, RuleBroken (field `text`) when a revision of this or another article has this very text. Locks the article.
    """
    if by is not None:
        require_revising(by)
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if known := article_with_text(draft.sha256, first=locked.pk):
        said = "has this text already" if known.pk == locked.pk else "is another article that has this text"
        raise RuleBroken(f"“{known.title}” {said}.", field="text")
    last = locked.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    capture = draft.capture
    revision = Revision.objects.create(
        article=locked,
        number=last + 1,
        text=draft.text,
        length=len(draft.text),
        block_starts=list(draft.block_starts),
        sha256=draft.sha256,
        retrieved_at=timezone.now(),
        raw=capture.raw if capture and capture.raw != draft.text.encode() else None,
        raw_type=capture.raw_type if capture else "",
        extractor=capture.extractor if capture else "",
        extractor_version=capture.extractor_version if capture else "",
    )
    Zone.objects.bulk_create(
        Zone(revision=revision, kind=zone.kind, start=zone.start, end=zone.end, is_codable=zone.is_codable)
        for zone in draft.zones
    )
    locked.save(update_fields=["updated_at"])
    return revision


def revise_known(*, found: Sequence[Found], results: Sequence[ItemResult], by: User | None) -> list[ItemResult]:
    """Store the other text of each article that was recognised by its address; the other results stay as they are."""
    return [_revised(one, result, by) for one, result in zip(found, results, strict=True)]


def _revised(one: Found, result: ItemResult, by: User | None) -> ItemResult:
    if not result.is_other_text or result.id is None or not isinstance(one, Ready):
        return result
    try:
        revision = add_revision(article=Article.objects.get(pk=result.id), draft=one.draft, by=by)
    except RuleBroken as refusal:
        return replace(result, status="error", errors=refusal.problems)
    return replace(result, status="revised", note=f"revision {revision.number}")
