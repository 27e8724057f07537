"""Carrying records into the curated reading."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.annotations.actions import change_annotation
from newsannot.annotations.copying import copy_records
from newsannot.annotations.models import Annotation, Derivation, Reading
from newsannot.annotations.queries import read_record
from tests.annotations.test_actions import at_commit
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db


def curated_of(reading: Reading) -> Reading:
    return Reading.objects.create(revision=reading.revision, codebook=reading.codebook)


def test_copies_say_the_same_and_name_each_other() -> None:
    reading, actor = a_reading(), an_actor()
    inner = a_statement(reading, speaker=actor.pk, mode="direct", addressees=[actor.pk])
    outer = a_statement(reading, note="outer")
    change_annotation(annotation=inner, claim={"parent": outer.pk}, by=reading.reader)
    threat = a_threat(reading, inner, issuer=actor.pk, harm_targets=[actor.pk], plover_contexts=["military"])
    mention = a_mention(reading, actor=actor.pk)
    curated = curated_of(reading)
    copies = copy_records(reading.annotations.all(), into=curated, by=a_user("editor"))
    at_commit()
    originals = {pk: read_record(Annotation.objects.get(pk=pk)) for pk in (inner.pk, outer.pk, threat.pk, mention.pk)}
    copied = {pk: read_record(Annotation.objects.get(pk=copies[pk])) for pk in originals}
    assert {pk: r.parts for pk, r in copied.items()} == {pk: r.parts for pk, r in originals.items()}
    assert copied[inner.pk].claim == {**originals[inner.pk].claim, "parent": copies[outer.pk]}
    assert copied[threat.pk].claim == {
        **originals[threat.pk].claim,
        "statements": [copies[inner.pk]],
        "primary_statement": copies[inner.pk],
    }
    assert copied[mention.pk].claim == originals[mention.pk].claim
    assert set(Derivation.objects.values_list("curated_id", "original_id")) == {(new, pk) for pk, new in copies.items()}


def test_a_record_that_stands_already_is_not_doubled() -> None:
    first = a_reading()
    statement = a_statement(first)
    a_threat(first, statement)
    curated, editor = curated_of(first), a_user("editor")
    copy_records(first.annotations.all(), into=curated, by=editor)
    second = a_reading(revision=first.revision)
    again = a_statement(second)
    a_threat(second, again)
    new = a_mention(second)
    copies = copy_records(second.annotations.all(), into=curated, by=editor)
    at_commit()
    assert sorted(curated.annotations.values_list("kind", flat=True)) == ["mention", "statement", "threat"]
    kept = Annotation.objects.get(pk=copies[again.pk])
    assert set(kept.derived_from.values_list("pk", flat=True)) == {statement.pk, again.pk}
    assert Annotation.objects.get(pk=copies[new.pk]).spans.count() == 1


def test_the_number_of_queries_does_not_grow() -> None:
    counts = []
    for mentions in (["envoy"], ["envoy", "strait", "Monday", "reckless"]):
        reading = a_reading()
        a_statement(reading)
        for quote in mentions:
            a_mention(reading, quote)
        curated, editor = curated_of(reading), a_user("editor")
        with CaptureQueriesContext(connection) as queries:
            copy_records(reading.annotations.all(), into=curated, by=editor)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
