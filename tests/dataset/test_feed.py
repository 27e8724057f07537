"""The feed of changes: what is published, amended, withdrawn and merged, in the order it became visible."""

import hashlib
import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.accounts.models import Role, Token
from newsannot.actors.actions import change_actor, merge_actors, unmerge_actor
from newsannot.actors.rules import Identity
from newsannot.annotations.actions import change_annotation, submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Article, Source
from newsannot.core.places import MOST_WAITING, a_seat, waiting_count
from newsannot.dataset.actions import publish_reading, revisit_readings, withdraw_reading
from newsannot.dataset.models import Change, Revisit
from newsannot.dataset.recording import LOCK
from newsannot.dataset.snapshots import canonical, given_out_of
from newsannot.dataset.tasks import bring_feed_up_to_date
from newsannot.review.actions import accept_reading
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import a_mention, a_reading, a_revision, a_source, a_statement, a_user, an_actor
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


def told(after: int = 0) -> list[tuple[str, str, int]]:
    """Action, kind and version of each change."""
    return list(Change.objects.filter(seq__gt=after).order_by("seq").values_list("action", "kind", "version"))


def feed(api: Api, after: int = 0, **query: Any) -> list[dict[str, Any]]:
    """All changes, page by page."""
    found: list[dict[str, Any]] = []
    address: str | None = "changes/"
    asked = {"after": after, **query}
    while address:
        body = api.get(address, **asked).json
        found += body["results"]
        address, asked = body["next"], {}
    return found


def test_publishing_tells_of_every_record_as_the_api_gives_it_out() -> None:
    api, made = Api(), a_publication()
    changes = feed(api)
    assert [(one["seq"], one["action"], one["kind"], one["record"]) for one in changes] == [
        (1, "publish", "statement", str(made.statement.public_id)),
        (2, "publish", "threat", str(made.threat.public_id)),
    ]
    assert changes[0]["snapshot"] == api.get(f"statements/{made.statement.public_id}/").json
    assert changes[1]["snapshot"] == api.get(f"threats/{made.threat.public_id}/").json


def test_a_snapshot_leaves_byte_for_byte_with_its_hash() -> None:
    api, _ = Api(), a_publication(title="Straße – «مضيق» 🚢")
    change = Change.objects.get(seq=1)
    answer = api.get("changes/")
    assert change.snapshot.encode() in answer.content
    for one in answer.json["results"]:
        assert hashlib.sha256(canonical(one["snapshot"]).encode()).hexdigest() == one["sha256"]


def test_withdrawing_leaves_tombstones_without_a_word_of_the_record() -> None:
    api, made = Api(), a_publication()
    withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
    gone = feed(api, after=2)
    assert [(one["seq"], one["action"], one["snapshot"], one["sha256"]) for one in gone] == [
        (3, "withdraw", None, None),
        (4, "withdraw", None, None),
    ]
    assert {one["record"] for one in gone} == {str(made.statement.public_id), str(made.threat.public_id)}


def test_a_corrected_record_is_published_again_as_a_new_version() -> None:
    api, made, by = Api(), a_publication(), a_user(Role.EDITOR)
    withdraw_reading(revision=made.reading.revision, by=by)
    change_annotation(annotation=Annotation.objects.get(pk=made.statement.pk), claim={"venue": "Port"}, by=by)
    publish_reading(revision=made.reading.revision, by=by)
    assert told(after=4) == [("publish", "statement", 2), ("publish", "threat", 1)]
    assert feed(api, after=4)[0]["snapshot"]["venue"] == "Port"


def test_former_versions_stay_citable_after_a_withdrawal() -> None:
    api, made = Api(), a_publication()
    withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
    body = api.get(f"statements/{made.statement.public_id}/versions/", count="true").json
    assert [(one["action"], one["version"]) for one in body["results"]] == [("publish", 1), ("withdraw", 1)]
    assert body["results"][0]["snapshot"]["id"] == str(made.statement.public_id)
    assert (body["count"], api.get(f"threats/{made.threat.public_id}/versions/").status) == (2, 200)


def test_versions_are_given_out_of_what_was_published_only() -> None:
    unpublished, made, api = a_statement(a_reading()), a_publication(), Api()
    assert api.get(f"statements/{unpublished.public_id}/versions/").kind == "not-found"
    assert api.get(f"threats/{made.statement.public_id}/versions/").kind == "not-found"


