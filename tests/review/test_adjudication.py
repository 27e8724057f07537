"""Merging readings, ruling on what they differ about, and the pages of it."""

import pytest

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import mark_annotation, submit_reading, undo
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from newsannot.articles.models import Revision
from newsannot.core.errors import RuleBroken, Stale
from newsannot.dataset.actions import publish_reading
from newsannot.review.actions import return_reading
from newsannot.review.merging import merge_readings, unmerge_readings
from newsannot.review.models import Adjudication, Dispute, Ruling
from newsannot.review.queries.disputes import docket_of, ruling_of
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import finish_adjudication, reopen, rule
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return a_user(Role.EDITOR)


@pytest.fixture
def revision() -> Revision:
    return a_revision()


def handed_in(revision: Revision, **claim: object) -> Reading:
    """A reading with one statement that says so."""
    reading = a_reading(None, revision)
    a_statement(reading, **claim)
    return submit_reading(reading=reading, by=reading.reader)


def merged(revision: Revision, by: User, strategy: Strategy = Strategy.ALL_AGREE) -> Reading:
    merge_readings(revision=revision, strategy=strategy, by=by)
    return Reading.objects.curated().get(revision=revision)


def claims(reading: Reading) -> list[dict[str, object]]:
    return [dict(read_record(one).claim) for one in Annotation.objects.standing().filter(reading=reading)]


def test_what_two_readings_agree_on_is_taken_over_once_and_rests_on_both(revision: Revision, editor: User) -> None:
    actor = an_actor()
    one, other = (handed_in(revision, speaker=actor.pk, mode="direct") for _ in range(2))
    curated = merged(revision, editor)
    (record,) = curated.annotations.all()
    assert {original.reading_id for original in record.derived_from.all()} == {one.pk, other.pk}
    assert read_record(record).claim["speaker"] == actor.pk
    assert Dispute.objects.count() == 0


def test_a_field_they_differ_about_becomes_a_dispute_with_who_says_what(revision: Revision, editor: User) -> None:
    one, other = handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    merged(revision, editor)
    dispute = Dispute.objects.get()
    assert dispute.name == "mode"
    assert [(choice["value"], choice["readings"]) for choice in dispute.choices] == [
        ("direct", [one.pk]),
        ("indirect", [other.pk]),
    ]


