"""The exports page: who may ask for what, how it is written, and what is left of what is discarded."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.dataset import exporting
from newsannot.dataset.actions import withdraw_reading
from newsannot.dataset.exporting import (
    MOST_KEPT,
    ExportDiscarded,
    _counted,
    clear_exports,
    discard_export,
    write_export,
)
from newsannot.dataset.models import Export, ExportPart, ExportState
from tests.calling import a_publication
from tests.dataset.formats.making import a_document
from tests.factories import a_reading, a_statement, a_user

pytestmark = pytest.mark.django_db
PAGE = "/exports/"


@pytest.fixture
def analyst(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def a_form(**fields: Any) -> dict[str, Any]:
    return {"format": "jsonl", "layer": "published", "kinds": ["mention", "statement", "threat"]} | fields


def an_export(by: User, **fields: Any) -> Export:
    return Export.objects.create(**{"owner": by, "format": "jsonl", "layer": "published"} | fields)


def lines(response: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_is_written_and_downloaded(client: Client, analyst: User) -> None:
    made = a_publication()
    a_publication()

    asked = client.post(PAGE, a_form(kinds=["statement"], speaker=str(made.speaker)))
    export = Export.objects.get()
    write_export(export.pk)

    assert (asked.status_code, asked["Location"]) == (302, PAGE)
    export.refresh_from_db()
    assert (export.state, export.owner, export.total) == (ExportState.DONE, analyst, 1)
    file = client.get(f"{PAGE}{export.pk}/file/")
    assert file["Content-Disposition"] == f'attachment; filename="newsannot-{export.pk}.jsonl"'
    assert [line["kind"] for line in lines(file)] == ["document", "statement"]
    assert int(file["Content-Length"]) == export.size


def test_the_page_shows_ones_own_alone(client: Client, analyst: User) -> None:
    own, other = an_export(analyst), an_export(a_user())

    shown = client.get(PAGE).content.decode()

    assert f'id="export-{own.pk}"' in shown
    assert f'id="export-{other.pk}"' not in shown


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("get", "file/"), ("post", "discard/")])
def test_anothers_export_is_not_there(client: Client, analyst: User, method: str, path: str) -> None:
    other = an_export(a_user(), state=ExportState.DONE)

    assert getattr(client, method)(f"{PAGE}{other.pk}/{path}").status_code == 404
    assert Export.objects.filter(pk=other.pk).exists()


def test_strangers_sign_in_and_readers_are_told(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(a_user(Role.READER))
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize(("method", "path"), [("put", ""), ("post", "1/file/"), ("get", "1/discard/"), ("post", "1/")])
def test_other_methods_are_refused(client: Client, analyst: User, method: str, path: str) -> None:
    assert getattr(client, method)(f"{PAGE}{path}").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_analysts_handed_in_is_exported_for_editors_alone(client: Client, analyst: User) -> None:
    reading = a_reading()
    a_statement(reading)
    assert reading.reader is not None
    submit_reading(reading=reading, by=reading.reader)

    refused = client.post(PAGE, a_form(layer="submitted"))
    editor = a_user(Role.EDITOR)
    client.force_login(editor)
    client.post(PAGE, a_form(layer="submitted"))
    export = Export.objects.get()
    write_export(export.pk)

    assert refused.status_code == 422
    assert [line["kind"] for line in lines(client.get(f"{PAGE}{export.pk}/file/"))] == ["document", "statement"]
    User.objects.filter(pk=editor.pk).update(role=Role.ANALYST)
    assert client.get(f"{PAGE}{export.pk}/file/").status_code == 403


def test_a_filter_of_unknown_value_is_named_at_its_field(client: Client, analyst: User) -> None:
    refused = client.post(PAGE, a_form(mode="sung"))

    assert refused.status_code == 422
    assert "mode: nothing is known by “sung”." in refused.content.decode()
    assert Export.objects.count() == 0


def test_htmx_gets_the_row_which_asks_again_until_it_is_ready(client: Client, analyst: User) -> None:
    export = an_export(analyst, state=ExportState.RUNNING, done=50, total=120)

    shown = client.get(f"{PAGE}{export.pk}/", headers={"HX-Request": "true"}).content.decode()
    Export.objects.update(state=ExportState.DONE)
    ready = client.get(f"{PAGE}{export.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert "50 of 120 texts" in shown
    assert "hx-get" in shown
    assert "<h1>" not in shown
    assert "hx-get" not in ready
    assert client.get(f"{PAGE}{export.pk}/")["Location"] == PAGE


def test_a_file_that_is_not_ready_is_not_there(client: Client, analyst: User) -> None:
    assert client.get(f"{PAGE}{an_export(analyst).pk}/file/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_is_discarded_leaves_nothing(client: Client, analyst: User) -> None:
    a_publication()
    export = an_export(analyst)
    write_export(export.pk)
    assert ExportPart.objects.count() == 1

    assert client.post(f"{PAGE}{export.pk}/discard/")["Location"] == PAGE

    assert (Export.objects.count(), ExportPart.objects.count()) == (0, 0)
    write_export(export.pk)
    assert Export.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_all_is_read_as_it_stood_at_one_moment(client: Client, analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawn while the file is written, by another connection: it is in the file as it was when that began."""
    made = [a_publication() for _ in range(3)]
    monkeypatch.setattr("newsannot.dataset.gathering.MOST_DOCUMENTS", 1)
    monkeypatch.setattr("newsannot.dataset.exporting.PART", 1)
    seen: list[int] = []

    def withdraw_the_last() -> None:
        withdraw_reading(revision=made[2].reading.revision, by=a_user(Role.EDITOR))
        connection.close()

    def keep(beside: Any, sql: str, params: Any) -> None:
        if not seen:
            with ThreadPoolExecutor(1) as other:
                other.submit(withdraw_the_last).result()
        seen.append(1)
        kept(beside, sql, params)

    kept = exporting._keep
    monkeypatch.setattr("newsannot.dataset.exporting._keep", keep)
    export = an_export(analyst)
    write_export(export.pk)
    found = [line["id"] for line in lines(client.get(f"{PAGE}{export.pk}/file/")) if line["kind"] == "statement"]
    assert found == [str(one.statement.public_id) for one in made]


