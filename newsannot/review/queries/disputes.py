"""What readings differ about, as an editor is asked: one question after the other, in the order of the text."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from random import Random
from typing import Any, cast

from newsannot.accounts.models import User
from newsannot.actors.queries.merging import standing_actors, where_merged_went
from newsannot.annotations.differences import Words, set_off_pieces
from newsannot.annotations.kinds import ClaimField, Kind, followed, kind_named
from newsannot.annotations.models import Annotation, Reading, Span, Step
from newsannot.annotations.queries import read_record
from newsannot.annotations.rules import LARGEST_OFFSET, Record
from newsannot.articles.queries import text_of
from newsannot.codebook.queries import CodeChoice, ask_latest_codebook, codebook
from newsannot.core.rows import Table, ask, ask_joined, pipelined
from newsannot.core.wording import Stretch, elided, set_off
from newsannot.review.models import Dispute, Ruling
from newsannot.review.queries.claims import Item, Known, as_list, item_of, words_of
from newsannot.review.rules.comparison import strategy_named
from newsannot.workbench.queries.records import RecordPage

STANDING = ""
"""The name of a dispute about whether a record stands at all."""


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """One of the values to choose from: its number, in words, who says so, and whether the record says it now.

    `at` is its place among the choices of the dispute, from 0: where actors were merged since, several are shown as
    one. `places` are the borders (code points) that it draws.
    """

    number: int
    at: int
    items: Sequence[Item]
    places: Sequence[Sequence[int]]
    who: Sequence[str]
    is_standing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A dispute to decide. `place` is its number among all of the reading, from 1; `reasons`, what to choose from."""

    dispute: Dispute
    kind: Kind
    label: str
    words: str
    choices: Sequence[ShownChoice]
    ruling: Ruling | None
    reasons: Sequence[CodeChoice]
    place: int
    previous: int | None
    next: int | None

    @property
    def rule(self) -> str:
        """The name of the rule that decided it, if one did."""
        return strategy_named(self.ruling.strategy).label if self.ruling and self.ruling.strategy else ""


@dataclass(frozen=True, slots=True)
class Docket:
    """All disputes of a curated reading in the order of the text, by id, and those of them that are undecided."""

    ids: Sequence[int]
    undecided: Sequence[int]

    def after(self, dispute: int | None) -> int | None:
        """The next undecided one, from the start again after the last; None when all are decided."""
        if dispute in self.ids:
            at = self.ids.index(dispute)
            order = [*self.ids[at + 1 :], *self.ids[: at + 1]]
        else:
            order = list(self.ids)
        return next((pk for pk in order if pk in set(self.undecided)), None)


def ruling_of(dispute: Dispute) -> Ruling | None:
    """The ruling in force, if there is one; `RulingQuerySet.in_force`, written out."""
    return ask_ruling_of(dispute)()


def ask_ruling_of(dispute: Dispute) -> Callable[[], Ruling | None]:
    """Ask for the same; what is given back fetches it."""
    tail = """
        FROM review_ruling r JOIN accounts_user u ON u.id = r.by_id LEFT JOIN annotations_step s ON s.id = r.step_id
        WHERE r.dispute_id = %s AND s.undone_at IS NULL ORDER BY r.id DESC LIMIT 1
    """
    found = ask_joined([Table(Ruling, "r"), Table(User, "u")], tail, [dispute.pk])

    def fetch() -> Ruling | None:
        ruling, by = found() or (None, None)
        if ruling:
            ruling.by = by
        return cast("Ruling | None", ruling)

    return fetch


def just_undone(curated: Reading, *, by: User) -> int | None:
    """The dispute whose ruling the person has undone last and could do again now, by id."""
    mine = Step.objects.filter(reading=curated, by=by, undone_at=None)
    last = mine.values_list("pk", flat=True).last() or 0
    undone = Ruling.objects.filter(step__reading=curated, step__by=by, step__undone_at__isnull=False, step__gt=last)
    return undone.order_by("step").values_list("dispute_id", flat=True).first()


def reasons() -> Mapping[str, CodeChoice]:
    """The reasons a ruling may give, with what they mean, as the newest codebook has them."""
    return ask_reasons()()


