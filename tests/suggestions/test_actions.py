"""What people make of suggestions: accepted, corrected, rejected, taken back; a rejected one never returns."""

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.actions import change_annotation, delete_annotation, mark_annotation, redo, submit_reading
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.relabelling import relabel_annotation
from newsannot.annotations.rules import Piece
from newsannot.core.errors import RuleBroken
from newsannot.statements.models import Statement
from newsannot.suggestions.actions import (
    accept_suggestion,
    as_json,
    draft_suggestions,
    reject_suggestion,
    show_suggestions,
    undo_latest,
)
from newsannot.suggestions.models import Decision, Drafting, Verdict
from newsannot.suggestions.queries import shows_suggestions
from newsannot.suggestions.rules.drafts import CodableText, Draft, holds
from newsannot.threats.models import Expression, Threat
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_user, an_actor, piece
from tests.suggestions.making import a_drafted_reading, open_in, open_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_drafted_reading()


def accept(reading: Reading, kind: str, **how: bool) -> Annotation:
    """Accept the first open suggestion of a kind."""
    fingerprint = open_of(kind, reading).fingerprint
    return accept_suggestion(reading=reading, fingerprint=fingerprint, by=reading.reader, **how).annotation


def reject(reading: Reading, kind: str) -> Verdict:
    return reject_suggestion(reading=reading, fingerprint=open_of(kind, reading).fingerprint, by=reading.reader)


def kinds_open(reading: Reading) -> list[str]:
    return [suggestion.kind for suggestion in open_in(reading)]


def test_an_accepted_statement_is_an_annotation_that_says_an_engine_drafted_it(reading: Reading) -> None:
    annotation = accept(reading, "statement")
    spans = Span.objects.filter(annotation=annotation).values_list("role", "exact")
    assert (annotation.origin, annotation.engine, annotation.created_by) == ("engine", "rules 6", reading.reader)
    assert list(spans) == [
        ("content", "“If a single ship crosses the line,”"),
        ("source", "Minister Adaeze Obi"),
        ("cue", "said"),
        ("content", "“we will close the strait.”"),
    ]
    assert Statement.objects.get(pk=annotation.pk).speaker.name == "Adaeze Obi"


def test_an_accepted_suggestion_is_not_open_any_more(reading: Reading) -> None:
    assert kinds_open(reading) == ["statement", "threat", "mention"]
    accept(reading, "statement")
    assert kinds_open(reading) == ["threat", "mention"]


def test_undoing_an_accepted_suggestion_opens_it_again_and_redoing_settles_it(reading: Reading) -> None:
    accept(reading, "mention")
    undo_latest(reading=reading, by=reading.reader)
    assert kinds_open(reading) == ["statement", "threat", "mention"]
    redo(reading=reading, by=reading.reader)
    assert kinds_open(reading) == ["statement", "threat"]


def test_a_suggestion_can_be_accepted_again_after_its_annotation_was_deleted(reading: Reading) -> None:
    delete_annotation(annotation=accept(reading, "mention"), by=reading.reader)
    assert accept(reading, "mention").deleted_at is None
    assert Verdict.objects.count() == 2


def test_accepting_to_correct_is_remembered_as_that(reading: Reading) -> None:
    annotation = accept(reading, "mention", is_correction=True)
    assert Verdict.objects.get().decision == Decision.CORRECTED
    assert Verdict.objects.get().annotation_id == annotation.pk


def test_an_accepted_threat_is_expressed_by_the_statement_it_stands_in_and_issued_by_its_speaker(
    reading: Reading,
) -> None:
    speaker = an_actor("Somebody Else")
    statement = a_statement(reading, speaker=speaker.pk)
    threat = Threat.objects.get(pk=accept(reading, "threat").pk)
    assert [one.pk for one in threat.statements.all()] == [statement.pk]
    assert (threat.issuer, threat.purpose, threat.consequence) == (speaker, "deterrent", "blockade")


def test_an_accepted_threat_that_is_said_again_is_expressed_by_every_statement_that_says_it() -> None:
    lines = [
        "Adaeze Obi warned that any foreign ships sent there would be “legitimate targets”.",
        "“If ships appear there, they will be legitimate targets,” Obi said.",
    ]
    reading = a_drafted_reading(a_reading(revision=a_revision("\n".join(lines))))
    assert kinds_open(reading) == ["mention", "statement", "statement", "threat", "mention"]
    first, second = accept(reading, "statement"), accept(reading, "statement")
    threat = Threat.objects.get(pk=accept(reading, "threat").pk)
    assert {one.pk for one in threat.statements.all()} == {first.pk, second.pk}
    assert threat.statements.through.objects.get(is_primary=True).statement_id == second.pk
    assert threat.issuer.name == "Adaeze Obi"
    assert threat.spans.filter(role="consequence").count() == 2