@pytest.mark.django_db(transaction=True)
def test_one_that_is_cancelled_while_it_is_written_leaves_nothing(
    analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        a_publication()
    monkeypatch.setattr("newsannot.dataset.gathering.MOST_DOCUMENTS", 1)
    monkeypatch.setattr("newsannot.dataset.exporting.PART", 1)
    export = an_export(analyst)
    kept = exporting._keep

    def keep(beside: Any, sql: str, params: Any) -> None:
        if params[1:2] == [2]:
            with ThreadPoolExecutor(1) as other:
                other.submit(cancel).result()
        kept(beside, sql, params)

    def cancel() -> None:
        assert ExportPart.objects.count() == 1
        discard_export(export=export, by=analyst)
        connection.close()

    monkeypatch.setattr("newsannot.dataset.exporting._keep", keep)
    write_export(export.pk)
    assert (Export.objects.count(), ExportPart.objects.count()) == (0, 0)


def test_the_worker_stops_when_an_export_is_cancelled_on_the_way(analyst: User) -> None:
    export = an_export(analyst, state=ExportState.RUNNING)
    found = _counted(iter([a_document("Text.", ())] * 120), export, connection)
    for _ in range(60):
        next(found)
    assert Export.objects.get().done == 50

    discard_export(export=export, by=analyst)

    with pytest.raises(ExportDiscarded):
        list(found)


@pytest.mark.django_db(transaction=True)
def test_a_format_that_lacks_its_library_is_not_offered_and_fails_with_words(client: Client, analyst: User) -> None:
    try:
        __import__("spacy")
    except ImportError:
        export = an_export(analyst, format="spacy")
        write_export(export.pk)
        export.refresh_from_db()
        assert (export.state, "[nlp]" in export.problem) == (ExportState.FAILED, True)
        assert 'value="spacy"' not in client.get(PAGE).content.decode()


def test_so_many_are_kept_and_no_more(client: Client, analyst: User) -> None:
    for _ in range(MOST_KEPT):
        an_export(analyst)

    assert client.post(PAGE, a_form()).status_code == 422
    assert Export.objects.count() == MOST_KEPT


def test_old_exports_go_and_abandoned_ones_are_given_up(analyst: User) -> None:
    old, stalled, fresh = an_export(analyst), an_export(analyst, state="running"), an_export(analyst, state="running")
    now = timezone.now()
    Export.objects.filter(pk=old.pk).update(asked_at=now - timedelta(days=8))
    Export.objects.filter(pk=stalled.pk).update(touched_at=now - timedelta(minutes=20))

    clear_exports()

    assert dict(Export.objects.values_list("pk", "state")) == {stalled.pk: "failed", fresh.pk: "running"}


def test_the_page_asks_as_many_queries_for_three_as_for_one(
    client: Client, analyst: User, django_assert_num_queries: Any
) -> None:
    an_export(analyst)
    client.get(PAGE)
    with django_assert_num_queries(4) as first:
        client.get(PAGE)
    an_export(analyst)
    an_export(analyst)
    with django_assert_num_queries(len(first)):
        client.get(PAGE)