def ask_reasons() -> Callable[[], Mapping[str, CodeChoice]]:
    """Ask for the same; what is given back fetches it."""
    newest = ask_latest_codebook()
    return lambda: codebook(newest().pk).get("ruling-reason", {})


# Which are undecided `DisputeQuerySet.undecided` says, written out: every ruling asks it.
_DOCKET = """
    SELECT d.id, (SELECT min(s.start) FROM annotations_span s WHERE s.annotation_id = a.id), a.id, a.kind, d.name,
           d.is_border, a.deleted_at IS NULL AND NOT d.is_one AND coalesce(last.reopens, true)
    FROM annotations_annotation a JOIN review_dispute d ON d.curated_id = a.id
    LEFT JOIN LATERAL (
        SELECT r.reopens FROM review_ruling r LEFT JOIN annotations_step s ON s.id = r.step_id
        WHERE r.dispute_id = d.id AND s.undone_at IS NULL ORDER BY r.id DESC LIMIT 1
    ) last ON true
    WHERE a.reading_id = %s
"""


def docket_of(curated: int) -> Docket:
    """The disputes of a curated reading, by its id; one query."""
    return ask_docket(curated)()


def ask_docket(curated: int) -> Callable[[], Docket]:
    """Ask for the same; what is given back fetches it."""
    cursor = ask(_DOCKET, [curated])

    def fetch() -> Docket:
        rows = cursor.fetchall()
        rows.sort(key=lambda row: (LARGEST_OFFSET if row[1] is None else row[1], row[2], _rank(*row[3:6])))
        return Docket([row[0] for row in rows], [row[0] for row in rows if row[6]])

    return fetch


@cache
def _rank(kind_name: str, name: str, is_border: bool) -> int:
    """Whether it stands is asked first, then its borders, then what it says, as its form asks."""
    kind = kind_named(kind_name)
    asked = [(STANDING, False), *((role.name, True) for role in kind.roles)]
    asked += [(field.name, False) for field in kind.fields]
    return asked.index((name, is_border)) if (name, is_border) in asked else len(asked)


def ask_question(dispute: Dispute, *, names_hidden: bool) -> Callable[[Docket, RecordPage | None], Question]:
    """Ask for a dispute as it is asked; with names hidden, the readings are lettered in an order that tells nothing.

    What is given back fetches it, given the docket, and its record where that stands and is shown beside it.
    """
    with pipelined():
        who, ruling = _ask_readers(dispute, names_hidden=names_hidden), ask_ruling_of(dispute)
        why = ask_reasons()

    def fetch(docket: Docket, page: RecordPage | None) -> Question:
        at = docket.ids.index(dispute.pk)
        standing, words = _standing(dispute, page)
        return Question(
            dispute=dispute,
            kind=kind_named(dispute.curated.kind),
            label=label_of(dispute),
            words=words,
            choices=_shown_choices(dispute, standing, who()),
            ruling=ruling(),
            reasons=list(why().values()),
            place=at + 1,
            previous=docket.ids[at - 1] if at else None,
            next=docket.ids[at + 1] if at + 1 < len(docket.ids) else None,
        )

    return fetch


def _standing(dispute: Dispute, page: RecordPage | None) -> tuple[Any, str]:
    """What the record says of what is in dispute, and how its words begin; no query where it is shown beside it."""
    annotation = dispute.curated
    if page is None:
        return standing_value(annotation, dispute), beginnings([annotation.pk]).get(annotation.pk, "")
    spans = sorted((span for slot in page.slots for span in slot.spans), key=lambda s: (s.start, s.end, s.pk))
    return said_by(page.record, dispute), words_of({annotation.pk: spans})[annotation.pk] if spans else ""


