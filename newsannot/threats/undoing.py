"""What was done to an episode, by whom, and undoing the last of it: from its history, row by row, as with readings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from newsannot.accounts.models import User
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.threats import timeline
from newsannot.threats.models import Episode, EpisodeStep, Kinship, Occurrence, StepEvidence

MOST_SHOWN = 50
PARTS: tuple[type[Model], ...] = (EpisodeStep, Occurrence, StepEvidence, Kinship)
"""What an episode is made of, what others point at first."""
KEPT = ("issuer_id", "canonical_id", "merged_into_id")
"""What is put back of an episode itself; its version goes on, and it never goes away."""
DEEDS = {
    "gather_threats": "gathered threats",
    "add_threats": "added threats",
    "take_out_threats": "took threats out",
    "split_episode": "split threats off",
    "merge_episodes": "merged two episodes",
    "change_episode": "said who threatens, in whose words",
    "record_step": "recorded a step",
    "change_step": "changed a step",
    "delete_step": "deleted a step",
    "hold_same": "said that two threats are one",
    "undo_change": "undid the change before",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One change of an episode: what was done, by whom and when; `step` names it in the history."""

    step: UUID
    words: str
    by: User | None
    at: datetime


def deeds_of(episode: Episode) -> list[Deed]:
    """What was done to an episode, the latest first; two queries."""
    events = _events(Episode).filter(pgh_obj=episode.pk).order_by("-pgh_id")[:MOST_SHOWN]
    found: dict[UUID, Any] = {}
    for event in events:
        found.setdefault(event.pgh_context_id, event)
    people = User.objects.in_bulk({(event.pgh_context or {}).get("user") or 0 for event in found.values()})
    return [
        Deed(
            step,
            DEEDS.get(event.pgh_context["action"], event.pgh_context["action"]),
            people.get(event.pgh_context["user"]),
            event.pgh_created_at,
        )
        for step, event in found.items()
        if event.pgh_context
    ]


@action
def undo_change(*, episode: Episode, version: int, by: User) -> Episode:
    """Take back what was last done to an episode, in whatever episodes that was; undoing an undoing does it again.

    An episode that was made by it stays, empty. Raises Stale by the version, RuleBroken when something of it was
    changed since. Locks all episodes concerned, in order.
    """
    last = _events(Episode).filter(pgh_obj=episode.pk).order_by("pgh_id").last()
    if last is None or last.pgh_context_id is None:
        raise RuleBroken("There is nothing to undo.", field="episode")
    touched = _events(Episode).filter(pgh_context_id=last.pgh_context_id).values_list("pgh_obj_id", flat=True)
    held = list(Episode.objects.filter(pk__in=set(touched)).order_by("pk").select_for_update())
    seen = next(one for one in held if one.pk == episode.pk)
    if seen.version != version:
        raise Stale(seen)
    past = [(model, list(_past_of(model, last.pgh_context_id))) for model in PARTS]
    before = dict(_past_of(Episode, last.pgh_context_id))
    for model, rows in reversed(past[1:]):
        _remove(model, rows)
    for model, rows in past:
        for pk, row in rows:
            if row is not None:
                _put_back(model, pk, row)
    _remove(*past[0])  # its evidence stood there until now
    for one in held:
        _take_back(one, before[one.pk])
    members = Occurrence.objects.filter(episode__in=held).values_list("threat", flat=True)
    gone = [row["threat_id"] for model, rows in past if model is Occurrence for _, row in rows if row]
    fresh = _events(Occurrence).filter(pgh_context_id=last.pgh_context_id).values_list("threat", flat=True)
    timeline.settle({*members, *gone, *fresh})
    seen.refresh_from_db()
    return seen


def _events(model: type[Model]) -> Any:
    return model.pgh_event_model.objects  # type: ignore[attr-defined]


def _past_of(model: type[Model], step: UUID) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """What a step touched of a model: each row's id with its values before (None: it was not there).

    Raises RuleBroken when one of them was touched again since.
    """
    columns = [field.attname for field in model._meta.concrete_fields]
    first: dict[int, Any] = {}
    last: dict[int, int] = {}
    for event in _events(model).filter(pgh_context_id=step).order_by("pgh_id"):
        first.setdefault(event.pgh_obj_id, event)
        last[event.pgh_obj_id] = event.pgh_id
    for pk, event in first.items():
        others = _events(model).filter(pgh_obj=pk)
        if others.filter(pgh_id__gt=last[pk]).exists():
            raise RuleBroken("Something of it was changed since; it cannot be undone as a whole.", field="episode")
        if event.pgh_label == "insert":
            yield pk, None
        else:
            former = others.filter(pgh_id__lt=event.pgh_id).order_by("pgh_id").last()
            yield pk, {column: getattr(former, column) for column in columns}


def _remove(model: type[Model], rows: Sequence[tuple[int, dict[str, Any] | None]]) -> None:
    """Delete the rows that were not there before."""
    model._default_manager.filter(pk__in=[pk for pk, row in rows if row is None]).delete()


def _put_back(model: type[Model], pk: int, row: dict[str, Any]) -> None:
    """Give a row its former values, or make it anew where it was deleted."""
    if not model._default_manager.filter(pk=pk).update(**row):
        model._default_manager.bulk_create([model(**row)])


def _take_back(episode: Episode, before: dict[str, Any] | None) -> None:
    for column in KEPT:
        setattr(episode, column, before[column] if before else None)
    episode.version += 1
    episode.save()
