"""STIX 2.1 through stix2: actors as identities, texts as reports, statements and threats as notes, who threatens whom.

Credibility becomes `confidence` by STIX's own table for the Admiralty scale; 6, *cannot be judged*, and none are left
out. Mentions are the identities a report names.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from newsannot.dataset.formats.form import Actor, Document, Record, Shapes, actors_of, library, texts_of, words

SPACE = UUID("6f0f6b0e-5d0a-4c4e-9a4e-6a2d7c1f3b55")
CONFIDENCE = {"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}
_CLASSES = {"person": "individual", "group": "group", "population": "class", "armed_group": "group"}
_TIME = "2000-01-01T00:00:00Z"


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """A bundle, written object by object; each is made, and so checked, by stix2."""
    stix2, known = library("stix2", "formats"), set[str]()
    yield f'{{"type":"bundle","id":"bundle--{uuid5(SPACE, "bundle")}","objects":['.encode()
    at = 0
    for document in documents:
        for one in _objects(document, shapes, stix2):
            if one["id"] in known:
                continue
            known |= {one["id"]} if one["type"] == "identity" else set()
            yield (b",\n" if at else b"\n") + one.serialize().encode()
            at += 1
    yield b"\n]}\n"


def _objects(document: Document, shapes: Shapes, stix2: Any) -> Iterator[Any]:
    if not document.records:
        return
    moments = _moments(document.published_at or _TIME)
    identities: dict[str, Any] = {}
    made = []
    report = f"report--{uuid5(SPACE, document.key + document.sha256)}"
    for record in document.records:
        named = {identity["id"]: identity for identity in _named(record, stix2)}
        identities |= named
        if record.kind in {"statement", "threat"}:
            made.append(_note(document, record, [report, *named], stix2))
        if record.kind == "threat":
            made += _relations(record, document, stix2)
    refs = [*identities, *(one["id"] for one in made)]
    yield from identities.values()
    yield from made
    if refs:
        about = {"source_name": document.source or "article", "description": document.title or document.key}
        about |= {"url": document.url} if document.url else {}
        yield stix2.Report(
            id=report,
            name=document.title or document.key,
            published=_moment(document.published_at or _TIME),
            report_types=["threat-report"],
            object_refs=refs,
            external_references=[about],
            allow_custom=False,
            **moments,
        )


def _moment(at: str) -> datetime:
    """A moment, which STIX wants in UTC."""
    return datetime.fromisoformat(at).astimezone(UTC)


def _moments(at: str) -> dict[str, datetime]:
    return {"created": _moment(at), "modified": _moment(at)}


def identity_id(actor: Actor) -> str:
    """The same for the same actor, whichever text names it."""
    return f"identity--{uuid5(SPACE, actor.wikidata_id or f'{actor.kind}/{actor.name}')}"


def _identity(actor: Actor, stix2: Any) -> Any:
    about: dict[str, Any] = {}
    if actor.wikidata_id:
        about["external_references"] = [{"source_name": "wikidata", "external_id": actor.wikidata_id}]
    return stix2.Identity(
        id=identity_id(actor),
        name=actor.name,
        identity_class=_CLASSES.get(actor.kind, "organization"),
        labels=[actor.kind] if actor.kind else None,
        **_moments(_TIME),
        **about,
    )


def _named(record: Record, stix2: Any) -> Iterator[Any]:
    for value in record.claim.values():
        for actor in actors_of(value):
            yield _identity(actor, stix2)


def _confidence(record: Record) -> dict[str, int]:
    told = texts_of(record.claim.get("credibility"))
    return {"confidence": CONFIDENCE[told[0]]} if told and told[0] in CONFIDENCE else {}


def _note(document: Document, record: Record, refs: list[str], stix2: Any) -> Any:
    roles = (
        ("content",) if record.kind == "statement" else ("reference", "condition", "demand", "consequence", "deadline")
    )
    content = "\n".join(text for role in roles if (text := words(document, record, role)))
    speaker = next(iter(actors_of(record.claim.get("speaker") or record.claim.get("issuer"))), None)
    names = ("mode", "speech_act", "purpose", "consequence", "explicitness", "nuclear_signal", "plover_mode")
    labels = [record.kind, *(f"{n}:{t}" for n in names for t in texts_of(record.claim.get(n)))]
    at = record.updated_at or document.published_at or _TIME
    return stix2.Note(
        id=f"note--{_uuid(record.id)}",
        abstract=f"{record.kind}{f' by {speaker.name}' if speaker else ''}",
        content=content or record.kind,
        object_refs=refs,
        labels=labels,
        **_moments(at),
        **_confidence(record),
    )


def _uuid(pk: str) -> UUID:
    try:
        return UUID(pk)
    except ValueError:
        return uuid5(SPACE, pk)


def _relations(record: Record, document: Document, stix2: Any) -> Iterator[Any]:
    """`threatens` from the issuer to whom it would hit, `coerces` to whose decision it is to shape."""
    issuer = next(iter(actors_of(record.claim.get("issuer"))), None)
    if issuer is None:
        return
    at = record.updated_at or document.published_at or _TIME
    for name, word in (("harm_targets", "threatens"), ("influence_targets", "coerces")):
        for target in actors_of(record.claim.get(name)):
            yield stix2.Relationship(
                id=f"relationship--{uuid5(SPACE, f'{record.id}{word}{identity_id(target)}')}",
                relationship_type=word,
                source_ref=identity_id(issuer),
                target_ref=identity_id(target),
                **_moments(at),
                **_confidence(record),
            )