def test_a_renamed_actor_amends_the_records_that_name_it() -> None:
    made, by = a_publication(), a_user(Role.EDITOR)
    speaker = Annotation.objects.get(pk=made.statement.pk).statement.speaker
    a_publication()
    change_actor(actor=speaker, name="Ada Obi", kind="person", names=(), identity=Identity(), by=by)
    assert told(after=4) == []
    bring_feed_up_to_date(timestamp=0)
    assert told(after=4) == [("amend", "statement", 1), ("amend", "threat", 1)]
    assert feed(Api(), after=4)[0]["snapshot"]["speaker"]["name"] == "Ada Obi"
    assert Revisit.objects.count() == 0


def test_what_changes_nothing_given_out_amends_nothing() -> None:
    made, by = a_publication(), a_user(Role.EDITOR)
    speaker = Annotation.objects.get(pk=made.statement.pk).statement.speaker
    about = Identity(description="A minister.")
    change_actor(actor=speaker, name=speaker.name, kind="person", names=(), identity=about, by=by)
    Source.objects.update(licence="CC BY 4.0")
    assert (Revisit.objects.count(), revisit_readings(most=9, by=None)) == (0, 0)


@pytest.mark.parametrize("change", [{"name": "The Port Times"}, {"reliability": "B"}, {"excerpt_limit": 20}])
def test_what_is_said_of_a_source_amends_its_records(change) -> None:
    a_publication()
    Source.objects.update(**change)
    revisit_readings(most=9, by=None)
    assert told(after=2) == [("amend", "statement", 1), ("amend", "threat", 1)]


def test_a_corrected_title_amends_the_records_of_the_article() -> None:
    made = a_publication()
    Article.objects.filter(pk=made.reading.revision.article_id).update(title="Minister warns")
    revisit_readings(most=9, by=None)
    assert [one["snapshot"]["article"]["title"] for one in feed(Api(), after=2)] == ["Minister warns"] * 2


def test_what_is_given_out_within_an_excerpt_limit_is_cut_in_the_feed() -> None:
    a_publication(source=a_source(excerpt_limit=12))
    for one in feed(Api(Api().user, READ)):
        parts = [span for spans in one["snapshot"]["parts"].values() for span in spans]
        assert sum(len(span["exact"] + span["prefix"] + span["suffix"]) for span in parts) == 12


def test_an_embargoed_record_enters_the_feed_when_the_embargo_ends() -> None:
    ends = timezone.now() + timedelta(hours=1)
    made = a_publication(source=a_source(embargo_hours=2), published_at=ends - timedelta(hours=2))
    assert (told(), Revisit.objects.get().due_at) == ([], ends)
    bring_feed_up_to_date(timestamp=0)
    assert told() == []
    Article.objects.filter(pk=made.reading.revision.article_id).update(published_at=ends - timedelta(hours=4))
    bring_feed_up_to_date(timestamp=0)
    assert told() == [("publish", "statement", 1), ("publish", "threat", 1)]


def test_an_embargo_laid_on_later_withdraws_and_ends_in_publishing() -> None:
    now = timezone.now()
    made = a_publication(published_at=now)
    source = Source.objects.get(articles=made.reading.revision.article_id)
    Source.objects.filter(pk=source.pk).update(embargo_hours=5)
    bring_feed_up_to_date(timestamp=0)
    assert [action for action, _, _ in told(after=2)] == ["withdraw", "withdraw"]
    assert Api().get(f"statements/{made.statement.public_id}/versions/").status == 404
    assert Api(a_user(), READ, WRITE).get(f"statements/{made.statement.public_id}/versions/").status == 200
    Source.objects.filter(pk=source.pk).update(embargo_hours=0)
    bring_feed_up_to_date(timestamp=0)
    assert [action for action, _, _ in told(after=4)] == ["publish", "publish"]


def test_a_record_withdrawn_within_its_embargo_leaves_no_trace() -> None:
    made = a_publication(source=a_source(embargo_hours=2), published_at=timezone.now())
    withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
    Source.objects.update(embargo_hours=0)
    bring_feed_up_to_date(timestamp=0)
    assert told() == []


def test_merging_tells_where_an_actor_went_and_undoing_it_that_it_is_back() -> None:
    actor, into, by, api = an_actor("Obi, A."), an_actor(), a_user(Role.EDITOR), Api()
    merge_actors(actor=actor, into=into, by=by)
    (merge,) = feed(api)
    assert (merge["action"], merge["kind"], merge["record"]) == ("merge", "actor", str(actor.pk))
    assert merge["snapshot"]["merged_into"]["id"] == into.pk
    unmerge_actor(actor=actor, by=by)
    (back,) = feed(api, after=1)
    assert (back["action"], back["snapshot"]["merged_into"]) == ("amend", None)


