"""Comments and rulings as pages and parts: who may, what is answered, what is refused, and who has a name for whom."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import delete_annotation, mark_annotation, submit_reading
from newsannot.annotations.kinds import kind_named
from newsannot.review.discussing import delete_comment, resolve_thread, write_comment
from newsannot.review.merging import merge_readings
from newsannot.review.models import Comment, Dispute
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import rule
from tests.factories import a_mention, a_reading, a_revision, a_user, piece
from tests.review.disputing import Disputed, disputed

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def case() -> Disputed:
    return disputed()


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def addresses(case: Disputed) -> dict[str, list[tuple[str, str]]]:
    """Every address about the record and about a ruling, with its methods; comments are the editor's."""
    record, ruling = case.record, case.rule()
    found = {}
    for about in (record, ruling):
        said = write_comment(about=about, body="Look.", by=case.eva)
        pages = (
            [("get post", "record_talk", record.pk)]
            if about is record
            else [("get", "ruling", ruling.pk), ("post", "ruling_talk", ruling.pk)]
        )
        deeds = [("post", name, said.pk) for name in ("edit_comment", "delete_comment", "resolve", "reopen")]
        found["record" if about is record else "ruling"] = [
            (method, reverse(f"review:{name}", args=[pk]))
            for methods, name, pk in pages + deeds
            for method in methods.split()
        ]
    return found


@pytest.mark.parametrize(("who", "status"), [("nobody", {302}), ("reader", {403}), ("stranger", {404}), ("ben", {404})])
def test_what_is_said_of_a_record_is_its_readers_and_the_editors(
    client: Client, case: Disputed, who: str, status: set[int]
) -> None:
    if who != "nobody":
        as_(client, {"reader": a_user(Role.READER), "stranger": a_user(), "ben": case.ben}[who])
    assert {getattr(client, method)(url).status_code for method, url in addresses(case)["record"]} == status
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(("who", "status"), [("nobody", {302}), ("reader", {403}), ("stranger", {404})])
def test_what_is_said_of_a_ruling_is_for_those_concerned_and_editors(
    client: Client, case: Disputed, who: str, status: set[int]
) -> None:
    if who != "nobody":
        as_(client, {"reader": a_user(Role.READER), "stranger": a_user()}[who])
    assert {getattr(client, method)(url).status_code for method, url in addresses(case)["ruling"]} == status


def test_before_a_reading_is_handed_in_editors_do_not_find_its_comments(client: Client) -> None:
    record = a_mention(a_reading())
    said = write_comment(about=record, body="Not sure.", by=record.reading.reader)
    as_(client, a_user(Role.EDITOR))
    assert client.get(reverse("review:record_talk", args=[record.pk])).status_code == 404
    assert client.post(reverse("review:resolve", args=[said.pk])).status_code == 404


def test_comments_on_curated_records_are_the_editors(client: Client, case: Disputed) -> None:
    address = reverse("review:record_talk", args=[case.curated.annotations.get().pk])
    assert as_(client, case.ana).get(address).status_code == 404
    assert as_(client, case.eva).post(address, {"body": "Check."}, headers=PART).status_code == 200


def test_somebody_elses_comment_is_not_theirs_to_change(client: Client, case: Disputed) -> None:
    said = write_comment(about=case.record, body="Look.", by=case.eva)
    as_(client, case.ana)
    answers = [
        client.post(reverse(f"review:{name}", args=[said.pk]), {"body": "x"}).status_code
        for name in ("edit_comment", "delete_comment")
    ]
    assert answers == [403, 403]
    assert client.post(reverse("review:resolve", args=[said.pk]), headers=PART).status_code == 200


def test_each_address_takes_its_methods_only(client: Client, case: Disputed) -> None:
    as_(client, case.eva)
    found = [url for urls in addresses(case).values() for method, url in urls if method == "post"]
    posts = [url for url in found if "annotations" not in url]
    assert {client.get(url).status_code for url in posts} == {405}
    assert client.put(reverse("review:record_talk", args=[case.record.pk])).status_code == 405


def test_a_comment_is_answered_with_the_threads_alone(client: Client, case: Disputed) -> None:
    address = reverse("review:record_talk", args=[case.record.pk])
    answer = as_(client, case.eva).post(address, {"body": "Why <direct>?"}, headers=PART)
    assert answer.status_code == 200
    assert f'<section class="talk" id="talk-{case.record.pk}"' in answer.content.decode()
    assert "Why &lt;direct&gt;?" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_without_scripts_a_comment_leads_to_the_page_of_its_record(client: Client, case: Disputed) -> None:
    address = reverse("review:record_talk", args=[case.record.pk])
    answer = as_(client, case.ana).post(address, {"body": "Is it?"})
    said = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{address}#comment-{said.pk}")
    page = client.get(address)
    assert "You just now Is it?" in text_of(page)
    assert "“If a single ship" in text_of(page)


