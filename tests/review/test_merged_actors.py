"""Comparisons follow the merging of actors: whoever names an actor and one merged into it says the same."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role, User
from newsannot.actors.actions import merge_actors, unmerge_actor
from newsannot.actors.models import Actor
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from newsannot.articles.models import Revision
from newsannot.review.actions import accept_reading
from newsannot.review.following import disputes_naming
from newsannot.review.measuring import renew_divergences
from newsannot.review.merging import merge_readings
from newsannot.review.models import Dispute, Divergence, Notice, Ruling
from newsannot.review.queries.comparing import side_by_side
from newsannot.review.queries.disputes import ask_docket, ask_question, docket_of
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import rule
from tests.factories import a_reading, a_revision, a_statement, a_user, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return a_user(Role.EDITOR)


@pytest.fixture
def revision() -> Revision:
    return a_revision()


def said_by(speaker: Actor, revision: Revision, **claim: object) -> Reading:
    """A reading handed in whose one statement is theirs."""
    reading = a_reading(a_user(), revision)
    a_statement(reading, speaker=speaker.pk, **claim)
    return submit_reading(reading=reading, by=reading.reader)


def merged(revision: Revision, by: User, strategy: Strategy = Strategy.ALL_AGREE) -> Annotation:
    """The one record that stands in the curated reading after comparing."""
    merge_readings(revision=revision, strategy=strategy, by=by)
    return Annotation.objects.standing().get(reading__reader=None, reading__revision=revision)


def asked(dispute: Dispute) -> list[tuple[int, list[str], bool]]:
    """The choices as they are shown: place among all, words, and whether the record says it."""
    dispute = Dispute.objects.select_related("curated__reading").get(pk=dispute.pk)
    shown = ask_question(dispute, names_hidden=False)(docket_of(dispute.curated.reading_id), None).choices
    return [(choice.at, [item.text for item in choice.items], choice.is_standing) for choice in shown]


def test_readings_that_name_an_actor_by_a_chain_of_merges_agree(revision: Revision, editor: User) -> None:
    first, second, third = an_actor("A. Obi"), an_actor("Minister Obi"), an_actor("Adaeze Obi")
    for actor in (first, third):
        said_by(actor, revision)
    merge_actors(actor=first, into=second, by=editor)
    merge_actors(actor=second, into=third, by=editor)
    (found,) = side_by_side(revision.pk).items
    assert (found.differences, found.agreed["speaker"]) == ((), third.pk)
    record = merged(revision, editor)
    assert Dispute.objects.count() == 0
    assert read_record(record).claim["speaker"] == third.pk


def test_lists_name_each_actor_once(revision: Revision, editor: User) -> None:
    gone, into = an_actor("The press"), an_actor("Reporters")
    both, one = (
        said_by(an_actor("Adaeze Obi"), revision, addressees=[a.pk for a in actors])
        for actors in ([gone, into], [into])
    )
    merge_actors(actor=gone, into=into, by=editor)
    (found,) = side_by_side(revision.pk).items
    assert found.agreed["addressees"] == [into.pk]
    assert {both.pk, one.pk} == {member.reading for member in found.item.members}


def test_following_merges_costs_one_query_however_many_records(editor: User) -> None:
    def queries(records: int) -> int:
        revision, gone, into = a_revision(), an_actor("A. Obi"), an_actor("Adaeze Obi")
        for actor in (gone, into):
            reading = a_reading(a_user(), revision)
            for _ in range(records):
                a_statement(reading, speaker=actor.pk)
            submit_reading(reading=reading, by=reading.reader)
        merge_actors(actor=gone, into=into, by=editor)
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            side_by_side(revision.pk)
        return len(asked_for)

    assert queries(1) == queries(3)


def test_two_accepted_readings_that_name_one_actor_leave_one_record(revision: Revision, editor: User) -> None:
    gone, into = an_actor("A. Obi"), an_actor("Adaeze Obi")
    readings = [said_by(actor, revision) for actor in (gone, into)]
    merge_actors(actor=gone, into=into, by=editor)
    for reading in readings:
        accept_reading(reading=reading, by=editor)
    record = Annotation.objects.standing().get(reading__reader=None)
    assert read_record(record).claim["speaker"] == into.pk


def test_a_dispute_between_two_who_became_one_is_asked_no_more_and_again_when_they_are_two(
    revision: Revision, editor: User
) -> None:
    gone, into = an_actor("A. Obi"), an_actor("Adaeze Obi")
    for actor in (gone, into):
        said_by(actor, revision)
    merged(revision, editor)
    dispute = Dispute.objects.get()
    assert asked(dispute) == [(0, ["A. Obi"], True), (1, ["Adaeze Obi"], False)]
    merge_actors(actor=gone, into=into, by=editor)
    assert Dispute.objects.undecided().count() == 0
    assert list(ask_docket(dispute.curated.reading_id)().undecided) == []
    assert asked(dispute) == [(0, ["Adaeze Obi"], True)]
    unmerge_actor(actor=gone, by=editor)
    assert list(docket_of(dispute.curated.reading_id).undecided) == [dispute.pk]
    assert asked(dispute) == [(0, ["A. Obi"], True), (1, ["Adaeze Obi"], False)]


def test_compared_again_it_is_gone(revision: Revision, editor: User) -> None:
    gone, into = an_actor("A. Obi"), an_actor("Adaeze Obi")
    for actor in (gone, into):
        said_by(actor, revision)
    merged(revision, editor)
    merge_actors(actor=gone, into=into, by=editor)
    merged(revision, editor)
    assert Dispute.objects.count() == 0


def test_of_three_choices_two_become_one_and_can_be_ruled(revision: Revision, editor: User) -> None:
    gone, into, other = an_actor("A. Obi"), an_actor("Adaeze Obi"), an_actor("Chidi Eze")
    for actor in (other, into, gone):
        said_by(actor, revision)
    record = merged(revision, editor)
    merge_actors(actor=gone, into=into, by=editor)
    dispute = Dispute.objects.undecided().get()
    assert asked(dispute) == [(0, ["Chidi Eze"], True), (1, ["Adaeze Obi"], False)]
    rule(dispute=dispute, choice=2, by=editor)  # sent from a page that was open before they became one
    assert read_record(record).claim["speaker"] == into.pk
    assert asked(dispute) == [(0, ["Chidi Eze"], False), (1, ["Adaeze Obi"], True)]
    told = dict(Notice.objects.values_list("reading__annotations__statement__speaker", "is_otherwise"))
    assert told == {other.pk: True, into.pk: False, gone.pk: False}


def test_only_disputes_that_name_the_merged_are_looked_at(revision: Revision, editor: User) -> None:
    gone, into, other = an_actor("A. Obi"), an_actor("Adaeze Obi"), an_actor("Chidi Eze")
    for actor in (gone, into):
        said_by(actor, revision, addressees=[actor.pk])
    merged(revision, editor)
    apart = a_revision()
    for actor in (other, into):
        said_by(actor, apart)
    merged(apart, editor)
    of_lists = Dispute.objects.get(name="addressees")
    assert list(disputes_naming([gone.pk]).order_by("name")) == [
        of_lists,
        Dispute.objects.get(choices__0__value=gone.pk),
    ]
    assert list(disputes_naming([other.pk, an_actor("Nobody").pk])) == [
        Dispute.objects.get(curated__reading__revision=apart)
    ]
    with connection.cursor() as cursor:  # of a few rows any way is cheap: leave it only what finds a choice
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE review_dispute DROP CONSTRAINT dispute_once_a_field")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "dispute_choices" in disputes_naming([gone.pk, into.pk]).explain()


def test_who_was_overruled_by_another_name_of_the_same_is_told_so_no_more(revision: Revision, editor: User) -> None:
    gone, into = an_actor("A. Obi"), an_actor("Adaeze Obi")
    for actor in (gone, into):
        said_by(actor, revision)
    merged(revision, editor)
    rule(dispute=Dispute.objects.get(), choice=1, by=editor)
    assert Notice.objects.filter(is_otherwise=True).count() == 1
    merge_actors(actor=gone, into=into, by=editor)
    assert Notice.objects.filter(is_otherwise=True).count() == 0
    unmerge_actor(actor=gone, by=editor)
    assert Notice.objects.filter(is_otherwise=True).count() == 1


def test_what_a_strategy_took_over_is_not_taken_over_again_under_another_name(revision: Revision, editor: User) -> None:
    gone, into, other = an_actor("A. Obi"), an_actor("Adaeze Obi"), an_actor("Chidi Eze")
    for actor in (gone, gone, other):
        said_by(actor, revision)
    merged(revision, editor, Strategy.MAJORITY)
    merge_actors(actor=gone, into=into, by=editor)
    merged(revision, editor, Strategy.MAJORITY)
    assert [ruling.value for ruling in Ruling.objects.all()] == [gone.pk]


def test_how_far_texts_differ_is_counted_anew(revision: Revision, editor: User) -> None:
    gone, into = an_actor("A. Obi"), an_actor("Adaeze Obi")
    for actor in (gone, into):
        said_by(actor, revision)
    renew_divergences(seconds=9)
    assert Divergence.objects.get().differing == 1
    merge_actors(actor=gone, into=into, by=editor)
    assert renew_divergences(seconds=9) == 1
    assert Divergence.objects.get().differing == 0
    merge_actors(actor=an_actor("Nobody"), into=an_actor("Else"), by=editor)
    assert renew_divergences(seconds=9) == 0
    unmerge_actor(actor=gone, by=editor)
    assert renew_divergences(seconds=9) == 1
    assert Divergence.objects.get().differing == 1


def test_the_page_says_that_nothing_is_left_to_decide(client: Client, revision: Revision, editor: User) -> None:
    gone, into = an_actor("A. Obi"), an_actor("Adaeze Obi")
    for actor in (gone, into):
        said_by(actor, revision)
    merged(revision, editor)
    merge_actors(actor=gone, into=into, by=editor)
    client.force_login(editor)
    page = client.get(f"/review/revisions/{revision.pk}/").content.decode()
    assert "became one since: nothing is left to decide" in page
    assert page.count('class="question-choice is-standing"') == page.count('name="choice"') - 1 == 1
