"""UIMA CAS XMI through dkpro-cassis, which counts in UTF-16 as UIMA does. Carries everything.

A record is an annotation over all its evidence (`newsannot.Statement` …) with a feature for each field; each span is a
`newsannot.Evidence` with its role and its record.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from newsannot.dataset.formats.archive import FoundFile, zipped
from newsannot.dataset.formats.form import Document, Record, Ref, Shapes, Span, Value, library, refs_of
from newsannot.dataset.formats.graph import RECORDS, Edge, Graph, Node, Problem, read_value, written_claim
from newsannot.dataset.formats.reading import FoundDocument
from newsannot.dataset.formats.stretches import xml_text

EVIDENCE, ABOUT = "newsannot.Evidence", "newsannot.About"
MANY = frozenset({"codes", "actors", "records"})
ABOUT_FEATURES = ("key", "sha256", "language", "title", "url", "source", "published_at", "reader")
_FOREIGN = ("uima.", "de.tudarmstadt.ukp.dkpro.core.api.segmentation", "de.tudarmstadt.ukp.dkpro.core.api.metadata")
TYPE_SYSTEM_FILE = "TypeSystem.xml"


def cassis() -> Any:
    """The library."""
    return library("cassis", "formats")


def type_name(kind: str) -> str:
    """The type of a kind's records."""
    return f"newsannot.{kind.title()}"


def type_system(shapes: Shapes) -> Any:
    """Our types."""
    found = cassis().TypeSystem()
    about = found.create_type(name=ABOUT, supertypeName="uima.cas.TOP")
    for name in ABOUT_FEATURES:
        found.create_feature(about, name, "uima.cas.String")
    record = found.create_type(name="newsannot.Record", supertypeName="uima.tcas.Annotation")
    found.create_feature(record, "identifier", "uima.cas.String")
    for shape in shapes.values():
        kind = found.create_type(name=type_name(shape.name), supertypeName="newsannot.Record")
        for name, sort in shape.fields.items():
            many = {"elementType": "uima.cas.String"} if sort in MANY else {}
            found.create_feature(kind, name, "uima.cas.StringArray" if many else "uima.cas.String", **many)
    evidence = found.create_type(name=EVIDENCE, supertypeName="uima.tcas.Annotation")
    found.create_feature(evidence, "role", "uima.cas.String")
    found.create_feature(evidence, "record", "newsannot.Record")
    return found


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """An archive with TypeSystem.xml and an .xmi for each text."""
    return zipped(_files(documents, shapes))


def _files(documents: Iterable[Document], shapes: Shapes) -> Iterator[tuple[str, bytes]]:
    types = type_system(shapes)
    yield TYPE_SYSTEM_FILE, types.to_xml().encode()
    for document in documents:
        yield f"{document.key}.xmi", cas_of(document, shapes, types).to_xmi().encode()


def cas_of(document: Document, shapes: Shapes, types: Any) -> Any:
    """A document as a CAS; what XML forbids stands as U+FFFD."""
    cas = cassis().Cas(typesystem=types)
    cas.sofa_string, cas.sofa_mime = xml_text(document.text), "text/plain"
    cas.add(types.get_type(ABOUT)(**{name: xml_text(getattr(document, name)) for name in ABOUT_FEATURES}))
    evidence = types.get_type(EVIDENCE)
    arrays = types.get_type("uima.cas.StringArray")
    for record in document.records:
        begin, end = min((s.start for s in record.spans), default=0), max((s.end for s in record.spans), default=0)
        fields = shapes[record.kind].fields
        features: dict[str, Any] = {}
        for name, texts in _texts(record).items():
            safe = [xml_text(text) for text in texts]
            features[name] = arrays(elements=safe) if fields[name] in MANY else safe[0]
        shown = types.get_type(type_name(record.kind))(begin=begin, end=end, identifier=record.id, **features)
        cas.add(shown)
        for span in record.spans:
            cas.add(evidence(begin=span.start, end=span.end, role=span.role, record=shown))
    return cas


def _texts(record: Record) -> dict[str, tuple[str, ...]]:
    links = {name: tuple(refs_of(value)) for name, value in record.claim.items() if refs_of(value)}
    return written_claim(record.claim) | links


# --- And back ------------------------------------------------------------------------------------


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """Each .xmi; foreign types are labels by their short name, with the type system that lies in the same place."""
    types, waiting = None, []
    for file in files:
        if file.name.endswith(".xml") and not file.reason:
            types = types or _types(file)
        elif types is None:
            waiting.append(file)
        else:
            yield _document(file, types, shapes)
    for file in waiting:
        yield _document(file, types, shapes)


def _types(file: FoundFile) -> Any:
    try:
        return cassis().load_typesystem(file.data.decode("utf-8", "replace"))
    except Exception:
        return None


def _document(file: FoundFile, types: Any, shapes: Shapes) -> FoundDocument:
    document = FoundDocument(file.name)
    if file.reason or b"<!DOCTYPE" in file.data[:4096] or b"<!ENTITY" in file.data:
        document.problems.append(Problem(file.name, file.reason or "It declares entities; it is not read."))
        return document
    try:
        cas = cassis().load_cas_from_xmi(file.data.decode("utf-8-sig"), typesystem=types, lenient=True, trusted=False)
        document.text = cas.sofa_string
        _understand(cas, document, shapes)
    except Exception as error:
        document.problems.append(Problem(file.name, f"It cannot be read: {type(error).__name__} {str(error)[:120]}"))
    return document


def _understand(cas: Any, document: FoundDocument, shapes: Shapes) -> None:
    kinds = {type_name(shape.name): shape for shape in shapes.values()}
    spans: dict[str, set[Span]] = {}
    found: dict[str, Any] = {}
    nodes: list[Node] = []
    for one in sorted(cas.select_all_fs(), key=lambda fs: fs.xmiID or 0):
        name = one.type.name
        if name == ABOUT:
            document.key, document.sha256 = one.key or "", one.sha256 or ""
            document.title, document.language = one.title or "", one.language or ""
        elif name in kinds:
            found[one.identifier] = one
        elif name == EVIDENCE:
            spans.setdefault(one.record.identifier, set()).add(Span(one.role, one.begin, one.end))
        elif hasattr(one, "begin") and not name.startswith(_FOREIGN):
            nodes.append(_node(one, document.place))
    for pk, one in found.items():
        shape = kinds[one.type.name]
        claim: dict[str, Value] = {}
        for field, sort in shape.fields.items():
            if texts := _read(getattr(one, field)):
                claim[field] = _refs(sort, texts) if sort in RECORDS else read_value(sort, texts)
        ordered = sorted(spans.get(pk, ()), key=lambda span: (span.start, span.end, span.role))
        document.records.append(Record(pk, shape.name, claim, tuple(ordered)))
        document.places[pk] = f"{document.place}, {pk}"
    if nodes:
        document.graph = Graph(tuple(nodes), tuple[Edge, ...]())


def _read(value: Any) -> tuple[str, ...]:
    elements = value.elements if hasattr(value, "elements") else [value]
    return tuple(str(one) for one in elements or () if one)


def _refs(sort: str, texts: tuple[str, ...]) -> Value:
    return tuple(Ref(text) for text in texts) if sort == "records" else Ref(texts[0])


def _node(one: Any, place: str) -> Node:
    label = one.type.name.rpartition(".")[2]
    value = getattr(one, "value", None) or getattr(one, "label", None)
    name = f"{label}:{value}" if isinstance(value, str) and value else label
    return Node(str(one.xmiID), name, ((one.begin, one.end),), place=f"{place}, {one.xmiID}")
