"""Releases: made from the feed, kept for good, compared, verified against the feed replayed."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsannot.accounts.models import Role
from newsannot.actors.actions import merge_actors
from newsannot.annotations.actions import change_annotation
from newsannot.annotations.models import Annotation
from newsannot.core.errors import RuleBroken
from newsannot.dataset.actions import (
    drop_release,
    make_release,
    order_release,
    publish_reading,
    withdraw_reading,
)
from newsannot.dataset.models import Change, Release, ReleaseFile, ReleasePiece
from newsannot.dataset.releasing import making
from newsannot.dataset.releasing.shapes import arrow_schema, cell
from newsannot.dataset.releasing.verifying import bytes_of, verify
from newsannot.dataset.tasks import make_releases
from tests.calling import WRITE, Api, a_publication
from tests.factories import a_source, a_user, an_actor

pytestmark = pytest.mark.django_db


def a_release(name: str = "2025-09") -> Release:
    by = a_user(Role.EDITOR)
    return make_release(order_release(name=name, publisher="The editors", licence="CC-BY-4.0", by=by))


def content(release: Release, name: str) -> bytes:
    return b"".join(bytes_of(release.files.get(name=name)))


def client(role: str = Role.READER) -> Client:
    signed_in = Client()
    signed_in.force_login(a_user(role))
    return signed_in


# --- Making ----------------------------------------------------------------------------------------


def test_a_release_holds_what_stands_as_canonical_json_by_id() -> None:
    made, gone = a_publication(), a_publication()
    withdraw_reading(revision=gone.reading.revision, by=a_user(Role.EDITOR))
    release = a_release()
    last = Change.objects.filter(record=str(made.statement.public_id)).latest("seq")
    assert content(release, "statements.jsonl") == f"{last.snapshot}\n".encode()
    assert (release.state, release.seq, release.done) == ("ready", 6, release.total)
    assert content(release, "mentions.jsonl") == b""


def test_every_file_is_in_the_manifest_with_its_hash() -> None:
    a_publication(source=a_source(licence="All rights reserved"))
    release = a_release()
    manifest = json.loads(content(release, "manifest.json"))
    listed = {one["name"]: one for one in manifest["files"]}
    assert {*listed, "manifest.json"} == set(release.files.values_list("name", flat=True))
    assert {
        *(f"{kind}s.{ending}" for kind in ("statement", "threat", "mention", "actor") for ending in ("jsonl", "csv")),
        *("codebook.json", "dictionary.json", "LICENCE.md", "CITATION.cff", "README.md", "datapackage.json"),
    } <= set(listed)
    for name, one in listed.items():
        data = content(release, name)
        assert (one["sha256"], one["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert listed["statements.csv"]["records"] == 1
    assert "All rights reserved" in content(release, "LICENCE.md").decode()


READ: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "datetime": datetime.fromisoformat,
}
"""How a cell of each type of a Table Schema is read."""


def test_the_data_package_describes_the_tables_as_they_are() -> None:
    a_publication(title='=cmd("x"), «مضيق»\nnext line')
    release = a_release()
    package = json.loads(content(release, "datapackage.json"))
    assert (package["profile"], package["name"]) == ("data-package", "2025-09")
    for resource in package["resources"]:
        file = release.files.get(name=resource["path"])
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{file.sha256}", file.size)
        if resource["format"] == "csv":
            rows = list(csv.reader(io.StringIO(content(release, file.name).decode(), newline="")))
            assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
            assert len(rows) == 1 + file.records
            fields = resource["schema"]["fields"]
            assert all(READ[f["type"]](c) is not None for r in rows[1:] for f, c in zip(fields, r, strict=True) if c)
        else:
            assert (resource.get("type") == "file") == (resource["format"] == "parquet" or file.size == 0)
    (row,) = csv.DictReader(io.StringIO(content(release, "threats.csv").decode(), newline=""))
    assert row["article_title"] == '\'=cmd("x"), «مضيق»\nnext line'
    assert (row["condition_words"], row["harm_targets"]) == ("If a single ship crosses the line", "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1", "'=1"), (" -1", "' -1"), ("“Ja”", "“Ja”"), (True, "true"), (None, ""), (["a", 2], "a; 2"), (-3, -3)],
)
def test_no_cell_is_taken_for_a_formula(value, shown) -> None:
    assert cell(value) == shown


def test_the_schema_of_parquet_has_the_fields_of_the_api() -> None:
    class Arrow:
        string, int64, bool_ = staticmethod(lambda: "s"), staticmethod(lambda: "i"), staticmethod(lambda: "b")
        list_, struct, schema = staticmethod(lambda of: [of]), staticmethod(dict), staticmethod(dict)

    schema = arrow_schema(Arrow, "statement")
    assert (schema["speaker"]["id"], schema["threats"], schema["negated"]) == ("i", ["s"], "b")
    assert schema["parts"]["content"][0]["exact"] == "s"


def test_an_actor_that_was_merged_is_told_of() -> None:
    a_publication()
    actor, into = an_actor("Obi, A."), an_actor()
    merge_actors(actor=actor, into=into, by=a_user(Role.EDITOR))
    (line,) = content(a_release(), "actors.jsonl").splitlines()
    assert json.loads(line)["merged_into"]["id"] == into.pk


def test_the_citation_names_publisher_and_version() -> None:
    a_publication()
    said = content(a_release(), "CITATION.cff").decode()
    assert 'authors: [{"name": "The editors"}]' in said
    assert 'version: "2025-09"' in said


def test_a_long_file_is_kept_in_pieces(monkeypatch) -> None:
    monkeypatch.setattr(making, "PIECE", 100)
    a_publication()
    release = a_release()
    file = release.files.get(name="statements.jsonl")
    sizes = [len(one.data) for one in ReleasePiece.objects.filter(file=file)]
    assert (sum(sizes), set(sizes[:-1])) == (file.size, {100})
    assert verify(release)[0].problem == ""


def test_the_worker_makes_what_was_ordered_also_what_was_left_half_done() -> None:
    a_publication()
    release = order_release(name="2025-09", publisher="Us", licence="CC0-1.0", by=a_user(Role.EDITOR))
    ReleaseFile.objects.create(release=release, name="statements.jsonl", media_type="x", size=9, sha256="x")
    make_releases(timestamp=0)
    release.refresh_from_db()
    assert (release.state, verify(release)[0].problem) == ("ready", "")


def test_one_that_fails_leaves_nothing_behind_and_its_name_can_be_freed(monkeypatch) -> None:
    a_publication()
    by = a_user(Role.EDITOR)
    release = order_release(name="2025-09", publisher="Us", licence="CC0-1.0", by=by)
    monkeypatch.setattr(making, "PIECE", "no number")
    with pytest.raises(TypeError):
        make_release(release)
    release.refresh_from_db()
    assert (release.state, ReleaseFile.objects.count()) == ("failed", 0)
    drop_release(release=release, by=by)
    assert Release.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "September 2025"}, "name"),
        ({"name": "new"}, "name"),
        ({"name": "../x"}, "name"),
        ({"publisher": " "}, "publisher"),
        ({"licence": ""}, "licence"),
        ({"notes": "a\x00"}, "notes"),
    ],
)
def test_a_release_that_cannot_be_made_is_refused_by_field(said, field) -> None:
    a_publication()
    with pytest.raises(RuleBroken) as refusal:
        order_release(**{"name": "x", "publisher": "Us", "licence": "CC0", "by": a_user(Role.EDITOR)} | said)
    assert list(refusal.value.problems) == [field]


def test_neither_a_name_that_is_taken_nor_an_empty_record_is_released() -> None:
    with pytest.raises(RuleBroken, match="Nothing was published"):
        a_release()
    a_publication()
    a_release()
    with pytest.raises(RuleBroken, match="never changes"):
        a_release()


# --- For good --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dataset_release SET licence = 'x'",
        "UPDATE dataset_releasefile SET sha256 = 'x'",
        "UPDATE dataset_releasepiece SET data = ''",
        "DELETE FROM dataset_releasepiece",
        "DELETE FROM dataset_release",
        "INSERT INTO dataset_releasepiece (file_id, number, data) SELECT id, 99, 'x' FROM dataset_releasefile LIMIT 1",
    ],
)
def test_the_database_keeps_a_release_as_it_is(sql) -> None:
    a_publication()
    a_release()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_replaying_the_feed_gives_the_release_after_everything_changed_since(capsys) -> None:
    made, by = a_publication(), a_user(Role.EDITOR)
    release = a_release()
    before = content(release, "statements.jsonl")
    withdraw_reading(revision=made.reading.revision, by=by)
    a_publication()
    call_command("verify_release", "2025-09")
    assert "byte for byte" in capsys.readouterr().out
    assert content(release, "statements.jsonl") == before


def test_what_is_not_what_the_feed_says_is_named(capsys) -> None:
    a_publication()
    release = order_release(name="2025-09", publisher="Us", licence="CC0", by=a_user(Role.EDITOR))
    making.store(release, "threats.jsonl", "x", [b"{}"])
    wrong = making.store(release, "README.md", "x", [b"words"])
    ReleaseFile.objects.filter(pk=wrong.pk).update(size=4)
    Release.objects.update(state="ready", finished_at=timezone.now())
    with pytest.raises(SystemExit):
        call_command("verify_release", "2025-09")
    assert capsys.readouterr().out.splitlines() == [
        "WRONG threats.jsonl Replaying the feed gives other bytes.",
        "WRONG README.md The bytes are not those the hash was taken of.",
    ]


def test_only_a_finished_release_is_verified() -> None:
    with pytest.raises(CommandError, match="no finished release"):
        call_command("verify_release", "nothing")


# --- Comparing and giving out ------------------------------------------------------------------------


def two_releases() -> tuple[Any, Any, Any]:
    """A record changed between two releases, one removed, one added; answers the three publications."""
    changed, removed, by = a_publication(), a_publication(), a_user(Role.EDITOR)
    a_release("first")
    withdraw_reading(revision=changed.reading.revision, by=by)
    change_annotation(annotation=Annotation.objects.get(pk=changed.statement.pk), claim={"venue": "Port"}, by=by)
    publish_reading(revision=changed.reading.revision, by=by)
    withdraw_reading(revision=removed.reading.revision, by=by)
    added = a_publication()
    a_release("second")
    return changed, removed, added


def test_what_differs_between_two_is_told_record_by_record() -> None:
    changed, removed, added = two_releases()
    body = Api().get("releases/second/since/first/").json
    told = {one["record"]: (one["what"], one["differing"]) for one in body["results"]}
    assert told[str(changed.statement.public_id)] == ("changed", ["updated_at", "venue", "version"])
    assert told[str(removed.threat.public_id)] == ("removed", [])
    assert told[str(added.threat.public_id)] == ("added", [])
    assert len(told) == 6


def test_differences_come_in_pages() -> None:
    two_releases()
    api = Api()
    whole = [one["record"] for one in api.get("releases/second/since/first/").json["results"]]
    first = api.get("releases/second/since/first/", page_size=4).json
    rest = api.get(first["next"]).json
    assert ([one["record"] for one in first["results"] + rest["results"]], rest["next"]) == (whole, None)


def test_a_release_is_compared_with_former_ones_only() -> None:
    two_releases()
    assert Api().get("releases/first/since/second/").kind == "not-found"
    assert Api().get("releases/first/since/first/").json["results"] == []
    assert list(Api().get("releases/second/since/first/", after="?").errors) == ["after"]


def test_the_api_lists_releases_with_their_files() -> None:
    a_publication()
    release, api = a_release(), Api()
    order_release(name="half", publisher="Us", licence="CC0", by=a_user(Role.EDITOR))
    (listed,) = api.get("releases/").json["results"]
    assert listed == api.get("releases/2025-09/").json
    assert {one["name"]: one["sha256"] for one in listed["files"]} == dict(release.files.values_list("name", "sha256"))
    assert api.get("releases/half/").kind == "not-found"
    assert Api(a_user(), WRITE).get("releases/").kind == "scope"


def test_a_file_comes_byte_for_byte_and_not_twice() -> None:
    a_publication()
    release, api = a_release(), Api()
    path = next(f["path"] for f in api.get("releases/2025-09/").json["files"] if f["name"] == "threats.csv")
    answer = api.client.get(path)
    assert b"".join(answer.streaming_content) == content(release, "threats.csv")
    assert api.client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert api.client.get("/api/v1/releases/2025-09/files/secret/").status_code == 404


def test_lists_cost_as_many_queries_for_one_release_as_for_three() -> None:
    a_publication()
    pages, api, counts = client(Role.EDITOR), Api(), []
    pages.get("/releases/")
    api.get("releases/")
    for names in (["a"], ["b", "c"]):
        for name in names:
            a_release(name)
        with CaptureQueriesContext(connection) as asked:
            api.get("releases/")
            pages.get("/releases/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- Pages -----------------------------------------------------------------------------------------


def test_readers_see_releases_and_editors_also_those_being_made() -> None:
    a_publication()
    a_release("first")
    order_release(name="half", publisher="Us", licence="CC0", by=a_user(Role.EDITOR))
    reader, editor = client(), client(Role.EDITOR)
    assert b"first" in reader.get("/releases/").content
    assert (b"half" in reader.get("/releases/").content, b"half" in editor.get("/releases/").content) == (False, True)
    assert (reader.get("/releases/half/").status_code, editor.get("/releases/half/").status_code) == (404, 200)
    assert b"<progress" in editor.get("/releases/half/").content


def test_a_stranger_signs_in_first_and_only_editors_make_releases() -> None:
    assert Client().get("/releases/").status_code == 302
    for role in (Role.READER, Role.ANALYST):
        assert client(role).get("/releases/new/").status_code == 403
        assert client(role).post("/releases/x/drop/").status_code == 403
    assert client(Role.EDITOR).get("/releases/x/drop/").status_code == 405
    assert client(Role.EDITOR).delete("/releases/new/").status_code == 405


def test_an_editor_orders_a_release_by_a_form() -> None:
    a_publication()
    editor = client(Role.EDITOR)
    refused = editor.post("/releases/new/", {"name": "Bad name", "publisher": "Us", "licence": "CC0"})
    assert (refused.status_code, b"Small letters" in refused.content) == (422, True)
    made = editor.post("/releases/new/", {"name": "2025-09", "publisher": "Us", "licence": "CC0", "notes": ""})
    assert (made.status_code, made["Location"]) == (302, "/releases/2025-09/")
    assert Release.objects.get().state == "making"


def test_the_page_of_a_release_offers_its_files_and_what_is_new() -> None:
    two_releases()
    reader = client()
    page = reader.get("/releases/second/").content.decode()
    assert "/releases/second/files/statements.jsonl/" in page
    assert "/releases/second/since/first/" in page
    assert b"".join(reader.get("/releases/second/files/CITATION.cff/").streaming_content).startswith(b"cff-version")
    differing = reader.get("/releases/second/since/first/").content.decode()
    assert "differs in updated_at, venue, version" in differing
    assert reader.get("/releases/first/since/second/").status_code == 404


def test_a_release_that_failed_is_taken_away_on_its_page() -> None:
    a_publication()
    order_release(name="half", publisher="Us", licence="CC0", by=a_user(Role.EDITOR))
    editor = client(Role.EDITOR)
    assert editor.post("/releases/half/drop/")["Location"] == "/releases/half/"
    Release.objects.update(state="failed")
    assert b"free its name" in editor.get("/releases/half/").content
    assert editor.post("/releases/half/drop/")["Location"] == "/releases/"
    assert Release.objects.count() == 0