def _shown_choices(dispute: Dispute, standing: Any, who: Mapping[int, str]) -> list[ShownChoice]:
    """The choices, those that came to say the same since as one; `who` is each reading's reader."""
    values = [Value(dispute, choice["value"]) for choice in dispute.choices]
    went = where_actors_went([*values, Value(dispute, standing)])
    said, stands = [as_merged(one, went) for one in values], as_merged(Value(dispute, standing), went)
    alike: dict[int, list[int]] = {}
    for at, value in enumerate(said):
        alike.setdefault(next(other for other in range(at + 1) if same_value(said[other], value)), []).append(at)
    shown = [Value(dispute, said[at]) for at in alike]
    words = set_apart(shown, in_words(shown))
    return [
        ShownChoice(
            number=number,
            at=at,
            items=items,
            places=said[at] if dispute.is_border else (),
            who=[who[pk] for other in alike[at] for pk in dispute.choices[other]["readings"] if pk in who],
            is_standing=same_value(said[at], stands),
        )
        for number, (at, items) in enumerate(zip(alike, words, strict=True), start=1)
    ]


def standing_value(annotation: Annotation, dispute: Dispute) -> Any:
    """What a curated record says of what is in dispute: a field, the borders of a role, or whether it stands."""
    if dispute.name == STANDING:
        return annotation.deleted_at is None
    return said_by(read_record(annotation), dispute)


def said_by(record: Record | None, dispute: Dispute) -> Any:
    """The same of a record as plain values; None for one that does not stand."""
    if record is None or dispute.name == STANDING:
        return record is not None
    if dispute.is_border:
        return [[piece.start, piece.end] for piece in record.parts.get(dispute.name, ())]
    return record.claim[dispute.name]


def same_value(one: Any, other: Any) -> bool:
    """Whether two values of a dispute say the same; the order of what is listed says nothing."""
    return sorted(one) == sorted(other) if isinstance(one, list) and isinstance(other, list) else one == other


def label_of(dispute: Dispute) -> str:
    """What a dispute is about, as it is asked."""
    kind = kind_named(dispute.curated.kind)
    if dispute.name == STANDING:
        return f"Is this a {kind.label.lower()}?"
    if dispute.is_border:
        role = next(role for role in kind.roles if role.name == dispute.name)
        return f"Borders of the {role.label.lower()}"
    label = kind.field(dispute.name).label.removeprefix("Your ")
    return label[:1].upper() + label[1:]


def _ask_readers(dispute: Dispute, *, names_hidden: bool) -> Callable[[], dict[int, str]]:
    """Ask for reading → its reader's name, or a letter that is another one in each dispute."""
    ids = {reading for choice in dispute.choices for reading in choice["readings"]}
    sql = """
        SELECT r.id, u.username, u.first_name, u.last_name
        FROM annotations_reading r JOIN accounts_user u ON u.id = r.reader_id WHERE r.id = ANY(%s) ORDER BY r.id
    """
    cursor = ask(sql, [list(ids)])

    def fetch() -> dict[int, str]:
        rows = cursor.fetchall()
        if not names_hidden:
            return {pk: User(username=name, first_name=first, last_name=last).label for pk, name, first, last in rows}
        shuffled = [pk for pk, *_ in rows]
        Random(dispute.pk).shuffle(shuffled)  # noqa: S311 - an order that tells nothing, not a secret
        return {pk: f"Analyst {chr(ord('A') + at)}" for at, pk in enumerate(shuffled)}

    return fetch


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a dispute, as its choices write it."""

    dispute: Dispute
    value: Any


def where_actors_went(values: Iterable[Value]) -> Mapping[int, int]:
    """Merged actor → the standing one, of those that values name; one query, none unless they name any."""
    named: set[int] = set()
    for one in values:
        if _is_about_actors(one.dispute):
            named.update(as_list(one.value))
    return where_merged_went(named) if named else {}


def as_merged(one: Value, went: Mapping[int, int]) -> Any:
    """The value with each actor that was merged as where it went, as `where_actors_went` says."""
    return followed(one.value, went) if _is_about_actors(one.dispute) else one.value


def _is_about_actors(dispute: Dispute) -> bool:
    field = _field(dispute)
    return field is not None and field.sort in {"actor", "actors"}


def in_words(values: Sequence[Value]) -> list[list[Item]]:
    """Values of disputes in words, of as many texts as may be; a constant number of queries.

    An actor that was merged goes by the name of the one it went to.
    """
    cut = _cuts({place for one in values for place in _places(one)})
    known = _known_of([one for one in values if _field(one.dispute)])
    return [_items(one, cut, known) for one in values]


def set_apart(values: Sequence[Value], words: Sequence[Sequence[Item]]) -> list[list[Item]]:
    """Values of one dispute, as `in_words` gives them, with what each has alone set off where they share the rest."""
    told = _stretches(values, words)
    if {one.fate for stretches in chain.from_iterable(told) for one in stretches} != {"same", "own"}:
        return [list(items) for items in words]
    return [
        [replace(item, stretches=elided(stretches)) for item, stretches in zip(items, of_value, strict=True)]
        for items, of_value in zip(words, told, strict=True)
    ]


def _stretches(values: Sequence[Value], words: Sequence[Sequence[Item]]) -> list[list[list[Stretch]]]:
    """The stretches of each value's items: borders told apart by their places, lists by what they name."""
    dispute = values[0].dispute
    field = _field(dispute)
    if dispute.is_border:
        return set_off_pieces(
            [
                [Words(start, end, item.text) for (start, end), item in zip(one.value or (), items, strict=True)]
                for one, items in zip(values, words, strict=True)
            ]
        )
    if field and field.sort == "words":
        own = iter(set_off([item.text for items in words for item in items]))
        return [[next(own) for _ in items] for items in words]
    named = [{item.text for item in items} for items in words if items]
    shared = set.intersection(*named) if named else set()
    return [[[Stretch("same" if item.text in shared else "own", item.text)] for item in items] for items in words]