def test_merging_an_actor_nobody_is_given_tells_nothing() -> None:
    merge_actors(actor=an_actor("Hidden", is_public=False), into=an_actor(), by=a_user(Role.EDITOR))
    assert told() == []


def test_pages_follow_one_another_without_gap_or_repetition() -> None:
    api = Api()
    for _ in range(3):
        a_publication()
    assert [one["seq"] for one in feed(api, page_size=4)] == [1, 2, 3, 4, 5, 6]
    page = api.get("changes/", after=2, page_size=2, count="true").json
    assert ([one["seq"] for one in page["results"]], page["count"]) == ([3, 4], 6)
    assert page["next"].endswith("/api/v1/changes/?page_size=2&count=true&after=4")
    assert api.get("changes/", after=6).json == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "-1"}, "after"),
        ({"after": "x"}, "after"),
        ({"after": "9" * 19}, "after"),
        ({"page_size": "501"}, "page_size"),
        ({"wait": "-1"}, "wait"),
        ({"wait": "31"}, "wait"),
        ({"wait": "²"}, "wait"),
        ({"cursor": "x"}, "cursor"),
        ({"speaker": "1"}, "speaker"),
    ],
)
def test_what_the_feed_does_not_understand_is_refused_by_name(query, field) -> None:
    answer = Api().get("changes/", **query)
    assert (answer.status, list(answer.errors)) == (400, [field])


def test_the_feed_is_for_tokens_that_read_and_is_only_read() -> None:
    assert Api(a_user(), WRITE).get("changes/").kind == "scope"
    assert Api()("POST", "changes/", {}).status == 405


def test_who_waits_gets_what_there_is_at_once_and_nothing_after_the_time() -> None:
    api, _ = Api(), a_publication()
    assert [one["seq"] for one in api.get("changes/", after=1, wait=30).json["results"]] == [2]
    empty = api.get("changes/", after=2, wait=1)
    assert (empty.status, empty.json["results"], "Retry-After" in empty.headers) == (200, [], False)
    again = api("GET", "changes/?after=2&wait=1", if_none_match=empty.headers["ETag"])
    assert again.status == 304


def test_where_too_many_wait_the_answer_comes_at_once_and_says_when_to_ask_again() -> None:
    api = Api()
    with ExitStack() as crowd:
        for _ in range(MOST_WAITING):
            crowd.enter_context(a_seat())
        answer = api.get("changes/", wait=30)
    assert (answer.status, answer.json["results"], answer.headers["Retry-After"]) == (200, [], "5")


def test_the_versions_of_a_record_take_no_wait() -> None:
    made = a_publication()
    answer = Api().get(f"statements/{made.statement.public_id}/versions/", wait=1)
    assert (answer.status, list(answer.errors)) == (400, ["wait"])


def test_a_page_is_asked_for_again_by_its_tag() -> None:
    api, _ = Api(), a_publication()
    tag = api.get("changes/").headers["ETag"]
    assert api("GET", "changes/", if_none_match=tag).status == 304
    a_publication()
    assert api("GET", "changes/", if_none_match=tag).status == 200


def test_a_page_costs_as_many_queries_with_one_change_as_with_many(django_assert_num_queries) -> None:
    api = Api()
    for _ in range(2):
        a_publication()
        with CaptureQueriesContext(connection) as asked:
            api.get("changes/")
        counts = len(asked)
    with django_assert_num_queries(counts):
        api.get("changes/", page_size=1)


def test_publishing_costs_as_many_queries_for_one_record_as_for_three() -> None:
    counts = []
    for words in (["Minister"], ["neighbour", "Monday", "ship"]):
        reading, by = a_reading(), a_user(Role.EDITOR)
        for quote in words:
            a_mention(reading, quote)
        submit_reading(reading=reading, by=reading.reader)
        accept_reading(reading=reading, by=by)
        with CaptureQueriesContext(connection) as asked:
            publish_reading(revision=reading.revision, by=by)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- Truth in the database -----------------------------------------------------------------------


def a_change(**fields: Any) -> Change:
    return Change(
        **{
            "seq": 1,
            "kind": "statement",
            "record": "x",
            "version": 1,
            "action": "publish",
            "snapshot": "{}",
            "sha256": "x",
            "at": datetime(2025, 9, 5, tzinfo=UTC),
        }
        | fields
    )


@pytest.mark.parametrize(
    "fields",
    [{"seq": 2}, {"seq": 0}, {"action": "tell"}, {"snapshot": ""}, {"action": "withdraw"}],
)
def test_a_change_out_of_order_or_out_of_shape_is_refused(fields) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_change(**fields).save(force_insert=True)


