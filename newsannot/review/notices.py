"""Who is told of what: notices are written here, by the actions that make the news."""

import json
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Move, Transition
from newsannot.codebook.models import Proposal
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.core.rows import ask
from newsannot.review.models import Comment, Notice, NoticeSort, Ruling
from newsannot.review.queries.disputes import Value, as_merged, same_value, where_actors_went
from newsannot.review.rules.mentions import mentioned_in

_OF_RULINGS = """
    INSERT INTO review_notice (person_id, sort, ruling_id, reading_id, annotation_id, said, is_otherwise, at)
    SELECT r.reader_id, 'ruling', told.ruling, r.id,
           (SELECT min(a.id) FROM annotations_annotation a WHERE a.id = ANY(told.annotations) AND a.reading_id = r.id),
           told.said, told.is_otherwise, now()
    FROM jsonb_to_recordset(%s::jsonb)
        AS told (ruling bigint, reading bigint, annotations bigint[], said jsonb, is_otherwise boolean)
    JOIN annotations_reading r ON r.id = told.reading AND r.reader_id IS NOT NULL
    ON CONFLICT (person_id, ruling_id) DO UPDATE SET reading_id = excluded.reading_id,
        annotation_id = excluded.annotation_id, said = excluded.said, is_otherwise = excluded.is_otherwise
"""


def tell_of_rulings(rulings: Iterable[Ruling]) -> None:
    """Tell each analyst whose reading says something in a dispute how it was ruled; two queries, however many.

    Told again, after a reading came late or was changed, what they say now takes the place of what they said.
    """
    rulings = list(rulings)
    went = where_actors_went(
        Value(ruling.dispute, value)
        for ruling in rulings
        for value in (ruling.value, *(choice["value"] for choice in ruling.dispute.choices))
    )
    told = [
        {
            "ruling": ruling.pk,
            "reading": reading,
            "annotations": choice["annotations"],
            "said": choice["value"],
            "is_otherwise": not same_value(
                as_merged(Value(ruling.dispute, choice["value"]), went),
                as_merged(Value(ruling.dispute, ruling.value), went),
            ),
        }
        for ruling in rulings
        for choice in ruling.dispute.choices
        for reading in choice["readings"]
    ]
    ask(_OF_RULINGS, [json.dumps(told)])


def tell_of_return(moved: Transition) -> None:
    """Tell an analyst that their reading came back."""
    reader = moved.reading.reader
    if reader is not None and reader.pk != moved.by_id:
        Notice.objects.create(person=reader, sort=NoticeSort.RETURNED, transition=moved, reading=moved.reading)


def tell_editors(proposal: Proposal) -> None:
    """Tell the editors, but whoever makes it, that somebody proposes a change of the codebook."""
    editors = User.objects.filter(role__in=[Role.EDITOR, Role.ADMIN], is_active=True).exclude(pk=proposal.by_id)
    Notice.objects.bulk_create(
        Notice(person=editor, sort=NoticeSort.PROPOSED, proposal=proposal) for editor in editors.order_by("pk")
    )


def tell_of_proposal(decided: Proposal) -> None:
    """Tell who proposed a change of the codebook what became of it; an editor who has not looked yet need not."""
    Notice.objects.unread().filter(proposal=decided, sort=NoticeSort.PROPOSED).delete()
    if decided.by_id != decided.decided_by_id:
        Notice.objects.create(person=decided.by, sort=NoticeSort.PROPOSAL, proposal=decided)


def tell_of_moves(moves: Iterable[Move]) -> None:
    """Tell analysts whose readings an editor moved to another codebook."""
    Notice.objects.bulk_create(
        Notice(person_id=move.reading.reader_id, sort=NoticeSort.MOVED, move=move, reading=move.reading)
        for move in moves
        if move.reading.reader_id not in {None, move.by_id}
    )


def tell_of_comment(comment: Comment, may_see: Iterable[User]) -> None:
    """Tell those it mentions, those who spoke in the thread before, whose record it is about or who ruled.

    Only people who may see it are told, and its author is not. Nobody is told of the same comment twice.
    """
    names = mentioned_in(comment.body)
    concerned = _concerned(comment)
    notices = []
    for person in may_see:
        sort = NoticeSort.MENTION if person.username.lower() in names else NoticeSort.REPLY
        if person.pk != comment.by_id and (sort == NoticeSort.MENTION or person.pk in concerned):
            notices.append(Notice(person=person, sort=sort, comment=comment))
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _concerned(comment: Comment) -> set[int]:
    """Who hears of a comment without being named."""
    thread = Comment.objects.filter(Q(pk=comment.parent_id) | Q(parent=comment.parent_id), deleted_at=None)
    spoke = set(thread.values_list("by", flat=True)) if comment.parent_id else set()
    if comment.ruling:
        return spoke | {comment.ruling.by_id}
    reader = comment.annotation.reading.reader_id if comment.annotation else None
    return spoke | ({reader} if reader else set())


# --- Read ----------------------------------------------------------------------------------------


@action
def open_notice(*, notice: Notice, by: User) -> Notice:
    """Mark a notice read, and with it those of the same thread or of the same reading's rulings."""
    if notice.person_id != by.pk:
        raise RuleBroken("This is somebody else's.", field="notice")
    alike = Notice.objects.filter(person=by).unread()
    if notice.sort == NoticeSort.RULING:
        alike = alike.rulings().filter(reading=notice.reading_id)
    elif notice.comment:
        about = {"annotation": notice.comment.annotation_id, "ruling": notice.comment.ruling_id}
        alike = alike.filter(**{f"comment__{name}": pk for name, pk in about.items() if pk})
    else:
        alike = alike.filter(pk=notice.pk)
    alike.update(read_at=timezone.now())
    return notice


@action
def read_everything(*, by: User) -> int:
    """Mark all of one's notices read; answers how many were not."""
    return Notice.objects.filter(person=by).unread().update(read_at=timezone.now())
