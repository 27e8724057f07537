"""Which episodes are open: found by an index, whoever asks, and whatever becomes of what tells of their outcome."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from newsannot.accounts.models import Role
from newsannot.articles.models import LONGEST_EMBARGO, Article, Source
from newsannot.core.layers import Audience
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.threats.access import (
    all_threats,
    records_given_out,
    records_seen_by,
    threats_given_out,
    threats_seen_by,
)
from newsannot.threats.actions import delete_step, gather_threats, record_step
from newsannot.threats.models import Episode, EpisodeStep, Ongoing
from newsannot.threats.queries import Wanted, courses, deadlines_passed, listed_episodes
from newsannot.threats.undoing import undo_change
from tests.calling import Published, a_publication
from tests.factories import a_source, a_user

pytestmark = pytest.mark.django_db


def an_ended_episode() -> tuple[EpisodeStep, Published]:
    """The outcome of an episode, and the publication that holds the statement which tells of it."""
    by, told = a_user(Role.EDITOR), a_publication()
    episode = gather_threats(threats=list(all_threats().filter(pk=a_publication().threat.pk)), by=by)
    about = {"kind": "carried_out", "happened_on": "2025-10-01", "note": "", "evidence": [told.statement]}
    return record_step(episode=episode, version=1, by=by, **about), told


def listed(wanted: str, **by: object) -> dict[str, list[int]]:
    """The episodes of a state, for everybody who may ask."""
    editor = a_user(Role.EDITOR)
    seen = {name: (threats_given_out(name), records_given_out(name)) for name in Audience}
    seen |= {"editor": (threats_seen_by(editor), records_seen_by(editor))}
    return {name: sorted(one.pk for one in listed_episodes(Wanted(state=wanted), *of)) for name, of in seen.items()}


def told(is_open: bool) -> dict[str, list[int]]:
    """The same by what each episode's page says of its outcome."""
    editor, rows = a_user(Role.EDITOR), list(Episode.objects.order_by("pk"))
    seen = {name: (threats_given_out(name), records_given_out(name), name) for name in Audience}
    seen |= {"editor": (threats_seen_by(editor), records_seen_by(editor), Audience.STAFF)}
    return {
        name: [one.episode.pk for one in courses(rows, *of) if (one.outcome is None) == is_open and one.count]
        for name, of in seen.items()
    }


def within_an_embargo(of: Published) -> None:
    Source.objects.filter(articles=of.reading.revision.article).update(embargo_hours=LONGEST_EMBARGO)


def of_another_source(of: Published) -> None:
    Article.objects.filter(pk=of.reading.revision.article_id).update(source=a_source(embargo_hours=LONGEST_EMBARGO))


def withdrawn(of: Published) -> None:
    withdraw_reading(revision=of.reading.revision, by=a_user(Role.EDITOR))


def published_again(of: Published) -> None:
    withdrawn(of)
    publish_reading(revision=of.reading.revision, by=a_user(Role.EDITOR))


def untouched(of: Published) -> None:
    pass


@pytest.mark.parametrize(
    ("event", "open_to"),
    [
        (untouched, []),
        (withdrawn, [Audience.READERS, Audience.STAFF]),
        (published_again, []),
        (within_an_embargo, [Audience.READERS]),
        (of_another_source, [Audience.READERS]),
    ],
)
def test_an_episode_is_open_to_whom_its_outcome_is_not_shown(event: Callable[[Published], None], open_to) -> None:
    step, publication = an_ended_episode()
    event(publication)
    found = listed("open")
    assert [name for name, episodes in found.items() if episodes == [step.episode_id]] == open_to
    assert (found, listed("closed")) == (told(True), told(False))
    assert Ongoing.objects.count() == bool(open_to)


def test_an_episode_is_open_again_once_its_outcome_is_deleted_and_closed_when_that_is_undone() -> None:
    step, _ = an_ended_episode()
    by, episode = a_user(Role.EDITOR), step.episode
    delete_step(step=step, version=2, by=by)
    assert (set(map(tuple, listed("open").values())), Ongoing.objects.count()) == ({(episode.pk,)}, 1)
    undo_change(episode=episode, version=3, by=by)
    assert (set(map(tuple, listed("open").values())), Ongoing.objects.count()) == ({()}, 0)


def test_an_outcome_that_rests_on_a_note_closes_it_for_all() -> None:
    by = a_user(Role.EDITOR)
    episode = gather_threats(threats=list(all_threats().filter(pk=a_publication().threat.pk)), by=by)
    assert set(map(tuple, listed("open").values())) == {(episode.pk,)}
    about = {"kind": "lapsed", "happened_on": "2025-10-01", "note": "Nothing happened.", "evidence": []}
    record_step(episode=episode, version=1, by=by, **about)
    assert (set(map(tuple, listed("open").values())), Ongoing.objects.count()) == ({()}, 0)


def plan(rows: QuerySet) -> str:
    """How the database would find the rows, in order, were there too many to read or to sort."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.explain()


def test_open_episodes_and_waiting_deadlines_are_found_by_their_indexes() -> None:
    given = threats_given_out(Audience.READERS), records_given_out(Audience.READERS)
    in_order = listed_episodes(Wanted(state="open"), *given).order_by("-pk")[:30]
    assert "threats_ongoing_pkey" in plan(in_order)
    assert "deadline_unsettled" in plan(deadlines_passed(date(2025, 1, 1)).order_by("ask_on", "threat")[:30])
