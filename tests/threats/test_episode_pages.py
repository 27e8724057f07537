"""The pages of the episodes, and the deadlines that have passed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.core.errors import RuleBroken
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.threats.actions import gather_threats, postpone_deadline
from newsannot.threats.comparing import compare_threats
from newsannot.threats.models import Deadline, Episode, EpisodeStep
from newsannot.threats.queries import deadlines_passed, open_questions
from tests.factories import a_user
from tests.threats.test_episodes import an_editor, an_outcome, of, some_threats, steps

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date


@pytest.fixture
def editor() -> Client:
    """An editor's browser."""
    client = Client()
    client.force_login(an_editor())
    return client


@pytest.fixture
def analyst() -> Client:
    """An analyst's browser."""
    client = Client()
    client.force_login(a_user())
    return client


def test_the_list_finds_an_episode_by_words_names_state_and_deadline(editor) -> None:
    (threat,) = some_threats("2025-09-01", deadline="2025-09-03")
    found = f"/episodes/{gather_threats(threats=[threat], by=an_editor()).pk}/".encode()

    def finds(query: str) -> bool:
        return found in editor.get(f"/episodes/?{query}").content

    assert [finds(query) for query in ("", "q=strait", "issuer=adaeze", "target=neighbour", "state=open")] == [True] * 5
    assert finds("deadline=passed") is True
    nothing = ("q=nowhere", "issuer=nobody", "target=adaeze", "state=closed")
    assert [finds(query) for query in nothing] == [False] * 4
    assert b"No episode answers" in editor.get("/episodes/?q=nowhere").content


def test_analysts_see_what_is_published_alone(editor, analyst) -> None:
    (threat,) = some_threats("")
    episode = gather_threats(threats=[threat], by=an_editor())
    page = analyst.get(f"/episodes/{episode.pk}/").content
    assert (b"#:~:text=" in page, b"Record a step" in page, b"History" in page) == (True, False, False)
    withdraw_reading(revision=threat.reading.revision, by=an_editor())
    assert analyst.get(f"/episodes/{episode.pk}/").status_code == 404
    assert editor.get(f"/episodes/{episode.pk}/").status_code == 200


def test_only_editors_write(analyst) -> None:
    episode = gather_threats(threats=some_threats("", deadline="2025-09-03"), by=an_editor())
    step, threat = episode.steps.get().pk, of(episode)[0]
    pages = ["/episodes/new/", "/episodes/alike/", "/review/deadlines/", f"/episodes/{episode.pk}/add/"]
    assert {analyst.get(path).status_code for path in [*pages, f"/episodes/{episode.pk}/steps/new/"]} == {403}
    writes = ["part/", "merge/", "undo/", "steps/new/", f"steps/{step}/", ""]
    assert {analyst.post(f"/episodes/{episode.pk}/{one}").status_code for one in writes} == {403}
    settles = [f"/review/deadlines/{threat}/{one}/" for one in ("settle", "ask-again")]
    assert {analyst.post(path).status_code for path in settles} == {403}


def test_strangers_sign_in_first(client) -> None:
    paths = ["/episodes/", "/episodes/new/", "/episodes/alike/", "/episodes/1/", "/review/deadlines/"]
    assert {client.get(path).status_code for path in paths} == {302}


def test_what_is_not_there_is_not_found_and_what_only_writes_is_not_read(editor) -> None:
    assert {editor.get(f"/episodes/1/{one}").status_code for one in ("part/", "merge/", "undo/")} == {405}
    writes = ["part/", "merge/", "undo/", "steps/1/"]
    assert {editor.post(f"/episodes/1/{one}").status_code for one in [*writes, "", "add/", "steps/new/"]} == {404}
    assert editor.post("/episodes/alike/1/").status_code == 404
    assert {editor.post(f"/review/deadlines/1/{one}/").status_code for one in ("settle", "ask-again")} == {404}
    episode = gather_threats(threats=some_threats(""), by=an_editor())
    assert editor.post(f"/episodes/{episode.pk}/steps/0/").status_code == 404


def test_threats_are_found_gathered_and_added(editor) -> None:
    first, second = some_threats("2025-09-01", "2025-09-02")
    assert f'value="{first.pk}"'.encode() in editor.get("/episodes/new/?q=strait").content
    assert editor.post("/episodes/new/", {}).status_code == 422
    answer = editor.post("/episodes/new/", {"threats": [first.pk]})
    episode = Episode.objects.get()
    assert answer.url == f"/episodes/{episode.pk}/"
    path = f"/episodes/{episode.pk}/add/"
    assert editor.post(path, {"threats": [second.pk], "version": 7}).status_code == 409
    assert editor.post(path, {"threats": [second.pk], "version": 1}).status_code == 302
    assert of(episode) == [first.pk, second.pk]


