"""Whole annotated articles, out by the command of docs/formats.md: each file opens in its own library, slice by slice.

The demo's published articles always; the article of the seed, somebody's text, where it is beside this checkout.
"""

import csv
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from lxml import etree

from newsannot.annotations.actions import mark_annotation
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Reading, Span
from newsannot.annotations.rules import Piece
from newsannot.articles.actions import take_in
from newsannot.articles.models import Revision, Zone
from tests.calling import published
from tests.factories import a_reading, an_actor

pytestmark = pytest.mark.django_db
SEEDS = sorted((Path(__file__).resolve().parents[4] / "shared" / "seed").glob("*.txt"))
PIECES = " […] "
Words = Counter[str]


@pytest.fixture(params=["demo", pytest.param("seed", marks=pytest.mark.skipif(not SEEDS, reason="no seed here"))])
def article(request: pytest.FixtureRequest) -> str:
    """Which published articles there are."""
    call_command("load_codebook", verbosity=0)
    if request.param == "demo":
        call_command("load_demo", verbosity=0)
    else:
        text, source = SEEDS[0].read_text("utf-8"), {"name": "Seed", "domain": "seed.invalid"}
        take_in(items=[{"title": SEEDS[0].stem, "text": text, "source": source, "language": "en"}], by=None)
        _annotate(Revision.objects.get())
    return str(request.param)


def _annotate(revision: Revision) -> Reading:
    """Publish every quotation as a statement, who is named as a mention, and a threat of two pieces."""
    reading, text = a_reading(revision=revision), revision.text
    shut = Zone.objects.filter(revision=revision, is_codable=False).values_list("start", "end")

    def found(pattern: str) -> list[Piece]:
        places = [one.span() for one in re.finditer(pattern, text)]
        return [Piece(a, z, text[a:z]) for a, z in places if not any(s < z and a < e for s, e in shut)]

    speaker = an_actor("Vladimir Putin").pk
    for piece in found("“[^“”\n]+”"):
        _mark(reading, "statement", {"content": [piece]}, {"speaker": speaker, "mode": "direct"})
    for piece in found("Putin|Zelenskyy"):
        _mark(reading, "mention", {"text": [piece]}, {"actor": speaker})
    threats = found("Putin’s threat|direct threat")
    assert len(threats) > 1
    _mark(reading, "threat", {"reference": threats[:2]}, {"issuer": speaker})
    return published(reading)


def _mark(reading: Reading, kind: str, parts: dict[str, list[Piece]], claim: dict[str, Any]) -> None:
    mark_annotation(reading=reading, kind=kind_named(kind), parts=parts, claim=claim, by=reading.reader)


def exported(name: str, path: Path) -> Path:
    """The file of a format, written by its command."""
    call_command("export_dataset", format=name, output=str(path))
    return path


def slices(*kinds: str) -> Words:
    """The words of all published spans, cut out of their texts."""
    spans = Span.objects.filter(annotation__is_published=True, annotation__kind__in=kinds)
    rows = spans.values_list("annotation__reading__revision__text", "start", "end")
    return Counter(text[start:end] for text, start, end in rows)


# --- What each format says, by its own library or its own description ------------------------------


def in_jsonl(path: Path) -> Words:
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    texts = {line["key"]: line["text"] for line in lines if line["kind"] == "document"}
    records = [line for line in lines if line["kind"] != "document"]
    return Counter(
        texts[one["document"]][span["start"] : span["end"]]
        for one in records
        for spans in one["parts"].values()
        for span in spans
    )


def in_csv(path: Path) -> Words:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [row[name].removeprefix("'") for row in rows for name in row if name.endswith("_words") and row[name]]
    return Counter(piece for cell in cells for piece in cell.split(PIECES))


def in_parquet(path: Path) -> Words:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(path).to_pylist()
    return Counter(span["exact"] for row in rows for span in row["spans"])


def in_web_annotation(path: Path) -> Words:
    texts = dict(Revision.objects.values_list("sha256", "text"))
    found = []
    for item in json.loads(path.read_bytes())["items"]:
        for target in item["target"]:
            place, quote = target["selector"]
            text = texts[target["source"]["newsannot:sha256"]]
            assert text[place["start"] : place["end"]] == quote["exact"]
            assert text[: place["start"]].endswith(quote["prefix"])
            assert text[place["end"] :].startswith(quote["suffix"])
            found.append(quote["exact"])
    return Counter(found)


def in_brat(path: Path) -> Words:
    archive, found = zipfile.ZipFile(path), []
    for name in archive.namelist():
        if not name.endswith(".ann"):
            continue
        text = archive.read(name.replace(".ann", ".txt")).decode()
        for line in archive.read(name).decode().splitlines():
            if line.startswith("T"):
                _, place, words = line.split("\t")
                pieces = [tuple(map(int, piece.split())) for piece in place.split(" ", 1)[1].split(";")]
                assert " ".join(text[start:end] for start, end in pieces) == words
                found += [text[start:end] for start, end in pieces]
    return Counter(found)


