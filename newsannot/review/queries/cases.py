"""The cases behind a figure of agreement: which things readings tell alike or otherwise, and which value against which.

Two readings tell a thing itself otherwise (name "") when only one has it; borders (`role:…`, or `borders` for those of
all roles) and values (`field:…`) when both have it and give another.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404

from newsannot.actors.models import Actor
from newsannot.annotations.kinds import ClaimField, Kind, all_kinds
from newsannot.annotations.models import Annotation, Derivation, Span
from newsannot.articles.models import Article
from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import Codebook, codebook
from newsannot.core.keyset import Page, number, page_of
from newsannot.core.numbers import number_in, numbers_in
from newsannot.core.rows import ask
from newsannot.review.agreement.measures import EVERYBODY, Group
from newsannot.review.models import AgreementCase, AgreementReport, Dispute
from newsannot.review.queries.claims import Item, Known, item_of
from newsannot.review.queries.figures import label_of, names_of

PAGE_SIZE = 30
MOST_VALUES = 25
"""The most values a confusion table shows; of hundreds of actors the most frequent."""
ABSENT = "(absent)"
"""Stands in an address for the value of who has not the thing."""
HEAVY = ("text", "raw", "search", "block_starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases: of a report's codebook version and kind, of what, between whom, when, and with which values."""

    report: AgreementReport
    codebook: int
    kind: Kind
    name: str = ""
    group: Group = EVERYBODY
    first: str | None = None
    second: str | None = None
    is_alike: bool = False
    since: date | None = None
    until: date | None = None

    @property
    def is_pair(self) -> bool:
        """Whether two are held against each other; not one against the others, nor all."""
        return len(self.group) == 2

    @property
    def field(self) -> ClaimField | None:
        """The field it is about, if it is about one."""
        sort, _, name = self.name.partition(":")
        return self.kind.field(name) if sort == "field" else None

    @property
    def label(self) -> str:
        """What it is about, in words."""
        sort, _, name = self.name.partition(":")
        if not name:
            return "Borders" if self.name else "The records themselves"
        role, field = (name, "") if sort == "role" else ("", name)
        return label_of(self.kind.name, role, field)

    @property
    def names(self) -> list[str]:
        """What of a case must differ, any of it, as `AgreementCase.differing` names it."""
        if self.name == "borders":
            return ["", *(f"role:{role.name}" for role in self.kind.roles)]
        return ["", self.name] if self.name.startswith("role:") else [self.name]


def asked(report: AgreementReport, query: Mapping[str, str]) -> Asked:
    """The cases that an address asks for; raises Http404 when it names what there is not."""
    kind = next((kind for kind in all_kinds() if kind.name == query.get("kind")), None)
    name, version = query.get("name", ""), number_in(query.get("codebook", ""))
    if kind is None or name not in _names(kind) or version is None:
        raise Http404("There are no such figures.")
    return Asked(
        report=report,
        codebook=version,
        kind=kind,
        name=name,
        group=_group(query.get("group", "")),
        first=_plain(query.get("first")),
        second=_plain(query.get("second")),
        is_alike=query.get("show") == "alike",
        since=_day(query.get("from", "")),
        until=_day(query.get("to", "")),
    )


def _names(kind: Kind) -> set[str]:
    roles, fields = (f"role:{role.name}" for role in kind.roles), (f"field:{field.name}" for field in kind.fields)
    return {"", "borders", *roles, *fields}


def _group(sent: str) -> Group:
    """Two analysts, `3-5`, or one with each of the others, `3`."""
    sides = sent.split("-")
    known = numbers_in(sides)
    return tuple(known) if len(known) == len(sides) < 3 else EVERYBODY


def _plain(sent: str | None) -> str | None:
    return None if sent is None else sent.replace("\x00", "")


def _day(sent: str) -> date | None:
    try:
        return date.fromisoformat(sent)
    except ValueError:
        return None


# --- Which ----------------------------------------------------------------------------------------

