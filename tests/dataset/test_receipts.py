"""Receipts: where every value of a published record comes from."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.annotations.models import Derivation
from newsannot.dataset.actions import withdraw_reading
from newsannot.dataset.models import Change
from newsannot.review.models import Dispute, Ruling
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import a_reading, a_source, a_statement, a_user

pytestmark = pytest.mark.django_db


def test_a_receipt_says_where_everything_comes_from() -> None:
    made, api = a_publication(), Api()
    record = api.get(f"statements/{made.statement.public_id}/").json
    receipt = api.get(f"statements/{made.statement.public_id}/receipt/").json
    assert {name: receipt[name] for name in ("id", "article", "parts", "version")} == {
        name: record[name] for name in ("id", "article", "parts", "version")
    }
    assert [(one["by"], one["origin"], one["codebook"]) for one in receipt["marked"]] == [(None, "person", 1)]
    assert (receipt["codebook"], receipt["rulings"]) == (1, [])
    assert [(one["seq"], one["action"]) for one in receipt["changes"]] == [(1, "publish")]
    assert receipt["changes"][0]["sha256"] == Change.objects.get(seq=1).sha256


def test_a_ruling_is_told_with_what_was_not_taken_and_names_for_editors_alone() -> None:
    made, editor = a_publication(), a_user(Role.EDITOR)
    choices = [
        {"value": "Port", "readings": [], "annotations": []},
        {"value": "Dock", "readings": [], "annotations": []},
    ]
    dispute = Dispute.objects.create(curated_id=made.statement.pk, name="venue", choices=choices)
    hidden = Dispute.objects.create(curated_id=made.statement.pk, name="note", choices=choices)
    for one in (dispute, hidden):
        Ruling.objects.create(dispute=one, value="Port", reason="slip", note="Line 2.", by=editor)
    path = f"statements/{made.statement.public_id}/receipt/"
    (ruling,) = Api().get(path).json["rulings"]
    assert (ruling["field"], ruling["chosen"], ruling["not_taken"]) == ("venue", "Port", ["Dock"])
    assert (ruling["reason"], ruling["note"], ruling["by"]) == ("slip", "Line 2.", None)
    shown = Api(editor, READ, WRITE).get(path).json
    original = Derivation.objects.get(curated=made.statement.pk).original
    assert (shown["rulings"][0]["by"], shown["marked"][0]["by"]) == (editor.username, original.created_by.username)


def test_records_that_were_chosen_are_named_by_their_public_ids() -> None:
    made, editor = a_publication(), a_user(Role.EDITOR)
    choices = [{"value": [made.statement.pk]}, {"value": []}]
    dispute = Dispute.objects.create(curated_id=made.threat.pk, name="statements", choices=choices)
    Ruling.objects.create(dispute=dispute, value=[made.statement.pk], by=editor)
    (ruling,) = Api().get(f"threats/{made.threat.public_id}/receipt/").json["rulings"]
    assert (ruling["chosen"], ruling["not_taken"]) == ([str(made.statement.public_id)], [[]])


def test_a_receipt_keeps_to_the_excerpt_limit() -> None:
    made = a_publication(source=a_source(excerpt_limit=5))
    parts = Api().get(f"statements/{made.statement.public_id}/receipt/").json["parts"]
    spans = [span for role in parts.values() for span in role]
    assert sum(len(one["exact"] + one["prefix"] + one["suffix"]) for one in spans) == 5


def test_only_what_is_published_has_a_receipt() -> None:
    made, mine = a_publication(), a_statement(a_reading())
    assert Api().get(f"statements/{mine.public_id}/receipt/").kind == "not-found"
    assert Api().get(f"threats/{made.statement.public_id}/receipt/").kind == "not-found"
    withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
    assert Api().get(f"statements/{made.statement.public_id}/receipt/").kind == "not-found"
    assert Api()("POST", f"statements/{made.statement.public_id}/receipt/", {}).status == 405


def test_a_receipt_costs_as_many_queries_for_one_ruling_as_for_three() -> None:
    made, editor, api, counts = a_publication(), a_user(Role.EDITOR), Api(), []
    api.get("statements/")
    for names in (["venue"], ["mode", "said_on"]):
        for name in names:
            dispute = Dispute.objects.create(curated_id=made.statement.pk, name=name, choices=[{"value": ""}])
            Ruling.objects.create(dispute=dispute, value="", by=editor)
        with CaptureQueriesContext(connection) as asked:
            api.get(f"statements/{made.statement.public_id}/receipt/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