def test_a_reply_an_edit_and_a_deletion_are_shown(client: Client, case: Disputed) -> None:
    first = write_comment(about=case.record, body="Why?", by=case.eva)
    address = reverse("review:record_talk", args=[case.record.pk])
    as_(client, case.ana).post(address, {"body": "Because.", "parent": first.pk}, headers=PART)
    reply = Comment.objects.get(parent=first)
    edited = client.post(reverse("review:edit_comment", args=[reply.pk]), {"body": "It says so."}, headers=PART)
    assert "edited just now It says so." in text_of(edited)
    gone = client.post(reverse("review:delete_comment", args=[reply.pk]), headers=PART)
    assert "It says so." not in text_of(gone)
    assert "1 comment " in text_of(gone)


def test_a_thread_is_resolved_and_opened_again(client: Client, case: Disputed) -> None:
    first = write_comment(about=case.record, body="Why?", by=case.eva)
    as_(client, case.ana)
    resolved = client.post(reverse("review:resolve", args=[first.pk]), headers=PART)
    assert "resolved by Ana" in text_of(resolved)
    again = client.post(reverse("review:resolve", args=[first.pk]), headers=PART)
    assert (again.status_code, "This is resolved already." in text_of(again)) == (422, True)
    opened = client.post(reverse("review:reopen", args=[first.pk]), headers=PART)
    assert "resolved by" not in text_of(opened)


@pytest.mark.parametrize("headers", [{}, PART])
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Write something first."),
        ({"body": "  "}, "Write something first."),
        ({"body": "y" * 4001}, "At most 4000 characters."),
        ({"body": "a\x00b"}, "cannot be stored"),
        ({"body": "@ghost"}, "Nobody called @ghost may see this."),
        ({"body": "a", "span": "x"}, "whole number"),
        ({"body": "a", "span": str(2**80)}, "whole number"),
        ({"body": "a", "span": "999999"}, "not marked any more"),
        ({"body": "a", "parent": "x"}, "whole number"),
    ],
)
def test_bad_words_are_refused_with_why_and_kept(
    client: Client, case: Disputed, sent: dict[str, str], said: str, headers: dict[str, str]
) -> None:
    address = reverse("review:record_talk", args=[case.record.pk])
    answer = as_(client, case.eva).post(address, sent, headers=headers)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert sent.get("body", "").strip()[:2] in text_of(answer)
    assert Comment.objects.count() == 0


def test_a_bad_edit_is_refused_beside_the_comment(client: Client, case: Disputed) -> None:
    said = write_comment(about=case.record, body="Why?", by=case.eva)
    answer = as_(client, case.eva).post(reverse("review:edit_comment", args=[said.pk]), {"body": ""}, headers=PART)
    assert (answer.status_code, "Write something first." in text_of(answer)) == (422, True)
    said.refresh_from_db()
    assert said.body == "Why?"


def test_a_deleted_comment_is_not_found(client: Client, case: Disputed) -> None:
    said = write_comment(about=case.record, body="Why?", by=case.eva)
    delete_comment(comment=said, by=case.eva)
    answer = as_(client, case.eva).post(reverse("review:edit_comment", args=[said.pk]), {"body": "x"})
    assert answer.status_code == 404


def test_comments_on_a_record_deleted_since_can_still_be_read(client: Client) -> None:
    record = a_mention(a_reading())
    write_comment(about=record, body="Odd.", by=record.reading.reader)
    delete_annotation(annotation=record, by=record.reading.reader)
    page = as_(client, record.reading.reader).get(reverse("review:record_talk", args=[record.pk]))
    assert ("Odd." in text_of(page), "deleted" in text_of(page)) == (True, True)


# --- Rulings -------------------------------------------------------------------------------------------


def test_a_ruling_is_shown_with_what_one_said_and_never_who_else_read(client: Client, case: Disputed) -> None:
    ruling = case.rule(reason="text", note="It is reported.")
    page = as_(client, case.ana).get(reverse("review:ruling", args=[ruling.pk]))
    words = text_of(page)
    assert "You said Direct Ruled Indirect Because Text It is reported. Eva" in re.sub(r" +", " ", words)
    assert "Ben" not in words
    assert case.ben.username not in page.content.decode()


def test_a_ruling_on_borders_shows_what_went_and_what_came(client: Client) -> None:
    revision, eva = a_revision("“We will close the strait”, said Obi."), a_user(Role.EDITOR)
    readings = []
    for words in ("We will close the strait", "will close the strait”"):
        reading = a_reading(None, revision)
        parts = {"content": [piece(reading, words)]}
        mark_annotation(kind=kind_named("statement"), reading=reading, parts=parts, claim={}, by=reading.reader)
        readings.append(submit_reading(reading=reading, by=reading.reader))
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=eva)
    ruling = rule(dispute=Dispute.objects.get(), choice=1, by=eva).ruling
    page = as_(client, readings[0].reader).get(reverse("review:ruling", args=[ruling.pk])).content.decode()
    changed = r'<(del|ins) dir="auto"><span class="visually-hidden" dir="ltr">(.*?)</span>(.*?)</'
    assert re.findall(changed, page) == [
        ("del", "was: ", "We"),
        ("ins", "now: right double quotation mark ", "”"),
    ]