def in_tsv3(path: Path) -> Words:
    """By the format's description: `label[n]` names an annotation, whose tokens lie side by side, in UTF-16 units."""
    archive, found = zipfile.ZipFile(path), []
    for name in archive.namelist():
        wide = Revision.objects.get(article=int(name[1:].split("-")[0])).text.encode("utf-16-le")
        places: dict[str, list[int]] = {}
        for line in archive.read(name).decode().splitlines():
            if re.match(r"\d+-\d", line):
                _, place, word, labels, *_ = line.split("\t")
                start, end = map(int, place.split("-"))
                assert wide[2 * start : 2 * end].decode("utf-16-le") == word
                for label in labels.split("|") if labels != "_" else ():
                    places.setdefault(label, []).extend((start, end))
        found += [wide[2 * min(ends) : 2 * max(ends)].decode("utf-16-le") for ends in places.values()]
    return Counter(found)


def in_xmi(path: Path) -> Words:
    cassis = pytest.importorskip("cassis")
    archive = zipfile.ZipFile(path)
    types = cassis.load_typesystem(archive.read("TypeSystem.xml").decode())
    return Counter(
        one.get_covered_text()
        for name in archive.namelist()
        if name.endswith(".xmi")
        for one in cassis.load_cas_from_xmi(archive.read(name).decode(), typesystem=types).select("newsannot.Evidence")
    )


def in_spacy(path: Path) -> Words:
    spacy = pytest.importorskip("spacy")
    tokens = pytest.importorskip("spacy.tokens")
    docs = tokens.DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab)
    return Counter(span.text for doc in docs for span in doc.spans["newsannot"])


def in_tei(path: Path) -> Words:
    texts = dict(Revision.objects.values_list("sha256", "text"))
    found = []
    for tei in etree.parse(path).findall("{*}TEI"):
        text = texts[str(tei.findtext(".//{*}idno[@type='sha256']"))]
        for span in tei.iterfind(".//{*}span"):
            start, end = map(int, str(span.get("target")).removeprefix("#char=").split(","))
            assert text[start:end] == span.text
            found.append(text[start:end])
    return Counter(found)


def in_label_studio(path: Path) -> Words:
    return Counter(
        task["data"]["text"][region["value"]["start"] : region["value"]["end"]]
        for task in json.loads(path.read_bytes())
        for region in task["annotations"][0]["result"]
        if region["type"] == "labels"
    )


def in_doccano(path: Path) -> Words:
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    return Counter(line["text"][e["start_offset"] : e["end_offset"]] for line in lines for e in line["entities"])


WHOLE: dict[str, Callable[[Path], Words]] = {
    "jsonl": in_jsonl,
    "csv": in_csv,
    "parquet": in_parquet,
    "w3c": in_web_annotation,
    "brat": in_brat,
    "tsv3": in_tsv3,
    "xmi": in_xmi,
    "spacy": in_spacy,
    "tei": in_tei,
    "label-studio": in_label_studio,
    "doccano": in_doccano,
}
"""Formats that carry every span."""


def test_every_format_opens_in_its_own_library_with_the_right_slices(article: str, tmp_path: Path) -> None:
    expected, found = slices("mention", "statement", "threat"), {}
    for name, read in WHOLE.items():
        if name == "spacy" and not _has_spacy():
            continue
        found[name] = read(exported(name, tmp_path / name))
    assert len(expected) > 10
    assert found == dict.fromkeys(found, expected)


def _has_spacy() -> bool:
    try:
        import spacy  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def test_columns_of_conllu_name_the_words_of_every_span(article: str, tmp_path: Path) -> None:
    """A span is the tokens from its B- on; without the white space between them, which the columns do not carry."""
    spans: dict[str, str] = {}
    for line in exported("conllu", tmp_path / "conllu").read_text("utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) == 10 and (said := re.search(r"Newsannot=([^|]+)", columns[9])):
            for mark in said[1].split(","):
                begins, label = mark.split("-", 1)
                key = f"{label} {sum(key.startswith(f'{label} ') for key in spans) - (begins == 'I')}"
                spans[key] = spans.get(key, "") + columns[1]
    expected = Counter("".join(words.split()) for words in slices("mention", "statement", "threat").elements())
    assert Counter(spans.values()) == expected


def test_what_carries_no_offsets_says_what_is_said_and_what_is_threatened(article: str, tmp_path: Path) -> None:
    stix2 = pytest.importorskip("stix2")
    bundle: Any = stix2.parse(exported("stix", tmp_path / "stix").read_text("utf-8"), allow_custom=False)
    notes = [one for one in bundle.objects if one.type == "note"]
    said = [one for one in notes if one.abstract.startswith("statement")]
    rows = Span.objects.filter(annotation__is_published=True, annotation__kind="statement", role="content")
    expected = Counter(rows.order_by("annotation", "start").values_list("exact", flat=True))
    assert Counter(piece for one in said for piece in one.content.split(PIECES)) == expected
    assert len(notes) > len(said)
    events = [json.loads(line) for line in exported("plover", tmp_path / "plover").read_bytes().splitlines()]
    assert Counter(words for event in events for words in event["text"]) == slices("threat")
    with exported("polecat", tmp_path / "polecat").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {row["Event ID"] for row in rows} == {event["id"] for event in events}
    assert {row["Event Type"] for row in rows} == {"THREATEN"}
