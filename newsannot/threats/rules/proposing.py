"""What may be proposed of a threat, field by field, each with its reason; nothing is said until a person takes it."""

from collections.abc import Iterator, Sequence

from newsannot.annotations.rules import Proposal, Record, Told
from newsannot.threats.rules.codes import OUTCOMES, ULTIMATUM
from newsannot.threats.rules.conditions import COMPELLING, DEADLINE, IF, Condition, condition_in, language_of
from newsannot.threats.rules.deadlines import Due, deadline_in, has_time

_CODED = ("plover_mode", "cameo", "mid_action")
_KIND_WORDS = {"if_do": "if they do", "unless_do": "unless they do", "until": "until they do", "deadline": "by a time"}


def propose(record: Record, told: Told) -> Sequence[Proposal]:
    """Values for fields that say nothing yet, in the form's order; several for one field where each may be meant."""
    language = language_of(told.language, " ".join(_texts(told)))
    due = _due(told, language)
    condition = _condition(told, language)
    kinds = [*_condition_kinds(record, told, language, condition, due)]
    kind = record.claim["condition_kind"] or (kinds[0].value if kinds else "")
    proposals = [*_purposes(record, kind, condition), *kinds, *_deadlines(due), *_codes(record, kind)]
    return [one for one in proposals if not record.claim[one.field]]


def _texts(told: Told) -> Iterator[str]:
    """The words of condition, deadline and demand; where none is marked, those of the statements."""
    marked = [words for role in ("condition", "deadline", "demand") for words in told.parts.get(role, ())]
    yield from marked or told.named


def _condition(told: Told, language: str) -> Condition | None:
    return next(filter(None, (condition_in(words, language) for words in _texts(told))), None)


def _due(told: Told, language: str) -> Due | None:
    for words in told.parts.get("deadline", ()):
        if due := deadline_in(words, language, told.day, is_marked=True):
            return due
    return next(filter(None, (deadline_in(words, language, told.day) for words in _texts(told))), None)


def _condition_kinds(
    record: Record, told: Told, language: str, condition: Condition | None, due: Due | None
) -> Iterator[Proposal]:
    if condition and condition.kind == IF:
        yield Proposal("condition_kind", IF, f"because of “{condition.words}”")
    elif record.claim["deadline"] or told.parts.get("deadline"):
        yield Proposal("condition_kind", DEADLINE, "because a deadline is given")
    elif due or any(has_time(words, language) for words in _texts(told)):
        yield Proposal("condition_kind", DEADLINE, f"because of “{due.words}”" if due else "because a time is set")
    elif condition:
        yield Proposal("condition_kind", condition.kind, f"because of “{condition.words}”")


def _purposes(record: Record, kind: str, condition: Condition | None) -> Iterator[Proposal]:
    """Deterrent for “if”; compellent for the rest, once it is known what is demanded: it could not be stored before."""
    has_demand = bool(record.claim["demand_kind"] or record.parts.get("demand"))
    said = f"“{condition.words if condition and condition.kind == kind else _KIND_WORDS.get(kind, kind)}”"
    if kind == IF and not has_demand:
        yield Proposal("purpose", "deterrent", f"because {said} leans that way")
    elif kind in COMPELLING and has_demand:
        yield Proposal("purpose", "compellent", f"because {said} with a demand leans that way")


def _deadlines(due: Due | None) -> Iterator[Proposal]:
    if due:
        yield Proposal("deadline", due.edtf, f"because of “{due.words}”: {due.reckoned}")


def _codes(record: Record, kind: str) -> Iterator[Proposal]:
    consequence = record.claim["consequence"]
    outcome = OUTCOMES.get(consequence)
    if outcome is None:
        return
    reason = f"because the consequence is {outcome.words}"
    for field in _CODED:
        values = getattr(outcome, field)
        if field == "cameo" and consequence == "unspecified" and kind == DEADLINE:
            yield Proposal(field, ULTIMATUM, "because there is a deadline, and the consequence is left open")
        else:
            yield from (Proposal(field, value, reason) for value in values)
