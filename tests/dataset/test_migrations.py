"""What migrations make of rows that were there before them."""

from importlib import import_module

import pytest
from django.db import connection

from newsannot.accounts.models import Role
from newsannot.actors.actions import change_actor, create_actor
from newsannot.actors.models import Actor, ActorUse
from newsannot.actors.rules import Identity
from tests.calling import a_publication
from tests.factories import a_codebook, a_source, a_user, an_actor

pytestmark = pytest.mark.django_db


def run(room: str, migration: str, statement: str) -> None:
    """A statement of a migration, as SQL."""
    with connection.cursor() as cursor:
        cursor.execute(getattr(import_module(f"newsannot.{room}.migrations.{migration}"), statement))


def counted() -> list[tuple[int, int | None, int]]:
    return sorted(ActorUse.objects.values_list("actor", "source", "count"), key=str)


def test_what_was_published_before_uses_were_counted_is_counted() -> None:
    source, envoy, port = a_source(), an_actor("Envoy").pk, an_actor("Port", kind="state").pk
    a_publication(
        source=source,
        claim={"on_behalf_of": port, "addressees": [envoy, port]},
        threat={"on_behalf_of": port, "harm_targets": [envoy], "influence_targets": [envoy, port]},
    )
    a_publication(source=source, claim={"speaker": envoy})
    a_publication(claim={"addressees": [port]})
    by_actions = counted()
    ActorUse.objects.all().delete()
    ActorUse.objects.create(actor_id=port, count=99)
    run("dataset", "0001_published_uses", "COUNT")
    assert counted() == by_actions
    assert {(envoy, source.pk, 3), (port, source.pk, 2), (port, None, 3)} <= set(by_actions)


def test_editors_are_taken_to_vouch_for_the_actors_they_made_or_changed() -> None:
    a_codebook()
    analyst, editor = a_user(Role.ANALYST), a_user(Role.EDITOR)
    by_editor, by_machine, changed, published, hidden = (
        create_actor(name=f"Actor {number}", kind="person", by=by)
        for number, by in enumerate((editor, None, analyst, analyst, analyst))
    )
    change_actor(actor=changed, name="Changed", kind="person", names=(), identity=Identity(), by=editor)
    a_publication(claim={"speaker": published.pk})
    Actor.objects.update(is_vouched_for=False)
    run("actors", "0010_vouched_for", "VOUCHED")
    of_ours = Actor.objects.filter(pk__in=[one.pk for one in (by_editor, by_machine, changed, published, hidden)])
    assert set(of_ours.filter(is_vouched_for=True)) == {by_editor, by_machine, changed}
    assert set(of_ours.filter(is_public=True)) == {by_editor, by_machine, changed, published}
