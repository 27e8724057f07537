"""Export then import loses what docs/formats.md says, and no more, whatever the text."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from newsannot.dataset.formats.form import Document, Record, Span
from newsannot.dataset.formats.stretches import xml_text
from tests.dataset.formats.making import documents, read_back, reasons, told, written

LENIENT = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def without(records: Iterable[Record], *fields: str) -> list[Record]:
    return [replace(r, claim={n: v for n, v in r.claim.items() if n not in fields}) for r in records]


@pytest.mark.parametrize("name", ["jsonl", "w3c", "label-studio"])
@LENIENT
@given(document=documents())
def test_nothing_is_lost(name: str, document: Document, tmp_path: Path) -> None:
    (back,) = read_back(name, written(name, document), tmp_path)

    assert reasons(back.problems) == []
    assert told(back.records) == told(document.records)
    assert back.sha256 == document.sha256
    assert back.text == (None if name == "w3c" else document.text)


@LENIENT
@given(document=documents())
def test_brat_joins_pieces_that_only_line_ends_part(document: Document, tmp_path: Path) -> None:
    (back,) = read_back("brat", written("brat", document), tmp_path)

    assert reasons(back.problems) == []
    assert back.text == document.text
    expected = [replace(r, spans=_joined(r.spans, document.text)) for r in document.records]
    assert told(back.records) == told(expected)


def _joined(spans: tuple[Span, ...], text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.role, span.start)):
        last = found[-1] if found else None
        if last and last.role == span.role and last.end < span.start and not text[last.end : span.start].strip("\n"):
            found[-1] = Span(span.role, last.start, span.end)
        else:
            found.append(span)
    return tuple(sorted(found, key=lambda span: (span.start, span.end, span.role)))


@LENIENT
@given(document=documents())
def test_doccano_loses_the_fields_and_ids_alone(document: Document, tmp_path: Path) -> None:
    (back,) = read_back("doccano", written("doccano", document), tmp_path)

    assert reasons(back.problems) == []
    assert back.text == document.text
    links = {"parent", "statements", "primary_statement"}
    expected = [(r.kind, r.spans, {n for n in r.claim if n in links}) for r in document.records]
    assert [(r.kind, r.spans, set(r.claim)) for r in back.records] == expected


@LENIENT
@given(document=documents())
def test_tsv3_loses_no_record(document: Document, tmp_path: Path) -> None:
    (back,) = read_back("tsv3", written("tsv3", document), tmp_path)

    assert reasons(back.problems) == []
    marked = [
        replace(r, spans=tuple(s for s in r.spans if _has_token(document.text[s.start : s.end])))
        for r in document.records
    ]
    assert told(back.records) == told([r for r in marked if r.spans])
    assert back.key == document.key


def _has_token(words: str) -> bool:
    return not words.isspace()


@LENIENT
@given(document=documents())
def test_xmi_loses_only_what_xml_forbids(document: Document, tmp_path: Path) -> None:
    pytest.importorskip("cassis")

    (back,) = read_back("xmi", written("xmi", document), tmp_path)

    assert reasons(back.problems) == []
    assert back.text == xml_text(document.text)
    assert back.sha256 == document.sha256
    assert told(back.records) == told(document.records)
