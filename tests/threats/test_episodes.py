"""Episodes: gathering threats, their steps and outcomes, splitting, merging, undoing, and what is proposed for it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import mark_annotation
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation
from newsannot.core.errors import RuleBroken, Stale
from newsannot.dataset.actions import revisit_readings, withdraw_reading
from newsannot.dataset.models import Change
from newsannot.statements.actions import gather_statements
from newsannot.statements.models import Statement
from newsannot.threats.actions import (
    add_threats,
    ask_again,
    change_episode,
    change_step,
    delete_step,
    gather_threats,
    hold_apart,
    hold_same,
    merge_episodes,
    record_step,
    split_episode,
    take_out_threats,
)
from newsannot.threats.comparing import compare_threats
from newsannot.threats.models import Episode, EpisodeStep, Kinship, Occurrence, Outline, Threat
from newsannot.threats.queries import open_questions
from newsannot.threats.tasks import compare_what_was_published
from newsannot.threats.undoing import deeds_of, undo_change
from tests.calling import READ, WRITE, Api, a_publication, published
from tests.factories import a_reading, a_source, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


def some_threats(*days: str, issuer: int | None = None, target: int | None = None, **claim) -> list[Threat]:
    """Published threats of one issuer against one target with one consequence, each said on a day."""
    issuer, target = issuer or an_actor().pk, target or an_actor("A Neighbour", "state").pk
    made = [
        a_publication(
            claim={"speaker": issuer} | ({"said_on": day, "said_on_basis": "text"} if day else {}),
            threat={"issuer": issuer, "harm_targets": [target]} | claim,
        )
        for day in days
    ]
    return [Threat.objects.get(pk=one.threat.pk) for one in made]


def of(episode: Episode) -> list[int]:
    """The ids of an episode's threats."""
    return list(episode.occurrences.order_by("threat").values_list("threat", flat=True))


def steps(episode: Episode) -> list[tuple[str, str, list[int]]]:
    """The steps of an episode in time: kind, day, the records that say so."""
    found = episode.steps.order_by("happened_on", "pk")
    return [
        (one.kind, one.happened_on, list(one.evidence.order_by("annotation").values_list("annotation", flat=True)))
        for one in found
    ]


def an_editor() -> User:
    """Somebody who may gather."""
    return a_user(Role.EDITOR)


def an_outcome(episode: Episode, by: User, *, evidence=(), version: int = 1, **said: str) -> EpisodeStep:
    """How a threat ended: it lapsed, as a note says."""
    about = {"kind": "lapsed", "happened_on": "2025-10-01", "note": "Nothing happened."} | said
    return record_step(episode=episode, version=version, evidence=evidence, by=by, **about)


# --- Actions -------------------------------------------------------------------------------------


def test_gathering_tells_a_step_for_each_day_the_earliest_of_which_issued_it() -> None:
    later, first, reprint = some_threats("2025-09-04", "2025-09-01", "2025-09-01")
    episode = gather_threats(threats=[later, first, reprint], by=an_editor())
    assert (episode.issuer_id, episode.canonical_id) == (first.issuer_id, first.pk)
    assert of(episode) == [later.pk, first.pk, reprint.pk]
    assert steps(episode) == [
        ("issued", "2025-09-01", [first.pk, reprint.pk]),
        ("reiterated", "2025-09-04", [later.pk]),
    ]
    assert Threat.objects.get(pk=first.pk).version == first.version


def test_a_threat_whose_statement_has_no_date_is_told_on_the_day_of_its_article() -> None:
    episode = gather_threats(threats=some_threats(""), by=an_editor())
    assert [(kind, day) for kind, day, _ in steps(episode)] == [("issued", "2025-09-05")]


def test_an_earlier_threat_that_is_added_issued_it() -> None:
    by, (first, later) = an_editor(), some_threats("2025-09-04", "2025-09-01")
    episode = gather_threats(threats=[first], by=by)
    add_threats(episode=episode, threats=[later], version=1, by=by)
    assert [(kind, day) for kind, day, _ in steps(episode)] == [("issued", "2025-09-01"), ("reiterated", "2025-09-04")]


