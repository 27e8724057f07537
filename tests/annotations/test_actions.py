"""Marking, changing, deleting, undoing: through the actions, on the database."""

from functools import partial

import pytest
from django.db import connection

from newsannot.annotations.actions import (
    add_piece,
    change_annotation,
    delete_annotation,
    mark_annotation,
    move_piece,
    redo,
    remove_piece,
    submit_reading,
    undo,
)
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, Span, Step
from newsannot.annotations.queries import read_record
from newsannot.annotations.rules import Piece
from newsannot.articles.queries import text_of
from newsannot.core.errors import Mismatch, RuleBroken, Stale
from newsannot.core.history import action
from newsannot.statements.models import Statement
from tests.factories import TEXT, a_mention, a_reading, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


def at_commit() -> None:
    """Have the deferred rules checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_statement_keeps_its_parts_to_the_code_point() -> None:
    reading = a_reading()
    statement = a_statement(reading, speaker=an_actor().pk, mode="direct")
    spans = [(s.role, TEXT[s.start : s.end] == s.exact, s.exact) for s in statement.spans.all()]
    assert spans == [
        ("content", True, "“If a single ship crosses the line,”"),
        ("source", True, "Minister Adaeze Obi"),
        ("cue", True, "said"),
        ("content", True, "“we will close the strait.”"),
    ]
    first = statement.spans.first()
    assert first is not None
    assert first.prefix == "Minister warns neighbour\n"
    assert first.suffix == " Minister Adaeze Obi said on Mon"
    at_commit()


def test_offsets_behind_an_emoji_are_code_points() -> None:
    reading = a_reading()
    mention = a_mention(reading, "The neighbour’s envoy")
    span = mention.spans.get()
    assert (span.start, TEXT[span.start - 2 : span.start]) == (TEXT.index("The neighbour"), "🚢 ")


def test_a_threat_rests_on_its_first_statement_and_says_so() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    threat = a_threat(reading, statement, issuer=an_actor().pk)
    assert read_record(threat).claim["primary_statement"] == statement.pk
    at_commit()


def test_every_change_is_kept_with_who_and_what() -> None:
    reading = a_reading()
    mention = a_mention(reading)
    actor = an_actor()
    change_annotation(annotation=mention, claim={"actor": actor.pk}, by=reading.reader)
    events = list(mention.mention_events.order_by("pgh_id").values_list("pgh_label", "actor_id", "pgh_context"))
    user = reading.reader_id
    assert events == [
        ("insert", None, {"user": user, "action": "mark_annotation"}),
        ("update", actor.pk, {"user": user, "action": "change_annotation"}),
    ]


def test_a_change_that_changes_nothing_makes_no_version_and_nothing_to_undo() -> None:
    reading = a_reading()
    mention = a_mention(reading, form="name")
    change_annotation(annotation=mention, claim={"form": "name"}, version=1, by=reading.reader)
    mention.refresh_from_db()
    assert (mention.version, Step.objects.count(), mention.events.count()) == (1, 1, 1)
    change_annotation(annotation=mention, claim={"form": "title"}, version=1, by=reading.reader)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (-1, 3, "leaves the text"),
        (5, 5, "empty or reversed"),
        (9, 5, "empty or reversed"),
        (0, len(TEXT) + 1, "leaves the text"),
        (2**31, 2**31 + 4, "leaves the text"),
    ],
)
def test_offsets_that_cannot_be_are_refused_by_role(start: int, end: int, words: str) -> None:
    reading = a_reading()
    with pytest.raises(RuleBroken) as refused:
        mark_annotation(
            kind=kind_named("mention"),
            reading=reading,
            parts={"text": [Piece(start, end)]},
            claim={},
            by=reading.reader,
        )
    assert list(refused.value.problems) == ["text"]
    assert words in refused.value.problems["text"][0]
    assert Annotation.objects.count() == 0


def test_a_quote_that_does_not_stand_there_is_a_mismatch_and_nothing_is_stored() -> None:
    reading = a_reading()
    with pytest.raises(Mismatch):
        mark_annotation(
            kind=kind_named("mention"),
            reading=reading,
            parts={"text": [Piece(0, 8, "Monister")]},
            claim={},
            by=reading.reader,
        )
    reading.refresh_from_db()
    assert (Annotation.objects.count(), reading.version) == (0, 1)


def test_boilerplate_is_not_coded() -> None:
    reading = a_reading()
    with pytest.raises(RuleBroken, match="boilerplate"):
        a_mention(reading, "About the author")


def test_a_cue_inside_its_content_is_refused() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    with pytest.raises(RuleBroken) as refused:
        add_piece(annotation=statement, role="cue", piece=piece(reading, "close"), by=reading.reader)
    assert "overlap" in str(refused.value)


def test_a_second_cue_takes_the_place_of_the_first() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    add_piece(annotation=statement, role="cue", piece=piece(reading, "on Monday"), by=reading.reader)
    assert [s.exact for s in statement.spans.filter(role="cue")] == ["on Monday"]


def test_the_last_content_cannot_be_taken_away() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    first, last = statement.spans.filter(role="content")
    remove_piece(span=first, by=reading.reader)
    with pytest.raises(RuleBroken, match="Mark the content"):
        remove_piece(span=last, by=reading.reader)


def test_a_moved_border_keeps_its_row() -> None:
    reading = a_reading()
    mention = a_mention(reading)
    span = mention.spans.get()
    move_piece(span=span, piece=piece(reading, "Adaeze Obi"), by=reading.reader)
    span.refresh_from_db()
    assert (mention.spans.count(), span.exact) == (1, "Adaeze Obi")


def test_a_compellent_threat_needs_a_demand() -> None:
    reading = a_reading()
    with pytest.raises(RuleBroken) as refused:
        a_threat(reading, purpose="compellent")
    assert list(refused.value.problems) == ["demand_kind"]
    assert a_threat(reading, purpose="compellent", demand_kind="withdrawal").pk > 0


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        ({"purpose": "wishful"}, "purpose"),
        ({"plover_contexts": ["military", "romance"]}, "plover_contexts"),
        ({"plover_contexts": "military"}, "plover_contexts"),
        ({"deadline": "next Tuesday"}, "deadline"),
        ({"issuer": 999}, "issuer"),
        ({"issuer": "x"}, "issuer"),
        ({"issuer": 2**70}, "issuer"),
        ({"statements": [999]}, "statements"),
        ({"note": "a\x00b"}, "note"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_value_is_refused_by_field(claim: dict[str, object], field: str) -> None:
    reading = a_reading()
    with pytest.raises(RuleBroken) as refused:
        a_threat(reading, **claim)
    assert list(refused.value.problems) == [field]


@pytest.mark.parametrize("deadline", ["2025", "2025-09", "2025-09-05", "2025-09?", "2025-09-05/2025-09-08", "0000?"])
def test_dates_are_edtf(deadline: str) -> None:
    assert read_record(a_threat(a_reading(), deadline=deadline)).claim["deadline"] == deadline


@pytest.mark.parametrize("deadline", ["2025-13", "2025-02-30", "05.09.2025", "0000", "tomorrow", "2025-9-5"])
def test_what_is_no_date_is_refused(deadline: str) -> None:
    with pytest.raises(RuleBroken, match="no date in EDTF"):
        a_threat(a_reading(), deadline=deadline)


def test_a_record_that_was_deleted_is_named_by_its_words_and_another_by_its_id() -> None:
    reading = a_reading()
    gone, elsewhere = a_statement(reading), a_statement(a_reading())
    delete_annotation(annotation=gone, by=reading.reader)
    for statement, told in ((gone, "The statement “"), (elsewhere, f"There is no statement {elsewhere.pk} in this")):
        with pytest.raises(RuleBroken) as refused:
            a_statement(reading, parent=statement.pk)
        assert list(refused.value.problems) == ["parent"]
        assert refused.value.problems["parent"][0].startswith(told)


def test_a_merged_actor_says_where_it_went() -> None:
    reading = a_reading()
    actor = an_actor("A. Obi", merged_into=an_actor())
    with pytest.raises(RuleBroken, match="was merged into Adaeze Obi"):
        a_mention(reading, actor=actor.pk)


def test_statements_are_not_nested_in_a_circle() -> None:
    reading = a_reading()
    first, second, third = (a_statement(reading) for _ in range(3))
    change_annotation(annotation=second, claim={"parent": first.pk}, by=reading.reader)
    change_annotation(annotation=third, claim={"parent": second.pk}, by=reading.reader)
    for inmost in (second, third):
        with pytest.raises(RuleBroken, match="nested in one that is nested in it") as refused:
            change_annotation(annotation=first, claim={"parent": inmost.pk}, by=reading.reader)
        assert list(refused.value.problems) == ["parent"]
    change_annotation(annotation=third, claim={"parent": first.pk}, by=reading.reader)


def test_what_the_database_alone_refuses_names_its_field_too() -> None:
    reading = a_reading()
    inner, outer = a_statement(reading), a_statement(reading)

    @action
    def nest(*, into: int | None, by: object) -> None:
        Statement.objects.filter(pk=inner.pk).update(parent=into)
        at_commit()

    @action
    def double(*, by: object) -> None:
        Reading.objects.create(revision=reading.revision, reader=reading.reader, codebook=reading.codebook)

    @action
    def empty(*, by: object) -> None:
        outer.spans.filter(role="content").delete()
        at_commit()

    for write, field in [
        (partial(nest, into=inner.pk), "parent"),
        (partial(nest, into=10**9), "parent"),
        (double, "revision"),
        (empty, "content"),
    ]:
        with pytest.raises(RuleBroken) as refused:
            write(by=reading.reader)
        assert list(refused.value.problems) == [field]


def test_a_stale_version_is_refused_with_what_stands() -> None:
    reading = a_reading()
    mention = a_mention(reading)
    change_annotation(annotation=mention, claim={"note": "first"}, version=1, by=reading.reader)
    with pytest.raises(Stale) as refused:
        change_annotation(annotation=mention, claim={"note": "second"}, version=1, by=reading.reader)
    assert refused.value.current.note == "first"


def test_a_statement_under_a_threat_is_not_deleted() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    threat = a_threat(reading, statement)
    with pytest.raises(RuleBroken) as refused:
        delete_annotation(annotation=statement, by=reading.reader)
    assert refused.value.problems == {
        "annotation": ["Threat “If a single ship crosses the line” rests on this record; change or delete it first."]
    }
    delete_annotation(annotation=threat, by=reading.reader)
    delete_annotation(annotation=statement, by=reading.reader)
    assert Annotation.objects.standing().count() == 0


def test_undo_and_redo_walk_through_all_changes() -> None:
    reading = a_reading()
    by, actor = reading.reader, an_actor()
    mention = a_mention(reading)
    change_annotation(annotation=mention, claim={"actor": actor.pk}, by=by)
    move_piece(span=mention.spans.get(), piece=piece(reading, "Adaeze Obi"), by=by)
    delete_annotation(annotation=mention, by=by)

    def state() -> tuple[bool, object, str]:
        standing = Annotation.objects.get(pk=mention.pk)
        return standing.deleted_at is None, read_record(standing).claim["actor"], mention.spans.get().exact

    seen = [state()]
    for _ in range(4):
        undo(reading=reading, by=by)
        seen.append(state())
    full, short = "Minister Adaeze Obi", "Adaeze Obi"
    assert seen == [
        (False, actor.pk, short),
        (True, actor.pk, short),
        (True, actor.pk, full),
        (True, None, full),
        (False, None, full),
    ]
    with pytest.raises(RuleBroken, match="nothing to undo"):
        undo(reading=reading, by=by)
    for expected in reversed(seen[:-1]):
        redo(reading=reading, by=by)
        assert state() == expected
    with pytest.raises(RuleBroken, match="nothing to redo"):
        redo(reading=reading, by=by)


def test_a_new_change_ends_what_could_be_redone() -> None:
    reading = a_reading()
    a_mention(reading)
    undo(reading=reading, by=reading.reader)
    a_mention(reading, "envoy")
    with pytest.raises(RuleBroken, match="nothing to redo"):
        redo(reading=reading, by=reading.reader)


def test_undo_is_ones_own() -> None:
    reading = a_reading()
    a_mention(reading)
    with pytest.raises(RuleBroken, match="nothing to undo"):
        undo(reading=reading, by=a_user("editor"))


def test_a_submitted_reading_is_closed() -> None:
    reading = a_reading()
    a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    with pytest.raises(RuleBroken, match="submitted"):
        a_mention(reading, "envoy")
    assert [t.state for t in reading.transitions.all()] == ["submitted"]


def test_an_empty_reading_is_not_submitted_unless_declared() -> None:
    reading = a_reading()
    with pytest.raises(RuleBroken, match="Nothing is marked"):
        submit_reading(reading=reading, by=reading.reader)
    Reading.objects.filter(pk=reading.pk).update(nothing_found=True)
    assert submit_reading(reading=reading, by=reading.reader).state == "submitted"


def test_marking_writes_one_step_and_takes_few_queries(django_assert_max_num_queries: object) -> None:
    reading = a_reading()
    text = {"text": [piece(reading, "envoy")]}
    text_of(reading.revision_id)  # kept from whoever asked first
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        mark_annotation(kind=kind_named("mention"), reading=reading, parts=text, claim={}, by=reading.reader)
    assert (Step.objects.count(), Span.objects.count()) == (1, 1)
