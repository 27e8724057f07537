"""Comments as actions: who may say what, who is told, what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading, undo
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.relabelling import relabel_annotation
from newsannot.core.errors import RuleBroken
from newsannot.review.access import people_who_see
from newsannot.review.discussing import delete_comment, edit_comment, reopen_thread, resolve_thread, write_comment
from newsannot.review.models import Comment, Notice, Ruling
from newsannot.review.queries.discussion import talk_about, talks_in
from tests.factories import a_mention, a_reading, a_statement, a_user
from tests.review.disputing import disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva() -> User:
    return a_user(Role.EDITOR, username="eva")


@pytest.fixture
def record() -> Annotation:
    """Of a reading of Ana's that is handed in."""
    reading = a_reading(a_user(username="ana"))
    found = a_statement(reading)
    submit_reading(reading=reading, by=reading.reader)
    found.refresh_from_db()
    return found


def told(comment: Comment) -> dict[str, str]:
    return {notice.person.username: notice.sort for notice in Notice.objects.filter(comment=comment)}


def test_a_comment_keeps_its_words_and_tells_the_reader(record: Annotation, eva: User) -> None:
    said = write_comment(about=record, body=" Why direct?\r\nLook again. ", by=eva)
    assert (said.body, said.annotation, said.by) == ("Why direct?\nLook again.", record, eva)
    assert told(said) == {"ana": "reply"}


def test_a_comment_may_be_about_some_words_which_it_keeps(record: Annotation, eva: User) -> None:
    span = record.spans.get(role="cue")
    said = write_comment(about=record, body="Is this the cue?", span=span, by=eva)
    assert (said.start, said.end, said.quote) == (span.start, span.end, "said")


def test_words_of_another_record_are_refused(record: Annotation, eva: User) -> None:
    other = a_mention(a_reading())
    with pytest.raises(RuleBroken, match="not of this record"):
        write_comment(about=record, body="Here?", span=other.spans.get(), by=eva)


def test_a_reply_to_a_reply_joins_the_thread_and_tells_who_spoke(record: Annotation, eva: User) -> None:
    first = write_comment(about=record, body="Why?", by=eva)
    reply = write_comment(about=record, body="Because.", parent=first, by=record.reading.reader)
    other = a_user(Role.EDITOR, username="other")
    last = write_comment(about=record, body="I see.", parent=reply, by=other)
    assert (reply.parent, last.parent) == (first, first)
    assert told(reply) == {"eva": "reply"}
    assert told(last) == {"ana": "reply", "eva": "reply"}


def test_who_is_named_is_told_so(record: Annotation, eva: User) -> None:
    said = write_comment(about=record, body="@Eva, is that right?", by=record.reading.reader)
    assert told(said) == {"eva": "mention"}


