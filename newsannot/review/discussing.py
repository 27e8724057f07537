"""What people say about records and rulings: written, edited, taken back, resolved."""

from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, Span
from newsannot.annotations.queries import line_of
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.access import people_who_see
from newsannot.review.checks import plain_words
from newsannot.review.models import Comment, Ruling
from newsannot.review.notices import tell_of_comment
from newsannot.review.rules.mentions import mentioned_in

EMPTY = "Write something first."


@action
def write_comment(
    *, about: Annotation | Ruling, body: str, by: User, parent: Comment | None = None, span: Span | None = None
) -> Comment:
    """Say something about a record, the words of one of its spans, or a ruling; with `parent`, in that thread.

    A reply to a reply joins the thread, and opens it again when it was resolved. Raises RuleBroken for nothing, too
    much, NUL, a thread or span of something else, and a name after `@` of nobody who may see it. Those whom it
    concerns are told. Locks the thread.
    """
    body = plain_words(body, field="body", wanted=EMPTY)
    may_see = _named_may_see(body, about, by)
    place = {"annotation": about} if isinstance(about, Annotation) else {"ruling": about}
    if span is not None and (not isinstance(about, Annotation) or span.annotation_id != about.pk):
        raise RuleBroken("These words are not of this record.", field="span")
    words = {"start": span.start, "end": span.end, "quote": span.exact} if span and not parent else {}
    thread = _thread(parent) if parent else None
    if thread and not _is_about(thread, about):
        raise RuleBroken("This thread is about something else.", field="parent")
    if thread and thread.resolved_at:
        thread.resolved_by = thread.resolved_at = None
        thread.save(update_fields=["resolved_by", "resolved_at"])
    comment = Comment.objects.create(parent=thread, body=body, by=by, **place, **words)
    tell_of_comment(comment, may_see)
    return comment


@action
def edit_comment(*, comment: Comment, body: str, by: User) -> Comment:
    """Word one's own comment anew; who is named in it now and was not before is told. Raises as writing one does."""
    body = plain_words(body, field="body", wanted=EMPTY)
    locked = _own(comment, by)
    may_see = _named_may_see(body, locked.about, by)
    if body != locked.body:
        locked.body, locked.edited_at = body, timezone.now()
        locked.save(update_fields=["body", "edited_at"])
        tell_of_comment(locked, may_see)
    return locked


@action
def delete_comment(*, comment: Comment, by: User) -> Comment:
    """Take one's own comment back: what it said is shown no more, what was answered stays."""
    locked = _own(comment, by)
    locked.deleted_at = timezone.now()
    locked.save(update_fields=["deleted_at"])
    return locked


@action
def resolve_thread(*, comment: Comment, by: User) -> Comment:
    """Say that the thread a comment is in is dealt with. Raises RuleBroken when it is already. Locks the thread."""
    thread = _thread(comment)
    if thread.resolved_at:
        raise RuleBroken("This is resolved already.", field="comment")
    thread.resolved_by, thread.resolved_at = by, timezone.now()
    thread.save(update_fields=["resolved_by", "resolved_at"])
    return thread


@action
def reopen_thread(*, comment: Comment, by: User) -> Comment:
    """Take it back that a thread is dealt with. Raises RuleBroken when it is not resolved. Locks the thread."""
    thread = _thread(comment)
    if not thread.resolved_at:
        raise RuleBroken("This is not resolved.", field="comment")
    thread.resolved_by = thread.resolved_at = None
    thread.save(update_fields=["resolved_by", "resolved_at"])
    return thread


def _is_about(thread: Comment, about: Annotation | Ruling) -> bool:
    """Whether a thread is about that, of whichever kind a record was then."""
    if isinstance(about, Ruling):
        return thread.ruling_id == about.pk
    return thread.annotation_id == about.pk or thread.annotation_id in line_of(about.pk)


def _locked(pk: int) -> Comment:
    comments = Comment.objects.select_for_update(of=("self",))
    return comments.select_related("annotation__reading", "ruling").get(pk=pk)


def _thread(comment: Comment) -> Comment:
    """The comment that begins the thread, locked."""
    return _locked(comment.parent_id or comment.pk)


def _own(comment: Comment, by: User) -> Comment:
    locked = _locked(comment.pk)
    if locked.by_id != by.pk:
        raise RuleBroken("This is somebody else's comment.", field="comment")
    if locked.deleted_at:
        raise RuleBroken("This comment was deleted.", field="comment")
    return locked


def _named_may_see(body: str, about: Annotation | Ruling, by: User) -> list[User]:
    """The people who may see it; raises RuleBroken when somebody else is named."""
    people = list(people_who_see(about, by))
    unknown = sorted(mentioned_in(body) - {person.username.lower() for person in people})
    if unknown:
        names = " and ".join(f"@{name}" for name in unknown)
        raise RuleBroken(f"Nobody called {names} may see this.", field="body")
    return people
