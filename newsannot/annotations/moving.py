"""Moving an open reading to another codebook: what would become of each code, and the move as one change to undo."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.actions import claim_reading, put_back, rewrite, standing_at
from newsannot.annotations.checks import OpenReading
from newsannot.annotations.coding import codes_held
from newsannot.annotations.kinds import ClaimField, Kind, all_kinds, kind_named
from newsannot.annotations.models import EDITABLE_STATES, Annotation, AnnotationQuerySet, Move, Reading, Step
from newsannot.annotations.queries import read_record
from newsannot.annotations.rules import Record
from newsannot.annotations.together import together
from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import CodeChoice, became_across, codebook, latest_codebook
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action

NOTHING = "-"
"""The answer that leaves a field without the code: “-” is the code of no list."""
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Coding:
    """A code that a record holds and the newer codebook does not mean the same by, with what it may become.

    One `choice` alone and it follows; else it is a question. `quote` is how the record's evidence begins.
    """

    annotation: int
    kind: Kind
    field: ClaimField
    old: CodeChoice
    choices: Sequence[CodeChoice]
    is_question: bool
    quote: str

    @property
    def name(self) -> str:
        """What an answer to it is sent as."""
        return f"{self.annotation}-{self.field.name}-{self.old.code}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving a reading would do, with the reading's version it was looked at."""

    reading: Reading
    onto: CodebookVersion
    version: int
    codings: Sequence[Coding]

    @property
    def follows(self) -> list[Coding]:
        """What goes by itself."""
        return [one for one in self.codings if not one.is_question]

    @property
    def questions(self) -> list[Coding]:
        """What somebody must decide."""
        return [one for one in self.codings if one.is_question]


_HELD = """
    SELECT a.reading_id, held.id, held.kind, held.field, held.scheme, held.code, coalesce(first.exact, '')
    FROM ({held}) held
    JOIN annotations_annotation a ON a.id = held.id AND a.deleted_at IS NULL
    LEFT JOIN LATERAL (
        SELECT exact FROM annotations_span s WHERE s.annotation_id = a.id ORDER BY s.start, s.id LIMIT 1
    ) first ON true
    WHERE a.reading_id = ANY(%s) AND (held.scheme, held.code) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
    ORDER BY a.reading_id, held.id, held.field
"""


def plans(readings: Iterable[Reading], onto: CodebookVersion) -> dict[int, Plan]:
    """What moving each reading would do; three queries for each older codebook among them."""
    by_codebook: dict[int, list[Reading]] = {}
    for reading in readings:
        by_codebook.setdefault(reading.codebook_id, []).append(reading)
    found: dict[int, Plan] = {}
    for before, group in by_codebook.items():
        codings = _codings([one.pk for one in group], before, onto.pk)
        found |= {one.pk: Plan(one, onto, one.version, codings.get(one.pk, [])) for one in group}
    return found


def plan(reading: Reading, onto: CodebookVersion) -> Plan:
    """What moving a reading would do."""
    return plans([reading], onto)[reading.pk]


def _codings(readings: Collection[int], before: int, after: int) -> dict[int, list[Coding]]:
    became = became_across(before, after)
    touched = [(scheme, old) for scheme, codes in became.items() for old in codes]
    pairs = [(kind, field) for kind in all_kinds() for field in kind.fields if field.scheme in became]
    if not touched or not pairs:
        return {}
    schemes, olds = zip(*touched, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(held=codes_held(pairs)), [list(readings), list(schemes), list(olds)])
        rows = cursor.fetchall()
    found: dict[int, list[Coding]] = {}
    for reading, annotation, kind_name, field_name, scheme, code, quote in rows:
        kind = kind_named(kind_name)
        now = became[scheme][code]
        in_use = codebook(after).get(scheme, {})
        choices = [in_use[one] for one in now or in_use if one in in_use]
        old = codebook(before).get(scheme, {}).get(code) or CodeChoice(code, code, "", "", "")
        coding = Coding(annotation, kind, kind.field(field_name), old, choices, len(now) != 1, quote)
        found.setdefault(reading, []).append(coding)
    return found


def outdated(onto: CodebookVersion, scheme: str = "") -> AnnotationQuerySet:
    """Standing records that hold a code which a codebook means otherwise, of one scheme or of any; not in any order.

    Two queries for each older codebook that readings are under, before the one to come.
    """
    befores = Reading.objects.filter(codebook__number__lt=onto.number).order_by().values_list("codebook", flat=True)
    touched = [
        (before, key, old)
        for before in befores.distinct()
        for key, codes in became_across(before, onto.pk).items()
        for old in codes
        if scheme in {"", key}
    ]
    keys = {key for _, key, _ in touched}
    held = codes_held((kind, field) for kind in all_kinds() for field in kind.fields if field.scheme in keys)
    columns = [list(column) for column in zip(*touched, strict=True)] or [[], [], []]
    sql = f"""
        SELECT held.id FROM ({held}) held
        JOIN annotations_annotation a ON a.id = held.id JOIN annotations_reading r ON r.id = a.reading_id
        JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS touched (codebook, scheme, code)
          ON (touched.codebook, touched.scheme, touched.code) = (r.codebook_id, held.scheme, held.code)
    """  # noqa: S608 - names of our own tables
    return Annotation.objects.standing().filter(pk__in=RawSQL(sql, columns))  # noqa: S611 - the same