def expressed(threat: Annotation) -> tuple[list[int], int | None, Actor | None]:
    """Which statements say a threat, which of them leads, and who issues it."""
    links = Expression.objects.filter(threat=threat.pk).order_by("statement")
    primary = next((link.statement_id for link in links if link.is_primary), None)
    return [link.statement_id for link in links], primary, Threat.objects.get(pk=threat.pk).issuer


def test_a_statement_accepted_after_its_threat_expresses_it_and_both_are_undone_as_one(reading: Reading) -> None:
    threat = accept(reading, "threat")
    obi = Threat.objects.get(pk=threat.pk).issuer
    assert expressed(threat) == ([], None, obi)
    statement = accept(reading, "statement")
    assert expressed(threat) == ([statement.pk], statement.pk, obi)
    undo_latest(reading=reading, by=reading.reader)
    assert expressed(threat) == ([], None, obi)
    assert kinds_open(reading) == ["statement", "mention"]
    redo(reading=reading, by=reading.reader)
    assert expressed(threat) == ([statement.pk], statement.pk, obi)


def test_the_answer_of_a_statement_that_expresses_a_threat_knows_the_last_version_and_all_places(
    reading: Reading,
) -> None:
    threat = accept(reading, "threat")
    change = accept_suggestion(
        reading=reading, fingerprint=open_of("statement", reading).fingerprint, by=reading.reader
    )
    assert change.reading_version == Reading.objects.get(pk=reading.pk).version
    places = set(Span.objects.filter(annotation__in=[threat, change.annotation]).values_list("start", "end"))
    assert set(change.ranges) == places


def test_a_threat_accepted_first_ends_as_one_accepted_last() -> None:
    lines = [
        "Adaeze Obi warned that any foreign ships sent there would be “legitimate targets”.",
        "“If ships appear there, they will be legitimate targets,” Obi said.",
    ]
    reading = a_drafted_reading(a_reading(revision=a_revision("\n".join(lines))))
    threat = accept(reading, "threat")
    first, second = accept(reading, "statement"), accept(reading, "statement")
    issuer = Actor.objects.get(name="Adaeze Obi")
    assert expressed(threat) == ([first.pk, second.pk], second.pk, issuer)


def test_what_a_person_chose_for_a_threat_stands_when_its_statement_is_accepted(reading: Reading) -> None:
    threat, issuer = accept(reading, "threat"), an_actor("Somebody Else")
    parts = {"content": [piece(reading, "called the warning reckless")]}
    own = mark_annotation(
        kind=kind_named("statement"), reading=reading, parts=parts, claim={}, by=reading.reader
    ).annotation
    chosen = {"statements": [own.pk], "primary_statement": own.pk, "issuer": issuer.pk}
    change_annotation(annotation=threat, claim=chosen, by=reading.reader)
    statement = accept(reading, "statement")
    assert expressed(threat) == ([own.pk, statement.pk], own.pk, issuer)


def test_a_threat_marked_by_a_person_is_left_as_it_is(reading: Reading) -> None:
    parts = {"consequence": [piece(reading, "close the strait")]}
    threat = mark_annotation(kind=kind_named("threat"), reading=reading, parts=parts, claim={}, by=reading.reader)
    accept(reading, "statement")
    assert expressed(threat.annotation) == ([], None, None)


def test_a_code_that_the_readings_codebook_lacks_is_left_out(reading: Reading) -> None:
    drafting = Drafting.objects.get()
    said = [one | {"values": one["values"] | {"mode": "whispered"}} for one in drafting.suggestions]
    Drafting.objects.create(revision=reading.revision, engine="rules", engine_version="7", suggestions=said)
    assert Statement.objects.get(pk=accept(reading, "statement").pk).mode == ""


def test_an_actor_that_was_merged_meanwhile_is_accepted_as_where_it_went(reading: Reading) -> None:
    obi, went = an_actor("Adaeze N. Obi"), open_of("mention", reading).values["actor"]
    type(obi).objects.filter(pk=went).update(merged_into=obi)
    assert accept(reading, "mention").mention.actor == obi


def test_a_rejected_suggestion_never_returns_not_even_from_a_new_version(reading: Reading) -> None:
    reject(reading, "mention")
    assert kinds_open(reading) == ["statement", "threat"]
    said = Drafting.objects.get().suggestions
    Drafting.objects.create(revision=reading.revision, engine="rules", engine_version="7", suggestions=said)
    Drafting.objects.create(revision=reading.revision, engine="spacy", engine_version="1", suggestions=said)
    assert kinds_open(reading) == ["statement", "threat"]


