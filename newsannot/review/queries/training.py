"""Trainings: what somebody handed in beside the curated reading, record by record, and who has passed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, F, Q

from newsannot.annotations.models import Reading
from newsannot.review.models import Assignment, Batch, Ruling
from newsannot.review.queries.claims import Claim, claims_of
from newsannot.review.queries.comparing import coded_records
from newsannot.review.rules.alignment import align
from newsannot.review.rules.comparison import Comparison, Difference, compared, places_of
from newsannot.review.rules.scoring import Outcome, outcome_of, score_of


@dataclass(frozen=True, slots=True)
class Deviation:
    """A field or role in which a record differs from the gold one: both in words, and why the gold one is so."""

    label: str
    mine: str
    gold: str
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A record to be found, or found besides; the gold coder's note explains it."""

    outcome: Outcome
    kind: str
    kind_label: str
    words: str
    deviations: Sequence[Deviation]
    note: str


@dataclass(frozen=True, slots=True)
class Result:
    """A training text: its records in the order of the text, and the percentage of gold records found right."""

    answers: Sequence[Answer]
    score: int

    def count_of(self, outcome: str) -> int:
        """How many records came out so."""
        return sum(answer.outcome == outcome for answer in self.answers)


def gold_of(assignment: Assignment) -> Reading | None:
    """The curated reading that a training text is held against."""
    return Reading.objects.curated().filter(revision=assignment.revision_id).first()


def result_of(reading: Reading, gold: Reading) -> Result:
    """A reading beside the curated one; a dozen queries, however many records there are."""
    items = align(coded_records([reading, gold]))
    places = places_of(items)
    comparisons = [compared(item, places, (reading.pk, gold.pk)) for item in items]
    mine, right = ({claim.id: claim for claim in claims_of(one)} for one in (reading, gold))
    whys = _whys(gold)
    answers = [_answer(one, gold.pk, mine, right, whys) for one in comparisons]
    return Result(answers, score_of(answer.outcome for answer in answers))


def score_against(reading: Reading, gold: Reading) -> int:
    """The percentage of the gold records that a reading has with every field right."""
    items = align(coded_records([reading, gold]))
    places = places_of(items)
    return score_of(outcome_of(compared(item, places, (reading.pk, gold.pk)), gold.pk) for item in items)


def passed_by(training: Batch, people: Collection[int]) -> set[int]:
    """Of these people, those all of whose readings of a training were compared and reach its pass mark on average."""
    theirs = Assignment.objects.filter(batch=training, analyst__in=people).order_by()
    scores = theirs.values("analyst").annotate(mean=Avg("score"), left=Count("pk", filter=Q(score=None)))
    return set(scores.filter(left=0, mean__gte=F("batch__pass_mark")).values_list("analyst", flat=True))


_Whys = Mapping[tuple[int, str, bool], str]
"""What the editors said when they ruled on a field, or (True) a role, of a gold record: its id, the name → note."""


def _whys(gold: Reading) -> _Whys:
    rulings = Ruling.objects.in_force().filter(dispute__curated__reading=gold).exclude(note="").order_by("pk")
    rows = rulings.values_list("dispute__curated", "dispute__name", "dispute__is_border", "note")
    return {(annotation, name, is_border): note for annotation, name, is_border, note in rows}


def _answer(
    comparison: Comparison,
    gold: int,
    mine: Mapping[int, Claim],
    right: Mapping[int, Claim],
    whys: _Whys,
) -> Answer:
    keys = [coded.key for coded in comparison.item.members]
    found = next((mine[key] for key in keys if key in mine), None)
    wanted = next((right[key] for key in keys if key in right), None)
    shown = wanted or found
    if shown is None:
        raise LookupError("an item without a record")
    return Answer(
        outcome=outcome_of(comparison, gold),
        kind=shown.kind.name,
        kind_label=str(shown.kind.label),
        words=shown.words,
        deviations=_deviations(comparison, found, wanted, whys) if found and wanted else (),
        note=_said(wanted, "note") if wanted else "",
    )


def _deviations(comparison: Comparison, found: Claim, wanted: Claim, whys: _Whys) -> list[Deviation]:
    """What they tell otherwise; a field that both leave to another (the one statement leads) is not told of."""
    deviations = [
        Deviation(
            label=_label(found, one),
            mine=_told(found, one),
            gold=_told(wanted, one),
            why=[*filter(None, (whys.get((wanted.id, one.name, one.is_border), ""), *_definitions(wanted, one)))],
        )
        for one in comparison.differences
    ]
    return [one for one in deviations if one.mine or one.gold]


def _label(claim: Claim, one: Difference) -> str:
    if one.is_border:
        return next(str(role.label) for role in claim.kind.roles if role.name == one.name)
    return str(claim.kind.field(one.name).label)


def _told(claim: Claim, one: Difference) -> str:
    """What a record says in a role or a field, in words; nothing when it says nothing."""
    if one.is_border:
        return " … ".join(piece for part in claim.parts if part.role.name == one.name for piece in part.pieces)
    return _said(claim, one.name)


def _said(claim: Claim, name: str) -> str:
    return ", ".join(item.text for said in claim.values if said.field.name == name for item in said.items)


def _definitions(claim: Claim, one: Difference) -> Iterable[str]:
    """What the codes of a field mean."""
    values = [said for said in claim.values if said.field.name == one.name and not one.is_border]
    return [item.title for said in values for item in said.items]