@action
def move_reading_on(
    *, reading: Reading, version: int, answers: Mapping[str, str], by: User, run: UUID | None = None
) -> Move:
    """Move an open reading to the newest codebook, its codes rewritten, as one change to undo.

    `answers` says by `Coding.name` what becomes of each code that is a question: a code among its choices, or “-” for
    none. Raises Stale when the reading changed since `version`, RuleBroken when it is closed (field `reading`) or under
    the newest codebook already (`codebook`), and naming each question that is not answered. Locks the reading.
    """
    held = claim_reading(reading.pk)
    locked = Reading.objects.get(pk=reading.pk)
    if held.version - 1 != version:
        raise Stale(locked)
    onto = latest_codebook()
    if locked.codebook_id == onto.pk:
        raise RuleBroken(f"This reading is under codebook {onto.number} already.", field="codebook")
    asked = plan(locked, onto)
    decided = _decided(asked, answers)
    Reading.objects.filter(pk=held.id).update(codebook=onto)
    held = replace(held, codebook_id=onto.pk)
    with together(held.id, by=by) as steps:
        for annotation, changes in decided.items():
            _rewrite(annotation, changes, held, by)
    return Move.objects.create(
        reading=locked,
        before_id=locked.codebook_id,
        after=onto,
        together=steps if decided else None,
        run=run or uuid4(),
        by=by,
    )


def _decided(asked: Plan, answers: Mapping[str, str]) -> dict[int, list[tuple[Coding, str]]]:
    """What becomes of each code, by record; raises RuleBroken naming the questions without a right answer."""
    problems: dict[str, list[str]] = {}
    decided: dict[int, list[tuple[Coding, str]]] = {}
    for coding in asked.codings:
        answer = answers.get(coding.name, "") if coding.is_question else coding.choices[0].code
        if answer != NOTHING and answer not in {choice.code for choice in coding.choices}:
            problems[coding.name] = [f"Choose what “{coding.old.label}” becomes."]
        decided.setdefault(coding.annotation, []).append((coding, "" if answer == NOTHING else answer))
    if problems:
        raise RuleBroken(problems=problems)
    return decided


def _rewrite(annotation: int, changes: Sequence[tuple[Coding, str]], held: OpenReading, by: User) -> None:
    standing = standing_at(annotation, None)
    before = read_record(standing)
    claim: dict[str, Any] = dict(before.claim)
    for coding, new in changes:
        name = coding.field.name
        if coding.field.is_many:
            put = [new if one == coding.old.code else one for one in claim[name]]
            claim[name] = list(dict.fromkeys(one for one in put if one))
        else:
            claim[name] = new
    rewrite(standing, before, Record(claim, before.parts), held, by)


@action
def move_reading_back(*, move: Move, by: User) -> Reading:
    """Put a reading back under the codebook before, its codes as they were; refused when they were changed since."""
    held = claim_reading(move.reading_id)
    standing = Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
    locked = Reading.objects.get(pk=held.id)
    if standing.undone_at or locked.codebook_id != standing.after_id:
        raise RuleBroken("This reading was moved again since.", field="reading")
    Reading.objects.filter(pk=held.id).update(codebook=standing.before_id)
    held = replace(held, codebook_id=standing.before_id)
    if standing.together:
        steps = list(Step.objects.filter(together=standing.together, undone_at=None))
        put_back(steps, held=held, by=by)
    Move.objects.filter(pk=standing.pk).update(undone_at=timezone.now())
    return locked


@dataclass(frozen=True, slots=True)
class Carried:
    """What moving many readings at once did: the moves, by the run they share, and how many readings stayed."""

    run: UUID
    moves: Sequence[Move]
    left: int


@action
def carry_all(*, by: User, run: UUID | None = None, most: int = MOST_AT_ONCE) -> Carried:
    """Move open readings, analysts' and curated, in which nothing is a question, to the newest codebook.

    At most `most`, as part of a `run`. Each is a change of its own to undo; all of a run are, by `take_back_run`. A
    reading that is changed or closed meanwhile stays.
    """
    onto, run = latest_codebook(), run or uuid4()
    asked = plans(movable(onto), onto)
    moves: list[Move] = []
    for one in [one for one in asked.values() if not one.questions][:most]:
        with suppress(RuleBroken, Stale):
            moves.append(move_reading_on(reading=one.reading, version=one.version, answers={}, by=by, run=run))
    return Carried(run, moves, len(asked) - len(moves))


@action
def take_back_run(*, run: UUID, by: User) -> tuple[int, int]:
    """Undo what was moved at once; answers how many readings went back and how many, changed since, stay."""
    moves = list(Move.objects.filter(run=run, by=by, undone_at=None).order_by("-pk"))
    if not moves:
        raise RuleBroken("There is nothing to undo.", field="run")
    back = 0
    for move in moves:
        try:
            move_reading_back(move=move, by=by)
        except RuleBroken:
            continue
        back += 1
    return back, len(moves) - back


def movable(onto: CodebookVersion) -> QuerySet[Reading]:
    """Open readings under a codebook before this one, the oldest first."""
    return Reading.objects.filter(state__in=EDITABLE_STATES, codebook__number__lt=onto.number).order_by("pk")