def propose_anew(reading: Reading, *drafts: tuple[str, dict[str, list[str]]]) -> None:
    """The next version of the rules proposes, in the words of the text: (kind, {role: [words, …]})."""
    text = reading.revision.text
    said = []
    for kind, quoted in drafts:
        parts = {role: tuple(piece(reading, words) for words in quotes) for role, quotes in quoted.items()}
        said.append(Draft(kind, parts, {}, "Why.", "test", 0.9))
    assert all(holds(draft, CodableText(text)) for draft in said)
    Drafting.objects.create(
        revision=reading.revision, engine="rules", engine_version="7", suggestions=[as_json(one) for one in said]
    )


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("mention", {"text": ["Adaeze Obi"]}),
        ("mention", {"text": ["Obi"]}),
        ("statement", {"content": ["If a single ship crosses the line", "we will close the strait"], "cue": ["said"]}),
        ("threat", {"consequence": ["will close the strait"], "condition": ["a single ship crosses the line"]}),
    ],
)
def test_a_rejected_suggestion_does_not_return_with_other_borders(
    reading: Reading, kind: str, parts: dict[str, list[str]]
) -> None:
    reject(reading, kind)
    propose_anew(reading, (kind, parts))
    assert open_in(reading) == []
    undo_latest(reading=reading, by=reading.reader)
    assert kinds_open(reading) == [kind]


def test_what_shares_less_than_half_with_a_rejected_suggestion_is_another(reading: Reading) -> None:
    reject(reading, "statement")
    propose_anew(reading, ("statement", {"content": ["crosses the line"]}), ("threat", {"consequence": ["the strait"]}))
    assert kinds_open(reading) == ["statement", "threat"]


def test_what_was_proposed_beside_a_rejected_suggestion_and_left_open_stays_open() -> None:
    text = "Reuters quoted a spokesman as saying that the port would stay closed."
    reading = a_drafted_reading(a_reading(revision=a_revision(text, zones=[])))
    outer, inner = open_in(reading)
    reject_suggestion(reading=reading, fingerprint=outer.fingerprint, by=reading.reader)
    said = Drafting.objects.get().suggestions
    Drafting.objects.create(revision=reading.revision, engine="rules", engine_version="7", suggestions=said)
    assert [one.fingerprint for one in open_in(reading)] == [inner.fingerprint]


def test_a_rejected_mention_stays_away_when_the_actor_was_renamed_or_another_is_meant(reading: Reading) -> None:
    reject(reading, "mention")
    drafting = Drafting.objects.get()
    said = [one | {"values": one["values"] | {"actor": an_actor("Another").pk}} for one in drafting.suggestions]
    Drafting.objects.create(revision=reading.revision, engine="rules", engine_version="7", suggestions=said)
    assert kinds_open(reading) == ["statement", "threat"]


def test_a_rejection_is_of_one_reading_only(reading: Reading) -> None:
    other = a_reading(revision=reading.revision)
    reject(reading, "mention")
    assert "mention" in kinds_open(other)


def test_a_rejection_is_taken_back_by_undo(reading: Reading) -> None:
    verdict = reject(reading, "mention")
    assert undo_latest(reading=reading, by=reading.reader) == verdict
    assert "mention" in kinds_open(reading)


def test_undo_takes_back_what_came_last(reading: Reading) -> None:
    annotation = accept(reading, "mention")
    verdict = reject(reading, "threat")
    assert undo_latest(reading=reading, by=reading.reader) == verdict
    assert undo_latest(reading=reading, by=reading.reader).annotation.pk == annotation.pk
    with pytest.raises(RuleBroken, match="nothing to undo"):
        undo_latest(reading=reading, by=reading.reader)


def test_undo_takes_back_nothing_of_somebody_else(reading: Reading) -> None:
    reject(reading, "mention")
    with pytest.raises(RuleBroken, match="nothing to undo"):
        undo_latest(reading=reading, by=a_user(Role.EDITOR))


def test_what_is_settled_or_unknown_cannot_be_settled_again(reading: Reading) -> None:
    fingerprint = open_of("mention", reading).fingerprint
    reject(reading, "mention")
    for action in (accept_suggestion, reject_suggestion):
        for key in (fingerprint, "0" * 32):
            with pytest.raises(RuleBroken, match="not open any more"):
                action(reading=reading, fingerprint=key, by=reading.reader)


def test_a_closed_reading_takes_no_verdict(reading: Reading) -> None:
    fingerprint = open_of("mention", reading).fingerprint
    a_mention(reading, "envoy")
    submit_reading(reading=reading, by=reading.reader)
    for action in (accept_suggestion, reject_suggestion):
        with pytest.raises(RuleBroken, match="submitted"):
            action(reading=reading, fingerprint=fingerprint, by=reading.reader)
    with pytest.raises(RuleBroken, match="submitted"):
        undo_latest(reading=reading, by=reading.reader)


