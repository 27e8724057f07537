"""Who is told of what, how much is unread, and what a return for rework keeps."""

import pytest

from newsannot.accounts.models import Role
from newsannot.annotations.actions import change_annotation, submit_reading, undo
from newsannot.annotations.models import Reading
from newsannot.core.errors import RuleBroken
from newsannot.review.actions import return_reading
from newsannot.review.discussing import delete_comment, write_comment
from newsannot.review.merging import merge_readings
from newsannot.review.models import Dispute, Notice
from newsannot.review.notices import open_notice, read_everything
from newsannot.review.queries.inbox import Waiting, waiting_for
from newsannot.review.queries.rulings import rulings_on, rulings_page, shown_ruling
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import rule
from tests.factories import a_mention, a_reading, a_statement, a_user, an_actor
from tests.review.disputing import Disputed, disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Disputed:
    return disputed()


def in_words(case: Disputed, person: str = "ana") -> list[tuple[str, str, str, bool]]:
    """Label, said, ruled, whether otherwise; of all rulings a person is shown."""
    _, shown = rulings_page(getattr(case, person), {})
    return [
        (one.label, "|".join(i.text for i in one.said or ()), "|".join(i.text for i in one.ruled), one.is_otherwise)
        for one in shown
    ]


def test_each_is_shown_what_they_said_and_what_was_ruled(case: Disputed) -> None:
    ruling = case.rule(reason="text", note="It is reported.")
    assert in_words(case) == [("Quotation", "Direct", "Indirect", True)]
    assert in_words(case, "ben") == [("Quotation", "Indirect", "Indirect", False)]
    _, (shown,) = rulings_page(case.ana, {})
    assert (shown.reason, shown.ruling.note, shown.ruling.by, shown.ruling) == (
        "Text",
        "It is reported.",
        case.eva,
        ruling,
    )
    assert shown.words.startswith("“If a single ship")
    assert shown.notice.annotation == case.record


def test_nobody_else_is_told(case: Disputed) -> None:
    case.rule()
    assert {notice.person for notice in Notice.objects.all()} == {case.ana, case.ben}
    stranger = a_user()
    assert rulings_page(stranger, {})[1] == []


def test_only_what_was_ruled_otherwise_is_asked_for(case: Disputed) -> None:
    case.rule()
    assert [len(rulings_page(who, {"otherwise": "1"})[1]) for who in (case.ana, case.ben)] == [1, 0]
    assert len(rulings_page(case.ana, {"reading": str(case.anas.pk)})[1]) == 1
    assert rulings_page(case.ana, {"reading": str(case.bens.pk)})[1] == []


def test_a_ruling_undone_or_decided_anew_is_shown_no_more(case: Disputed) -> None:
    first = case.rule()
    case.rule(0, seen=first.pk)
    assert in_words(case) == [("Quotation", "Direct", "Direct", False)]
    undo(reading=case.curated, by=case.eva)
    assert in_words(case) == [("Quotation", "Direct", "Indirect", True)]
    undo(reading=case.curated, by=case.eva)
    assert in_words(case) == []
    assert waiting_for(case.ana).unread == 0


def test_a_value_of_nobody_differs_from_both(case: Disputed) -> None:
    change_annotation(annotation=case.curated.annotations.get(), claim={"mode": "mixed"}, by=case.eva)
    case.rule(None)
    assert (in_words(case), in_words(case, "ben")) == (
        [("Quotation", "Direct", "Mixed", True)],
        [("Quotation", "Indirect", "Mixed", True)],
    )


def test_who_does_not_have_a_record_is_told_that_it_stands() -> None:
    ana, ben, eva = a_user(), a_user(), a_user(Role.EDITOR)
    anas = a_reading(ana)
    bens = a_reading(ben, anas.revision)
    a_statement(anas), a_statement(bens), a_mention(bens, "Monday")
    for reading in (anas, bens):
        submit_reading(reading=reading, by=reading.reader)
    merge_readings(revision=anas.revision, strategy=Strategy.ALL_AGREE, by=eva)
    dispute = Dispute.objects.get(name="")
    keeps = next(at for at, choice in enumerate(dispute.choices) if choice["value"])
    rule(dispute=dispute, choice=keeps, by=eva)
    _, (shown,) = rulings_page(ana, {})
    assert (shown.said[0].text, shown.ruled[0].text) == ("No mention here", "Yes, a mention")
    assert (shown.notice.annotation, shown.is_otherwise) == (None, True)


def test_what_a_rule_settled_is_told_too_and_a_late_reading_of_what_was_ruled(case: Disputed) -> None:
    case.rule()
    late = a_reading(None, case.anas.revision)
    a_statement(late, mode="direct")
    submit_reading(reading=late, by=late.reader)
    assert rulings_page(late.reader, {})[1] == []
    merge_readings(revision=late.revision, strategy=Strategy.MAJORITY, by=case.eva)
    _, (shown,) = rulings_page(late.reader, {})
    assert (shown.said[0].text, shown.ruled[0].text) == ("Direct", "Indirect")


