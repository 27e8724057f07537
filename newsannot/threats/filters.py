"""Filters of the API by episode, and of episodes by what became of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from newsannot.accounts.access import audience_of
from newsannot.annotations.models import Annotation
from newsannot.core.filters import Filter, one_of, whole_number
from newsannot.core.layers import Audience
from newsannot.threats.access import threats_given_out
from newsannot.threats.models import Episode, EpisodeQuerySet, Threat
from newsannot.threats.queries import deadline_passed, having_ended, still_open

NONE = "none"
OPEN, CLOSED, PASSED = "is_open", "is_closed", "is_passed"
"""What a filter by the course of an episode asks for: annotations that `coursing` makes, for who asks."""


def episode_filter() -> Filter:
    """By the episode that a threat is of, or that it is of none."""
    return Filter(
        name="episode",
        help="The episode it is of, by id; `none` finds those of no episode.",
        read=lambda text: NONE if text == NONE else whole_number(text),
        where=_being_of,
        schema={"type": "string", "pattern": "^([1-9][0-9]*|none)$"},
        unseen=_unseen_episodes,
    )


def _being_of(values: list[Any]) -> Q:
    asked = Q(occurrence__episode__in=[value for value in values if value != NONE])
    return asked | Q(occurrence=None) if NONE in values else asked


def _unseen_episodes(values: list[Any], asking: Request | Audience) -> Iterable[Any]:
    """Those of which no threat given out to who asks is."""
    wanted = {value for value in values if value != NONE}
    given = Episode.objects.made_of(threats_given_out(audience_of(asking)))
    return sorted(wanted - set(given.filter(pk__in=wanted).values_list("pk", flat=True)))


COURSE = (
    Filter(
        name="state",
        help="`open`, or `closed` once an outcome is known.",
        read=one_of(["open", "closed"]),
        where=lambda values: Q(**{OPEN if values[0] == "open" else CLOSED: True}),
        schema={"type": "string", "enum": ["open", "closed"]},
        is_single=True,
    ),
    Filter(
        name="deadline_passed",
        help="Whether the last deadline of its threats has passed; `false` finds those without one too.",
        read=one_of(["true", "false"]),
        where=lambda values: Q(**{PASSED: values[0] == "true"}),
        schema={"type": "string", "enum": ["true", "false"]},
        is_single=True,
    ),
)
"""What is asked of an episode itself."""


def coursing(
    episodes: EpisodeQuerySet, asked: Mapping[str, Q], threats: QuerySet[Threat], records: QuerySet[Annotation]
) -> EpisodeQuerySet:
    """The episodes whose course is as asked, as it is told by the threats and records that may be seen."""
    if "state" in asked:
        episodes = episodes.alias(**{OPEN: still_open(records), CLOSED: having_ended(records)})
    if "deadline_passed" in asked:
        episodes = episodes.alias(**{PASSED: deadline_passed(threats)})
    return episodes.filter(*asked.values())
