"""The Python client against a real server: pages, refusals, and a copy that survives being killed."""

import gzip
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.actions import make_token
from newsannot.accounts.models import Role, User
from newsannot.actors.actions import change_actor, merge_actors
from newsannot.actors.models import Actor
from newsannot.actors.rules import Identity
from newsannot.annotations.models import Annotation
from newsannot.core.places import waiting_count
from newsannot.dataset.actions import make_release, order_release, publish_reading, withdraw_reading
from newsannot.dataset.models import Change, Release
from newsannot.dataset.releasing import making
from newsannot.dataset.releasing.shapes import KINDS
from newsannot.dataset.releasing.verifying import bytes_of
from newsannot.dataset.snapshots import given_out_of
from newsannot.dataset.tasks import bring_feed_up_to_date
from newsannot_client import ApiError, Checked, Client, LocalCopy, SyncRefused, Unreachable, verify
from tests.calling import READ, Published, a_publication
from tests.factories import a_user, numbers
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = [sys.executable, "-m", "newsannot_client"]
CLIENTS = Path(__file__).resolve().parents[2] / "clients" / "python"


@pytest.fixture
def key(live_server: LiveServer) -> str:
    """A reader's token."""
    return make_token(name="client", scopes=(READ,), by=a_user(Role.READER))[1]


@pytest.fixture
def api(live_server: LiveServer, key: str) -> Client:
    return Client(live_server.url, key, patience=5)


@pytest.fixture
def editor(live_server: LiveServer) -> User:
    return a_user(Role.EDITOR)