def test_an_analysts_threat_is_not_gathered() -> None:
    own = Threat.objects.get(pk=a_threat(a_reading()).pk)
    with pytest.raises(RuleBroken, match="curated"):
        gather_threats(threats=[own], by=an_editor())
    episode = gather_threats(threats=some_threats(""), by=an_editor())
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(episode=episode, threat=own)
    with pytest.raises(IntegrityError), transaction.atomic():
        episode.steps.get().evidence.create(annotation=own)


def test_a_threat_is_of_one_episode_at_most() -> None:
    by, threats = an_editor(), some_threats("")
    gather_threats(threats=threats, by=by)
    with pytest.raises(RuleBroken, match="already"):
        gather_threats(threats=threats, by=by)


def test_taking_out_takes_what_it_tells_and_needs_the_version_that_was_seen() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first, second], by=by)
    left = take_out_threats(episode=episode, threats=[first], version=1, by=by)
    assert (of(left), left.canonical_id, left.version) == ([second.pk], second.pk, 2)
    assert steps(left) == [("issued", "2025-09-02", [second.pk])]
    with pytest.raises(Stale):
        take_out_threats(episode=episode, threats=[second], version=1, by=by)


def test_splitting_makes_another_with_its_steps_and_is_remembered() -> None:
    by, (first, second, third) = an_editor(), some_threats("2025-09-01", "2025-09-02", "2025-09-02")
    compare_threats(most=9, by=None)
    episode = gather_threats(threats=[first, second, third], by=by)
    made = split_episode(episode=episode, threats=[third], version=1, by=by)
    assert (of(episode), of(made), made.canonical_id) == ([first.pk, second.pk], [third.pk], third.pk)
    assert steps(episode) == [("issued", "2025-09-01", [first.pk]), ("reiterated", "2025-09-02", [second.pk])]
    assert steps(made) == [("issued", "2025-09-02", [third.pk])]
    assert set(Kinship.objects.filter(second=third).values_list("verdict", flat=True)) == {"apart"}
    with pytest.raises(RuleBroken, match="nothing would be left"):
        split_episode(episode=made, threats=[third], version=1, by=by)


def test_merging_says_where_threats_and_steps_went() -> None:
    by, (first, second, third) = an_editor(), some_threats("2025-09-01", "2025-09-01", "2025-09-03")
    one = gather_threats(threats=[first], by=by)
    other = gather_threats(threats=[second, third], by=by)
    merge_episodes(episode=other, into=one, version=1, by=by)
    other.refresh_from_db()
    assert (of(one), of(other), other.merged_into_id) == ([first.pk, second.pk, third.pk], [], one.pk)
    assert steps(one) == [("issued", "2025-09-01", [first.pk, second.pk]), ("reiterated", "2025-09-03", [third.pk])]
    assert steps(other) == []
    with pytest.raises(RuleBroken, match="merged already"):
        merge_episodes(episode=one, into=other, version=2, by=by)
    with pytest.raises(RuleBroken, match="into itself"):
        merge_episodes(episode=one, into=one, version=2, by=by)


def test_two_outcomes_are_not_merged() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-01")
    one, other = (gather_threats(threats=[each], by=by) for each in (first, second))
    an_outcome(one, by)
    an_outcome(other, by, kind="withdrawn")
    with pytest.raises(RuleBroken, match="different outcomes"):
        merge_episodes(episode=other, into=one, version=2, by=by)


def test_what_stands_for_it_is_one_of_its_own() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    with pytest.raises(RuleBroken) as refusal:
        change_episode(episode=episode, version=1, issuer=None, canonical=second.pk, by=by)
    assert list(refusal.value.problems) == ["canonical"]


# --- Steps ---------------------------------------------------------------------------------------


def test_a_step_is_recorded_with_the_records_that_say_so() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    statement = second.statements.get()
    an_outcome(episode, by, kind="carried_out", happened_on="2025-09-03", note="", evidence=[statement])
    assert steps(episode) == [
        ("issued", "2025-09-01", [first.pk]),
        ("carried_out", "2025-09-03", [statement.pk]),
    ]