def test_the_rulings_on_a_record_are_those_beside_it(case: Disputed) -> None:
    case.rule()
    assert [one.is_otherwise for one in rulings_on(case.ana, case.record)] == [True]
    assert rulings_on(case.ben, case.record) == []


def test_editors_see_a_ruling_without_a_reading_of_their_own(case: Disputed) -> None:
    shown = shown_ruling(case.eva, case.rule())
    assert (shown.said, shown.notice, shown.ruled[0].text) == (None, None, "Indirect")


def test_values_of_every_sort_are_told_in_words() -> None:
    ana, ben, eva = a_user(), a_user(), a_user(Role.EDITOR)
    first, second = an_actor("Adaeze Obi"), an_actor("The Strait", "state")
    anas = a_reading(ana)
    bens = a_reading(ben, anas.revision)
    a_statement(anas, speaker=first.pk, addressees=[second.pk], venue="")
    a_statement(bens, speaker=second.pk, addressees=[], venue="At sea")
    for reading in (anas, bens):
        submit_reading(reading=reading, by=reading.reader)
    merge_readings(revision=anas.revision, strategy=Strategy.ALL_AGREE, by=eva)
    for dispute in Dispute.objects.all():
        theirs = next(at for at, choice in enumerate(dispute.choices) if bens.pk in choice["readings"])
        rule(dispute=dispute, choice=theirs, by=eva)
    _, shown = rulings_page(ana, {})
    assert {one.label: ([i.text for i in one.said], [i.text for i in one.ruled]) for one in shown} == {
        "Speaker": (["Adaeze Obi"], ["The Strait"]),
        "Addressees": (["The Strait"], []),
        "Venue": ([], ["At sea"]),
    }


# --- How much is unread -------------------------------------------------------------------------------


def test_the_rulings_on_one_reading_count_once_and_each_comment_by_itself(case: Disputed) -> None:
    assert waiting_for(case.ana) == Waiting(0, has_rulings=False)
    ruling = case.rule()
    assert waiting_for(case.ana) == Waiting(1, has_rulings=True)
    write_comment(about=case.record, body="Look.", by=case.eva)
    asked = write_comment(about=ruling, body=f"@{case.ana.username}?", by=case.eva)
    assert waiting_for(case.ana).unread == 3
    delete_comment(comment=asked, by=case.eva)
    assert waiting_for(case.ana).unread == 2


def test_opening_one_reads_its_thread_or_the_rulings_of_its_reading(case: Disputed) -> None:
    case.rule()
    for body in ("Look.", "And here."):
        write_comment(about=case.record, body=body, by=case.eva)
    other = disputed(ana=case.ana, eva=case.eva)
    other.rule()
    assert waiting_for(case.ana).unread == 4
    open_notice(notice=Notice.objects.filter(person=case.ana, comment__isnull=False).first(), by=case.ana)
    assert waiting_for(case.ana).unread == 2
    open_notice(notice=Notice.objects.get(person=case.ana, reading=case.anas), by=case.ana)
    assert waiting_for(case.ana).unread == 1
    with pytest.raises(RuleBroken):
        open_notice(notice=Notice.objects.get(person=case.ana, reading=other.anas), by=case.ben)
    assert read_everything(by=case.ana) == 1
    assert waiting_for(case.ana).unread == 0


def test_an_editor_who_is_one_no_more_is_told_nothing_of_what_they_may_not_see(case: Disputed) -> None:
    write_comment(about=case.record, body=f"@{case.eva.username}, look.", by=case.ana)
    assert waiting_for(case.eva).unread == 1
    case.eva.role = Role.ANALYST
    case.eva.save()
    assert waiting_for(case.eva).unread == 0


def test_how_much_is_unread_is_one_query(case: Disputed, django_assert_num_queries) -> None:
    case.rule()
    with django_assert_num_queries(1):
        waiting_for(case.ana)


# --- Return for rework ---------------------------------------------------------------------------------


def test_a_return_is_told_and_keeps_records_comments_and_rulings(case: Disputed) -> None:
    case.rule()
    said = write_comment(about=case.record, body="Look.", by=case.eva)
    return_reading(reading=case.anas, comment="Once more, please.", by=case.eva)
    notice = Notice.objects.get(person=case.ana, sort="returned")
    assert (notice.transition.comment, notice.reading) == ("Once more, please.", case.anas)
    assert Reading.objects.get(pk=case.anas.pk).annotations.standing().count() == 1
    assert list(case.record.comments.all()) == [said]
    assert in_words(case) == [("Quotation", "Direct", "Indirect", True)]


def test_rulings_are_kept_and_told_anew_when_a_changed_reading_comes_back(case: Disputed) -> None:
    case.rule()
    return_reading(reading=case.anas, comment="Once more, please.", by=case.eva)
    anas = Reading.objects.get(pk=case.anas.pk)
    change_annotation(annotation=case.record, claim={"mode": "mixed"}, by=case.ana)
    submit_reading(reading=anas, by=case.ana)
    assert in_words(case) == [("Quotation", "Direct", "Indirect", True)]
    merge_readings(revision=anas.revision, strategy=Strategy.ALL_AGREE, by=case.eva)
    assert in_words(case) == [("Quotation", "Mixed", "Indirect", True)]