Place = tuple[int, int, int]
"""A revision, and the borders in it (code points)."""


def _items(one: Value, cut: Mapping[Place, str], known: Known) -> list[Item]:
    annotation, field = one.dispute.curated, _field(one.dispute)
    if one.dispute.name == STANDING:
        label = kind_named(annotation.kind).label.lower()
        return [Item(f"Yes, a {label}" if one.value else f"No {label} here")]
    if field is None:
        return [Item(cut[place]) for place in _places(one)]
    spoken = replace(known, codes=codebook(annotation.reading.codebook_id))
    return [item_of(field, value, spoken) for value in as_list(one.value) if value not in {"", False}]


def _field(dispute: Dispute) -> ClaimField | None:
    """The field a dispute is about, when it is about one."""
    is_field = dispute.name != STANDING and not dispute.is_border
    return kind_named(dispute.curated.kind).field(dispute.name) if is_field else None


def _places(one: Value) -> list[Place]:
    if not one.dispute.is_border:
        return []
    revision = one.dispute.curated.reading.revision_id
    return [(revision, start, end) for start, end in one.value or ()]


def _cuts(places: Collection[Place]) -> dict[Place, str]:
    """The words at places: cut from the one text they are all in, which is kept, else by the database, in one query."""
    if len({revision for revision, *_ in places}) < 2:
        return {(revision, start, end): text_of(revision)[start:end] for revision, start, end in places}
    sql = """
        SELECT p.revision, p.first, p.last, substr(v.text, p.first + 1, p.last - p.first)
        FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS p(revision, first, last)
        JOIN articles_revision v ON v.id = p.revision
    """
    with ask(sql, [list(column) for column in zip(*places, strict=True)]) as cursor:
        return {(revision, start, end): words for revision, start, end, words in cursor.fetchall()}


def _known_of(values: Sequence[Value]) -> Known:
    """The actors and records that values name."""
    actors: set[int] = set()
    records: set[int] = set()
    for one in values:
        field = _field(one.dispute)
        if field and field.sort in {"actor", "actors"}:
            actors.update(as_list(one.value))
        elif field and (field.of or field.sort == "primary"):
            records.update(as_list(one.value))
    names = {pk: name for pk, (_, name) in standing_actors(actors).items()}
    return Known(names, beginnings(records), {})


def beginnings(annotations: Collection[int]) -> dict[int, str]:
    """How the evidence of each record begins; one query."""
    found: dict[int, list[Span]] = {}
    if annotations:
        for span in Span.objects.filter(annotation__in=annotations).order_by("start", "end", "pk"):
            found.setdefault(span.annotation_id, []).append(span)
    return words_of(found)
