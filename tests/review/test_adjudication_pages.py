"""The pages on which readings are compared and disputes decided: who may, what is answered, what is refused."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import mark_annotation, submit_reading, undo
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.review.merging import merge_readings
from newsannot.review.models import Adjudication, Dispute
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import rule
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision() -> Revision:
    return a_revision()


@pytest.fixture
def editor() -> User:
    return a_user(Role.EDITOR)


@pytest.fixture
def page(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def handed_in(revision: Revision, **claim: object) -> Reading:
    reading = a_reading(None, revision)
    a_statement(reading, **claim)
    return submit_reading(reading=reading, by=reading.reader)


@pytest.fixture
def dispute(revision: Revision, editor: User) -> Dispute:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    return Dispute.objects.get()


def addresses(dispute: Dispute) -> list[tuple[str, str]]:
    """Every address of the room's comparing, with its method."""
    revision = dispute.curated.reading.revision_id
    return [
        ("get", reverse("review:adjudication", args=[revision])),
        ("post", reverse("review:merge", args=[revision])),
        ("post", reverse("review:unmerge", args=[revision])),
        ("post", reverse("review:finish", args=[revision])),
        ("get", reverse("review:taken", args=[revision])),
        ("get", reverse("review:dispute", args=[dispute.pk])),
        ("post", reverse("review:dispute", args=[dispute.pk])),
        ("post", reverse("review:names")),
    ]


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.READER, 403), (Role.ANALYST, 403)])
def test_only_editors_compare(client: Client, dispute: Dispute, role: Role | None, status: int) -> None:
    if role:
        client.force_login(a_user(role))
    answers = {getattr(client, method)(url).status_code for method, url in addresses(dispute)}
    assert answers == {status}


def test_what_is_not_there_is_not_found(page: Client) -> None:
    names = ("adjudication", "merge", "unmerge", "finish", "taken", "dispute")
    posts = {"merge", "unmerge", "finish"}
    answers = {
        getattr(page, "post" if name in posts else "get")(reverse(f"review:{name}", args=[999_999])).status_code
        for name in names
    }
    assert answers == {404}


def test_each_address_takes_its_methods_only(page: Client, dispute: Dispute) -> None:
    wrong = [(url, "post" if method == "get" else "get") for method, url in addresses(dispute) if "disputes" not in url]
    assert {getattr(page, method)(url).status_code for url, method in wrong} == {405}


def test_before_comparing_the_page_says_who_is_in(page: Client, revision: Revision) -> None:
    reading = handed_in(revision)
    under_way = a_reading(None, revision)
    html = page.get(reverse("review:adjudication", args=[revision.pk])).content.decode()
    assert reading.reader.label in html
    assert under_way.reader.label in html
    assert "not in yet" in html
    assert "Compare 2 readings" not in html


def test_comparing_leads_to_the_first_question_beside_the_text(page: Client, revision: Revision) -> None:
    handed_in(revision, mode="direct"), handed_in(revision, mode="indirect")
    address = reverse("review:adjudication", args=[revision.pk])
    assert "Compare 2 readings" in page.get(address).content.decode()
    answer = page.post(reverse("review:merge", args=[revision.pk]), {"strategy": "all_agree"}, follow=True)
    html = answer.content.decode()
    assert 'id="question"' in html
    assert "1 of 1" in html
    assert 'id="text"' in html


def quoted(revision: Revision, words: str) -> Reading:
    """A reading handed in that marks these words as what is said."""
    reading = a_reading(None, revision)
    parts = {"content": [piece(reading, words)]}
    mark_annotation(kind=kind_named("statement"), reading=reading, parts=parts, claim={}, by=reading.reader)
    return submit_reading(reading=reading, by=reading.reader)


def test_what_one_choice_has_alone_is_set_off_seen_and_heard(page: Client, editor: User) -> None:
    revision = a_revision("“If a single ship crosses the line we will close the strait”, said Obi.")
    for words in (
        "If a single ship crosses the line we will close the strait",
        "a single ship crosses the line we will close the strait”",
    ):
        quoted(revision, words)
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    html = page.get(reverse("review:adjudication", args=[revision.pk])).content.decode()
    heard = '<mark class="set-off"><span class="visually-hidden" dir="ltr"> only here: {}</span>{}</mark>'
    assert re.findall(r'<mark class="set-off">.*?</mark>', html) == [
        heard.format("", "If"),
        heard.format("right double quotation mark ", "”"),
    ]


def test_choices_that_share_nothing_are_not_set_off(page: Client, dispute: Dispute) -> None:
    html = page.get(reverse("review:dispute", args=[dispute.pk]), follow=True).content.decode()
    assert ("Direct" in html, "set-off" in html) == (True, False)


def test_a_list_is_told_apart_by_what_it_names(page: Client, revision: Revision, editor: User) -> None:
    press, crowd = an_actor("The press"), an_actor("The crowd")
    handed_in(revision, addressees=[press.pk]), handed_in(revision, addressees=[press.pk, crowd.pk])
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    html = page.get(reverse("review:adjudication", args=[revision.pk])).content.decode()
    assert re.findall(r"only here: </span>([^<]*)</mark>", html) == ["The crowd"]


