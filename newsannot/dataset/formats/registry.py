"""Every format: its name on the command line, what its files are called, and how it is written and read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from newsannot.dataset.formats import brat, doccano, jsonl, label_studio, linguistic, stix, tables, tsv3, w3c, xmi
from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.form import Document, LibraryMissingError, Shapes, library
from newsannot.dataset.formats.reading import FoundDocument

Writer: TypeAlias = Callable[[Iterable[Document], Shapes], Iterator[bytes]]
Reader: TypeAlias = Callable[[Iterable[FoundFile], Shapes], Iterator[FoundDocument]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `endings` are those of the files it is read from; `library` and `extra` what it needs besides."""

    name: str
    label: str
    ending: str
    media_type: str
    write: Writer
    read: Reader | None = None
    endings: tuple[str, ...] = ()
    library: str = ""
    extra: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether its library is installed."""
        try:
            return not self.library or library(self.library, self.extra) is not None
        except LibraryMissingError:
            return False


ZIP, JSON, LINES = "application/zip", "application/json", "application/x-ndjson"
FORMATS = {
    one.name: one
    for one in (
        Format("jsonl", "JSONL", "jsonl", LINES, jsonl.write, jsonl.read, (".jsonl",)),
        Format("csv", "CSV for spreadsheets", "csv", "text/csv", tables.write_csv),
        Format(
            "parquet",
            "Parquet",
            "parquet",
            "application/vnd.apache.parquet",
            tables.write_parquet,
            library="pyarrow",
            extra="formats",
        ),
        Format("w3c", "W3C Web Annotation", "jsonld", w3c.MEDIA_TYPE, w3c.write, w3c.read, (".jsonld", ".json")),
        Format("brat", "brat standoff", "zip", ZIP, brat.write, brat.read, (".txt", ".ann")),
        Format("tsv3", "WebAnno TSV 3", "zip", ZIP, tsv3.write, tsv3.read, (".tsv",)),
        Format("xmi", "UIMA CAS XMI", "zip", ZIP, xmi.write, xmi.read, (".xml", ".xmi"), "cassis", "formats"),
        Format("label-studio", "Label Studio JSON", "json", JSON, label_studio.write, label_studio.read, (".json",)),
        Format("doccano", "doccano JSONL", "jsonl", LINES, doccano.write, doccano.read, (".jsonl", ".json")),
        Format(
            "spacy",
            "spaCy DocBin",
            "spacy",
            "application/octet-stream",
            linguistic.write_docbin,
            library="spacy",
            extra="nlp",
        ),
        Format("conllu", "CoNLL-U columns", "conllu", "text/plain; charset=utf-8", linguistic.write_conllu),
        Format("tei", "TEI", "xml", "application/tei+xml", linguistic.write_tei),
        Format(
            "stix",
            "STIX 2.1",
            "json",
            "application/stix+json;version=2.1",
            stix.write,
            library="stix2",
            extra="formats",
        ),
        Format("plover", "PLOVER events, JSONL", "jsonl", LINES, tables.write_plover),
        Format("polecat", "POLECAT-shaped TSV", "tsv", "text/tab-separated-values", tables.write_polecat),
    )
}
READABLE = {name: one for name, one in FORMATS.items() if one.read}
