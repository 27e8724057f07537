"""Bringing in what other tools hold: every text found or taken in, every record marked in its importer's reading."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction

from newsannot.accounts.models import User
from newsannot.actors.actions import actor_named
from newsannot.actors.models import Actor as ActorRow
from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.actions import open_reading
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.marking_many import MarkedMany, Wanted, mark_many
from newsannot.annotations.models import Reading
from newsannot.annotations.rules import Piece
from newsannot.annotations.rules import Record as OurRecord
from newsannot.articles.actions import take_in
from newsannot.articles.models import Revision
from newsannot.articles.rules.canonical import UNCHANGED, Canonical, OffsetMap, canonical, text_sha256
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.dataset.formats.form import Actor, Record, Ref, Shapes, Value, actors_of
from newsannot.dataset.formats.graph import Glossary, Problem, ours, records_in
from newsannot.dataset.formats.reading import FoundDocument

BATCH = 25
WRITERS = 2
"""How many connections store at once, while the next texts are read."""
_KEY = re.compile(r"a(\d{1,18})-r(\d{1,9})(?:-.*)?")
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one text: how many records are new, stood already or were refused, and why; where they stand."""

    document: FoundDocument
    new_count: int = 0
    standing_count: int = 0
    problems: Sequence[Problem] = ()
    reading_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Located:
    """A text found: its revision, and the map from the file's offsets to ours."""

    revision: Revision
    offsets: OffsetMap = UNCHANGED


@dataclass
class Import:
    """One import by a person. `source` names the source of texts that are not known; without it they are reported."""

    by: User
    shapes: Shapes
    glossary: Glossary = field(default_factory=Glossary)
    source: str = ""
    language: str = "und"
    labels: dict[str, str] = field(default_factory=dict)
    known_actors: dict[Actor, int] = field(default_factory=dict)

    def bring(self, found: Iterable[FoundDocument]) -> Iterator[Brought]:
        """Bring in texts, in order; each is stored with all its records that hold, or not at all.

        Two connections store at once, unless this is called within a transaction, which is then the only one.
        """
        batches = _batches(found)
        if connection.in_atomic_block:
            for batch in batches:
                yield from self._bring(batch)
            return
        with ThreadPoolExecutor(WRITERS) as pool:
            running: deque[Future[list[Brought]]] = deque()
            try:
                for batch in batches:
                    running.append(pool.submit(self._bring_apart, batch))
                    if len(running) > WRITERS:
                        yield from running.popleft().result()
                for done in running:
                    yield from done.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _bring_apart(self, batch: Sequence[FoundDocument]) -> list[Brought]:
        """Bring in a batch by this thread's own connection."""
        try:
            return self._bring(batch)
        finally:
            connection.close()

    def _bring(self, batch: Sequence[FoundDocument]) -> list[Brought]:
        for document in batch:
            if document.graph:
                self._understand(document)
        located = locate(batch, source=self.source, language=self.language, by=self.by)
        return [
            self._one(document, located[at])
            if at in located
            else Brought(document, problems=[*document.problems, *_unknown(document)])
            for at, document in enumerate(batch)
        ]

    def _understand(self, document: FoundDocument) -> None:
        assert document.graph is not None  # noqa: S101 - the caller's condition
        for node in document.graph.nodes:
            if node.quote is not None:
                document.quotes |= dict.fromkeys(node.pieces, node.quote)
            self.labels.setdefault(node.label, self.glossary.labels.get(node.label) or ours(node.label))
        found = records_in(document.graph, self.shapes, self.glossary, place=document.place)
        document.records += found.records
        document.problems += found.problems
        document.places |= found.places

    def _one(self, document: FoundDocument, place: _Located) -> Brought:
        try:
            reading, marked, problems = _store(desk=self, document=document, place=place, by=self.by)
        except RuleBroken as refusal:
            return Brought(document, problems=[*document.problems, Problem(document.place, str(refusal))])
        for key, why in marked.refused.items():
            reasons = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in why.items())
            record = document.records[key]
            problems.append(Problem(f"{document.places.get(record.id, document.place)}, {record.kind}", reasons))
        problems = [*document.problems, *problems]
        return Brought(document, len(marked.new), len(marked.standing), problems, reading.pk)