def test_a_free_threat_that_shows_a_turn_is_of_the_episode_from_then_on() -> None:
    by, (first, second, other) = an_editor(), some_threats("2025-09-01", "2025-09-02", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    an_outcome(episode, by, kind="escalated", happened_on="2025-09-02", note="", evidence=[second])
    assert of(episode) == [first.pk, second.pk]
    gather_threats(threats=[other], by=by)
    with pytest.raises(RuleBroken, match="another episode"):
        an_outcome(episode, by, kind="softened", note="", evidence=[other], version=2)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "forgotten"}, "kind"),
        ({"happened_on": ""}, "happened_on"),
        ({"happened_on": "soon"}, "happened_on"),
        ({"note": "x" * 501}, "note"),
        ({"note": ""}, "evidence"),
        ({"kind": "escalated"}, "evidence"),
    ],
)
def test_a_step_that_cannot_be_is_refused_by_field(said, field) -> None:
    by = an_editor()
    episode = gather_threats(threats=some_threats(""), by=by)
    with pytest.raises(RuleBroken) as refusal:
        an_outcome(episode, by, **said)
    assert list(refusal.value.problems) == [field]


def test_there_is_one_outcome() -> None:
    by = an_editor()
    episode = gather_threats(threats=some_threats(""), by=by)
    an_outcome(episode, by)
    with pytest.raises(RuleBroken, match="outcome already"):
        an_outcome(episode, by, kind="complied", version=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        episode.steps.create(kind="withdrawn", happened_on="2025-10-02", note="Said so.")


def test_a_step_is_changed_and_deleted() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first, second], by=by)
    turn = episode.steps.get(kind="reiterated")
    said = {"kind": "escalated", "happened_on": "2025-09-03", "note": "Louder.", "evidence": [second]}
    change_step(step=turn, version=1, by=by, **said)
    assert steps(episode)[1] == ("escalated", "2025-09-03", [second.pk])
    delete_step(step=turn, version=2, by=by)
    assert (steps(episode), of(episode)) == ([("issued", "2025-09-01", [first.pk])], [first.pk, second.pk])


def test_other_records_say_so_from_then_on_and_that_is_undone() -> None:
    by, (first, second, third) = an_editor(), some_threats("2025-09-01", "2025-09-02", "2025-09-03")
    episode = gather_threats(threats=[first], by=by)
    step, statement = episode.steps.get(), second.statements.get()
    about = {"step": step, "kind": "issued", "happened_on": "2025-09-01", "note": "", "by": by}
    change_step(evidence=[statement, third], version=1, **about)
    assert (steps(episode), of(episode)) == (
        [("issued", "2025-09-01", sorted([statement.pk, third.pk]))],
        [first.pk, third.pk],
    )
    undo_change(episode=episode, version=2, by=by)
    assert (steps(episode), of(episode)) == ([("issued", "2025-09-01", [first.pk])], [first.pk])


def test_what_says_so_may_be_withdrawn_since_and_what_is_new_must_stand() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    withdraw_reading(revision=first.reading.revision, by=by)
    withdraw_reading(revision=second.reading.revision, by=by)
    about = {"step": episode.steps.get(), "kind": "issued", "happened_on": "2025-09-02", "note": "", "by": by}
    change_step(evidence=[first], version=1, **about)
    assert steps(episode) == [("issued", "2025-09-02", [first.pk])]
    for evidence in ([], [first, second]):
        with pytest.raises(RuleBroken) as refusal:
            change_step(evidence=evidence, version=2, **about)
        assert list(refusal.value.problems) == ["evidence"]


def test_what_tells_of_an_outcome_may_be_left_out_for_a_note() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    step = an_outcome(episode, by, note="", evidence=[second])
    about = {"step": step, "happened_on": "2025-10-01", "evidence": [], "version": 2, "by": by}
    with pytest.raises(RuleBroken, match="needs a note"):
        change_step(kind="lapsed", note="", **about)
    change_step(kind="lapsed", note="Nothing happened.", **about)
    assert steps(episode)[1] == ("lapsed", "2025-10-01", [])


# --- Undoing -------------------------------------------------------------------------------------


def test_a_merge_is_undone_whole_and_done_again() -> None:
    by, (first, second, third) = an_editor(), some_threats("2025-09-02", "2025-09-01", "2025-09-03")
    one = gather_threats(threats=[first], by=by)
    other = gather_threats(threats=[second, third], by=by)
    before = (of(one), steps(one), of(other), steps(other))
    merge_episodes(episode=other, into=one, version=1, by=by)
    after = (of(one), steps(one), of(other), steps(other))
    undo_change(episode=one, version=2, by=by)
    other.refresh_from_db()
    assert ((of(one), steps(one), of(other), steps(other)), other.merged_into_id) == (before, None)
    undo_change(episode=one, version=3, by=by)
    assert (of(one), steps(one), of(other), steps(other)) == after