_TWO = """EXISTS (
    SELECT FROM unnest(review_agreementcase.readers) a(id), unnest(review_agreementcase.readers) b(id)
    WHERE {order} AND %s::bigint[] <@ ARRAY[a.id, b.id] AND {told}
)"""
_VALUE = """CASE WHEN review_agreementcase.told ? {side}.id::text
    THEN coalesce(review_agreementcase.told #>> ARRAY[{side}.id::text, 'claim', %s], '') ELSE '(absent)' END"""
_BOTH = "review_agreementcase.told ?& ARRAY[a.id::text, b.id::text]"
_EITHER = "(review_agreementcase.told ? a.id::text) <> (review_agreementcase.told ? b.id::text)"


def cases_of(wanted: Asked) -> QuerySet[AgreementCase]:
    """The cases asked for, in the order of articles and text once ordered by id."""
    rows = AgreementCase.objects.filter(report=wanted.report, codebook=wanted.codebook, kind=wanted.kind.name)
    if wanted.since:
        rows = rows.filter(completed_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(completed_on__lte=wanted.until)
    if wanted.field and wanted.first is not None and wanted.second is not None:
        return rows.filter(_with_values(wanted, wanted.field.name, wanted.first, wanted.second))
    if wanted.is_alike:
        return rows.filter(_told(wanted, f"{_BOTH} AND NOT ({_differ(wanted)})", _places(wanted)))
    return rows.filter(differing__overlap=wanted.names).filter(_told(wanted, _differ(wanted), _places(wanted)))


def _told(wanted: Asked, condition: str, params: Sequence[object], *, order: str = "a.id < b.id") -> RawSQL:
    sql = _TWO.format(order=order, told=f"({condition})")
    return RawSQL(sql, [list(wanted.group), *params], output_field=BooleanField())  # noqa: S611 - constant SQL


def _differ(wanted: Asked) -> str:
    """The condition that two readings tell one of the names otherwise; `_places` are its parameters."""
    parts = [_EITHER if not name else f"({_BOTH} AND {_at('a')} IS DISTINCT FROM {_at('b')})" for name in wanted.names]
    return " OR ".join(parts)


def _at(side: str) -> str:
    return f"review_agreementcase.told #> ARRAY[{side}.id::text, %s, %s]"


def _places(wanted: Asked) -> list[str]:
    found = []
    for name in filter(None, wanted.names):
        sort, _, of = name.partition(":")
        found += ["parts" if sort == "role" else "claim", of] * 2
    return found


def _with_values(wanted: Asked, field: str, first: str, second: str) -> RawSQL:
    """That one says the first and the other the second; of a pair the one with the lower id says the first."""
    condition = f"{_VALUE.format(side='a')} = %s AND {_VALUE.format(side='b')} = %s"
    order = "a.id < b.id" if wanted.is_pair else "a.id <> b.id"
    return _told(wanted, condition, [field, first, field, second], order=order)


# --- Which value against which ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """How often one value stands against another."""

    first: str
    second: str
    number: int
    is_alike: bool


@dataclass(frozen=True, slots=True)
class Confusion:
    """Values against values: of a pair the rows are the first's; of all, either way. `names` are the values in words.

    `left_out` are values too rare to be shown.
    """

    values: Sequence[str]
    names: Mapping[str, str]
    rows: Sequence[tuple[str, Sequence[Count]]]
    left_out: int


_COUNTED = """
    SELECT {pair}, count(*) FROM (
        SELECT {first} AS one, {second} AS other
        FROM review_agreementcase, unnest(readers) a(id), unnest(readers) b(id)
        WHERE report_id = %s AND codebook = %s AND kind = %s AND a.id < b.id
            AND %s::bigint[] <@ ARRAY[a.id, b.id]
            AND told ?| ARRAY[a.id::text, b.id::text]
            AND completed_on BETWEEN coalesce(%s::date, '-infinity') AND coalesce(%s::date, 'infinity')
    ) told GROUP BY 1, 2
"""


def confusion_of(wanted: Asked, known: "Values") -> Confusion | None:
    """Which value stands against which; None of what is no field, or leads to other records. Two queries."""
    field = wanted.field
    if field is None or field.of:
        return None
    pair = "one, other" if wanted.is_pair else "least(one, other), greatest(one, other)"
    sql = _COUNTED.format(pair=pair, first=_VALUE.format(side="a"), second=_VALUE.format(side="b"))
    group, days = list(wanted.group), (wanted.since, wanted.until)
    of = (wanted.report.pk, wanted.codebook, wanted.kind.name)
    with ask(sql, [field.name, field.name, *of, group, *days]) as cursor:
        found = {(one, other): count for one, other, count in cursor.fetchall()}
    if not wanted.is_pair:
        found |= {(other, one): count for (one, other), count in found.items()}
    often = dict[str, int]()
    for pair_of, count in found.items():
        for value in pair_of:
            often[value] = often.get(value, 0) + count
    order = sorted(often, key=lambda value: (value == ABSENT, -often[value], value))
    values = order[:MOST_VALUES]
    rows = [(one, [Count(one, other, found.get((one, other), 0), one == other) for other in values]) for one in values]
    return Confusion(values, known.words(field, values), rows, len(order) - len(values))


class Values:
    """Compared values in words, by a codebook version; the names of actors are asked for together."""

    def __init__(self, version: int) -> None:
        self.codes: Codebook = codebook(pk) if (pk := _version_key(version)) else {}

    def words(self, field: ClaimField, values: Collection[str]) -> dict[str, str]:
        """Each value, as the database writes it, in words."""
        parts = {value: _parts(field, value) for value in values}
        return self.of_parts(field, parts)

    def of_parts(self, field: ClaimField, parts: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Each value, given as its parts, in words."""
        is_actor = field.sort in {"actor", "actors"}
        ids = [int(one) for of in parts.values() for one in of if one.isdigit()] if is_actor else []
        actors = dict(Actor.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
        known = Known(actors, {}, self.codes)
        return {value: _in_words(field, value, of, known) for value, of in parts.items()}


def _version_key(version: int) -> int | None:
    return CodebookVersion.objects.filter(number=version).values_list("pk", flat=True).first()


def _parts(field: ClaimField, value: str) -> list[str]:
    if value in {"", ABSENT}:
        return []
    if field.is_many:
        return [str(one) for one in json.loads(value)] if value.startswith("[") else [value]
    return [value]


def _in_words(field: ClaimField, value: str, parts: Sequence[str], known: Known) -> str:
    if value == ABSENT:
        return "no such record"
    if not parts:
        return "left open"
    return " + ".join(_one(field, part, known).text for part in parts)


def _one(field: ClaimField, part: str, known: Known) -> Item:
    if field.of:
        return Item(f"the {field.of} at place {part.rpartition('#')[2]}")
    if field.sort in {"actor", "actors"} and part.isdigit():
        return item_of(field, int(part), known)
    return item_of(field, part == "True" if field.sort == "flag" else part, known)


# --- As a page shows them -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Telling:
    """What one reading says: whose, the record and the reading to look at (None: it has no such record), in words."""

    name: str
    record: int | None
    reading: int | None
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with what each says; `question` is the dispute it became, if there is one."""

    case: AgreementCase
    article: Article
    tellings: Sequence[Telling]
    question: int | None


def cases_page(wanted: Asked, known: Values, query: Mapping[str, str]) -> tuple[Page[AgreementCase], list[Shown]]:
    """A page of cases; as many queries for thirty as for one."""
    rows = cases_of(wanted).select_related("revision__article__source").defer(*(f"revision__{one}" for one in HEAVY))
    page = page_of(rows, (("id", number),), query, size=PAGE_SIZE)
    return page, _shown(wanted, known, page.rows)


def _shown(wanted: Asked, known: Values, cases: Sequence[AgreementCase]) -> list[Shown]:
    keys = [record["key"] for case in cases for record in case.told.values()]
    readings = dict(Annotation.objects.filter(pk__in=keys).values_list("pk", "reading_id"))
    people = names_of(reader for case in cases for reader in case.readers)
    questions = _questions(wanted, keys)
    said = _said(wanted, known, cases)
    shown = []
    for case in cases:
        tellings = []
        for reader in wanted.group if wanted.is_pair else case.readers:
            record = case.told.get(str(reader))
            key = record["key"] if record else None
            reading = readings.get(key) if key else None
            tellings.append(Telling(people.get(reader, "somebody"), key, reading, said(key) if key else ()))
        found = [questions[record["key"]] for record in case.told.values() if record["key"] in questions]
        shown.append(Shown(case, case.revision.article, tellings, min(found, default=None)))
    return shown


def _questions(wanted: Asked, keys: Collection[int]) -> dict[int, int]:
    """The question to the editors that became of what records say, by record."""
    curated = dict(Derivation.objects.filter(original__in=keys).values_list("original_id", "curated_id"))
    parts = [name.partition(":") for name in wanted.names]
    asked = {(name, sort == "role") for sort, _, name in parts}
    disputes = Dispute.objects.filter(curated__in=set(curated.values()), name__in=[name for *_, name in parts])
    rows = disputes.order_by("-pk").values_list("curated_id", "name", "is_border", "pk")
    of_curated = {one: pk for one, name, is_border, pk in rows if (name, is_border) in asked}
    return {key: of_curated[one] for key, one in curated.items() if one in of_curated}


def _said(wanted: Asked, known: Values, cases: Sequence[AgreementCase]) -> Any:
    """What a record says of what is asked, by its key."""
    records = {record["key"]: record for case in cases for record in case.told.values()}
    if field := wanted.field:
        parts = {str(key): _as_parts(record["claim"].get(field.name)) for key, record in records.items()}
        words = known.of_parts(field, parts)
        return lambda key: [words[str(key)]]
    roles = [name.partition(":")[2] for name in wanted.names if name] or [role.name for role in wanted.kind.roles]
    spans = Span.objects.filter(annotation__in=records, role__in=roles).order_by("start", "end", "pk")
    pieces: dict[int, list[str]] = {}
    for annotation, exact in spans.values_list("annotation_id", "exact"):
        pieces.setdefault(annotation, []).append(exact)
    return lambda key: pieces.get(key, ["not marked"])


def _as_parts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


# --- As a sheet -----------------------------------------------------------------------------------------

HEAD = ("article", "title", "at", "words", "kind", "of", "first", "second", "value of first", "value of second")


def case_sheet(wanted: Asked) -> Iterator[Sequence[object]]:
    """Every case asked for as lines, one for each two readers who tell it otherwise (or alike, where asked)."""
    yield HEAD
    rows = cases_of(wanted).select_related("revision__article").defer(*(f"revision__{one}" for one in HEAVY))
    people: dict[int, str] = {}
    for case in rows.order_by("pk").iterator(chunk_size=500):
        missing = [reader for reader in case.readers if reader not in people]
        people |= names_of(missing) if missing else {}
        article = case.revision.article
        for one, other in _pairs(wanted, case):
            said = [_value_of(case.told.get(str(reader)), wanted) for reader in (one, other)]
            if (said[0] == said[1]) == wanted.is_alike:
                names = (people.get(one, one), people.get(other, other))
                yield (article.pk, article.title, case.start, case.words, case.kind, wanted.label, *names, *said)


def _pairs(wanted: Asked, case: AgreementCase) -> Iterable[tuple[int, int]]:
    pairs = ((one, other) for at, one in enumerate(case.readers) for other in case.readers[at + 1 :])
    return (pair for pair in pairs if set(wanted.group) <= set(pair))


def _value_of(record: Mapping[str, Any] | None, wanted: Asked) -> str:
    if record is None:
        return ABSENT
    if wanted.field:
        value = record["claim"].get(wanted.field.name, "")
        return " + ".join(value) if isinstance(value, list) else str(value)
    named = [name.partition(":")[2] for name in wanted.names if name]
    pieces = [f"{role} {start}–{end}" for role in named for start, end in record["parts"].get(role, ())]
    return ", ".join(pieces) if named else "marked"
