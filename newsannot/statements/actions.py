"""Gathering statements under the utterance they report, and deciding what is proposed. Editors' writes."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.checks import NUL, date_problem
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.statements.access import gatherable
from newsannot.statements.models import Attestation, Likeness, Statement, Utterance, Verdict

LONGEST_VENUE = 200


@action
def gather_statements(*, statements: Collection[Statement], by: User) -> Utterance:
    """Make an utterance of statements that no other has; it takes speaker, date and venue from the first that says so.

    Raises RuleBroken when there is none, one is not a standing curated one, or belongs to an utterance already.
    """
    held = _hold_statements(statements)
    utterance = Utterance.objects.create(
        speaker_id=next((one.speaker_id for one in held if one.speaker_id), None),
        said_on=next((one.said_on for one in held if one.said_on), ""),
        venue=next((one.venue for one in held if one.venue), ""),
        canonical=held[0],
    )
    _attest(utterance, held, by)
    return utterance


@action
def add_statements(*, utterance: Utterance, statements: Collection[Statement], version: int, by: User) -> Utterance:
    """Put statements that belong to no utterance to one. Raises RuleBroken as gathering does, Stale by its version."""
    standing = _hold(utterance, version)
    _attest(standing, _hold_statements(statements), by)
    return _changed(standing)


@action
def take_out_statements(
    *, utterance: Utterance, statements: Collection[Statement], version: int, by: User
) -> Utterance:
    """Take statements out of an utterance: they are of none. That they were told apart is remembered."""
    standing = _hold(utterance, version)
    taken = _of(standing, statements)
    Attestation.objects.filter(utterance=standing, statement__in=taken).delete()
    _tell_apart(standing, taken, by)
    return _with_canonical(standing)


@action
def split_utterance(*, utterance: Utterance, statements: Collection[Statement], version: int, by: User) -> Utterance:
    """Make another utterance of some of the statements of one; answers the new one.

    Raises RuleBroken when none or all of them would go. That they were told apart is remembered.
    """
    standing = _hold(utterance, version)
    taken = _of(standing, statements)
    if len(taken) == standing.attestations.count():
        raise RuleBroken("All of them cannot be split off: nothing would be left.", field="statements")
    first = Statement.objects.get(pk=taken[0])
    made = Utterance.objects.create(speaker=first.speaker, said_on=first.said_on, venue=first.venue, canonical=first)
    Attestation.objects.filter(utterance=standing, statement__in=taken).update(utterance=made)
    _tell_apart(standing, taken, by)
    _with_canonical(standing)
    return made


@action
def merge_utterances(*, utterance: Utterance, into: Utterance, version: int, by: User) -> Utterance:
    """Put all statements of an utterance to another, which it says from then on; answers the other.

    Raises RuleBroken when it is the same or either was merged already. Locks both, in order.
    """
    return _merge(utterance, into, version, by)


@action
def change_utterance(
    *, utterance: Utterance, version: int, speaker: Actor | None, said_on: str, venue: str, canonical: int, by: User
) -> Utterance:
    """Say who said it, when (EDTF) and where, and which of its statements has the wording that stands for it."""
    standing = _hold(utterance, version)
    problems: dict[str, list[str]] = {}
    if problem := date_problem(said_on):
        problems["said_on"] = [problem]
    if len(said_on) > 40 or NUL.search(said_on):
        problems["said_on"] = ["At most 40 characters."]
    if len(venue) > LONGEST_VENUE or NUL.search(venue):
        problems["venue"] = [f"At most {LONGEST_VENUE} characters, all of which can be stored."]
    if not standing.attestations.filter(statement=canonical).exists():
        problems["canonical"] = ["Choose one of its statements."]
    if problems:
        raise RuleBroken(problems=problems)
    standing.speaker, standing.said_on, standing.venue, standing.canonical_id = speaker, said_on, venue, canonical
    return _changed(standing)


@action
def hold_same(*, likeness: Likeness, by: User) -> Utterance:
    """Two statements report one saying: gather them, or put one to the other's utterance, or merge the two.

    Raises RuleBroken when the question was decided meanwhile.
    """
    held = _hold_question(likeness)
    pair = _hold_statements([held.first, held.second], free=False)
    first, second = (_utterance_of(one) for one in pair)
    if first and second:
        utterance = first if first == second else _merge(second, first, second.version, by)
    elif first or second:
        utterance = _hold(first or second or Utterance())
        _attest(utterance, [pair[1] if first else pair[0]], by)
        utterance = _changed(utterance)
    else:
        utterance = Utterance.objects.create(
            speaker_id=pair[0].speaker_id or pair[1].speaker_id,
            said_on=pair[0].said_on or pair[1].said_on,
            venue=pair[0].venue or pair[1].venue,
            canonical=pair[0],
        )
        _attest(utterance, pair, by)
    _decide(Likeness.objects.filter(pk=held.pk), Verdict.SAME, by)
    return utterance


@action
def hold_apart(*, likeness: Likeness, by: User) -> Likeness:
    """Two statements are of different sayings; it is not asked again. Raises RuleBroken when that was decided."""
    held = _hold_question(likeness)
    _decide(Likeness.objects.filter(pk=held.pk), Verdict.APART, by)
    return held


@action
def ask_again(*, likeness: Likeness, by: User) -> Likeness:
    """Take back that two statements are of different sayings; raises RuleBroken when that was not said."""
    held = Likeness.objects.select_for_update().get(pk=likeness.pk)
    if held.verdict != Verdict.APART:
        raise RuleBroken("Nobody said that these are not the same.", field="likeness")
    Likeness.objects.filter(pk=held.pk).update(verdict="", by=by, decided_at=timezone.now())
    return held


# --- What they are made of -----------------------------------------------------------------------


def _hold(utterance: Utterance, version: int | None = None) -> Utterance:
    """The utterance under lock, as it was seen; merged ones are not changed."""
    standing = Utterance.objects.select_for_update().get(pk=utterance.pk)
    if version is not None and standing.version != version:
        raise Stale(standing)
    if standing.merged_into_id:
        raise RuleBroken("This was merged into another; change that one.", field="utterance")
    return standing


def _hold_statements(statements: Collection[Statement], *, free: bool = True) -> list[Statement]:
    """The statements under lock, the earliest first: all curated, standing and, when `free`, of no utterance."""
    wanted = {one.pk for one in statements}
    rows = gatherable().filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), no_key=True)
    held = list(rows)
    if not wanted or len(held) != len(wanted):
        raise RuleBroken("Choose statements that stand in a curated reading.", field="statements")
    if free and Attestation.objects.filter(statement__in=held).exists():
        raise RuleBroken("One of these belongs to an utterance already.", field="statements")
    return held


def _hold_question(likeness: Likeness) -> Likeness:
    held = Likeness.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=likeness.pk)
    if held.verdict:
        raise RuleBroken("Somebody decided this meanwhile.", field="likeness")
    return held


def _utterance_of(statement: Statement) -> Utterance | None:
    return Utterance.objects.filter(attestations__statement=statement).first()


def _attest(utterance: Utterance, statements: Sequence[Statement], by: User) -> None:
    """Put statements to an utterance; questions between its statements are thereby decided."""
    for one in statements:
        Attestation.objects.create(utterance=utterance, statement=one)
    _settle_within(utterance, by)


def _settle_within(utterance: Utterance, by: User) -> None:
    members = utterance.attestations.order_by().values("statement")
    _decide(Likeness.objects.filter(first__in=members, second__in=members, verdict=""), Verdict.SAME, by)


def _tell_apart(utterance: Utterance, taken: Sequence[int], by: User) -> None:
    """Remember of every two that were compared, one taken and one left, that they are not the same."""
    left = utterance.attestations.order_by().values("statement")
    between = Q(first__in=taken, second__in=left) | Q(first__in=left, second__in=taken)
    _decide(Likeness.objects.filter(between), Verdict.APART, by)


def _decide(questions: "Iterable[Likeness]", verdict: Verdict, by: User) -> None:
    pks = [one.pk for one in questions]
    Likeness.objects.filter(pk__in=pks).update(verdict=verdict, by=by, decided_at=timezone.now())


def _of(utterance: Utterance, statements: Collection[Statement]) -> list[int]:
    """Those of the statements that belong to the utterance, the earliest first; RuleBroken when one does not."""
    wanted = {one.pk for one in statements}
    found = (
        utterance.attestations.filter(statement__in=wanted).order_by("statement").values_list("statement", flat=True)
    )
    taken = list(found)
    if not taken or len(taken) != len(wanted):
        raise RuleBroken("Choose statements of this utterance.", field="statements")
    return taken


def _with_canonical(utterance: Utterance) -> Utterance:
    """The utterance changed, with the wording of a statement it still has."""
    members = utterance.attestations.order_by("statement").values_list("statement", flat=True)
    if utterance.canonical_id not in members:
        utterance.canonical_id = members.first()
    return _changed(utterance)


def _merge(utterance: Utterance, into: Utterance, version: int, by: User) -> Utterance:
    if utterance.pk == into.pk:
        raise RuleBroken("An utterance cannot be merged into itself.", field="into")
    held = {
        one.pk: one
        for one in Utterance.objects.filter(pk__in=[utterance.pk, into.pk]).order_by("pk").select_for_update()
    }
    gone, standing = held[utterance.pk], held[into.pk]
    if gone.version != version:
        raise Stale(gone)
    if gone.merged_into_id or standing.merged_into_id:
        raise RuleBroken("One of the two was merged already.", field="into")
    Attestation.objects.filter(utterance=gone).update(utterance=standing)
    Utterance.objects.filter(merged_into=gone).update(merged_into=standing)
    gone.merged_into, gone.canonical = standing, None
    _changed(gone)
    if not standing.canonical_id:
        return _with_canonical(standing)
    _settle_within(standing, by)
    return _changed(standing)


def _changed(utterance: Utterance) -> Utterance:
    utterance.version += 1
    utterance.save()
    return utterance