def test_a_field_named_like_a_role_is_asked_by_its_values(page: Client, revision: Revision, editor: User) -> None:
    for consequence in ("blockade", "force"):
        reading = a_reading(None, revision)
        a_threat(reading, consequence=consequence)
        submit_reading(reading=reading, by=reading.reader)
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    html = page.get(reverse("review:adjudication", args=[revision.pk])).content.decode()
    assert re.findall(r'id="question-title" tabindex="-1">([^<]*)<', html) == ["Consequence"]
    asked = html[html.index('<ol class="question-choices">') :]
    assert re.findall(r"<bdi[^>]*>([^<]*)</bdi>", asked[: asked.index("</ol>")]) == ["Blockade", "Force"]


def test_the_comparison_is_taken_back_on_its_page(page: Client, dispute: Dispute) -> None:
    revision = dispute.curated.reading.revision_id
    address = reverse("review:unmerge", args=[revision])
    assert address in page.get(reverse("review:adjudication", args=[revision])).content.decode()
    html = page.post(address, follow=True).content.decode()
    assert "1 record left the curated reading." in html
    assert "Compare 2 readings" in html


def test_what_was_taken_over_is_shown_and_asked_again(page: Client, revision: Revision, editor: User) -> None:
    for mode in ("direct", "direct", "indirect"):
        reading = a_reading(None, revision)
        a_statement(reading, mode=mode)
        a_mention(reading, "Monday")
        submit_reading(reading=reading, by=reading.reader)
    merge_readings(revision=revision, strategy=Strategy.MAJORITY, by=editor)
    address = reverse("review:taken", args=[revision.pk])
    html = page.get(address).content.decode()
    assert [words in html for words in ("By the rule “Majority”", ">Quotation</a>", ">Monday</a>")] == [True] * 3
    settled = Dispute.objects.get()
    sent = {"reopen": "1", "seen": str(settled.rulings.get().pk)}
    answer = page.post(reverse("review:dispute", args=[settled.pk]), sent)
    assert (answer.status_code, Dispute.objects.undecided().count()) == (303, 1)
    assert "Nothing: whatever differs is a question for you." in page.get(address).content.decode()


def test_what_was_taken_over_costs_as_many_queries_for_three_as_for_one(page: Client, editor: User) -> None:
    def cost(count: int) -> int:
        revision = a_revision("\n".join(f"Person {n} spoke and person {n} left." for n in range(count)))
        for nth in range(3):
            reading = a_reading(None, revision)
            for n in range(count):
                a_mention(reading, f"Person {n}", certainty="low")
                if nth:
                    a_mention(reading, f"person {n}")
            submit_reading(reading=reading, by=reading.reader)
        merge_readings(revision=revision, strategy=Strategy.MAJORITY, by=editor)
        with CaptureQueriesContext(connection) as queries:
            page.get(reverse("review:taken", args=[revision.pk]))
        return len(queries)

    cost(1)
    assert cost(1) == cost(3)