def test_an_episode_is_changed_split_merged_and_undone(editor) -> None:
    first, second = some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first, second], by=an_editor())
    path = f"/episodes/{episode.pk}/"
    sent = {"issuer": "", "canonical": second.pk, "version": 1}
    assert editor.post(path, sent | {"canonical": 0}).status_code == 422
    assert editor.post(path, sent).status_code == 302
    assert editor.post(path, sent).status_code == 409
    episode.refresh_from_db()
    assert (episode.issuer, episode.canonical_id) == (None, second.pk)
    assert editor.post(f"{path}part/", {"threats": [second.pk], "version": 2, "split": 1}).status_code == 302
    other = Episode.objects.exclude(pk=episode.pk).get()
    assert editor.post(f"{path}merge/", {"into": "x", "version": 3}).status_code == 422
    assert editor.post(f"{path}merge/", {"into": other.pk, "version": 3}).url == f"/episodes/{other.pk}/"
    assert of(other) == [first.pk, second.pk]
    merged = editor.get(path).content.decode()
    assert (f'<a href="/episodes/{other.pk}/">“' in merged, "Undo" in merged) == (True, True)
    assert editor.post(f"{path}undo/", {"version": 3}).status_code == 409
    assert editor.post(f"{path}undo/", {"version": 4}).status_code == 302
    assert (of(episode), of(other)) == ([first.pk], [second.pk])


def test_a_step_is_recorded_changed_and_deleted(editor) -> None:
    first, second = some_threats("2025-09-01", "2025-09-02")
    episode = gather_threats(threats=[first], by=an_editor())
    path = f"/episodes/{episode.pk}/steps/new/"
    statement = second.statements.get().pk
    found = editor.get(f"{path}?q=strait&kind=complied").content.decode()
    assert (f'value="{statement}"' in found, '<option value="complied" selected>' in found) == (True, True)
    sent = {"kind": "complied", "happened_on": "2025-09-04", "note": "", "version": 1}
    assert editor.post(path, sent).status_code == 422
    assert editor.post(path, sent | {"happened_on": "soon", "note": "x"}).status_code == 422
    assert editor.post(path, sent | {"evidence": [statement], "version": 9}).status_code == 409
    assert editor.post(path, sent | {"evidence": [statement]}).url == f"/episodes/{episode.pk}/"
    step = EpisodeStep.objects.get(kind="complied")
    page = editor.get(f"/episodes/{episode.pk}/").content.decode()
    assert ("Complied with" in page, f"#claim-{statement}" in page) == (True, True)
    at = f"/episodes/{episode.pk}/steps/{step.pk}/"
    assert f'value="{statement}"\n           checked'.encode() in editor.get(at).content
    changed = {"kind": "withdrawn", "happened_on": "2025-09-05", "note": "", "version": 2, "evidence": [second.pk]}
    assert editor.post(at, changed | {"kind": "x"}).status_code == 422
    refused = editor.post(at, changed | {"evidence": []})
    assert (refused.status_code, b"needs a note" in refused.content) == (422, True)
    stale = editor.post(at, changed | {"version": 1})
    assert (stale.status_code, b'name="version" value="2"' in stale.content) == (409, True)
    assert editor.post(at, changed).status_code == 302
    assert steps(episode)[1] == ("withdrawn", "2025-09-05", [second.pk])
    assert editor.post(at, {"delete": 1, "version": 3}).status_code == 302
    assert len(steps(episode)) == 1


def test_what_may_be_one_is_decided_side_by_side(editor) -> None:
    some_threats("2025-09-01", "2025-09-02", "2025-09-03")
    compare_threats(most=9, by=None)
    pks = list(open_questions().order_by("pk").values_list("pk", flat=True))
    page = editor.get("/episodes/alike/").content.decode()
    assert ("The same threat" in page, "3 questions" in page) == (True, True)
    answer = editor.post(f"/episodes/alike/{pks[0]}/", {"verdict": "apart"})
    assert b"Ask again" in editor.get(answer.url).content
    editor.post(f"/episodes/alike/{pks[0]}/", {"verdict": "again"})
    editor.post(f"/episodes/alike/{pks[0]}/", {"verdict": "same"})
    assert (Episode.objects.count(), open_questions().count()) == (1, 2)


def test_the_lists_cost_as_many_queries_for_three_as_for_one(editor) -> None:
    by, threats, counts = an_editor(), some_threats("", "", "", deadline="2025-09-03"), []
    for some in (threats[:1], threats[1:]):
        for one in some:
            gather_threats(threats=[one], by=by)
        for path in ("/episodes/", "/review/deadlines/"):
            editor.get(path)
            with CaptureQueriesContext(connection) as seen:
                editor.get(path)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