@action
def _store(
    *, desk: Import, document: FoundDocument, place: _Located, by: User
) -> tuple[Reading, MarkedMany, list[Problem]]:
    """All of a text's records that hold, or, when its reading is closed, nothing.

    What the database checks at COMMIT is checked here, so that it refuses this text alone, and in a trial too.
    """
    reading = open_reading(revision=place.revision, by=by)
    actors, problems = _found_actors(document, desk)
    numbers = {record.id: number for number, record in enumerate(document.records)}
    wanted: dict[int, Wanted] = {}
    for number, record in enumerate(document.records):
        kind = kind_named(record.kind)
        if lost := [one.name for value in record.claim.values() for one in actors_of(value) if one not in actors]:
            where = document.places.get(record.id, document.place)
            problems.append(Problem(where, f"It names {lost[0][:60]}, who cannot be told."))
            continue
        claim = {name: _said(kind, name, value, numbers, actors) for name, value in record.claim.items()}
        wanted[number] = Wanted(kind, OurRecord(kind.empty_claim() | claim, _parts(record, document, place.offsets)))
    marked = mark_many(reading=reading, wanted=wanted, by=by, origin="import")
    transaction.on_commit(lambda: desk.known_actors.update(actors))
    connection.check_constraints()
    return reading, marked, problems


def _found_actors(document: FoundDocument, desk: Import) -> tuple[dict[Actor, int], list[Problem]]:
    """Whom a text's records name, in the order of the names, so that two imports at once never wait for each other."""
    named = {one for record in document.records for value in record.claim.values() for one in actors_of(value)}
    found: dict[Actor, int] = {}
    problems = []
    for one in sorted(named, key=lambda one: (one.name.lower(), one.kind)):
        try:
            found[one] = desk.known_actors.get(one) or _find_actor(one, desk.by)
        except RuleBroken as refusal:
            problems.append(Problem(document.place, str(refusal)))
    return found, problems


def _said(kind: Kind, name: str, value: Value, numbers: Mapping[str, int], actors: Mapping[Actor, int]) -> Any:
    """A field's value in the words of the actions."""
    sort = kind.field(name).sort
    if sort in {"actor", "actors"}:
        pks = [actors[one] for one in actors_of(value)]
        return list(dict.fromkeys(pks)) if sort == "actors" else pks[0]
    if isinstance(value, Ref):
        return _number(value, numbers)
    if isinstance(value, tuple):
        return [_number(one, numbers) if isinstance(one, Ref) else one for one in value]
    return value


def _number(ref: Ref, numbers: Mapping[str, int]) -> int:
    return numbers.get(ref.id, -1)


def _find_actor(named: Actor, by: User) -> int:
    if named.wikidata_id and (pk := _standing(wikidata_id=named.wikidata_id)):
        return pk
    if not named.kind:
        found = set(
            ActorRow.objects.filter(names__name__iexact=named.name, merged_into=None).values_list("pk", flat=True)
        )
        if len(found) != 1:
            name = named.name[:60]
            raise RuleBroken(f"{len(found)} actors go by “{name}”; write its kind: {name} (person).", field="actor")
        return found.pop()
    return int(actor_named(name=named.name, kind=named.kind, by=by).pk)


def _standing(**known: str) -> int | None:
    pk = ActorRow.objects.filter(**known).values_list("pk", flat=True).first()
    return where_merged_went([pk]).get(pk, pk) if pk else None


def _parts(record: Record, document: FoundDocument, offsets: OffsetMap) -> dict[str, list[Piece]]:
    parts: dict[str, list[Piece]] = {}
    for span in record.spans:
        quote = document.quotes.get((span.start, span.end))
        piece = Piece(
            offsets.to_canonical(span.start),
            offsets.to_canonical(span.end),
            None if quote is None else canonical(quote).text,
        )
        parts.setdefault(span.role, []).append(piece)
    return parts