def test_a_change_stays_as_it_is() -> None:
    a_change().save(force_insert=True)
    for sql in ("UPDATE dataset_change SET snapshot = '[]'", "DELETE FROM dataset_change"):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# --- At the same moment --------------------------------------------------------------------------


def accepted(by) -> Reading:
    reading = a_reading(revision=a_revision())
    a_mention(reading, "Minister")
    a_mention(reading, "neighbour")
    submit_reading(reading=reading, by=reading.reader)
    return accept_reading(reading=reading, by=by)


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_polls_while_many_publish_misses_nothing() -> None:
    by = a_user(Role.EDITOR)
    shares = [[accepted(by) for _ in range(4)] for _ in range(4)]
    over, failures, seen = Event(), [], []

    def publish(readings: list[Reading]) -> None:
        try:
            for reading in readings:
                publish_reading(revision=reading.revision, by=by)
                withdraw_reading(revision=reading.revision, by=by)
                publish_reading(revision=reading.revision, by=by)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def poll() -> None:
        try:
            is_last = False
            while not is_last:
                is_last = over.is_set()  # asked before the read: what was committed by then is read once more
                after = seen[-1] if seen else 0
                seen.extend(Change.objects.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True)[:7])
                is_last = is_last and after == (seen[-1] if seen else 0)
        finally:
            connection.close()

    reader = Thread(target=poll)
    writers = [Thread(target=publish, args=(share,)) for share in shares]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    reader.join()
    assert failures == []
    assert seen == list(range(1, 4 * 4 * 3 * 2 + 1))


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_waits_hears_of_the_next_change() -> None:
    api, by, heard = Api(), a_user(Role.EDITOR), []
    reading = accepted(by)

    def wait() -> None:
        try:
            heard.append(api.get("changes/", wait=30))
        finally:
            connection.close()

    waiter = Thread(target=wait)
    waiter.start()
    wait_until(waiting_count)
    publish_reading(revision=reading.revision, by=by)
    waiter.join()
    assert [(answer.status, [one["seq"] for one in answer.json["results"]]) for answer in heard] == [(200, [1, 2])]
    assert waiting_count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_token_revoked_while_it_waits_is_not_let_in() -> None:
    api, by, heard = Api(), a_user(Role.EDITOR), []
    reading = accepted(by)

    def wait() -> None:
        try:
            heard.append(api.get("changes/", wait=30))
        finally:
            connection.close()

    waiter = Thread(target=wait)
    waiter.start()
    wait_until(waiting_count)
    Token.objects.filter(user=api.user).update(revoked_at=timezone.now())
    publish_reading(revision=reading.revision, by=by)
    waiter.join()
    assert [answer.status for answer in heard] == [401]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    by = a_user(Role.EDITOR)
    first, second = accepted(by), accepted(by)
    with transaction.atomic():
        publish_reading(revision=first.revision, by=by)
        transaction.set_rollback(True)
    publish_reading(revision=second.revision, by=by)
    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_name_changed_while_its_record_is_being_published_is_amended() -> None:
    by, actor = a_user(Role.EDITOR), an_actor()
    reading = a_reading()
    a_mention(reading, actor=actor.pk)
    submit_reading(reading=reading, by=reading.reader)
    accept_reading(reading=reading, by=by)

    def rename() -> None:
        try:
            change_actor(actor=actor, name="Ada Obi", kind="person", names=(), identity=Identity(), by=by)
        finally:
            connection.close()

    renaming = Thread(target=rename)
    with transaction.atomic():
        publish_reading(revision=reading.revision, by=by)
        renaming.start()
        wait_until_somebody_waits()
    renaming.join()
    revisit_readings(most=9, by=None)
    names = [json.loads(one)["actor"]["name"] for one in Change.objects.values_list("snapshot", flat=True)]
    assert names == ["Adaeze Obi", "Ada Obi"]


def wait_until_somebody_waits() -> None:
    """Until a connection waits for a lock of this one."""

    def how_many() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return int(cursor.fetchone()[0])

    wait_until(how_many)


def test_what_the_feed_says_in_the_end_is_what_readers_get() -> None:
    by = a_user(Role.EDITOR)
    made = [a_publication() for _ in range(3)]
    withdraw_reading(revision=made[0].reading.revision, by=by)
    Source.objects.update(reliability="C")
    bring_feed_up_to_date(timestamp=0)
    held: dict[str, str] = {}
    for change in Change.objects.order_by("seq"):
        held[change.record] = change.snapshot
    given = {one.record: one.data for one in given_out_of(Reading.objects.values_list("pk", flat=True))}
    assert {record: data for record, data in held.items() if data} == given


def test_the_lock_is_one_and_the_same_for_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        assert cursor.fetchone() == (1,)