def test_a_question_decided_can_be_asked_again_where_it_stands(page: Client, dispute: Dispute, editor: User) -> None:
    decided = rule(dispute=dispute, choice=1, by=editor).ruling
    address = reverse("review:dispute", args=[dispute.pk])
    assert "Ask again" in page.get(address, headers={"HX-Request": "true"}).content.decode()
    answer = page.post(address, {"reopen": "1", "seen": str(decided.pk)}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert [words in html for words in ("Asked again by", "> undecided", "Ask again</button>")] == [True, True, False]


def test_an_unknown_strategy_is_refused_in_words(page: Client, revision: Revision) -> None:
    answer = page.post(reverse("review:merge", args=[revision.pk]), {"strategy": "dice"}, follow=True)
    assert "There is no such strategy." in answer.content.decode()
    assert Adjudication.objects.count() == 0


def test_a_ruling_is_answered_with_the_touched_blocks_the_record_and_the_next_question(
    page: Client, dispute: Dispute
) -> None:
    answer = page.post(
        reverse("review:dispute", args=[dispute.pk]), {"choice": "1", "reason": "text"}, headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert [part in html for part in ('hx-target="#b', 'hx-target="#inspector"', 'hx-target="#question"')] == [True] * 3
    assert "All decided" in html
    assert 'id="text"' not in html
    assert dispute.rulings.get().value == "indirect"


def test_without_scripts_a_ruling_leads_back_to_the_page(page: Client, dispute: Dispute) -> None:
    answer = page.post(reverse("review:dispute", args=[dispute.pk]), {"choice": "1"})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{reverse('review:adjudication', args=[dispute.curated.reading.revision_id])}?question={dispute.pk}",
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"choice": "7"}, "There is no such choice."),
        ({"choice": "x"}, "whole number"),
        ({"choice": "-1"}, "whole number"),
        ({"choice": "1", "reason": "because"}, "There is no such reason."),
        ({"choice": "1", "note": "a\x00b"}, "cannot be stored"),
        ({"choice": "1", "seen": str(2**70)}, "seen"),
    ],
)
def test_a_ruling_that_makes_no_sense_is_refused_with_why(
    page: Client, dispute: Dispute, sent: dict[str, str], said: str
) -> None:
    answer = page.post(reverse("review:dispute", args=[dispute.pk]), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower()
    assert dispute.rulings.count() == 0


def test_the_second_editor_is_shown_what_the_first_decided(page: Client, dispute: Dispute) -> None:
    first = rule(dispute=dispute, choice=1, by=a_user(Role.EDITOR)).ruling
    answer = page.post(reverse("review:dispute", args=[dispute.pk]), {"choice": "0"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody decided this meanwhile" in html
    assert first.by.label in html
    assert f'name="seen" value="{first.pk}"' in html
    shown = re.findall(r'class="question-choice([^"]*)"\s+name="choice"\s+value="(\d)"', html)
    assert shown == [(" is-refused", "0"), (" is-standing", "1")]
    assert html.count("yours, not stored") == 1
    assert [part in html for part in ('hx-target="#b', 'hx-target="#inspector', 'hx-target="#undecided')] == [True] * 3
    assert dispute.rulings.count() == 1


def test_after_an_undo_what_was_undone_is_asked_again(page: Client, editor: User, revision: Revision) -> None:
    for claim in (
        {"mode": "direct", "speech_act": "assertive"},
        {"mode": "indirect", "speech_act": "commissive_threat"},
    ):
        handed_in(revision, **claim)
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    first, second = (Dispute.objects.get(name=name) for name in ("mode", "speech_act"))
    rule(dispute=first, choice=None, by=editor)
    address = f"{reverse('review:dispute', args=[second.pk])}?beside"
    assert "Speech act" in page.get(address, headers={"HX-Request": "true"}).content.decode()
    undo(reading=first.curated.reading, by=editor)
    assert ">Quotation<" in page.get(address, headers={"HX-Request": "true"}).content.decode()


def test_names_can_be_hidden(page: Client, dispute: Dispute) -> None:
    label = Reading.objects.filter(reader__isnull=False).first().reader.label
    address = reverse("review:dispute", args=[dispute.pk])
    assert label in page.get(address, headers={"HX-Request": "true"}).content.decode()
    page.post(reverse("review:names"), {"hidden": "1", "question": dispute.pk})
    html = page.get(address, headers={"HX-Request": "true"}).content.decode()
    assert label not in html
    assert "Analyst A" in html


@pytest.mark.parametrize(("sent", "status"), [("", 422), ("x", 422), ("999999", 404)])
def test_names_of_no_question_are_refused(page: Client, sent: str, status: int) -> None:
    assert page.post(reverse("review:names"), {"hidden": "1", "question": sent}).status_code == status


def test_a_late_reading_is_told_of(page: Client, dispute: Dispute) -> None:
    revision = dispute.curated.reading.revision
    late = handed_in(revision, mode="direct")
    html = page.get(reverse("review:adjudication", args=[revision.pk])).content.decode()
    assert f"{late.reader.label} handed in since" in " ".join(html.split())


def test_a_late_reading_has_no_name_where_names_are_hidden_and_who_is_not_in_yet_is_counted_besides(
    page: Client, dispute: Dispute
) -> None:
    revision = dispute.curated.reading.revision
    late, _ = handed_in(revision, mode="direct"), a_reading(None, revision)
    page.post(reverse("review:names"), {"question": dispute.pk, "hidden": "1"})
    html = page.get(reverse("review:adjudication", args=[revision.pk])).content.decode()
    said = " ".join(html.split())
    assert ("1 reading handed in since" in said, "1 of 4 not in yet" in said, late.reader.label in said) == (
        True,
        True,
        False,
    )


def test_a_ruling_costs_as_many_queries_whatever_is_in_dispute(page: Client, editor: User) -> None:
    def cost(statements: int) -> int:
        words = [f"“Point {n} stands,” he said." for n in range(statements)]
        revision = a_revision("\n".join(words))
        for mode in ("direct", "indirect"):
            reading = a_reading(None, revision)
            for one in words:
                mark_annotation(
                    kind=kind_named("statement"),
                    reading=reading,
                    parts={"content": [piece(reading, one.split(" he")[0])]},
                    claim={"mode": mode},
                    by=reading.reader,
                )
            submit_reading(reading=reading, by=reading.reader)
        merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
        first = Dispute.objects.filter(curated__reading__revision=revision).earliest("pk")
        with CaptureQueriesContext(connection) as queries:
            page.post(reverse("review:dispute", args=[first.pk]), {"choice": "1"}, headers={"HX-Request": "true"})
        return len(queries)

    cost(2)
    assert cost(2) == cost(6)