@contextmanager
def serving(answer: Callable[[str, dict[str, str]], tuple[int, dict[str, str], bytes]]) -> Iterator[str]:
    """A server of the test's own, that answers a path and headers with status, headers and body; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def a_release(by: User) -> Release:
    """A release of all there is."""
    release = order_release(name="2025-09", publisher="Us", licence="CC0", by=by)
    make_release(release)
    return Release.objects.get(pk=release.pk)


def given_out() -> list[str]:
    """What readers get now, as the client writes it out."""
    readings = Annotation.objects.filter(is_published=True).values_list("reading", flat=True).distinct()
    return sorted(one.data for one in given_out_of(readings))


def test_pages_are_followed_and_filters_passed_on(api: Client) -> None:
    one, other = a_publication(), a_publication()
    asked = api.statements(page_size=1)
    assert [statement["id"] for statement in asked] == [str(one.statement.public_id), str(other.statement.public_id)]
    article = other.reading.revision.article_id
    assert [threat["id"] for threat in api.threats(article=[article])] == [str(other.threat.public_id)]
    assert api.statement(str(one.statement.public_id))["threats"] == [str(one.threat.public_id)]


def test_a_refusal_says_what_is_wrong_with_what(api: Client, live_server: LiveServer) -> None:
    with pytest.raises(ApiError, match="shouted") as refused:
        list(api.statements(mode="shouted"))
    assert (refused.value.status, list(refused.value.errors)) == (400, ["mode"])
    with pytest.raises(ApiError) as stranger:
        Client(live_server.url, "wrong").get("statements/")
    assert stranger.value.status == 401


def test_a_token_goes_to_its_own_server_only(api: Client) -> None:
    with pytest.raises(ValueError, match="another server"):
        api.get("http://127.0.0.1:1/api/v1/statements/")
    with pytest.raises(ValueError, match="no http"):
        Client("file:///etc/", "key")


def test_a_server_that_does_not_answer_is_given_up_on() -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1/"):
        Client("http://127.0.0.1:1/", "key", patience=0.1).get("statements/")


def test_who_is_told_to_wait_waits_and_asks_again() -> None:
    asked: list[float] = []

    def busy_once(_path: str, _headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(time.monotonic())
        return (429, {"Retry-After": "1"}, b"") if len(asked) == 1 else (200, {}, b'{"next": null, "results": []}')

    with serving(busy_once) as address:
        assert list(Client(address, "key").statements()) == []
    assert asked[1] - asked[0] >= 1


def test_a_copy_holds_what_is_given_out(api: Client, tmp_path: Path, editor: User) -> None:
    made, gone = a_publication(title="Straße – «مضيق» 🚢"), a_publication()
    withdraw_reading(revision=gone.reading.revision, by=editor)
    with LocalCopy(tmp_path / "copy") as copy:
        synced = copy.sync(api, page_size=2)
        assert (synced.changes, synced.seq) == (6, 6)
        assert [one["id"] for one in copy.records("statement")] == [str(made.statement.public_id)]
        assert copy.record(str(gone.threat.public_id)) is None
        copy.dump(tmp_path / "dump")
        assert copy.sync(api).changes == 0
    assert (tmp_path / "dump").read_text("utf-8").splitlines() == given_out()


def test_a_copy_waits_for_the_next_change(api: Client, tmp_path: Path, editor: User) -> None:
    made = a_publication()

    def withdraw() -> None:
        wait_until(waiting_count)
        withdraw_reading(revision=made.reading.revision, by=editor)
        connection.close()

    with LocalCopy(tmp_path / "copy") as copy:
        copy.sync(api)
        editing = Thread(target=withdraw)
        editing.start()
        synced = copy.sync(api, wait=20)
        editing.join()
        assert (synced.changes, synced.seq, list(copy.records())) == (2, 4, [])


def test_a_copy_knows_where_merged_actors_went(api: Client, tmp_path: Path, editor: User) -> None:
    one, other = a_publication(), a_publication()
    gone, stays = (Annotation.objects.get(pk=made.statement.pk).statement.speaker for made in (one, other))
    merge_actors(actor=gone, into=stays, by=editor)
    with LocalCopy(tmp_path / "copy") as copy:
        copy.sync(api)
        assert (copy.actor_now(gone.pk), copy.actor_now(stays.pk)) == (stays.pk, stays.pk)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE place SET address = 'https://other.example/'", "This copy is of https://other.example/"),
        ("UPDATE place SET seq = 9", "has no change 9 any more"),
        ("UPDATE place SET last = 'publish x y'", "Change 2 is not what it was"),
    ],
)
def test_a_feed_that_does_not_continue_the_copy_is_refused(
    api: Client, tmp_path: Path, damage: str, words: str
) -> None:
    a_publication()
    with LocalCopy(tmp_path / "copy") as copy:
        copy.sync(api)
        copy._database.execute(damage)
        with pytest.raises(SyncRefused, match=words):
            copy.sync(api)
        assert len(list(copy.records())) == 2


@pytest.mark.parametrize(
    ("found", "put", "words"),
    [
        (b'"negated":false', b'"negated":true', "Change 1 came damaged"),
        (b'"seq":2', b'"seq":3', "After change 1 comes 3"),
    ],
)
def test_what_was_changed_on_the_way_is_refused(
    api: Client, tmp_path: Path, found: bytes, put: bytes, words: str
) -> None:
    a_publication()
    told = json.dumps(api.get("changes/"), separators=(",", ":")).encode()
    assert found in told

    def tampering(_path: str, _headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Encoding": "gzip"}, gzip.compress(told.replace(found, put, 1))

    with serving(tampering) as address, LocalCopy(tmp_path / "copy") as copy:
        with pytest.raises(SyncRefused, match=words):
            copy.sync(Client(address, "key"))
        assert (list(copy.records()), copy.seq) == ([], 0)


def test_a_release_is_verified_over_the_api_alone(
    api: Client, live_server: LiveServer, key: str, editor: User, capsys: pytest.CaptureFixture[str]
) -> None:
    made, other = a_publication(title="Straße – «مضيق» 🚢"), a_publication()
    withdraw_reading(revision=other.reading.revision, by=editor)
    release = a_release(editor)
    publish_reading(revision=other.reading.revision, by=editor)
    withdraw_reading(revision=made.reading.revision, by=editor)
    checked = list(verify(api, "2025-09"))
    assert [one.name for one in checked] == [file.name for file in release.files.all()]
    assert [one for one in checked if one.problem] == []
    call_command("verify_release", "2025-09", url=live_server.url, token=key)
    program = [*PROGRAM, "verify", "2025-09", live_server.url]
    said = subprocess.run(program, cwd=CLIENTS, env=_surroundings(key), capture_output=True, text=True, check=True)
    assert said.stdout == capsys.readouterr().out
    assert said.stdout.endswith("Release 2025-09 is what the feed says, byte for byte.\n")


def test_a_release_that_is_not_what_the_feed_says_is_named(
    api: Client, live_server: LiveServer, key: str, editor: User
) -> None:
    a_publication()
    release = order_release(name="2025-09", publisher="Us", licence="CC0", by=editor)
    making.store(release, "threats.jsonl", "x", [b"{}"])
    Release.objects.update(state="ready", finished_at=timezone.now())
    assert list(verify(api, "2025-09")) == [Checked("threats.jsonl", "Replaying the feed gives other bytes.")]
    with pytest.raises(SystemExit):
        call_command("verify_release", "2025-09", url=live_server.url, token=key)
    with pytest.raises(CommandError, match="no such release"):
        call_command("verify_release", "nothing", url=live_server.url, token=key)
    with pytest.raises(CommandError, match="no http"):
        call_command("verify_release", "2025-09", url="file:///etc/")


def test_the_program_says_in_a_line_what_is_wrong(live_server: LiveServer, tmp_path: Path) -> None:
    command = [*PROGRAM, "sync", str(tmp_path / "copy"), live_server.url]
    without = subprocess.run(command, cwd=CLIENTS, env=_surroundings(None), capture_output=True, text=True, check=False)
    assert (without.returncode, without.stderr) == (1, "Set NEWSANNOT_TOKEN to your API token.\n")
    wrong = subprocess.run(command, cwd=CLIENTS, env=_surroundings("x"), capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stderr[:4]) == (1, "401:")


def test_the_example_draws_from_a_copy(live_server: LiveServer, key: str, tmp_path: Path) -> None:
    a_publication()
    command = [sys.executable, "examples/threats_by_month.py", live_server.url, str(tmp_path / "threats.svg")]
    around = {**_surroundings(key), "NEWSANNOT_COPY": str(tmp_path / "copy"), "PYTHONPATH": str(CLIENTS)}
    done = subprocess.run(command, cwd=CLIENTS, env=around, capture_output=True, text=True, check=True)
    assert "1 threats" in done.stdout
    assert "<rect" in (tmp_path / "threats.svg").read_text("utf-8")


def test_a_copy_killed_over_and_over_ends_as_the_record(
    live_server: LiveServer, key: str, tmp_path: Path, editor: User
) -> None:
    chance, published, withdrawn = random.Random(7), [a_publication()], []  # noqa: S311
    command = [*PROGRAM, "sync", str(tmp_path / "copy"), live_server.url, "--page-size", "1"]
    began = time.monotonic()
    subprocess.run(command, cwd=CLIENTS, env=_surroundings(key), check=True, capture_output=True)
    whole, killed = time.monotonic() - began, 0  # of which each one gets a part, on a slow machine as on a quick one
    for _ in range(100):
        syncing = subprocess.Popen(
            command, cwd=CLIENTS, env=_surroundings(key), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) if chance.random() < 0.4 else None  # fmt: skip
        _do_something(chance, published, withdrawn, editor)
        if syncing:
            time.sleep(chance.random() * whole)
            killed += syncing.poll() is None
            syncing.kill()
            syncing.wait()
    bring_feed_up_to_date(timestamp=0)
    subprocess.run(command, cwd=CLIENTS, env=_surroundings(key), check=True, capture_output=True)
    subprocess.run([*PROGRAM, "dump", str(tmp_path / "copy"), str(tmp_path / "dump")], cwd=CLIENTS, check=True)
    held = [
        line for line in (tmp_path / "dump").read_text("utf-8").splitlines() if "merged_into" not in json.loads(line)
    ]
    assert sorted(held) == given_out()
    release = a_release(editor)
    with LocalCopy(tmp_path / "copy") as copy:
        assert copy.seq == release.seq
        ours = {kind: "".join(copy.lines(kind)).encode() for kind in KINDS}
    assert ours == {kind: b"".join(bytes_of(release.files.get(name=f"{kind}s.jsonl"))) for kind in KINDS}
    assert [kind for kind in KINDS if ours[kind]] == ["statement", "threat", "actor"]
    actions = set(Change.objects.values_list("action", flat=True))
    assert (actions, killed > 5) == ({"publish", "amend", "withdraw", "merge"}, True)


def _do_something(chance: random.Random, published: list[Published], withdrawn: list[Published], by: User) -> None:
    what = chance.choice(["publish", "amend", "withdraw", "again", "merge"])
    if what == "publish" or not published:
        published.append(a_publication())
    elif what == "withdraw":
        made = published.pop(chance.randrange(len(published)))
        withdraw_reading(revision=made.reading.revision, by=by)
        withdrawn.append(made)
    elif what == "again" and withdrawn:
        made = withdrawn.pop()
        publish_reading(revision=made.reading.revision, by=by)
        published.append(made)
    else:
        speakers = Actor.objects.filter(merged_into=None, kind="person").order_by("pk")
        one, *others = chance.sample(list(speakers), k=min(2, len(speakers)))
        if what == "merge" and others:
            merge_actors(actor=one, into=others[0], by=by)
        else:
            name = f"Renamed {next(numbers)}"
            change_actor(actor=one, name=name, kind="person", names=(), identity=Identity(), by=by)
        bring_feed_up_to_date(timestamp=0)


def _surroundings(key: str | None) -> dict[str, str]:
    around = {name: value for name, value in os.environ.items() if name != "NEWSANNOT_TOKEN"}
    return around if key is None else {**around, "NEWSANNOT_TOKEN": key}
