"""The pages of the living codebook: proposals answered, readings moved on, what is coded under older versions."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Move, Reading
from newsannot.annotations.queries import read_claim
from newsannot.codebook.drafting import add_edit, open_draft, propose_change, put_in_force
from newsannot.codebook.models import Draft, Guideline, Proposal, Scheme
from newsannot.codebook.revising import EditSaid
from newsannot.review.living import carry_over
from newsannot.review.models import Notice
from newsannot.review.queries.digest import digest_for
from newsannot.review.tasks import carry_codebook
from tests.factories import a_codebook, a_reading, a_threat, a_user

pytestmark = pytest.mark.django_db
KEPT = "/review/codebook/"
RENAME = EditSaid("change", ("blockade",), ({"code": "closing", "label": "Closing", "definition": "Closed."},))
SPLIT = EditSaid(
    "split",
    ("blockade",),
    (
        {"code": "port", "label": "Port", "definition": "A port."},
        {"code": "strait", "label": "Strait", "definition": "A strait."},
    ),
)


@pytest.fixture
def editor(client: Client) -> Client:
    a_codebook()
    client.force_login(a_user(Role.EDITOR))
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_force(*edits: EditSaid) -> None:
    by = a_user(Role.EDITOR)
    draft = open_draft(scheme=Scheme.objects.get(key="threat-consequence"), by=by)
    for said in edits:
        add_edit(draft=draft, version=draft.version, said=said, by=by)
        draft.refresh_from_db()
    put_in_force(draft=draft, version=draft.version, reason="So.", by=by)


def a_proposal(by: User, **fields: Any) -> Proposal:
    a_codebook()
    about = {"scheme": Scheme.objects.get(key="threat-consequence"), "guideline": "", "code": "force"} | fields
    return propose_change(**about, text="Call it arms.", by=by)


# --- Proposals ------------------------------------------------------------------------------------


def test_an_accepted_proposal_opens_the_draft_with_it_and_its_author_is_told(editor: Client) -> None:
    analyst = a_user()
    proposal = a_proposal(analyst)
    assert "Call it arms." in editor.get(KEPT).content.decode()
    answer = editor.post(f"{KEPT}proposals/{proposal.pk}/", {"accept": "1"})
    assert answer.headers["Location"] == "/review/codebook/threat-consequence/draft/#code-force"
    assert "Call it arms." in editor.get("/review/codebook/threat-consequence/draft/").content.decode()
    assert Draft.objects.get().proposals.get() == proposal
    page = " ".join(signed_in(analyst).get("/review/inbox/").content.decode().split())
    assert "accepted your proposal on <bdi>threat-consequence: force</bdi>" in page
    notice = Notice.objects.get()
    assert signed_in(analyst).post(f"/review/inbox/{notice.pk}/open/").headers["Location"] == (
        "/codebook/threat-consequence/"
    )


def test_editors_are_told_of_a_proposal_until_it_is_decided(editor: Client) -> None:
    eva, other, analyst = User.objects.get(role=Role.EDITOR), a_user(Role.ADMIN), a_user(first_name="Ana")
    a_user(Role.EDITOR, is_active=False)
    proposal = a_proposal(analyst)
    told = Notice.objects.order_by("person").values_list("person", "sort")
    assert set(told) == {(eva.pk, "proposed"), (other.pk, "proposed")}
    page = " ".join(editor.get("/review/inbox/").content.decode().split())
    assert "Ana proposed a change of <bdi>threat-consequence: force</bdi>" in page
    assert digest_for(eva).lines == ("1 proposal to change the codebook: threat-consequence: force",)
    notice = Notice.objects.get(person=eva)
    opened = editor.post(f"/review/inbox/{notice.pk}/open/")
    assert opened.headers["Location"] == f"/review/codebook/#proposal-{proposal.pk}"
    editor.post(f"{KEPT}proposals/{proposal.pk}/", {"decline": "1", "answer": "No."})
    assert set(told.all()) == {(eva.pk, "proposed"), (analyst.pk, "proposal")}


def test_an_editor_who_proposes_is_told_what_became_of_it_alone(editor: Client) -> None:
    eva, other = User.objects.get(role=Role.EDITOR), a_user(Role.EDITOR)
    proposal = a_proposal(eva)
    assert list(Notice.objects.values_list("person", "sort")) == [(other.pk, "proposed")]
    signed_in(other).post(f"{KEPT}proposals/{proposal.pk}/", {"accept": "1"})
    assert list(Notice.objects.values_list("person", "sort")) == [(eva.pk, "proposal")]


def test_a_declined_proposal_needs_a_reason_which_its_author_reads(editor: Client) -> None:
    analyst = a_user()
    proposal = a_proposal(analyst)
    refused = editor.post(f"{KEPT}proposals/{proposal.pk}/", {"decline": "1", "answer": " "})
    assert (refused.status_code, "Say why it is declined" in refused.content.decode()) == (422, True)
    editor.post(f"{KEPT}proposals/{proposal.pk}/", {"decline": "1", "answer": "Arms are more."})
    assert "Arms are more." in signed_in(analyst).get("/review/inbox/").content.decode()
    assert digest_for(analyst).lines == ("1 proposal of yours decided: threat-consequence: force",)


def test_a_proposal_decided_meanwhile_is_told_to_the_second_editor(editor: Client) -> None:
    proposal = a_proposal(a_user())
    signed_in(a_user(Role.EDITOR)).post(f"{KEPT}proposals/{proposal.pk}/", {"decline": "1", "answer": "No."})
    answer = editor.post(f"{KEPT}proposals/{proposal.pk}/", {"accept": "1"})
    assert (answer.status_code, "Another editor declined this meanwhile." in answer.content.decode()) == (422, True)
    assert Draft.objects.count() == 0


def test_an_accepted_proposal_on_a_chapter_opens_the_chapter(editor: Client) -> None:
    Guideline.objects.create(key="threats", number=1, title="Threats", text="Mark them.\n")
    proposal = a_proposal(a_user(), scheme=None, guideline="threats", code="")
    answer = editor.post(f"{KEPT}proposals/{proposal.pk}/", {"accept": "1"}, follow=True)
    assert answer.redirect_chain == [("/review/guidelines/threats/", 302)]
    assert "Call it arms." in answer.content.decode()


# --- Moving on ------------------------------------------------------------------------------------


def test_an_analyst_looks_at_what_follows_and_moves(client: Client) -> None:
    reading = a_reading()
    threat = a_threat(reading)
    in_force(RENAME)
    assert reading.reader
    client.force_login(reading.reader)
    path = f"/readings/{reading.pk}/codebook/"
    page = client.get(path).content.decode()
    assert ("Follows by itself" in page, "Move to codebook 2" in page) == (True, True)
    version = Reading.objects.get(pk=reading.pk).version
    assert client.post(path, {"version": version}).status_code == 303
    assert read_claim(threat)["consequence"] == "closing"
    assert "This is the newest codebook" in client.get(path).content.decode()


def test_an_unanswered_question_is_named_and_a_stale_answer_keeps_what_was_chosen(client: Client) -> None:
    reading = a_reading()
    threat = a_threat(reading)
    in_force(SPLIT)
    assert reading.reader
    client.force_login(reading.reader)
    path, name = f"/readings/{reading.pk}/codebook/", f"{threat.pk}-consequence-blockade"
    version = Reading.objects.get(pk=reading.pk).version
    refused = client.post(path, {"version": version})
    assert (refused.status_code, "Choose what “Blockade” becomes." in refused.content.decode()) == (422, True)
    stale = client.post(path, {"version": version - 1, name: "strait"})
    page = " ".join(stale.content.decode().split())
    assert (stale.status_code, 'value="strait" checked' in page) == (409, True)
    assert client.post(path, {"version": version, name: "strait"}).status_code == 303
    assert read_claim(threat)["consequence"] == "strait"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_is_stale(client: Client, version: str) -> None:
    reading = a_reading()
    in_force(RENAME)
    assert reading.reader
    client.force_login(reading.reader)
    assert client.post(f"/readings/{reading.pk}/codebook/", {"version": version}).status_code == 409


def test_nobody_moves_a_reading_that_is_not_theirs(client: Client, editor: Client) -> None:
    reading = a_reading()
    path = f"/readings/{reading.pk}/codebook/"
    assert Client().get(path).status_code == 302
    assert signed_in(a_user()).get(path).status_code == 404
    assert editor.get(path).status_code == 404
    a_threat(reading)
    submit_reading(reading=reading, by=reading.reader)  # type: ignore[arg-type]
    assert editor.post(path, {"version": "1"}).status_code == 403
    assert editor.put(path).status_code == 405


def test_an_editor_moves_all_that_asks_nothing_tells_whose_it_is_and_undoes_it(editor: Client) -> None:
    reading, asked = a_reading(), a_reading()
    a_threat(reading, consequence="force")
    a_threat(asked)
    in_force(SPLIT)
    page = " ".join(editor.get(KEPT).content.decode().split())
    assert ("Move 1 open reading to codebook 2" in page, "1 open reading holds codes that were split" in page) == (
        True,
        True,
    )
    assert editor.post(f"{KEPT}carry/").status_code == 302
    assert [Reading.objects.get(pk=one.pk).codebook.number for one in (reading, asked)] == [2, 1]
    assert "moved to codebook 2 your reading of" in signed_in(reading.reader).get("/review/inbox/").content.decode()  # type: ignore[arg-type]
    run = reading.moves.get().run
    assert editor.post(f"{KEPT}runs/{run}/undo/").status_code == 302
    assert Reading.objects.get(pk=reading.pk).codebook.number == 1
    assert Notice.objects.count() == 0
    assert editor.post(f"{KEPT}runs/{run}/undo/").status_code == 422


def test_many_are_moved_by_the_worker_which_says_how_far_it_is(editor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("newsannot.review.views.living.AT_ONCE", 2)
    monkeypatch.setattr("newsannot.review.living.AT_A_TIME", 2)
    readings = [a_reading() for _ in range(3)]
    in_force(RENAME)
    assert editor.post(f"{KEPT}carry/").status_code == 302
    job = ProcrastinateJob.objects.get(task_name="carry_codebook")
    assert (job.status, job.args["total"], Move.objects.count()) == ("todo", 3, 0)
    assert "0 of 3 readings moved" in editor.get(KEPT).content.decode()
    again = editor.post(f"{KEPT}carry/")
    assert (again.status_code, "are being moved already" in again.content.decode()) == (422, True)
    assert editor.post(f"{KEPT}runs/{job.args['run']}/undo/").status_code == 422
    carry_over(by=User.objects.get(pk=job.args["by"]), run=UUID(job.args["run"]), most=1)
    part = editor.get(KEPT, headers={"hx-request": "true"})
    assert ("1 of 3 readings moved" in part.content.decode(), "<h1>" in part.content.decode()) == (True, False)
    carry_codebook(**job.args)
    assert {Reading.objects.get(pk=one.pk).codebook.number for one in readings} == {2}
    assert Notice.objects.filter(sort="moved").count() == 3
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
    done = editor.get(KEPT, headers={"hx-request": "true"})
    assert (done.headers["HX-Refresh"], done.content) == ("true", b"")
    assert editor.post(f"{KEPT}runs/{job.args['run']}/undo/").status_code == 302
    assert {Reading.objects.get(pk=one.pk).codebook.number for one in readings} == {1}


def test_nobody_undoes_what_another_moved(editor: Client) -> None:
    reading = a_reading()
    in_force(RENAME)
    signed_in(a_user(Role.EDITOR)).post(f"{KEPT}carry/")
    assert editor.post(f"{KEPT}runs/{reading.moves.get().run}/undo/").status_code == 422
    assert Reading.objects.get(pk=reading.pk).codebook.number == 2


def test_records_under_an_older_version_are_listed_with_what_they_would_become(editor: Client) -> None:
    handed_in, hidden = a_reading(), a_reading()
    for reading in (handed_in, hidden):
        a_threat(reading)
    submit_reading(reading=handed_in, by=handed_in.reader)  # type: ignore[arg-type]
    in_force(RENAME)
    page = editor.get(f"{KEPT}older/").content.decode()
    assert (page.count('class="list-row"'), "</span>Closing</ins>" in page) == (1, True)
    assert f"/readings/{hidden.pk}/" not in page
    assert editor.get(f"{KEPT}older/", {"scheme": "mid"}).content.decode().count('class="list-row"') == 0
    assert editor.get(f"{KEPT}older/", {"scheme": "gone"}).status_code == 404
    assert editor.get(f"{KEPT}older/", {"after": "nonsense"}).status_code == 200


def test_the_list_takes_as_many_queries_for_three_records_as_for_one(
    editor: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    readings = [a_reading() for _ in range(3)]
    for reading in readings:
        a_threat(reading)
    submit_reading(reading=readings[0], by=readings[0].reader)  # type: ignore[arg-type]
    in_force(SPLIT)
    for path in (f"{KEPT}older/", KEPT):
        editor.get(path)
    with django_assert_max_num_queries(30) as first:
        editor.get(f"{KEPT}older/")
    for reading in readings[1:]:
        submit_reading(reading=reading, by=reading.reader)  # type: ignore[arg-type]
    with django_assert_num_queries(len(first)):
        page = editor.get(f"{KEPT}older/").content.decode()
    assert page.count('class="list-row"') == 3


@pytest.mark.parametrize("path", [KEPT, f"{KEPT}older/", f"{KEPT}carry/", f"{KEPT}proposals/1/"])
def test_only_editors_keep_the_codebook(client: Client, path: str) -> None:
    a_codebook()
    method = client.get if path in {KEPT, f"{KEPT}older/"} else client.post
    assert method(path).status_code == 302
    client.force_login(a_user())
    assert method(path).status_code == 403


def test_pages_are_read_and_deeds_are_posted(editor: Client) -> None:
    assert [editor.post(path).status_code for path in (KEPT, f"{KEPT}older/")] == [405, 405]
    assert [editor.get(path).status_code for path in (f"{KEPT}carry/", f"{KEPT}proposals/1/")] == [405, 405]
    assert editor.post(f"{KEPT}proposals/1/").status_code == 404