def test_a_split_and_a_taking_out_are_undone() -> None:
    by, (first, second, third) = an_editor(), some_threats("2025-09-01", "2025-09-02", "2025-09-02")
    episode = gather_threats(threats=[first, second, third], by=by)
    before = (of(episode), steps(episode))
    made = split_episode(episode=episode, threats=[third], version=1, by=by)
    undo_change(episode=episode, version=2, by=by)
    assert ((of(episode), steps(episode)), of(made)) == (before, [])
    take_out_threats(episode=episode, threats=[second, third], version=3, by=by)
    undone = undo_change(episode=episode, version=4, by=by)
    assert ((of(undone), steps(undone)), undone.canonical_id) == (before, first.pk)


def test_what_was_changed_elsewhere_since_is_not_undone() -> None:
    by, (first, second, third) = an_editor(), some_threats("2025-09-01", "2025-09-02", "2025-09-03")
    episode = gather_threats(threats=[first, second], by=by)
    made = split_episode(episode=episode, threats=[second], version=1, by=by)
    add_threats(episode=made, threats=[third], version=1, by=by)
    with pytest.raises(RuleBroken, match="changed since"):
        undo_change(episode=episode, version=2, by=by)
    with pytest.raises(Stale):
        undo_change(episode=made, version=1, by=by)


def test_the_history_says_what_was_done_by_whom() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    add_threats(episode=episode, threats=[second], version=1, by=by)
    told = [(deed.words, deed.by) for deed in deeds_of(episode)]
    assert told == [("added threats", by), ("gathered threats", by)]


# --- The feed ------------------------------------------------------------------------------------


def test_gathering_amends_the_published_record_but_not_its_version() -> None:
    by, (threat,) = an_editor(), some_threats("")
    before = Change.objects.count()
    episode = gather_threats(threats=[threat], by=by)
    assert revisit_readings(most=9, by=None) == 1
    take_out_threats(episode=episode, threats=[threat], version=1, by=by)
    assert revisit_readings(most=9, by=None) == 1
    told = Change.objects.order_by("seq")[before:]
    assert [(one.action, one.record, one.version) for one in told] == [("amend", str(threat.public_id), 1)] * 2
    assert [f'"episode":{episode.pk}' in one.snapshot for one in told] == [True, False]


# --- What is proposed ----------------------------------------------------------------------------


def test_threats_of_one_issuer_against_one_target_that_are_alike_are_proposed_once() -> None:
    first, second = some_threats("2025-09-01", "2025-09-11")
    some_threats("2025-09-01")
    compare_what_was_published(timestamp=0)
    questions = [(one.first_id, one.second_id, round(one.score, 3)) for one in open_questions()]
    assert questions == [(first.pk, second.pk, 0.789)]
    Outline.objects.update(is_due=True)
    assert compare_threats(most=9, by=None) == 3
    assert Kinship.objects.count() == 1


@pytest.mark.parametrize("otherwise", ["issuer", "target", "day", "consequence"])
def test_what_differs_in_one_of_them_is_not_proposed(otherwise) -> None:
    issuer, target = an_actor().pk, an_actor("A Neighbour", "state").pk
    some_threats("2025-09-01", issuer=issuer, target=target)
    some_threats(
        "2026-09-01" if otherwise == "day" else "2025-09-02",
        issuer=an_actor().pk if otherwise == "issuer" else issuer,
        target=an_actor("Another", "state").pk if otherwise == "target" else target,
        **({"consequence": "force"} if otherwise == "consequence" else {}),
    )
    compare_threats(most=9, by=None)
    assert Kinship.objects.count() == 0


def test_who_threatens_on_anothers_behalf_is_compared_with_them() -> None:
    target = an_actor("A Neighbour", "state").pk
    (own,) = some_threats("2025-09-01", target=target)
    some_threats("2025-09-02", target=target, on_behalf_of=own.issuer_id)
    compare_threats(most=9, by=None)
    assert Kinship.objects.count() == 1


