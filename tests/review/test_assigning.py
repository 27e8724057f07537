"""Making batches, taking from the pool and giving back: what is given to whom, and what is refused in which words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import open_reading, submit_reading
from newsannot.annotations.models import Annotation
from newsannot.core.errors import RuleBroken
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.assigning import (
    close_batch,
    delete_batch,
    give,
    make_batch,
    release,
    return_abandoned,
    take_again,
    take_next,
)
from newsannot.review.models import Assignment, Batch, Lapse
from newsannot.review.queries.planning import Wish, plan_batch
from newsannot.review.queries.work import lapsed_of, work_of
from newsannot.review.tasks import return_abandoned_work
from newsannot.workbench.queries.inbox import Wanted
from tests.factories import a_codebook, a_mention, a_reading, a_revision, a_user, numbers
from tests.review.assigning import a_batch, an_assignment, handed_in, worked_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]

DAY = timedelta(days=1)


@pytest.fixture
def codes() -> None:
    """Readings are stamped with a codebook."""
    a_codebook()


def a_wish(analysts: list[User] | None = None, **fields) -> Wish:
    standard = {
        "name": f"Wish {next(numbers)}",
        "note": "",
        "wanted": Wanted(),
        "read_by": "",
        "most": 100,
        "analysts_per_article": 1,
        "maximum_share": 100,
        "analysts": [one.pk for one in analysts or []],
        "is_pool": analysts is None,
        "due_at": None,
        "lease_hours": 24,
        "hides_suggestions": False,
        "is_training": False,
        "pass_mark": None,
        "requires": None,
    }
    return Wish(**standard | fields)


def made(wish: Wish) -> Batch:
    return make_batch(wish=wish, seal=plan_batch(wish).seal, by=a_user(Role.EDITOR))


def refusal(act, *args, **kwargs) -> dict[str, list[str]]:
    with pytest.raises(RuleBroken) as refused:
        act(*args, **kwargs)
    return refused.value.problems


def rows(batch: Batch) -> list[tuple[int, int, int | None]]:
    return list(batch.assignments.order_by("-revision", "slot").values_list("revision", "slot", "analyst"))


# --- making ------------------------------------------------------------------------------------------


def test_a_batch_gives_each_article_its_analysts_evenly() -> None:
    one, two, three = a_revision(), a_revision(), a_revision()
    ana, ben, cleo = (a_user(first_name=name) for name in ("Ana", "Ben", "Cleo"))
    due = timezone.now() + DAY
    batch = made(a_wish([ana, ben, cleo], analysts_per_article=2, due_at=due, note="Mind the cues."))
    assert rows(batch) == [
        (three.pk, 1, ana.pk),
        (three.pk, 2, ben.pk),
        (two.pk, 1, ana.pk),
        (two.pk, 2, cleo.pk),
        (one.pk, 1, ben.pk),
        (one.pk, 2, cleo.pk),
    ]
    assert set(batch.assignments.values_list("due_at", "leased_until")) == {(due, None)}
    assert (batch.note, batch.analysts_per_article, batch.is_pool) == ("Mind the cues.", 2, False)


def test_a_pool_waits_for_its_readers() -> None:
    revision = a_revision()
    assert rows(made(a_wish(analysts_per_article=2))) == [(revision.pk, 1, None), (revision.pk, 2, None)]


def test_the_newest_text_is_given_and_articles_are_found_as_in_the_inbox() -> None:
    a_revision(title="Weather", language="fr", text="Rain.")
    wanted = a_revision(title="Strait", language="en")
    newer = a_revision(title="Strait again", language="en")
    newer_text = type(newer).objects.create(
        article=newer.article, number=2, text="The strait is shut.", length=19, block_starts=[0], sha256="x",
        retrieved_at=timezone.now(),
    )  # fmt: skip
    found = plan_batch(a_wish(wanted=Wanted(words="strait", language="en")))
    assert list(found.revisions.values()) == [newer_text.pk, wanted.pk]
    assert list(plan_batch(a_wish(most=1)).revisions.values()) == [newer_text.pk]
    source = wanted.article.source_id
    assert list(plan_batch(a_wish(wanted=Wanted(source=source))).revisions.values()) == [wanted.pk]


def test_articles_are_chosen_by_who_has_read_them() -> None:
    fresh, begun, taken, curated = a_revision(), a_revision(), a_revision(), a_revision()
    a_reading(revision=begun)
    an_assignment(revision=taken)
    accept_reading(reading=handed_in(a_user(), curated), by=a_user(Role.EDITOR))
    found = {by: list(plan_batch(a_wish(read_by=by)).revisions.values()) for by in ("nobody", "unassigned", "curated")}
    assert found == {
        "nobody": [taken.pk, fresh.pk],
        "unassigned": [curated.pk, begun.pk, fresh.pk],
        "curated": [curated.pk],
    }
    training = a_wish(is_training=True, pass_mark=80)
    assert list(plan_batch(training).revisions.values()) == [curated.pk]


def test_nobody_is_given_what_they_have_or_have_handed_in() -> None:
    ana, ben, cleo = a_user(first_name="A"), a_user(first_name="B"), a_user(first_name="C")
    revision = a_revision()
    an_assignment(ana, revision=revision)
    handed_in(ben, revision)
    a_reading(cleo, revision)
    assert rows(made(a_wish([ana, ben, cleo]))) == [(revision.pk, 1, cleo.pk)]
    told = refusal(plan_batch, a_wish([ana, ben, cleo], analysts_per_article=2))
    assert list(told) == ["analysts"]
    assert told["analysts"] == [
        f"Too few of those chosen can be given “{revision.article.title}”: the others have read it or are to."
    ]


def test_editors_and_whoever_left_are_given_nothing() -> None:
    a_revision()
    editor, gone = a_user(Role.EDITOR), a_user(is_active=False)
    assert list(refusal(plan_batch, a_wish([editor, gone]))) == ["per_article"]


def test_what_cannot_be_made_is_refused_by_field() -> None:
    assert refusal(plan_batch, a_wish()) == {"articles": ["No article answers to that."]}
    a_revision()
    batch = made(a_wish())
    wish = a_wish(name=batch.name)
    assert refusal(made, wish) == {"name": ["There is a batch of this name."]}
    wish = a_wish()
    seal = plan_batch(wish).seal
    a_revision()
    assert list(refusal(make_batch, wish=wish, seal=seal, by=a_user(Role.EDITOR))) == ["articles"]
    assert Batch.objects.count() == 1


def test_who_has_not_passed_the_training_gets_no_live_work() -> None:
    training = a_batch(is_training=True, pass_mark=80)
    passed, failed, untried = a_user(first_name="Pia"), a_user(first_name="Fay"), a_user(first_name="Una")
    for user, score in ((passed, 80), (failed, 79)):
        Assignment.objects.filter(pk=an_assignment(user, batch=training).pk).update(score=score)
    revision = a_revision()
    told = refusal(plan_batch, a_wish([passed, failed, untried], requires=training))
    assert told == {"analysts": [f"Not passed “{training}” yet: Fay, Una."]}
    pool = made(a_wish(requires=training, most=1))
    told = refusal(take_next, by=failed)
    assert told == {
        "assignment": [
            f"Nothing is left in the pool for you. For what waits there, first pass the training “{training}”."
        ]
    }
    assert take_next(by=passed).batch == pool
    assert pool.assignments.get().revision == revision


def test_a_batch_nobody_began_is_undone_and_no_other() -> None:
    editor, ana = a_user(Role.EDITOR), a_user()
    fresh, begun, lapsed = a_batch(), a_batch(), a_batch()
    an_assignment(ana, batch=fresh)
    a_reading(ana, an_assignment(ana, batch=begun).revision)
    release(assignment=an_assignment(ana, batch=lapsed), by=editor)
    training = a_batch(is_training=True, pass_mark=1)
    a_batch(requires=training)
    delete_batch(batch=fresh, by=editor)
    told = [refusal(delete_batch, batch=batch, by=editor)["batch"][0] for batch in (begun, lapsed, training)]
    assert told == ["Somebody has begun to read for this batch. Close it instead."] * 2 + [
        "Another batch requires this training."
    ]
    assert not Batch.objects.filter(pk=fresh.pk).exists()


def test_nothing_is_given_out_of_a_closed_batch() -> None:
    editor, slot = a_user(Role.EDITOR), an_assignment()
    close_batch(batch=slot.batch, is_closed=True, by=editor)
    assert list(refusal(take_next, by=a_user())) == ["assignment"]
    assert refusal(close_batch, batch=slot.batch, is_closed=True, by=editor) == {
        "batch": ["This batch is closed already."]
    }
    close_batch(batch=slot.batch, is_closed=False, by=editor)
    assert take_next(by=a_user()) == slot


# --- taking ------------------------------------------------------------------------------------------


def test_the_next_one_is_the_one_due_first() -> None:
    now = timezone.now()
    whenever, later, sooner = an_assignment(), an_assignment(due_at=now + 2 * DAY), an_assignment(due_at=now + DAY)
    assert [take_next(by=a_user()) for _ in range(3)] == [sooner, later, whenever]
    sooner.refresh_from_db()
    assert timedelta(hours=23) < sooner.leased_until - now < timedelta(hours=25)


def test_the_one_taken_last_is_given_again_while_nothing_is_done_in_it() -> None:
    ana, first, second = a_user(), an_assignment(), an_assignment()
    assert take_next(by=ana) == take_next(by=ana) == first
    reading = open_reading(revision=first.revision, by=ana)
    assert take_next(by=ana) == first
    a_mention(reading)
    assert take_next(by=ana) == second


def test_nobody_gets_two_slots_of_a_text_nor_one_they_have_handed_in() -> None:
    ana, batch, revision = a_user(), a_batch(analysts_per_article=2), a_revision()
    first = an_assignment(batch=batch, revision=revision)
    an_assignment(batch=batch, revision=revision, slot=2)
    handed_in(ana, an_assignment().revision)
    assert take_next(by=ana) == first
    a_mention(open_reading(revision=revision, by=ana))
    assert refusal(take_next, by=ana) == {"assignment": ["Nothing is left in the pool for you."]}


def test_nobody_takes_more_than_their_share() -> None:
    ana, batch = a_user(), a_batch(maximum_share=50)
    for _ in range(3):
        an_assignment(batch=batch)
    a_mention(open_reading(revision=take_next(by=ana).revision, by=ana))
    assert list(refusal(take_next, by=ana)) == ["assignment"]
    assert take_next(by=a_user()).batch == batch


def test_editors_take_nothing() -> None:
    an_assignment()
    told = refusal(take_next, by=a_user(Role.EDITOR))
    assert told == {"assignment": ["Editors see what others handed in, so they are given nothing to code blind."]}


# --- giving back -------------------------------------------------------------------------------------


def test_abandoned_work_returns_to_the_pool_and_the_marks_stay() -> None:
    ana, slot = a_user(), an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    mention = a_mention(reading)
    now = timezone.now()
    assert return_abandoned(at=now + timedelta(hours=23), by=None) == 0
    assert return_abandoned(at=now + timedelta(hours=25), by=None) == 1
    slot.refresh_from_db()
    assert (slot.analyst, slot.leased_until, slot.reading) == (None, None, None)
    assert list(Lapse.objects.values_list("assignment", "analyst", "by")) == [(slot.pk, ana.pk, None)]
    assert [one.pk for one in Annotation.objects.standing().filter(reading=reading)] == [mention.pk]
    assert [row.is_free for row in lapsed_of(ana)] == [True]


def test_a_lease_counts_from_the_last_work() -> None:
    ana, slot = a_user(), an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    now = timezone.now()
    worked_on(reading, now + timedelta(hours=20))
    slot.refresh_from_db()
    assert slot.held_until == now + timedelta(hours=44)
    assert return_abandoned(at=now + timedelta(hours=43), by=None) == 0
    assert return_abandoned(at=now + timedelta(hours=45), by=None) == 1


def test_what_was_given_out_and_what_was_handed_in_or_returned_is_not_abandoned() -> None:
    ana, late = a_user(), timezone.now() + 30 * DAY
    an_assignment(ana)
    an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    a_mention(reading)
    submit_reading(reading=reading, by=ana)
    assert return_abandoned(at=late, by=None) == 0
    return_reading(reading=reading, comment="Once more.", by=a_user(Role.EDITOR))
    assert return_abandoned(at=late, by=None) == 0


def test_a_lease_that_ends_while_its_holder_types_loses_nothing() -> None:
    ana, slot = a_user(), an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    before = a_mention(reading)
    worked_on(reading, timezone.now() - 2 * DAY)
    Assignment.objects.filter(pk=slot.pk).update(leased_until=timezone.now() - DAY)
    return_abandoned_work(timestamp=0)
    slot.refresh_from_db()
    assert slot.analyst is None
    after = a_mention(reading, "The neighbour’s envoy")
    worked_on(reading, timezone.now())
    return_abandoned(at=timezone.now() + timedelta(minutes=5), by=None)
    slot.refresh_from_db()
    assert (slot.analyst, slot.reading) == (ana, reading)
    assert [one.pk for one in Annotation.objects.standing().filter(reading=reading)] == [before.pk, after.pk]
    assert submit_reading(reading=reading, by=ana).state == "submitted"


def test_whose_place_was_taken_meanwhile_keeps_the_reading_and_may_hand_it_in() -> None:
    ana, ben, slot = a_user(), a_user(), an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    return_abandoned(at=timezone.now() + 2 * DAY, by=None)
    assert take_next(by=ben) == slot
    a_mention(reading)
    return_abandoned(at=timezone.now(), by=None)
    slot.refresh_from_db()
    assert slot.analyst == ben
    assert [row.is_free for row in lapsed_of(ana)] == [False]
    told = refusal(take_again, assignment=slot, by=ana)
    assert told == {"assignment": ["It is not free any more: somebody else reads this text now."]}
    submit_reading(reading=reading, by=ana)
    assert lapsed_of(ana) == []


def test_what_lapsed_is_taken_again_while_a_slot_of_the_text_is_free() -> None:
    ana, ben = a_user(), a_user()
    batch, revision = a_batch(analysts_per_article=2), a_revision()
    first, second = (an_assignment(batch=batch, revision=revision, slot=slot) for slot in (1, 2))
    take_next(by=ana)
    return_abandoned(at=timezone.now() + 2 * DAY, by=None)
    assert take_next(by=ben) == first
    assert take_again(assignment=first, by=ana) == second
    assert (lapsed_of(ana), [one.pk for one in work_of(ana).due]) == ([], [second.pk])


def test_an_editor_takes_work_back_until_it_is_handed_in() -> None:
    editor, ana, slot = a_user(Role.EDITOR), a_user(), an_assignment()
    assert list(refusal(release, assignment=slot, by=editor)) == ["assignment"]
    given = an_assignment(ana)
    release(assignment=given, by=editor)
    assert list(Lapse.objects.values_list("analyst", "by")) == [(ana.pk, editor.pk)]
    done = an_assignment(ana)
    handed_in(ana, done.revision)
    told = refusal(release, assignment=done, by=editor)
    assert told == {"assignment": ["The reading was handed in; there is nothing to take back."]}


def test_an_editor_s_taking_back_is_not_undone_by_going_on() -> None:
    ana, slot = a_user(), an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    release(assignment=slot, by=a_user(Role.EDITOR))
    a_mention(reading)
    return_abandoned(at=timezone.now(), by=None)
    slot.refresh_from_db()
    assert slot.analyst is None


# --- Handed to a named person ------------------------------------------------------------------------


def refusal_of_giving(slot: Assignment, to: User) -> str:
    with pytest.raises(RuleBroken) as refused:
        give(assignment=slot, to=to, by=a_user(Role.EDITOR))
    assert Assignment.objects.get(pk=slot.pk).analyst is None
    return str(refused.value)


def test_a_slot_given_to_somebody_is_theirs_without_a_lease() -> None:
    slot, ana = an_assignment(), a_user()
    give(assignment=slot, to=ana, by=a_user(Role.EDITOR))
    assert (Assignment.objects.get().analyst, return_abandoned(at=timezone.now() + timedelta(days=99), by=None)) == (
        ana,
        0,
    )


def test_nobody_is_handed_what_they_may_not_have() -> None:
    ana = a_user(first_name="Ana")
    read = a_revision()
    handed_in(ana, read)
    assert refusal_of_giving(an_assignment(revision=read), ana) == "Ana reads this text already, or has handed it in."
    held = an_assignment(ana, batch=a_batch(analysts_per_article=2))
    second = an_assignment(batch=held.batch, revision=held.revision, slot=2)
    assert refusal_of_giving(second, ana) == "Ana reads this text already, or has handed it in."
    closed = an_assignment(batch=a_batch(closed_at=timezone.now()))
    assert refusal_of_giving(closed, ana) == "This is not free: somebody has it, or the batch is closed."
    live = a_batch(requires=a_batch(is_training=True, pass_mark=80, name="First steps"))
    assert refusal_of_giving(an_assignment(batch=live), ana) == "Ana has not passed “First steps” yet."
    shared = a_batch(maximum_share=40)
    assert refusal_of_giving(an_assignment(batch=shared), ana) == (
        "Ana has 40 percent of this batch already, the most for one person."
    )
    assert "given nothing to code blind" in refusal_of_giving(an_assignment(), a_user(Role.EDITOR))
    assert refusal_of_giving(an_assignment(), a_user(is_active=False)) == "This person is not here any more."