def test_what_is_marked_already_is_not_suggested(reading: Reading) -> None:
    a_mention(reading, "Adaeze Obi")
    a_statement(reading)
    assert kinds_open(reading) == ["threat"]


def test_a_mark_of_another_kind_or_role_hides_nothing(reading: Reading) -> None:
    a_mention(reading, "single ship")
    assert kinds_open(reading) == ["statement", "threat", "mention"]


def test_suggestions_are_shown_until_they_are_hidden_in_a_reading(reading: Reading) -> None:
    assert shows_suggestions(reading.pk)
    show_suggestions(reading=reading, is_shown=False, by=reading.reader)
    assert not shows_suggestions(reading.pk)
    assert shows_suggestions(a_reading(revision=reading.revision).pk)
    show_suggestions(reading=reading, is_shown=True, by=reading.reader)
    assert shows_suggestions(reading.pk)


def test_the_newest_version_of_an_engine_counts(reading: Reading) -> None:
    Drafting.objects.create(revision=reading.revision, engine="rules", engine_version="7", suggestions=[])
    assert open_in(reading) == []


def test_open_suggestions_take_as_many_queries_for_many_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for text in (
        "Adaeze Obi came.",
        "Adaeze Obi came. “No,” Obi said. “Yes,” Obi said. “If you come, we strike,” Obi said.",
    ):
        reading = a_drafted_reading(a_reading(revision=a_revision(text)))
        with django_assert_num_queries(5):
            assert open_in(reading) != []


def test_drafting_again_changes_nothing(reading: Reading) -> None:
    before = Drafting.objects.get()
    draft_suggestions(revision_ids=[reading.revision_id], by=None)
    assert Drafting.objects.get() == before


def test_every_suggestion_of_a_reading_can_be_accepted(reading: Reading) -> None:
    while left := open_in(reading):
        accept_suggestion(reading=reading, fingerprint=left[0].fingerprint, by=reading.reader)
    assert Verdict.objects.count() == 3


def test_a_suggestion_tells_its_words_and_its_actor(reading: Reading) -> None:
    mention = open_of("mention", reading)
    text = reading.revision.text
    assert mention.main == (Piece(text.index("Minister Adaeze"), text.index(" said")),)
    assert (mention.words, mention.who, mention.sureness) == ("Minister Adaeze Obi", "Adaeze Obi", "quite sure")


def refused_by_database(sql: str, *params: object) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(refused.value)


def test_the_database_keeps_draftings_and_verdicts_as_they_were_written(reading: Reading) -> None:
    verdict = reject(reading, "mention")
    assert "Cannot update" in refused_by_database("UPDATE suggestions_drafting SET engine = 'x'")
    assert "Cannot update or delete" in refused_by_database("DELETE FROM suggestions_drafting")
    assert "Cannot delete" in refused_by_database("DELETE FROM suggestions_verdict")
    assert "Cannot update" in refused_by_database("UPDATE suggestions_verdict SET decision = 'accepted'")
    doubled = (
        "INSERT INTO suggestions_verdict (reading_id, drafting_id, fingerprint, decision, by_id, at)"
        " SELECT reading_id, drafting_id, fingerprint, decision, by_id, at FROM suggestions_verdict WHERE id = %s"
    )
    assert "verdict_rejected_once" in refused_by_database(doubled, verdict.pk)
    accepted = doubled.replace("fingerprint, decision, by_id, at FROM", "'x', 'accepted', by_id, at FROM")
    assert "verdict_annotation_fits" in refused_by_database(accepted, verdict.pk)


def test_the_database_takes_no_verdict_in_a_closed_reading(reading: Reading) -> None:
    a_mention(reading, "envoy")
    submit_reading(reading=reading, by=reading.reader)
    sql = (
        "INSERT INTO suggestions_verdict (reading_id, drafting_id, fingerprint, decision, at)"
        " VALUES (%s, %s, 'x', 'rejected', now())"
    )
    assert "the reading is closed" in refused_by_database(sql, reading.pk, Drafting.objects.get().pk)


def test_a_suggestion_is_settled_as_long_as_its_record_stands_under_whichever_kind() -> None:
    reading = a_drafted_reading()
    fingerprint = open_of("mention", reading).fingerprint
    accepted = accept_suggestion(reading=reading, fingerprint=fingerprint, by=reading.reader).annotation
    change, _ = relabel_annotation(annotation=accepted, kind=kind_named("threat"), by=reading.reader)
    assert fingerprint not in {one.fingerprint for one in open_in(reading)}
    again, _ = relabel_annotation(annotation=change.annotation, kind=kind_named("statement"), by=reading.reader)
    assert fingerprint not in {one.fingerprint for one in open_in(reading)}
    delete_annotation(annotation=again.annotation, by=reading.reader)
    assert fingerprint in {one.fingerprint for one in open_in(reading)}