def _batches(found: Iterable[FoundDocument]) -> Iterator[list[FoundDocument]]:
    texts = iter(found)
    while batch := list(islice(texts, BATCH)):
        yield batch


# --- Where the texts are ---------------------------------------------------------------------------


def locate(batch: Sequence[FoundDocument], *, source: str, language: str, by: User) -> dict[int, _Located]:
    """The revision of each text by its place in the batch: by its hash, its key, its address; else it is taken in.

    Texts are taken in only where `source` names where they are from.
    """
    texts = {at: canonical(one.text) for at, one in enumerate(batch) if one.text}
    hashes = {at: text_sha256(text.text) for at, text in texts.items()}
    as_sent = {at: _hash_as_sent(batch[at].text, text) for at, text in texts.items()}
    wanted = {*hashes.values(), *as_sent.values(), *(one.sha256 for one in batch if one.sha256)}
    revisions = Revision.objects.defer("text", "raw", "search")
    known = {one.sha256: one for one in revisions.filter(sha256__in=wanted).order_by("pk")}
    found: dict[int, _Located] = {}
    for at, document in enumerate(batch):
        if revision := known.get(as_sent.get(at, "")):
            found[at] = _Located(revision)
        elif revision := known.get(hashes.get(at, "")):
            found[at] = _Located(revision, texts[at].offsets)
        elif revision := known.get(document.sha256) or _by_name(document, at in texts):
            found[at] = _Located(revision)
    new = [at for at in texts if at not in found]
    if source and new:
        found |= _taken_in(batch, {at: texts[at] for at in new}, source=source, language=language, by=by)
    return found


def _hash_as_sent(text: str | None, ours: Canonical) -> str:
    """The hash of a text that is not canonical any more, as ours that began with two byte order marks is not."""
    try:
        return text_sha256(text) if text and text != ours.text else ""
    except UnicodeEncodeError:
        return ""


def _by_name(document: FoundDocument, has_text: bool) -> Revision | None:
    revisions = Revision.objects.defer("text", "raw", "search")
    match = _KEY.fullmatch(document.key)
    is_whole = has_text and not document.place.endswith(".tsv")
    if match and not is_whole:
        return revisions.filter(article=int(match[1]), number=int(match[2])).first()
    if document.url and not has_text:
        return revisions.filter(article__url=document.url).order_by("number").last()
    return None


def _taken_in(
    batch: Sequence[FoundDocument], texts: Mapping[int, Any], *, source: str, language: str, by: User
) -> dict[int, _Located]:
    items = [
        {
            "text": text.text,
            "title": (batch[at].title or text.text.strip().splitlines()[0] or batch[at].key)[:_TITLE_LENGTH],
            "source": source,
            "language": batch[at].language or language,
        }
        for at, text in texts.items()
        if text.text.strip()
    ]
    places = [at for at, text in texts.items() if text.text.strip()]
    found: dict[int, _Located] = {}
    results = take_in(items=items, by=by, in_bulk=True)
    stored = dict(zip(places, results, strict=True))
    revisions = Revision.objects.defer("text", "raw", "search").filter(article__in=[r.id for r in results if r.id])
    by_article = {one.article_id: one for one in revisions.order_by("number")}
    for at, result in stored.items():
        if result.id is None:
            reasons = "; ".join(text for told in result.errors.values() for text in told)
            batch[at].problems.append(Problem(batch[at].place, reasons))
        elif by_article[result.id].sha256 == text_sha256(texts[at].text):
            found[at] = _Located(by_article[result.id], texts[at].offsets)
    return found


def _unknown(document: FoundDocument) -> list[Problem]:
    """Why a text without a revision is left out, where nothing else says it."""
    if document.problems and not document.records:
        return []
    reason = (
        "No article has this text; name its source to take it in."
        if document.text
        else ("The file carries no text, and no article is known by what names it.")
    )
    return [Problem(document.place, reason)]
