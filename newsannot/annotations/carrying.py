"""Carrying one's own reading over to a newer text of its article: what holds there, and only on its reader's wish."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from newsannot.accounts.models import User
from newsannot.annotations.access import HEAVY
from newsannot.annotations.actions import claim_reading, mark_annotation, open_reading
from newsannot.annotations.copying import layers, translated
from newsannot.annotations.kinds import Kind, all_kinds, kind_named
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.queries import read_records
from newsannot.annotations.reanchoring import Anchored, Outcome, Reanchoring
from newsannot.annotations.rules import Piece, Record
from newsannot.annotations.together import together
from newsannot.articles.models import Revision
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action

WORST_FIRST = (Outcome.GONE, Outcome.ALTERED, Outcome.MOVED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class PieceFound:
    """A piece of evidence and what became of it in the newer text; `now` are the words at its place there."""

    role: str
    exact: str
    start: int
    anchored: Anchored
    now: str


@dataclass(frozen=True, slots=True)
class RecordFound:
    """A record and what became of its pieces; one without pieces of its own rests on the records it names."""

    id: int
    kind: Kind
    pieces: Sequence[PieceFound]

    @property
    def outcome(self) -> Outcome:
        """The worst of its pieces'."""
        outcomes = {piece.anchored.outcome for piece in self.pieces}
        return next((one for one in WORST_FIRST if one in outcomes), Outcome.UNCHANGED)

    @property
    def holds(self) -> bool:
        """Whether every piece stands in the newer text, so that the record can be carried over."""
        return all(piece.anchored.holds for piece in self.pieces)

    @property
    def shown(self) -> PieceFound | None:
        """The piece by which it is told: of what holds its first words, else the first piece that does not."""
        telling = [piece for piece in self.pieces if not piece.anchored.holds]
        leading = [piece for piece in self.pieces if piece.role == self.kind.role]
        return next(iter(telling or leading or self.pieces), None)

    @property
    def parts(self) -> Mapping[str, Sequence[Piece]]:
        """Where its evidence stands in the newer text, provided it holds."""
        parts: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            start, end = piece.anchored.start, piece.anchored.end
            if start is not None and end is not None:
                parts.setdefault(piece.role, []).append(Piece(start, end, piece.exact))
        return parts


@dataclass(frozen=True, slots=True)
class Carried:
    """What carrying over did: one's reading of the newer text, and how many records came along and how many did not."""

    reading: Reading
    carried: int
    left: int


def newer_revision(reading: Reading) -> Revision | None:
    """The newest text of the reading's article, when that is not the one it is of."""
    article = reading.revision.article_id
    newest = Revision.objects.filter(article=article).defer("raw", "search").order_by("number").last()
    return newest if newest and newest.number > reading.revision.number else None


def records_found(reading: Reading, onto: Revision) -> list[RecordFound]:
    """What would become of each standing record of a reading in another text, in the order of the text it is of."""
    text = Revision.objects.values_list("text", flat=True).get(pk=reading.revision_id)
    texts = Reanchoring(text, onto.text)
    pieces: dict[int, list[PieceFound]] = {}
    for span in Span.objects.filter(reading=reading, annotation__deleted_at=None).order_by("start", "end", "id"):
        anchored = texts.of((span.start, span.end))
        now = "" if anchored.start is None else onto.text[anchored.start : anchored.end]
        pieces.setdefault(span.annotation_id, []).append(PieceFound(span.role, span.exact, span.start, anchored, now))
    rows = Annotation.objects.standing().filter(reading=reading).order_by("pk")
    records = [RecordFound(row.pk, kind_named(row.kind), pieces.get(row.pk, [])) for row in rows]
    return sorted(records, key=lambda record: (record.pieces[0].start if record.pieces else len(text), record.id))


@action
def carry_reading(*, reading: Reading, by: User) -> Carried:
    """Open one's own reading of the newest text and mark in it what holds there; the old reading stays as it is.

    A record comes along when the same words of all its pieces stand in the newer text and the rules let it be marked
    there, names of records that do not come along left out; all of it is one step to undo. Raises RuleBroken (field
    `reading`) for a reading that is not one's own, not open, or of the newest text, and when the newer text is being
    read already. Locks both readings.
    """
    rows = Reading.objects.select_for_update(of=("self",)).select_related("revision")
    locked = rows.defer(*(f"revision__{column}" for column in HEAVY)).get(pk=reading.pk)
    if locked.reader_id != by.pk or not locked.is_editable:
        raise RuleBroken("Only an open reading of one's own is carried over.", field="reading")
    onto = newer_revision(locked)
    if onto is None:
        raise RuleBroken("This reading is of the article's newest text.", field="reading")
    target = open_reading(revision=onto, by=by)
    claim_reading(target.pk)
    if Annotation.objects.standing().filter(reading=target).exists():
        raise RuleBroken("Something is marked in your reading of the newer text already.", field="reading")
    found = records_found(locked, onto)
    with together(target.pk, by=by):
        copies = _mark(found, target, by)
    return Carried(target, carried=len(copies), left=len(found) - len(copies))


def _mark(found: Iterable[RecordFound], target: Reading, by: User) -> dict[int, int]:
    """Mark the records that hold; answers the old record's id → the new one's."""
    holding = {record.id: record for record in found if record.holds}
    rows = Annotation.objects.in_bulk(holding)
    records = read_records(rows.values())
    copies: dict[int, int] = {}
    for kind in all_kinds():
        for layer in layers({pk: records[pk] for pk in holding if holding[pk].kind is kind}, kind):
            for pk in layer:
                record = translated(kind, Record(records[pk].claim, holding[pk].parts), copies)
                if (new := _marked(kind, record, rows[pk], target, by)) is not None:
                    copies[pk] = new
    return copies


def _marked(kind: Kind, record: Record, row: Annotation, target: Reading, by: User) -> int | None:
    """The new record's id; None when a rule forbids it there: its words lie in boilerplate, its code is gone."""
    try:
        with transaction.atomic():
            change = mark_annotation(
                kind=kind,
                reading=target,
                parts=record.parts,
                claim=record.claim,
                by=by,
                origin=row.origin,
                engine=row.engine,
            )
    except RuleBroken:
        return None
    return int(change.annotation.pk)
