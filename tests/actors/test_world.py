"""The starting set of actors: it holds, it can be loaded again, and what people wrote stays."""

import csv
import shutil
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from newsannot.accounts.models import Role
from newsannot.actors.actions import change_actor, remove_tie
from newsannot.actors.models import Actor, Membership, Tenure
from newsannot.actors.queries.finding import search_actors
from newsannot.actors.queries.offices import office_holder
from newsannot.actors.rules import Identity
from newsannot.actors.world import WorldWrong, load_world
from tests.factories import a_user, an_actor

WORLD = Path(settings.BASE_DIR) / "fixtures" / "world"


def rows(name: str) -> list[dict[str, str]]:
    with (WORLD / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def world(db: None) -> None:
    call_command("load_codebook", verbosity=0, stdout=StringIO())
    load_world(WORLD)


# --- the files ----------------------------------------------------------------------------------


def test_every_name_and_identifier_stands_once() -> None:
    actors = [row for name in ("states", "organisations", "people") for row in rows(name)]
    for column in ("name", "wikidata_id"):
        values = [row[column] for row in actors if row[column]]
        assert len(values) == len(set(values))
    for column in ("iso3", "cow_code"):
        values = [row[column] for row in rows("states") if row[column]]
        assert len(values) == len(set(values))


def test_all_members_of_the_united_nations_are_there_and_those_coded_besides() -> None:
    codes = {row["iso3"] for row in rows("states")}
    assert len(codes - {""}) == 196
    assert {"USA", "RUS", "CHN", "FRA", "GBR", "SSD", "VAT", "PSE", "TWN"} <= codes
    (kosovo,) = (row for row in rows("states") if not row["iso3"])
    assert (kosovo["name"], kosovo["cow_code"]) == ("Kosovo", "347")


def test_nobody_holds_an_office_of_one_at_the_same_time_as_another() -> None:
    single = {"President", "Prime Minister", "Foreign Minister", "Secretary of State", "Chancellor", "Premier"}
    held: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows("offices"):
        if row["office"] in single:
            held.setdefault((row["organisation"], row["office"]), []).append((row["from"], row["until"] or "9999"))
    for office, spans in held.items():
        spans.sort()
        assert all(a[1][:7] <= b[0][:7] or a[1][:4] == b[0][:4] for a, b in pairwise(spans)), office


# --- loading ------------------------------------------------------------------------------------


def test_the_world_is_loaded_with_offices_and_memberships(world: None) -> None:
    assert Actor.objects.count() == sum(len(rows(name)) for name in ("states", "organisations", "people"))
    assert (Tenure.objects.count(), Membership.objects.count()) == (len(rows("offices")), len(rows("memberships")))
    russia = Actor.objects.get(iso3="RUS")
    assert (russia.wikidata_id, russia.cow_code, russia.is_public, russia.created_by) == ("Q159", 365, True, None)
    (holder,) = office_holder("foreign minister", russia, date(2014, 3, 21))
    assert Actor.objects.get(pk=holder.person_id).name == "Sergey Lavrov"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Russian foreign minister", "Sergey Lavrov"),
        ("US secretary of state", "Marco Rubio"),
        ("secretary-general of the UN", "António Guterres"),
        ("президент", None),
        ("俄罗斯", "Russia"),
        ("ОБСЕ", "OSCE"),
    ],
)
def test_the_world_is_found_by_what_is_typed(world: None, typed: str, name: str | None) -> None:
    found = search_actors(typed, by=a_user())
    assert (found[0].name if found else None) == name


def test_loading_again_adds_nothing(world: None) -> None:
    said = StringIO()
    call_command("load_world", stdout=said)
    assert said.getvalue() == "The actors of the starting set are there already.\n"


def test_what_people_changed_and_took_away_stays(world: None) -> None:
    by, russia = a_user(Role.EDITOR), Actor.objects.get(iso3="RUS")
    change_actor(actor=russia, name="Russia", kind="state", names=[], identity=Identity(iso3="RUS"), by=by)
    gone = Tenure.objects.filter(organisation=russia).latest("pk")
    remove_tie(tie=gone, by=by)
    loaded = load_world(WORLD)
    russia.refresh_from_db()
    assert (loaded.created, loaded.filled, loaded.ties) == (0, 0, 0)
    assert (russia.wikidata_id, list(russia.names.values_list("name", flat=True))) == (None, ["Russia"])


@pytest.mark.django_db
def test_an_actor_that_is_there_is_filled_up_under_its_own_name() -> None:
    call_command("load_codebook", verbosity=0, stdout=StringIO())
    mine = an_actor("Rossiya", kind="state", iso3="RUS", cow_code=7)
    load_world(WORLD)
    mine.refresh_from_db()
    assert (mine.name, mine.wikidata_id, mine.cow_code) == ("Rossiya", "Q159", 7)
    assert mine.names.filter(name="Россия").exists()


@pytest.mark.django_db
def test_a_sheet_that_does_not_hold_is_told_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    call_command("load_codebook", verbosity=0, stdout=StringIO())
    folder = tmp_path / "world"
    shutil.copytree(WORLD, folder)
    with (folder / "offices.csv").open("a") as stream:
        stream.write("Nobody,King,Russia,,\n")
    with pytest.raises(WorldWrong, match="There is no 'Nobody'"):
        load_world(folder)
    assert Tenure.objects.count() == 0


@pytest.mark.django_db
def test_without_code_lists_the_command_says_what_to_do_first() -> None:
    with pytest.raises(CommandError, match="load_codebook"):
        call_command("load_world")