def test_threats_in_one_utterance_are_proposed_wherever_they_stand() -> None:
    (first,), (second,) = some_threats("2025-09-01"), some_threats("2025-09-01", consequence="force")
    compare_threats(most=9, by=None)
    assert Kinship.objects.count() == 0
    said = Statement.objects.filter(threats__in=[first, second])
    gather_statements(statements=list(said), by=an_editor())
    assert compare_threats(most=9, by=None) == 2
    assert [(one.first_id, one.second_id, one.score) for one in open_questions()] == [(first.pk, second.pk, 1.0)]


def test_the_same_gathers_adds_and_merges() -> None:
    by, threats = an_editor(), some_threats("2025-09-01", "2025-09-02", "2025-09-03", "2025-09-04")
    compare_threats(most=9, by=None)

    def say_same(one: int, other: int) -> Episode:
        question = Kinship.objects.get(first=threats[one], second=threats[other])
        return hold_same(kinship=question, by=by)

    first, second = say_same(0, 1), say_same(2, 3)
    merged = say_same(0, 2)
    assert (merged, of(merged)) == (first, [one.pk for one in threats])
    assert (open_questions().count(), Episode.objects.get(pk=second.pk).merged_into) == (0, first)
    with pytest.raises(RuleBroken, match="meanwhile"):
        say_same(0, 1)


def test_not_the_same_is_remembered_until_it_is_asked_again() -> None:
    by, (first, _) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    compare_threats(most=9, by=None)
    question = hold_apart(kinship=Kinship.objects.get(), by=by)
    Outline.objects.update(is_due=True)
    compare_threats(most=9, by=None)
    assert (open_questions().count(), Occurrence.objects.count()) == (0, 0)
    ask_again(kinship=question, by=by)
    assert [one.first_id for one in open_questions()] == [first.pk]


def test_what_was_withdrawn_is_not_asked_about() -> None:
    first, _ = some_threats("2025-09-01", "2025-09-02")
    compare_threats(most=9, by=None)
    withdraw_reading(revision=first.reading.revision, by=an_editor())
    assert open_questions().count() == 0


# --- The API -------------------------------------------------------------------------------------


def test_the_api_counts_threats_or_episodes_as_asked() -> None:
    first, second, third = some_threats("2025-09-01", "2025-09-02", "2025-09-03")
    episode = gather_threats(threats=[first, second], by=an_editor())
    api = Api()
    body = api.get("episodes/", count="true").json
    assert (body["count"], [(one["id"], one["threats"]) for one in body["results"]]) == (1, [(episode.pk, 2)])
    assert api.get("threats/", episode=episode.pk, count="true").json["count"] == 2
    assert api.get("threats/", episode="none").ids == [str(third.public_id)]
    assert api.get(f"threats/{first.public_id}/").json["episode"] == episode.pk
    assert api.get("episodes/", issuer=first.issuer_id, mode="direct", consequence="blockade").ids == [episode.pk]
    assert api.get("episodes/", target=first.harm_targets.get().pk).ids == [episode.pk]
    assert api.get("episodes/", q="neighbour").ids == []
    asked = {name: api.get("threats/", count=name).json["count"] for name in ("true", "threats", "episodes")}
    assert asked == {"true": 3, "threats": 3, "episodes": 2}


def test_the_api_counts_how_often_a_threat_is_made_or_named() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    claim = {"purpose": "deterrent", "consequence": "blockade", "condition_kind": "if_do", "statements": [statement.pk]}
    words = {"consequence": "we will close the strait", "condition": "If a single ship crosses the line"}
    parts = {role: [piece(reading, said)] for role, said in (words | {"reference": "warning reckless"}).items()}
    mark_annotation(kind=kind_named("threat"), reading=reading, parts=parts, claim=claim, by=reading.reader)
    published(reading)
    api = Api()
    assert [api.get("threats/", count=name).json["count"] for name in ("threats", "mentions")] == [1, 1 + 1]


