"""Trainings: what was handed in is held against the curated reading, once, and shown with what differs and why."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Revision
from newsannot.core.errors import RuleBroken
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.assigning import compare_training
from newsannot.review.models import Assignment, Dispute, Ruling
from newsannot.review.queries.training import passed_by
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor
from tests.review.assigning import a_batch, an_assignment, handed_in
from tests.review.test_pages import html, text_of

pytestmark = pytest.mark.django_db


def gold_for(revision: Revision, speaker: int) -> Reading:
    """The curated reading: two mentions and a statement of a speaker, with a note."""
    reading = a_reading(revision=revision)
    a_mention(reading, "Minister")
    a_mention(reading, "neighbour")
    a_statement(reading, speaker=speaker, mode="direct", note="The cue splits it.")
    submit_reading(reading=reading, by=reading.reader)
    return accept_reading(reading=reading, by=a_user(Role.EDITOR))


def trained(ana: User) -> tuple[Assignment, Reading]:
    """A training text handed in: one mention right, one missed, the statement mixed, a threat besides."""
    speaker, revision = an_actor().pk, a_revision(title="Strait")
    gold = gold_for(revision, speaker)
    slot = an_assignment(ana, batch=a_batch(name="First week", is_training=True, pass_mark=33), revision=revision)
    reading = a_reading(ana, revision)
    a_mention(reading, "Minister")
    statement = a_statement(reading, speaker=speaker, mode="mixed")
    a_threat(reading, statement)
    submit_reading(reading=reading, by=ana)
    slot.refresh_from_db()
    return slot, gold


@pytest.fixture
def ana(client: Client) -> User:
    user = a_user(first_name="Ana")
    client.force_login(user)
    return user


def test_a_training_text_is_compared_and_its_differences_are_explained(client, ana) -> None:
    slot, gold = trained(ana)
    statement = Annotation.objects.get(reading=gold, kind="statement")
    dispute = Dispute.objects.create(curated=statement, name="mode", choices=[])
    Ruling.objects.create(dispute=dispute, value="direct", note="Every word is quoted.", by=a_user(Role.EDITOR))
    assert client.get(f"/work/{slot.pk}/result/").status_code == 404
    assert "Compare with the curated reading" in html(client.get("/work/"))
    assert client.post(f"/work/{slot.pk}/compare/")["Location"] == f"/work/{slot.pk}/result/"
    page = html(client.get(f"/work/{slot.pk}/result/"))
    said = text_of(page)
    assert "1 right 1 with differences 1 missed 1 besides" in said
    assert "33 percent of what was to be found" in said
    assert re.findall(r"<del[^>]*>([^<]*)</del> <ins[^>]*>([^<]*)</ins>", page) == [("Mixed", "Direct")]
    assert "Every word is quoted." in said
    assert "The cue splits it." in said
    assert re.findall(r"Right|Differs|Missed|Besides", said) == ["Right", "Missed", "Differs", "Besides"]
    assert "33 percent" in text_of(html(client.get("/work/")))


def test_a_role_and_a_field_of_one_name_are_told_apart_in_a_result(client, ana) -> None:
    revision = a_revision()
    gold = a_reading(revision=revision)
    a_threat(gold, consequence="blockade", purpose="deterrent")
    submit_reading(reading=gold, by=gold.reader)
    accept_reading(reading=gold, by=a_user(Role.EDITOR))
    slot = an_assignment(ana, batch=a_batch(is_training=True, pass_mark=1), revision=revision)
    reading = a_reading(ana, revision)
    a_threat(reading, consequence="force", purpose="deterrent")
    submit_reading(reading=reading, by=ana)
    compare_training(assignment=slot, by=ana)
    page = html(client.get(f"/work/{slot.pk}/result/"))
    assert re.findall(r"<del[^>]*>([^<]*)</del> <ins[^>]*>([^<]*)</ins>", page) == [("Force", "Blockade")]


def test_the_only_statement_of_a_threat_is_told_once(client, ana) -> None:
    revision = a_revision()
    gold = a_reading(revision=revision)
    a_threat(gold, a_statement(gold))
    submit_reading(reading=gold, by=gold.reader)
    accept_reading(reading=gold, by=a_user(Role.EDITOR))
    slot = an_assignment(ana, batch=a_batch(is_training=True, pass_mark=1), revision=revision)
    reading = a_reading(ana, revision)
    a_statement(reading), a_threat(reading)
    submit_reading(reading=reading, by=ana)
    compare_training(assignment=slot, by=ana)
    said = text_of(html(client.get(f"/work/{slot.pk}/result/")))
    assert (said.count("Expressed by"), said.count("Primary statement")) == (1, 0)


def test_the_first_score_counts(ana) -> None:
    slot, _ = trained(ana)
    compare_training(assignment=slot, by=ana)
    reading = Reading.objects.get(reader=ana)
    return_reading(reading=reading, comment="Once more.", by=a_user(Role.EDITOR))
    a_mention(reading, "neighbour")
    submit_reading(reading=reading, by=ana)
    assert compare_training(assignment=slot, by=ana).score == 33


def test_all_of_a_training_is_compared_before_it_is_passed(ana) -> None:
    slot, _ = trained(ana)
    assert passed_by(slot.batch, [ana.pk]) == set()
    compare_training(assignment=slot, by=ana)
    assert passed_by(slot.batch, [ana.pk]) == {ana.pk}
    an_assignment(ana, batch=slot.batch)
    assert passed_by(slot.batch, [ana.pk]) == set()


def test_what_is_no_training_or_not_handed_in_is_not_compared(client, ana) -> None:
    live = an_assignment(ana)
    handed_in(ana, live.revision)
    untouched = an_assignment(ana, batch=a_batch(is_training=True, pass_mark=1))
    gold_for(untouched.revision, an_actor().pk)
    told = []
    for slot in (live, untouched):
        with pytest.raises(RuleBroken) as refused:
            compare_training(assignment=slot, by=ana)
        told.append(str(refused.value))
        assert client.post(f"/work/{slot.pk}/compare/").status_code == 422
        assert client.get(f"/work/{slot.pk}/result/").status_code == 404
    assert told == ["There is nothing to compare this with.", "Hand it in first."]


def test_nobody_compares_or_sees_anothers_training(client, ana) -> None:
    slot, _ = trained(a_user())
    compare_training(assignment=slot, by=slot.analyst)
    for role in (Role.ANALYST, Role.EDITOR):
        client.force_login(a_user(role))
        assert client.post(f"/work/{slot.pk}/compare/").status_code == 404
        assert client.get(f"/work/{slot.pk}/result/").status_code == 404


def test_a_result_is_read_and_comparing_is_posted(client, ana) -> None:
    assert [client.post("/work/1/result/").status_code, client.get("/work/1/compare/").status_code] == [405, 405]


@pytest.mark.parametrize("count", [1, 3])
def test_a_result_takes_as_many_queries_however_much_was_marked(client, ana, count, django_assert_num_queries) -> None:
    slot, revision = an_assignment(ana, batch=a_batch(is_training=True, pass_mark=1)), a_revision()
    slot = an_assignment(ana, batch=slot.batch, revision=revision)
    for by in (a_user(), ana):
        reading = a_reading(by, revision)
        for at in range(count):
            a_statement(reading, speaker=an_actor(f"Somebody {by.pk} {at}").pk)
        submit_reading(reading=reading, by=by)
        if by != ana:
            accept_reading(reading=reading, by=a_user(Role.EDITOR))
    compare_training(assignment=slot, by=ana)
    client.get(f"/work/{slot.pk}/result/")
    with django_assert_num_queries(28):
        client.get(f"/work/{slot.pk}/result/")