# --- Deadlines -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "falls_on"),
    [
        ("2025-09-03", date(2025, 9, 3)),
        ("2025-02", date(2025, 2, 28)),
        ("2024?", date(2024, 12, 31)),
        ("2025-09-01/2025-09-05", date(2025, 9, 5)),
        ("2025-09-01/..", None),
        ("", None),
    ],
)
def test_a_deadline_falls_on_the_last_day_it_may_be(deadline, falls_on) -> None:
    (threat,) = some_threats("2025-09-01", deadline=deadline)
    found = Deadline.objects.filter(threat=threat).values_list("falls_on", "ask_on")
    assert list(found) == ([(falls_on, falls_on + timedelta(1))] if falls_on else [])


def test_a_deadline_is_asked_about_the_day_after_until_an_outcome_is_known() -> None:
    by, (threat,) = an_editor(), some_threats("2025-09-01", deadline="2025-09-03")
    assert [one.threat_id for one in deadlines_passed(date(2025, 9, 4))] == [threat.pk]
    assert deadlines_passed(date(2025, 9, 3)).count() == 0
    episode = gather_threats(threats=[threat], by=by)
    outcome = an_outcome(episode, by)
    assert deadlines_passed(TODAY()).count() == 0
    outcome.delete()
    gather_threats(threats=some_threats("2025-09-01", deadline="2025-09-02"), by=by)
    assert Deadline.objects.filter(is_settled=True).count() == 1


def test_a_turn_after_it_settles_a_deadline_and_a_turn_before_does_not() -> None:
    by, (first, second) = an_editor(), some_threats("2025-09-01", "2025-09-02", deadline="2025-09-03")
    episode = gather_threats(threats=[first, second], by=by)
    turn = {"kind": "softened", "note": "", "evidence": [first]}
    an_outcome(episode, by, happened_on="2025-09-02", **turn)
    assert deadlines_passed(TODAY()).count() == 1
    an_outcome(episode, by, happened_on="2025-09-04", version=2, **turn)
    assert deadlines_passed(TODAY()).count() == 0


def test_of_an_episode_the_last_deadline_is_asked_about() -> None:
    first, second = (some_threats("2025-09-01", deadline=day)[0] for day in ("2025-09-03", "2025-09-08"))
    assert deadlines_passed(date(2025, 9, 5)).count() == 1
    gather_threats(threats=[first, second], by=an_editor())
    assert deadlines_passed(date(2025, 9, 5)).count() == 0
    assert [one.threat_id for one in deadlines_passed(date(2025, 9, 9))] == [second.pk]


def test_what_is_withdrawn_is_not_asked_about_and_what_is_corrected_is_asked_anew() -> None:
    by, (threat,) = an_editor(), some_threats("2025-09-01", deadline="2025-09-03")
    revision = threat.reading.revision
    withdraw_reading(revision=revision, by=by)
    assert deadlines_passed(TODAY()).count() == 0
    threat.deadline = "2025-09-05"
    threat.save(update_fields=["deadline"])
    publish_reading(revision=revision, by=by)
    assert [one.falls_on for one in deadlines_passed(TODAY())] == [date(2025, 9, 5)]
    withdraw_reading(revision=revision, by=by)
    threat.deadline = ""
    threat.save(update_fields=["deadline"])
    publish_reading(revision=revision, by=by)
    assert Deadline.objects.count() == 0


def test_a_deadline_is_asked_about_again_on_the_day_that_was_named() -> None:
    by, (threat,) = an_editor(), some_threats("2025-09-01", deadline="2025-09-03")
    later = TODAY() + timedelta(30)
    postpone_deadline(deadline=threat.falling, ask_on=later, by=by)
    assert (deadlines_passed(TODAY()).count(), deadlines_passed(later).count()) == (0, 1)
    with pytest.raises(RuleBroken, match="still to come"):
        postpone_deadline(deadline=threat.falling, ask_on=TODAY(), by=by)


def test_the_queue_leads_to_the_step_that_settles_it(editor) -> None:
    (threat,) = some_threats("2025-09-01", deadline="2025-09-03")
    assert b"3 Sep 2025" in editor.get("/review/deadlines/").content
    at = f"/review/deadlines/{threat.pk}"
    assert editor.post(f"{at}/ask-again/", {"ask_on": "soon"}).status_code == 422
    assert editor.post(f"{at}/ask-again/", {"ask_on": "2025-01-01"}).status_code == 422
    answer = editor.post(f"{at}/settle/")
    episode = Episode.objects.get()
    assert answer.url == f"/episodes/{episode.pk}/steps/new/?kind=lapsed"
    assert editor.post(f"{at}/settle/").url == answer.url
    sent = {"kind": "lapsed", "happened_on": "2025-09-04", "note": "Nothing came.", "version": 1}
    assert editor.post(answer.url, sent).status_code == 302
    assert b"No deadline waits" in editor.get("/review/deadlines/").content
    later = (TODAY() + timedelta(9)).isoformat()
    assert editor.post(f"{at}/ask-again/", {"ask_on": later}).status_code == 302