def test_analysts_have_no_names_for_one_another_in_a_thread(client: Client, case: Disputed) -> None:
    ruling = case.rule()
    write_comment(about=ruling, body="I disagree.", by=case.ben)
    write_comment(about=ruling, body=f"@{case.ben.username}, why?", by=case.eva)
    address = reverse("review:ruling", args=[ruling.pk])
    seen = as_(client, case.ana).get(address)
    assert "Another analyst just now I disagree." in text_of(seen)
    assert "@another analyst , why?" in text_of(seen)
    assert ("Ben" in text_of(seen), case.ben.username in seen.content.decode()) == (False, False)
    by_editor = text_of(as_(client, case.eva).get(address))
    assert (f"@{case.ben.username}" in by_editor, "Ben just now I disagree." in by_editor) == (True, True)


def test_a_ruling_taken_back_says_so(client: Client, case: Disputed) -> None:
    first = case.rule()
    address = reverse("review:ruling", args=[first.pk])
    assert "taken back" not in text_of(as_(client, case.ana).get(address))
    case.rule(0, seen=first.pk)
    assert "taken back or decided anew" in text_of(client.get(address))
    assert "You said" in text_of(client.get(address))


def test_the_list_of_rulings_is_narrowed_and_says_when_it_is_empty(client: Client, case: Disputed) -> None:
    as_(client, case.ben)
    assert "No rulings yet" in text_of(client.get("/review/rulings/"))
    case.rule()
    assert "as you said" in text_of(client.get(f"/review/rulings/?reading={case.bens.pk}"))
    assert "Nothing was ruled otherwise" in text_of(client.get("/review/rulings/?otherwise=1"))
    assert client.get("/review/rulings/?reading=x&after=nonsense").status_code == 200
    assert client.post("/review/rulings/").status_code == 405
    assert as_(client, a_user(Role.READER)).get("/review/rulings/").status_code == 403


def test_the_list_of_rulings_costs_as_many_queries_for_one_as_for_three(client: Client, case: Disputed) -> None:
    as_(client, case.ana)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/review/rulings/")
        return len(queries)

    case.rule()
    cost()
    before = cost()
    for _ in range(2):
        disputed(ana=case.ana, eva=case.eva).rule()
    assert cost() == before


def test_rulings_are_paged_the_newest_first(client: Client, case: Disputed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsannot.review.queries.rulings.PAGE_SIZE", 1)
    old = case.rule(note="The older.")
    disputed(ana=case.ana, eva=case.eva).rule(note="The newer.")
    page = as_(client, case.ana).get("/review/rulings/")
    assert ("The newer." in text_of(page), "The older." in text_of(page)) == (True, False)
    following = re.search(r'rel="next" href="(\?[^"]+)"', page.content.decode())[1].replace("&amp;", "&")
    assert "The older." in text_of(client.get(f"/review/rulings/{following}"))
    assert old.note == "The older."


# --- Beside the record ----------------------------------------------------------------------------------


def test_rulings_and_comments_stand_beside_ones_own_record(client: Client, case: Disputed) -> None:
    case.rule(note="It is reported.")
    write_comment(about=case.record, body="See the note.", by=case.eva)
    part = as_(client, case.ana).get(f"/annotations/{case.record.pk}/", headers=PART)
    assert "You said Direct Ruled Indirect" in text_of(part)
    assert "See the note." in text_of(part)
    assert "You said" not in text_of(as_(client, case.eva).get(f"/annotations/{case.record.pk}/", headers=PART))


def test_beside_a_record_comments_cost_as_many_queries_for_one_as_for_three(client: Client, case: Disputed) -> None:
    as_(client, case.ana)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/annotations/{case.record.pk}/", headers=PART)
        return len(queries)

    write_comment(about=case.record, body="One.", by=case.eva)
    cost()
    before = cost()
    for body in ("Two.", "Three."):
        write_comment(about=case.record, body=body, by=a_user(Role.EDITOR))
    assert cost() == before


def test_the_review_page_shows_threads_and_where_to_begin_one(client: Client, case: Disputed) -> None:
    address = f"/review/readings/{case.anas.pk}/"
    talk = reverse("review:record_talk", args=[case.record.pk])
    assert f'href="{talk}" hx-get="{talk}"' in as_(client, case.eva).get(address).content.decode()
    said = write_comment(about=case.record, body="Look here.", by=case.eva)
    assert "Look here." in text_of(client.get(address))
    resolve_thread(comment=said, by=case.eva)
    assert "resolved by Eva" in text_of(client.get(address))


def test_the_review_page_costs_as_many_queries_whatever_is_said(client: Client, case: Disputed) -> None:
    as_(client, case.eva)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/review/readings/{case.anas.pk}/")
        return len(queries)

    write_comment(about=case.record, body="One.", by=case.eva)
    cost()
    before = cost()
    for body in ("Two.", "Three."):
        write_comment(about=case.record, body=body, by=case.ana)
    assert cost() == before