def test_an_episode_is_given_out_with_its_steps_and_what_says_so() -> None:
    by, (threat,) = an_editor(), some_threats("2025-09-01", deadline="2025-09-03")
    episode = gather_threats(threats=[threat], by=by)
    an_outcome(episode, by)
    body = Api().get(f"episodes/{episode.pk}/").json
    text = "“If a single ship crosses the line,” … “we will close the strait.”"
    assert body["wording"] == {"threat": str(threat.public_id), "text": text}
    assert (body["state"], body["deadline"]) == ("closed", "2025-09-03")
    assert body["outcome"] == {"kind": "lapsed", "happened_on": "2025-10-01"}
    assert [(one["kind"], one["happened_on"], one["note"]) for one in body["steps"]] == [
        ("issued", "2025-09-01", None),
        ("lapsed", "2025-10-01", "Nothing happened."),
    ]
    evidence = body["steps"][0]["evidence"]
    assert [(one["kind"], one["id"], one["text"]) for one in evidence] == [("threat", str(threat.public_id), text)]
    assert [one["name"] for one in body["targets"]] == ["A Neighbour"]


def test_episodes_are_found_by_state_and_by_a_deadline_that_has_passed() -> None:
    by = an_editor()
    past, future, without = (some_threats("2025-09-01", deadline=day)[0] for day in ("2025-09-03", "9000-01-01", ""))
    ended, waiting, plain = (gather_threats(threats=[one], by=by).pk for one in (past, future, without))
    an_outcome(Episode.objects.get(pk=ended), by)
    api = Api()
    assert (api.get("episodes/", state="closed").ids, api.get("episodes/", state="open").ids) == (
        [ended],
        [waiting, plain],
    )
    assert api.get("episodes/", deadline_passed="true").ids == [ended]
    assert api.get("episodes/", deadline_passed="false").ids == [waiting, plain]
    assert api.get("episodes/", deadline_passed="true", state="open").ids == []


def test_readers_are_not_told_steps_of_which_nothing_published_tells() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=by)
    an_outcome(episode, by, kind="complied", note="", evidence=[second.statements.get()])
    withdraw_reading(revision=second.reading.revision, by=by)
    api = Api()
    body = api.get(f"episodes/{episode.pk}/").json
    assert (body["state"], body["outcome"], [one["kind"] for one in body["steps"]]) == ("open", None, ["issued"])
    assert (api.get("episodes/", state="open").ids, api.get("episodes/", state="closed").ids) == ([episode.pk], [])
    withdraw_reading(revision=first.reading.revision, by=by)
    assert (api.get(f"episodes/{episode.pk}/").status, api.get("episodes/").ids) == (404, [])
    assert api.get("threats/", episode=episode.pk).status == 400


def test_words_are_given_out_within_the_excerpt_limit() -> None:
    made = a_publication(source=a_source(excerpt_limit=12))
    gather_threats(threats=[Threat.objects.get(pk=made.threat.pk)], by=an_editor())
    found = Api().get("episodes/").json["results"][0]
    assert max(len(found["wording"]["text"]), len(found["steps"][0]["evidence"][0]["text"])) <= 12 + len(" … ")


def test_a_merged_episode_says_where_it_went() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02")
    one, other = (gather_threats(threats=[each], by=by) for each in (first, second))
    merge_episodes(episode=other, into=one, version=1, by=by)
    body = Api().get(f"episodes/{other.pk}/").json
    assert (body["merged_into"], body["threats"], body["wording"], body["steps"]) == (one.pk, 0, None, [])


@pytest.mark.parametrize("query", [{"nothing": "1"}, {"episode": "0"}, {"state": "ajar"}, {"deadline_passed": "soon"}])
def test_an_unknown_filter_of_episodes_is_named(query) -> None:
    answer = Api().get("episodes/", **query)
    assert (answer.status, list(answer.errors)) == (400, list(query))


def test_the_api_reads_one_and_three_episodes_by_as_many_queries() -> None:
    by, counts, api = an_editor(), [], Api(a_user(Role.EDITOR), READ, WRITE)
    threats = some_threats("2025-09-01", "2025-09-02", "2025-09-03")
    for some in (threats[:1], threats[1:]):
        for one in some:
            an_outcome(gather_threats(threats=[one], by=by), by, evidence=one.statements.all())
        api.get("episodes/")
        with CaptureQueriesContext(connection) as seen:
            api.get("episodes/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_nothing_is_published_by_gathering() -> None:
    threats = some_threats("")
    withdraw_reading(revision=threats[0].reading.revision, by=an_editor())
    with pytest.raises(RuleBroken):
        gather_threats(threats=threats, by=an_editor())
    assert Annotation.objects.published().count() == 0
