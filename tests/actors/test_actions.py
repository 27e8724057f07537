"""Creating actors, naming them on the spot, changing them."""

from threading import Thread

import pytest
from django.db import connection

from newsannot.actors.actions import actor_named, change_actor, create_actor
from newsannot.actors.models import Actor, ActorName
from newsannot.actors.rules import Identity, Name
from newsannot.core.errors import RuleBroken, Stale
from tests.factories import a_codebook, a_user, an_actor


@pytest.fixture(autouse=True)
def codebook(db: None) -> None:
    a_codebook()


def names_of(actor: Actor) -> list[tuple[str, str, str]]:
    return list(actor.names.order_by("id").values_list("name", "language", "script"))


def test_an_actor_is_created_with_all_its_names_and_who_did_it() -> None:
    by = a_user()
    actor = create_actor(
        name=" Adaeze  Obi ",
        kind="person",
        names=[Name("Адаэзе Оби", "ru"), Name("Adaeze Obi", "en")],
        identity=Identity(wikidata_id="Q1", country="NGA", sectors=["GOV"]),
        by=by,
    )
    assert names_of(actor) == [("Adaeze Obi", "en", "Latn"), ("Адаэзе Оби", "ru", "Cyrl")]
    assert (actor.name, actor.created_by, actor.wikidata_id, actor.sectors) == ("Adaeze Obi", by, "Q1", ["GOV"])
    assert actor.events.get().pgh_context == {"user": by.pk, "action": "create_actor"}


def test_every_problem_is_told_by_field_and_nothing_is_stored() -> None:
    an_actor("Held", wikidata_id="Q2")
    with pytest.raises(RuleBroken) as refusal:
        create_actor(
            name=" ",
            kind="robot",
            names=[Name("x" * 301), Name("Fine", "no tag")],
            identity=Identity(wikidata_id="Q2", iso3="xx"),
            by=a_user(),
        )
    assert sorted(refusal.value.problems) == ["iso3", "kind", "name", "names", "wikidata_id"]
    assert (Actor.objects.count(), ActorName.objects.count()) == (1, 1)


def test_actors_without_a_wikidata_id_do_not_collide() -> None:
    for name in ("One", "Two"):
        create_actor(name=name, kind="person", identity=Identity(wikidata_id=""), by=a_user())
    assert list(Actor.objects.values_list("wikidata_id", flat=True)) == [None, None]


def test_a_name_on_the_spot_is_the_standing_actor_of_that_name_and_kind_or_a_new_one() -> None:
    by = a_user()
    actor = create_actor(name="NATO", kind="group", names=[Name("НАТО")], by=by)
    assert [actor_named(name=name, kind="group", by=by) for name in ("nato", "нато ")] == [actor, actor]
    other = actor_named(name="NATO", kind="person", by=by)
    assert (other == actor, other.name, other.kind) == (False, "NATO", "person")


def test_a_name_on_the_spot_that_several_go_by_is_refused() -> None:
    for _ in range(2):
        an_actor("Obi")
    with pytest.raises(RuleBroken, match="Several actors"):
        actor_named(name="obi", kind="person", by=a_user())


@pytest.mark.parametrize(
    ("name", "kind", "field"),
    [
        ("Ob\x00i", "person", "name"),
        ("Ob\ud83di", "person", "name"),
        (" ", "person", "name"),
        ("Obi", "per\x00son", "kind"),
        ("Obi", "\ud83d", "kind"),
    ],
)
def test_a_name_on_the_spot_that_cannot_be_stored_is_refused_before_it_is_looked_up(
    name: str, kind: str, field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        actor_named(name=name, kind=kind, by=a_user())
    assert list(refusal.value.problems) == [field]
    assert Actor.objects.count() == 0


def test_a_merged_actor_is_not_named_on_the_spot() -> None:
    old = an_actor("Obi", merged_into=an_actor("Adaeze Obi"))
    assert actor_named(name="Obi", kind="person", by=a_user()) != old


@pytest.mark.django_db(transaction=True)
def test_the_same_name_given_by_two_at_once_makes_one_actor() -> None:
    a_codebook()
    by = a_user()

    def name() -> None:
        actor_named(name="Obi", kind="person", by=by)
        connection.close()

    threads = [Thread(target=name) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Actor.objects.count() == 1


# --- changing -------------------------------------------------------------------------------------


def test_changing_keeps_the_rows_of_names_that_stay_and_both_main_names() -> None:
    by = a_user()
    actor = create_actor(name="Obi", kind="person", names=[Name("Оби"), Name("Wrong")], by=by)
    kept = actor.names.get(name="Оби").pk
    change_actor(
        actor=actor, name="Adaeze Obi", kind="group", names=[Name("Оби", "ru")], identity=Identity(iso3="NGA"), by=by
    )
    actor.refresh_from_db()
    assert (actor.name, actor.kind, actor.iso3) == ("Adaeze Obi", "group", "NGA")
    assert {name for name, _, _ in names_of(actor)} == {"Adaeze Obi", "Obi", "Оби"}
    assert actor.names.get(name="Оби").pk == kept
    assert actor.names.get(name="Оби").language == "ru"


def test_what_somebody_changed_meanwhile_is_not_written_over() -> None:
    actor = create_actor(name="Obi", kind="person", by=a_user())
    seen = actor.updated_at.isoformat()
    change_actor(actor=actor, name="Obi A", kind="person", names=(), identity=Identity(), seen_at=seen, by=a_user())
    with pytest.raises(Stale):
        change_actor(actor=actor, name="Obi B", kind="person", names=(), identity=Identity(), seen_at=seen, by=a_user())
    assert Actor.objects.get().name == "Obi A"


def test_an_actor_keeps_its_own_wikidata_id() -> None:
    actor = create_actor(name="Obi", kind="person", identity=Identity(wikidata_id="Q3"), by=a_user())
    changed = change_actor(
        actor=actor, name="Obi", kind="person", names=(), identity=Identity(wikidata_id="Q3"), by=a_user()
    )
    assert changed.wikidata_id == "Q3"


def test_a_merged_actor_is_not_changed() -> None:
    actor = an_actor("Obi", merged_into=an_actor("Adaeze Obi"))
    with pytest.raises(RuleBroken, match="merged"):
        change_actor(actor=actor, name="Obi", kind="person", names=(), identity=Identity(), by=a_user())
