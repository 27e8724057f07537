"""Each export opens in the format's own library, with the right slices of the text."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from lxml import etree

from newsannot.dataset.formats.form import Actor, Document, Record, Ref, Span
from tests.dataset.formats.making import TEXT, a_document, written

OBI = Actor("Adaeze Obi", "person", "Q1", id=5)
RIVAL = Actor("=cmd", "state", iso3="RIV", cow_code="12")


def place(words: str, role: str) -> Span:
    at = TEXT.index(words)
    return Span(role, at, at + len(words))


@pytest.fixture
def document() -> Document:
    said = Record(
        "00000000-0000-4000-8000-000000000001",
        "statement",
        {"speaker": OBI, "mode": "direct", "credibility": "2"},
        (place("Obi", "source"), place("said", "cue"), place("“We will close the strait,”", "content")),
        updated_at="2025-09-05T12:00:00+00:00",
    )
    threat = Record(
        "00000000-0000-4000-8000-000000000002",
        "threat",
        {"issuer": OBI, "harm_targets": (RIVAL,), "credibility": "6", "statements": (Ref(said.id),), "cameo": "138"},
        (place("We will close the strait", "consequence"), place("unless they leave", "condition")),
        updated_at="2025-09-05T12:00:00+00:00",
    )
    return a_document(TEXT, (said, threat), title="=HYPERLINK(1)", published_at="2025-09-05T10:00:00+00:00", source="S")


def slices(document: Document) -> list[str]:
    return sorted(document.text[span.start : span.end] for record in document.records for span in record.spans)


def test_uima_reads_the_slices_by_its_own_offsets(document: Document) -> None:
    cassis = pytest.importorskip("cassis")
    archive = zipfile.ZipFile(io.BytesIO(written("xmi", document)))

    types = cassis.load_typesystem(archive.read("TypeSystem.xml").decode())
    xmi = archive.read("a7-r1.xmi").decode()
    cas = cassis.load_cas_from_xmi(xmi, typesystem=types)

    assert sorted(one.get_covered_text() for one in cas.select("newsannot.Evidence")) == slices(document)
    assert [one.speaker for one in cas.select("newsannot.Statement")] == ["Adaeze Obi (person, Q1)"]
    begin = etree.fromstring(xmi.encode()).find("{*}Evidence[@role='source']").get("begin")  # type: ignore[union-attr]
    assert int(begin or 0) == len(TEXT[: TEXT.index("Obi")].encode("utf-16-le")) // 2


def test_spacy_reads_the_slices(document: Document) -> None:
    spacy = pytest.importorskip("spacy")
    tokens = pytest.importorskip("spacy.tokens")

    (doc,) = tokens.DocBin().from_bytes(written("spacy", document)).get_docs(spacy.blank("xx").vocab)

    assert doc.text == document.text
    assert sorted(span.text for span in doc.spans["newsannot"]) == slices(document)
    assert {span.label_ for span in doc.spans["newsannot"]} == {
        "statement.source", "statement.cue", "statement.content", "threat.consequence", "threat.condition"
    }  # fmt: skip


def test_stix_reads_the_bundle_and_leaves_out_what_cannot_be_judged(document: Document) -> None:
    stix2 = pytest.importorskip("stix2")

    bundle: Any = stix2.parse(written("stix", document).decode(), allow_custom=False)

    notes = {one.abstract: one for one in bundle.objects if one.type == "note"}
    assert notes["statement by Adaeze Obi"].content == "“We will close the strait,”"
    assert notes["statement by Adaeze Obi"].confidence == 70
    assert "confidence" not in notes["threat by Adaeze Obi"]
    assert [one.relationship_type for one in bundle.objects if one.type == "relationship"] == ["threatens"]


def test_parquet_reads_the_slices(document: Document) -> None:
    pytest.importorskip("pyarrow")
    parquet: Any = pytest.importorskip("pyarrow.parquet")

    rows = parquet.read_table(io.BytesIO(written("parquet", document))).to_pylist()

    assert sorted(span["exact"] for row in rows for span in row["spans"]) == slices(document)
    assert rows[0]["speaker"] == {"id": 5, "name": "Adaeze Obi", "kind": "person", "wikidata_id": "Q1"}
    assert rows[1]["statements"] == [document.records[0].id]


def test_csv_holds_no_formula(document: Document) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", document).decode("utf-8-sig"))))

    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", "'=HYPERLINK(1)"]
    assert rows[1]["harm_targets"] == "'=cmd (state)"
    assert rows[0]["content_words"] == "“We will close the strait,”"
    start, end = map(int, rows[0]["content_at"].split("-"))
    assert TEXT[start:end] == "“We will close the strait,”"


def test_w3c_selectors_name_the_slices(document: Document) -> None:
    page = json.loads(written("w3c", document))

    selectors = [target["selector"] for item in page["items"] for target in item["target"]]
    assert sorted(TEXT[position["start"] : position["end"]] for position, _ in selectors) == slices(document)
    assert sorted(quote["exact"] for _, quote in selectors) == slices(document)


def test_brat_standoff_names_the_slices(document: Document) -> None:
    archive = zipfile.ZipFile(io.BytesIO(written("brat", document)))

    assert archive.read("a7-r1.txt").decode() == TEXT
    lines = archive.read("a7-r1.ann").decode().splitlines()
    marked = [line.split("\t") for line in lines if line.startswith("T")]
    assert sorted(words for _, _, words in marked) == slices(document)
    assert "N1\tReference T1 speaker:person/Q1\tAdaeze Obi" in lines


def test_webanno_offsets_count_utf16_units(document: Document) -> None:
    table = zipfile.ZipFile(io.BytesIO(written("tsv3", document))).read("a7-r1.tsv").decode()

    wide = TEXT.encode("utf-16-le")
    tokens = [line.split("\t") for line in table.splitlines() if line[:2] in {"1-", "2-"}]
    assert tokens[1][2] == "🚢"
    for _, where, word, *_ in tokens:
        start, end = (2 * int(unit) for unit in where.split("-"))
        assert wide[start:end].decode("utf-16-le") == word


def test_conllu_has_ten_columns_and_marks_where_spans_begin(document: Document) -> None:
    lines = [line.split("\t") for line in written("conllu", document).decode().splitlines() if line[:1].isdigit()]

    assert {len(columns) for columns in lines} == {10}
    assert [columns[1] for columns in lines if "B-statement.cue:" in columns[9]] == ["said"]


def test_tei_is_well_formed_and_points_into_the_text(document: Document) -> None:
    tree = etree.fromstring(written("tei", document))

    spans = tree.findall(".//{*}span")
    pointed = [tuple(map(int, str(span.get("target")).removeprefix("#char=").split(","))) for span in spans]
    assert sorted(TEXT[start:end] for start, end in pointed) == slices(document)
    assert "\n".join(p.text or "" for p in tree.findall(".//{*}body/{*}p")) == TEXT


def test_label_studio_and_doccano_name_the_slices(document: Document) -> None:
    (task,) = json.loads(written("label-studio", document))
    line = json.loads(written("doccano", document))

    regions = [one["value"] for one in task["annotations"][0]["result"] if one["type"] == "labels"]
    assert sorted(task["data"]["text"][one["start"] : one["end"]] for one in regions) == slices(document)
    entities = [(one["start_offset"], one["end_offset"]) for one in line["entities"]]
    assert sorted(line["text"][start:end] for start, end in entities) == slices(document)


def test_plover_and_polecat_tell_who_threatens_whom(document: Document) -> None:
    event = json.loads(written("plover", document))
    head, row = (line.split("\t") for line in written("polecat", document).decode().splitlines())

    assert (event["event"], event["source"], event["target"]) == (
        "THREATEN",
        [{"name": "Adaeze Obi"}],
        [{"name": "=cmd", "code": "RIV", "cow": "12"}],
    )
    told = dict(zip(head, row, strict=True))
    assert (told["Event Type"], told["Actor Name"], told["Recipient Name"]) == ("THREATEN", "Adaeze Obi", "'=cmd")