def test_a_ruling_changes_the_record_and_says_whose_value_it_took(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct")
    other = handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    ruled = rule(dispute=Dispute.objects.get(), choice=1, reason="text", note="It is reported.", by=editor)
    assert claims(curated)[0]["mode"] == "indirect"
    assert (ruled.ruling.origin.reading_id, ruled.ruling.reason, ruled.ruling.by) == (other.pk, "text", editor)
    assert Dispute.objects.undecided().count() == 0


def test_undoing_in_the_curated_reading_undoes_the_ruling_too(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    rule(dispute=Dispute.objects.get(), choice=1, by=editor)
    undo(reading=curated, by=editor)
    assert claims(curated)[0]["mode"] == "direct"
    assert Dispute.objects.undecided().count() == 1


def test_a_ruling_for_what_stands_is_a_step_to_undo_as_well(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    rule(dispute=Dispute.objects.get(), choice=None, by=editor)
    assert (claims(curated)[0]["mode"], Dispute.objects.undecided().count()) == ("direct", 0)
    undo(reading=curated, by=editor)
    assert (claims(curated)[0]["mode"], Dispute.objects.undecided().count()) == ("direct", 1)


def test_the_second_of_two_editors_is_refused_and_told_what_stands(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    merged(revision, editor)
    first = rule(dispute=Dispute.objects.get(), choice=1, by=editor).ruling
    with pytest.raises(Stale) as refused:
        rule(dispute=Dispute.objects.get(), choice=0, by=a_user(Role.EDITOR))
    assert refused.value.current == first
    assert Ruling.objects.count() == 1


def test_who_saw_the_ruling_that_stands_may_rule_anew(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    first = rule(dispute=Dispute.objects.get(), choice=1, by=editor).ruling
    rule(dispute=Dispute.objects.get(), choice=0, seen=first.pk, by=a_user(Role.EDITOR))
    assert claims(curated)[0]["mode"] == "direct"


def test_borders_are_ruled_like_fields(revision: Revision, editor: User) -> None:
    one, other = a_reading(None, revision), a_reading(None, revision)
    whole = piece(one, "Minister Adaeze Obi")
    short = piece(other, "Adaeze Obi")
    for reading, words in ((one, whole), (other, short)):
        mark_annotation(
            kind=kind_named("mention"), reading=reading, parts={"text": [words]}, claim={}, by=reading.reader
        )
        submit_reading(reading=reading, by=reading.reader)
    curated = merged(revision, editor)
    dispute = Dispute.objects.get()
    assert (dispute.name, dispute.choices[1]["value"]) == ("text", [[short.start, short.end]])
    rule(dispute=dispute, choice=1, by=editor)
    (record,) = curated.annotations.all()
    assert [(span.start, span.end) for span in record.spans.all()] == [(short.start, short.end)]


def test_a_role_and_a_field_of_one_name_are_two_disputes_each_ruled_alone(revision: Revision, editor: User) -> None:
    words = ("we will close the strait", "close the strait")
    for consequence, quote in zip(("blockade", "force"), words, strict=True):
        reading = a_reading(None, revision)
        parts = {"consequence": [piece(reading, quote)]}
        claim = {"purpose": "deterrent", "consequence": consequence}
        mark_annotation(kind=kind_named("threat"), reading=reading, parts=parts, claim=claim, by=reading.reader)
        submit_reading(reading=reading, by=reading.reader)
    record = merged(revision, editor).annotations.get()
    border, field = (Dispute.objects.get(name="consequence", is_border=sort) for sort in (True, False))
    rule(dispute=field, choice=1, by=editor)
    assert (read_record(record).claim["consequence"], record.spans.get().exact) == ("force", words[0])
    rule(dispute=border, choice=1, by=editor)
    assert (read_record(record).claim["consequence"], record.spans.get().exact) == ("force", words[1])


def test_a_record_only_some_have_is_asked_about_and_can_be_rejected_and_taken_back(
    revision: Revision, editor: User
) -> None:
    one, other = handed_in(revision, mode="direct"), a_reading(None, revision)
    a_mention(other, "Monday")
    submit_reading(reading=other, by=other.reader)
    curated = merged(revision, editor)
    asked = {dispute.curated.kind: dispute for dispute in Dispute.objects.all()}
    assert {kind: dispute.name for kind, dispute in asked.items()} == {"statement": "", "mention": ""}
    statement = asked["statement"]
    assert [(c["value"], c["readings"]) for c in statement.choices] == [(True, [one.pk]), (False, [other.pk])]
    rejected = rule(dispute=statement, choice=1, by=editor).ruling
    assert [record.kind for record in Annotation.objects.standing().filter(reading=curated)] == ["mention"]
    rule(dispute=statement, choice=0, seen=rejected.pk, by=editor)
    assert Annotation.objects.standing().filter(reading=curated).count() == 2


def test_what_was_ruled_stays_when_a_late_reading_comes(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    rule(dispute=Dispute.objects.get(), choice=1, by=editor)
    late = handed_in(revision, mode="direct")
    merged(revision, editor)
    assert claims(curated)[0]["mode"] == "indirect"
    dispute = Dispute.objects.get()
    assert late.pk in dispute.choices[0]["readings"]
    assert Dispute.objects.undecided().count() == 0


def test_what_was_rejected_stays_so_when_readings_are_compared_again(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct")
    other = a_reading(None, revision)
    a_mention(other, "Monday")
    submit_reading(reading=other, by=other.reader)
    curated = merged(revision, editor)
    rule(dispute=Dispute.objects.get(curated__kind="statement"), choice=1, by=editor)
    merged(revision, editor)
    assert [record.kind for record in Annotation.objects.standing().filter(reading=curated)] == ["mention"]


def test_the_majority_settles_what_it_can_and_says_so(revision: Revision, editor: User) -> None:
    for mode in ("indirect", "indirect", "direct"):
        handed_in(revision, mode=mode)
    curated = merged(revision, editor, Strategy.MAJORITY)
    assert claims(curated)[0]["mode"] == "indirect"
    assert [(r.strategy, r.value) for r in Ruling.objects.all()] == [("majority", "indirect")]
    assert Dispute.objects.undecided().count() == 0


@pytest.mark.parametrize(
    ("strategy", "certainty", "readers", "outcome"),
    [
        (Strategy.ALL_AGREE, "high", 2, "asked"),
        (Strategy.MAJORITY, "high", 2, "asked"),
        (Strategy.MAJORITY, "high", 3, "left out"),
        (Strategy.ONE_SURE, "high", 2, "stands"),
        (Strategy.ONE_SURE, "high", 3, "stands"),
        (Strategy.ONE_SURE, "moderate", 2, "asked"),
        (Strategy.ONE_SURE, "", 3, "asked"),
    ],
)
def test_a_record_found_by_one_alone_is_settled_as_the_strategy_says(
    strategy: Strategy, certainty: str, readers: int, outcome: str
) -> None:
    revision = a_revision()
    for number in range(readers):
        reading = a_reading(None, revision)
        a_mention(reading, "Minister Adaeze Obi")
        if number == 0:
            a_mention(reading, "Monday", certainty=certainty)
        submit_reading(reading=reading, by=reading.reader)
    record = merged(revision, a_user(Role.EDITOR), strategy).annotations.get(spans__exact="Monday")
    settled = "stands" if record.deleted_at is None else "left out"
    assert ("asked" if Dispute.objects.undecided().exists() else settled) == outcome
    assert [ruling.strategy for ruling in Ruling.objects.all()] == ([] if outcome == "asked" else [strategy.value])


def test_another_strategy_asks_again_what_the_first_one_settled(revision: Revision, editor: User) -> None:
    for mode in ("indirect", "indirect", "direct"):
        handed_in(revision, mode=mode)
    curated = merged(revision, editor, Strategy.MAJORITY)
    assert Dispute.objects.undecided().count() == 0
    merged(revision, editor, Strategy.ALL_AGREE)
    assert (claims(curated)[0]["mode"], Dispute.objects.undecided().count()) == ("indirect", 1)
    merged(revision, editor, Strategy.MAJORITY)
    assert Dispute.objects.undecided().count() == 0


def test_what_an_editor_ruled_no_strategy_settles(revision: Revision, editor: User) -> None:
    for mode in ("indirect", "indirect", "direct"):
        handed_in(revision, mode=mode)
    curated = merged(revision, editor)
    rule(dispute=Dispute.objects.get(), choice=1, by=editor)
    merged(revision, editor, Strategy.MAJORITY)
    assert claims(curated)[0]["mode"] == "direct"


def test_a_record_left_out_by_the_majority_stands_when_another_strategy_asks(revision: Revision, editor: User) -> None:
    for number in range(3):
        reading = a_reading(None, revision)
        a_mention(reading, "Minister Adaeze Obi" if number else "Monday")
        submit_reading(reading=reading, by=reading.reader)
    curated = merged(revision, editor, Strategy.MAJORITY)
    assert Annotation.objects.standing().filter(reading=curated).count() == 1
    merged(revision, editor)
    assert Annotation.objects.standing().filter(reading=curated).count() == 2
    assert Dispute.objects.undecided().count() == 2


def test_what_is_decided_can_be_asked_again_and_that_undone(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    first = rule(dispute=Dispute.objects.get(), choice=1, by=editor).ruling
    with pytest.raises(Stale):
        reopen(dispute=Dispute.objects.get(), by=editor)
    again = reopen(dispute=Dispute.objects.get(), seen=first.pk, by=editor).ruling
    assert (claims(curated)[0]["mode"], Dispute.objects.undecided().count()) == ("indirect", 1)
    with pytest.raises(RuleBroken, match="not decided"):
        reopen(dispute=Dispute.objects.get(), seen=again.pk, by=editor)
    undo(reading=curated, by=editor)
    assert Dispute.objects.undecided().count() == 0


def test_a_rejected_record_stands_again_when_it_is_asked_again(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct")
    other = a_reading(None, revision)
    a_mention(other, "Monday")
    submit_reading(reading=other, by=other.reader)
    curated = merged(revision, editor)
    dispute = Dispute.objects.get(curated__kind="statement")
    rejected = rule(dispute=dispute, choice=1, by=editor).ruling
    reopen(dispute=dispute, seen=rejected.pk, by=editor)
    assert Annotation.objects.standing().filter(reading=curated).count() == 2
    assert Dispute.objects.undecided().count() == 2


def test_threats_point_at_the_curated_statements(revision: Revision, editor: User) -> None:
    for _ in range(2):
        reading = a_reading(None, revision)
        a_threat(reading, a_statement(reading, mode="direct"))
        submit_reading(reading=reading, by=reading.reader)
    curated = merged(revision, editor)
    records = {record.kind: record for record in curated.annotations.all()}
    assert read_record(records["threat"]).claim["statements"] == [records["statement"].pk]
    assert Dispute.objects.count() == 0


def test_nothing_is_published_while_something_is_undecided(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    merged(revision, editor)
    with pytest.raises(RuleBroken, match="undecided"):
        publish_reading(revision=revision, by=editor)


def test_finishing_accepts_what_was_compared(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    merged(revision, editor)
    adjudication = Adjudication.objects.get()
    with pytest.raises(RuleBroken, match="undecided"):
        finish_adjudication(adjudication=adjudication, by=editor)
    rule(dispute=Dispute.objects.get(), choice=0, by=editor)
    finish_adjudication(adjudication=adjudication, by=editor)
    assert {reading.state for reading in adjudication.merged.all()} == {"accepted"}
    publish_reading(revision=revision, by=editor)


def test_a_reading_changed_since_is_not_accepted_uncompared(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct")
    other = handed_in(revision, mode="direct")
    merged(revision, editor)
    return_reading(reading=other, comment="Look again.", by=editor)
    other.refresh_from_db()
    a_mention(other, "Monday")
    submit_reading(reading=other, by=other.reader)
    with pytest.raises(RuleBroken, match="compare again"):
        finish_adjudication(adjudication=Adjudication.objects.get(), by=editor)
    other.refresh_from_db()
    assert other.state == "submitted"


def test_nobody_compares_a_reading_of_their_own(revision: Revision) -> None:
    by = a_user(Role.EDITOR)
    own = a_reading(by, revision)
    a_statement(own)
    submit_reading(reading=own, by=by)
    handed_in(revision)
    with pytest.raises(RuleBroken, match="your own"):
        merged(revision, by)


def test_one_reading_is_not_compared(revision: Revision, editor: User) -> None:
    handed_in(revision)
    with pytest.raises(RuleBroken, match="Two readings"):
        merged(revision, editor)
    assert Adjudication.objects.count() == 0


def test_comparing_can_be_taken_back(revision: Revision, editor: User) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    curated = merged(revision, editor)
    assert unmerge_readings(adjudication=Adjudication.objects.get(), by=editor) == 1
    assert Annotation.objects.standing().filter(reading=curated).count() == 0
    assert Dispute.objects.count() == 0


def test_a_reading_returned_while_it_is_compared_leaves_what_others_say(revision: Revision, editor: User) -> None:
    one, other = handed_in(revision, mode="direct"), a_reading(None, revision)
    a_mention(other, "Monday")
    submit_reading(reading=other, by=other.reader)
    curated = merged(revision, editor)
    return_reading(reading=other, comment="Look again.", by=editor)
    assert [record.kind for record in Annotation.objects.standing().filter(reading=curated)] == ["statement"]
    assert one.state == "submitted"


def test_the_docket_s_own_sql_says_what_the_querysets_say(revision: Revision, editor: User) -> None:
    for claim in (
        {"mode": "direct", "speech_act": "assertive", "attribution_type": "assertion", "venue": "Here"},
        {"mode": "indirect", "speech_act": "commissive_threat", "attribution_type": "belief", "venue": "There"},
    ):
        handed_in(revision, **claim)
    late = a_reading(None, revision)
    a_mention(late, "Monday")
    submit_reading(reading=late, by=late.reader)
    curated = merged(revision, editor)

    def agree() -> int:
        docket = docket_of(curated.pk)
        disputes = Dispute.objects.filter(curated__reading=curated)
        assert sorted(docket.ids) == sorted(disputes.values_list("pk", flat=True))
        assert set(docket.undecided) == set(disputes.undecided().values_list("pk", flat=True))
        for dispute in disputes:
            assert ruling_of(dispute) == Ruling.objects.standing().filter(dispute=dispute).first()
        return len(docket.undecided)

    by_name = {(dispute.curated.kind, dispute.name): dispute for dispute in Dispute.objects.all()}
    told = [agree()]
    first = rule(dispute=by_name["statement", "mode"], choice=1, by=editor).ruling
    told.append(agree())
    reopen(dispute=by_name["statement", "mode"], seen=first.pk, by=editor)
    told.append(agree())
    rule(dispute=by_name["statement", "venue"], choice=1, by=editor)
    undo(reading=curated, by=editor)
    told.append(agree())
    no = [choice["value"] for choice in by_name["mention", ""].choices].index(False)
    rule(dispute=by_name["mention", ""], choice=no, by=editor)
    told.append(agree())
    assert told == [6, 5, 6, 6, 5]