@pytest.mark.parametrize("name", ["nobody", "ben", "reader"])
def test_a_name_of_somebody_who_may_not_see_it_is_refused(record: Annotation, eva: User, name: str) -> None:
    a_user(username="ben")
    a_user(Role.READER, username="reader")
    with pytest.raises(RuleBroken, match=f"Nobody called @{name} may see this."):
        write_comment(about=record, body=f"@{name} look", by=eva)
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(("body", "why"), [(" \n", "Write something"), ("x" * 4001, "4000"), ("a\x00b", "stored")])
def test_words_that_cannot_be_a_comment_are_refused(record: Annotation, eva: User, body: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        write_comment(about=record, body=body, by=eva)


def test_editors_do_not_see_what_is_said_of_an_open_reading() -> None:
    record = a_mention(a_reading(a_user(username="ana")))
    a_user(Role.EDITOR)
    assert [person.username for person in people_who_see(record, record.reading.reader)] == ["ana"]


def test_ones_own_comment_is_worded_anew_and_the_newly_named_are_told(record: Annotation, eva: User) -> None:
    said = write_comment(about=record, body="Hm.", by=eva)
    a_user(Role.EDITOR, username="other")
    edited = edit_comment(comment=said, body="Hm, @other?", by=eva)
    assert (edited.body, edited.edited_at is not None) == ("Hm, @other?", True)
    assert told(edited) == {"ana": "reply", "other": "mention"}
    assert [event.body for event in said.events.order_by("pgh_id")] == ["Hm.", "Hm, @other?"]


def test_a_comment_is_deleted_softly_and_by_its_author_alone(record: Annotation, eva: User) -> None:
    said = write_comment(about=record, body="Hm.", by=eva)
    for deed in (
        lambda by: delete_comment(comment=said, by=by),
        lambda by: edit_comment(comment=said, body="x", by=by),
    ):
        with pytest.raises(RuleBroken, match="somebody else"):
            deed(record.reading.reader)
    delete_comment(comment=said, by=eva)
    assert Comment.objects.get().deleted_at is not None
    with pytest.raises(RuleBroken, match="was deleted"):
        edit_comment(comment=said, body="Again.", by=eva)


def test_a_thread_is_resolved_opened_again_and_opened_by_a_reply(record: Annotation, eva: User) -> None:
    first = write_comment(about=record, body="Why?", by=eva)
    reply = write_comment(about=record, body="Because.", parent=first, by=record.reading.reader)
    assert resolve_thread(comment=reply, by=eva).resolved_by == eva
    with pytest.raises(RuleBroken, match="resolved already"):
        resolve_thread(comment=first, by=eva)
    assert reopen_thread(comment=first, by=eva).resolved_at is None
    with pytest.raises(RuleBroken, match="not resolved"):
        reopen_thread(comment=first, by=eva)
    resolve_thread(comment=first, by=eva)
    write_comment(about=record, body="One more thing.", parent=first, by=eva)
    first.refresh_from_db()
    assert (first.resolved_by, first.resolved_at) == (None, None)


def test_a_reply_belongs_to_what_its_thread_is_about(record: Annotation, eva: User) -> None:
    first = write_comment(about=record, body="Why?", by=eva)
    with pytest.raises(RuleBroken, match="something else"):
        write_comment(about=disputed().rule(), body="Because.", parent=first, by=eva)


def test_an_analyst_may_name_only_editors_about_a_ruling(eva: User) -> None:
    case = disputed()
    ruling = case.rule()
    with pytest.raises(RuleBroken, match="Nobody called"):
        write_comment(about=ruling, body=f"@{case.ben.username}?", by=case.ana)
    said = write_comment(about=ruling, body="I object.", by=case.ana)
    assert told(said) == {case.eva.username: "reply"}
    asked = write_comment(about=ruling, body=f"@{case.ben.username}?", by=case.eva)
    assert told(asked) == {case.ben.username: "mention"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"ruling": None, "annotation": None},
        {"body": ""},
        {"start": 1, "end": 2, "quote": ""},
        {"start": 2, "end": 1, "quote": "a"},
        {"resolved_by": None, "resolved_at": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_a_comment_that_makes_no_sense(
    record: Annotation, eva: User, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(**{"annotation": record, "body": "a", "by": eva} | wrong)


def test_a_comment_is_never_deleted_for_good(record: Annotation, eva: User) -> None:
    said = write_comment(about=record, body="Hm.", by=eva)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        Comment.objects.filter(pk=said.pk)._raw_delete("default")
    assert Ruling.objects.count() == 0


def test_what_is_said_goes_along_when_a_record_is_given_another_kind(record: Annotation, eva: User) -> None:
    reader = record.reading.reader
    first = write_comment(about=record, body="Is this not a mention?", by=eva)
    Reading.objects.filter(pk=record.reading_id).update(state="returned")
    change, _ = relabel_annotation(annotation=record, kind=kind_named("mention"), by=reader)
    became = Annotation.objects.get(pk=change.annotation.pk)
    reply = write_comment(about=became, body="It is now.", by=reader, parent=first)
    undo(reading=record.reading, by=reader)
    threads = [talk_about(about, eva).threads for about in (record, became)]
    assert [[one.body for one in (t.first, *t.replies)] for found in threads for t in found] == [
        ["Is this not a mention?", "It is now."]
    ] * 2
    assert reply.parent_id == first.pk
    assert {pk: talk.count for pk, talk in talks_in(record.reading, eva).items()} == {record.pk: 2, became.pk: 2}
