"""Formats of linguistics: CoNLL-U columns, TEI and spaCy's DocBin. Out only."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from newsannot.dataset.formats.form import Document, Record, Shapes, library, refs_of
from newsannot.dataset.formats.graph import written_claim
from newsannot.dataset.formats.jsonl import value_json
from newsannot.dataset.formats.stretches import covered, tokens, xml_text

_BREAKS = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)


# --- CoNLL-U -------------------------------------------------------------------------------------


def write_conllu(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """CoNLL-U: a sentence is a line of the text, a token is cut where a span begins or ends.

    The last column holds `Newsannot=B-statement.content:ID` (I- within), several parted by commas, and `SpaceAfter=No`.
    """
    for document in documents:
        yield _conllu(document).encode()


def _conllu(document: Document) -> str:
    text = document.text
    spans = [(record, span) for record in document.records for span in record.spans]
    found = tokens(text, {border for _, span in spans for border in (span.start, span.end)})
    starts, marks = [token.start for token in found], defaultdict[int, list[str]](list)
    for record, span in spans:
        for at in covered(found, starts, span.start, span.end):
            letter = "B" if found[at].start == span.start else "I"
            marks[at].append(f"{letter}-{record.kind}.{span.role}:{record.id}")
    lines, told = text.split("\n"), [f"# newdoc id = {document.key}", f"# sha256 = {document.sha256}"]
    place, standing = 0, -1
    for at, token in enumerate(found):
        if token.line != standing:
            told += [""] if standing >= 0 else []
            told += [
                f"# sent_id = {document.key}-l{token.line + 1}",
                f"# text = {_one_line(lines[token.line]).strip()}",
            ]
            place, standing = 0, token.line
        place += 1
        is_joined = token.end < len(text) and not text[token.end].isspace()
        misc = [f"Newsannot={','.join(marks[at])}"] * bool(marks[at]) + ["SpaceAfter=No"] * is_joined
        word = text[token.start : token.end]
        told.append("\t".join([str(place), word, *["_"] * 7, "|".join(misc) or "_"]))
    return "\n".join(told) + "\n\n"


# --- TEI -----------------------------------------------------------------------------------------


def write_tei(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """A teiCorpus: the text as lines, the records as standoff whose pointers count code points [RFC 5147]."""
    yield (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">\n'
        b"<teiHeader><fileDesc><titleStmt><title>newsannot</title></titleStmt><publicationStmt><p/></publicationStmt>"
        b"<sourceDesc><p/></sourceDesc></fileDesc></teiHeader>\n"
    )
    for document in documents:
        yield _tei(document).encode()
    yield b"</teiCorpus>\n"


def _tei(document: Document) -> str:
    key = re.sub(r"[^\w.-]", "_", document.key)
    lines = "\n".join(f"<p>{_xml(line)}</p>" for line in document.text.split("\n"))
    records = "\n".join(_tei_record(document, record) for record in document.records)
    source = f"<bibl><title>{_xml(document.title)}</title><publisher>{_xml(document.source)}</publisher>"
    source += f"<date>{_xml(document.published_at)}</date><ref target={_attribute(document.url)}/></bibl>"
    title = f"<title>{_xml(document.title)}</title>"
    return (
        f"<TEI xml:id={_attribute(key)}>\n<teiHeader><fileDesc><titleStmt>{title}</titleStmt>"
        f'<publicationStmt><idno type="sha256">{document.sha256}</idno></publicationStmt>'
        f"<sourceDesc>{source}</sourceDesc></fileDesc></teiHeader>\n<standOff>\n{records}\n</standOff>\n"
        f'<text xml:lang={_attribute(document.language)} xml:space="preserve"><body>\n{lines}\n</body></text>\n</TEI>\n'
    )


def _tei_record(document: Document, record: Record) -> str:
    texts = written_claim(record.claim) | {n: tuple(refs_of(v)) for n, v in record.claim.items() if refs_of(v)}
    fields = "".join(
        f"<f name={_attribute(name)}>{''.join(f'<string>{_xml(value)}</string>' for value in values)}</f>"
        for name, values in texts.items()
    )
    spans = "".join(
        f'<span type="{span.role}" target="#char={span.start},{span.end}">'
        f"{_xml(document.text[span.start : span.end])}</span>"
        for span in record.spans
    )
    named = f'type="{record.kind}" n={_attribute(record.id)}'
    return f"<spanGrp {named}>{spans}</spanGrp><fs {named}>{fields}</fs>"


def _xml(text: str) -> str:
    return escape(xml_text(text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(xml_text(text))


# --- spaCy ---------------------------------------------------------------------------------------


def write_docbin(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """A DocBin: `doc.text` is the text; spans in `doc.spans["newsannot"]`, labelled `statement.content`, with ids.

    Records with their fields, and the text's own data, are in `doc.user_data`. Held in memory as a whole.
    """
    spacy, whole = library("spacy", "nlp"), library("spacy.tokens", "nlp")
    nlp, binned = spacy.blank("xx"), whole.DocBin(store_user_data=True)
    for document in documents:
        binned.add(_doc(document, nlp.vocab, whole))
    yield binned.to_bytes()


def _doc(document: Document, vocab: Any, library_tokens: Any) -> Any:
    spans = [(record, span) for record in document.records for span in record.spans]
    text = document.text
    pieces = _whole_tokens(text, {span.start for _, span in spans}, {span.end for _, span in spans})
    words = [text[start:end] for start, end, _ in pieces]
    doc = library_tokens.Doc(vocab, words=words, spaces=[has_space for *_, has_space in pieces])
    first = {start: at for at, (start, _, _) in enumerate(pieces)}
    last = {end: at + 1 for at, (_, end, _) in enumerate(pieces)}
    doc.spans["newsannot"] = [
        library_tokens.Span(doc, first[s.start], last[s.end], label=f"{r.kind}.{s.role}", span_id=r.id)
        for r, s in spans
        if s.start in first and s.end in last
    ]
    doc.user_data["newsannot"] = json.dumps(
        {
            "key": document.key,
            "sha256": document.sha256,
            "records": {r.id: {n: value_json(v) for n, v in r.claim.items()} for r in document.records},
        }
    )
    return doc


def _whole_tokens(text: str, firsts: set[int], lasts: set[int]) -> list[tuple[int, int, bool]]:
    """Start, end and whether one space follows; other white space is tokens of its own, so that nothing is lost."""
    found: list[tuple[int, int, bool]] = []
    gap, borders = 0, firsts | lasts
    words = [(token.start, token.end) for token in tokens(text, borders)]
    for start, end in [*words, (len(text), len(text))]:
        if found and gap < start and text[gap] == " " and gap not in firsts and gap + 1 not in lasts:
            found[-1] = (*found[-1][:2], True)
            gap += 1
        cuts = [gap, *sorted(border for border in borders if gap < border < start), start]
        found += [(a, b, False) for a, b in pairwise(cuts) if a < b]
        found += [(start, end, False)] * (start < end)
        gap = end
    return found
