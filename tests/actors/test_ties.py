"""Offices and memberships: what the database refuses, who may change them, who held an office on a day."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.actors.actions import (
    add_membership,
    add_tenure,
    change_membership,
    change_tenure,
    merge_actors,
    remove_tie,
)
from newsannot.actors.models import Actor, Membership, Tenure
from newsannot.actors.queries.finding import search_actors
from newsannot.actors.queries.offices import office_holder
from newsannot.actors.rules import date_problem, is_in_order, may_hold
from newsannot.core.errors import RuleBroken
from tests.calling import Api
from tests.factories import a_codebook, a_reading, a_revision, a_user, an_actor

pytestmark = pytest.mark.django_db


def a_state(name: str = "Portland", **fields: object) -> Actor:
    return an_actor(name, kind="state", **fields)


def a_tenure(person: Actor, place: Actor, office: str = "Foreign Minister", **dates: str) -> Tenure:
    return add_tenure(person=person, organisation=place, office=office, by=None, **dates)


# --- half-known dates ---------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["", "2014", "2014-03", "2014-03-21", "2014?", "1962-10~", "2024-02-29"])
def test_a_date_may_be_half_known(value: str) -> None:
    assert date_problem(value) is None


@pytest.mark.parametrize("value", ["14", "2014-13", "2014-02-30", "2014-3", "last year", "2014/2015", "0000", "٢٠١٤"])
def test_what_is_no_date_is_told(value: str) -> None:
    assert date_problem(value) is not None


@pytest.mark.parametrize(
    ("first", "last", "is_fine"),
    [
        ("2014", "2014", True),
        ("2014-05", "2014", True),
        ("2014", "2014-05", True),
        ("2014-06", "2014-05", False),
        ("2015?", "2014", False),
        ("", "1900", True),
        ("2014", "", True),
    ],
)
def test_dates_are_in_order_as_far_as_they_are_known(first: str, last: str, is_fine: bool) -> None:
    assert is_in_order(first, last) is is_fine


def test_something_may_last_on_every_day_that_is_not_outside_of_what_is_known() -> None:
    days = [date(2003, 12, 31), date(2004, 1, 1), date(2012, 5, 21), date(2012, 5, 22)]
    assert [may_hold("2004", "2012-05-21", day) for day in days] == [False, True, True, False]


# --- truth in the database ----------------------------------------------------------------------


def refused(table: str, **values: object) -> str:
    columns = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))
    return str(error.value.__cause__.diag.constraint_name)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"from_on": "2014-13"}, "tenure_dates_shaped"),
        ({"until_on": "soon"}, "tenure_dates_shaped"),
        ({"from_on": "2014-06", "until_on": "2014-05"}, "tenure_from_before_until"),
        ({"from_on": "2015?", "until_on": "2014-12-31"}, "tenure_from_before_until"),
        ({"office": ""}, "tenure_office_named"),
        ({"person_id": "state"}, "tenure_of_person"),
        ({"organisation_id": "person"}, "tenure_in_organisation"),
    ],
)
def test_the_database_refuses_a_wrong_tenure(changed: dict[str, str], constraint: str) -> None:
    ids = {"person": an_actor().pk, "state": a_state().pk}
    values = {
        "person_id": "person",
        "organisation_id": "state",
        "office": "Minister",
        "from_on": "2014-05",
        "until_on": "2014",
    }
    sent = {name: ids.get(value, value) for name, value in (values | changed).items()}
    assert refused("actors_tenure", **sent) == constraint


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"from_on": "2014-06", "until_on": "2014-05"}, "membership_from_before_until"),
        ({"role": "boss"}, "membership_role_known"),
        ({"group_id": "state"}, "membership_not_in_itself"),
        ({"group_id": "person"}, "membership_of_group"),
    ],
)
def test_the_database_refuses_a_wrong_membership(changed: dict[str, str], constraint: str) -> None:
    ids = {"person": an_actor().pk, "state": a_state().pk, "group": an_actor("League", kind="group").pk}
    values = {"member_id": "state", "group_id": "group", "role": "member", "from_on": "2014", "until_on": ""}
    sent = {name: ids.get(value, value) for name, value in (values | changed).items()}
    assert refused("actors_membership", **sent) == constraint


def test_who_holds_an_office_stays_a_person_and_where_stays_none() -> None:
    obi, port = an_actor(), a_state()
    a_tenure(obi, port)
    for actor, kind in ((obi, "group"), (port, "person")):
        with pytest.raises(IntegrityError, match="rest on the kind"), transaction.atomic():
            Actor.objects.filter(pk=actor.pk).update(kind=kind)


# --- the actions --------------------------------------------------------------------------------


def test_offices_are_recorded_changed_and_taken_away_with_their_history() -> None:
    obi, port, by = an_actor(), a_state(), a_user()
    before = port.updated_at
    tenure = add_tenure(person=obi, organisation=port, office=" Foreign  Minister ", from_on="2004", by=by)
    league = an_actor("League", kind="group")
    change_tenure(tenure=tenure, organisation=league, office="Speaker", from_on="2004", until_on="2005?", by=by)
    tenure.refresh_from_db()
    assert (tenure.organisation, tenure.office, tenure.search, tenure.until_on) == (
        league,
        "Speaker",
        " speaker",
        "2005?",
    )
    port.refresh_from_db()
    assert port.updated_at > before
    pk = tenure.pk
    remove_tie(tie=tenure, by=by)
    events = Tenure.pgh_event_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    assert [(e.pgh_label, e.office) for e in events] == [
        ("insert", "Foreign Minister"),
        ("update", "Speaker"),
        ("delete", "Speaker"),
    ]
    assert events[0].pgh_context == {"user": by.pk, "action": "add_tenure"}


def test_every_problem_of_an_office_is_told_by_field() -> None:
    obi, gone = an_actor(), an_actor("Gone", kind="group", merged_into=a_state())
    with pytest.raises(RuleBroken) as refusal:
        add_tenure(person=gone, organisation=obi, office=" ", from_on="x", by=a_user())
    assert sorted(refusal.value.problems) == ["from_on", "office", "organisation", "person"]
    with pytest.raises(RuleBroken, match="before it began"):
        add_tenure(person=obi, organisation=a_state("B"), office="x", from_on="2014", until_on="2013", by=a_user())


def test_memberships_are_recorded_and_changed() -> None:
    port, league, other = a_state(), an_actor("League", kind="group"), an_actor("Pact", kind="group")
    membership = add_membership(member=port, group=league, role="member", from_on="1949-04-04", by=a_user())
    change_membership(membership=membership, group=other, role="observer", from_on="1949", until_on="", by=a_user())
    membership.refresh_from_db()
    assert (membership.group, membership.role, membership.from_on) == (other, "observer", "1949")
    with pytest.raises(RuleBroken, match="member of itself"):
        change_membership(membership=membership, group=port, role="lead", from_on="", until_on="", by=a_user())


def test_the_same_office_twice_is_refused_in_words() -> None:
    obi, port = an_actor(), a_state()
    a_tenure(obi, port, from_on="2004")
    with pytest.raises(RuleBroken, match="there already"):
        a_tenure(obi, port, from_on="2004")


# --- who held it --------------------------------------------------------------------------------


@pytest.fixture
def ministers() -> dict[str, Actor]:
    """A state, its ministry, three foreign ministers in turn, and a vice-president."""
    port = a_state("Portland", iso3="POR")
    port.names.create(name="Portlandic")
    ministry = an_actor("Ministry of Foreign Affairs", kind="government_body", country="POR")
    people = {name: an_actor(name) for name in ("First Obi", "Second Obi", "Third Obi", "Vice Obi")}
    a_tenure(people["First Obi"], port, from_on="1998", until_on="2004-03-09")
    a_tenure(people["Second Obi"], ministry, "Minister of Foreign Affairs", from_on="2004-03-09", until_on="2014")
    a_tenure(people["Third Obi"], port, from_on="2014-11")
    a_tenure(people["Vice Obi"], port, "Vice President", from_on="2000")
    return people | {"Portland": port}


@pytest.mark.parametrize(
    ("on", "names"),
    [
        ("1997-12-31", []),
        ("1998-01-01", ["First Obi"]),
        ("2004-03-09", ["First Obi", "Second Obi"]),
        ("2010-01-01", ["Second Obi"]),
        ("2014-12-01", ["Third Obi", "Second Obi"]),
        ("2025-01-01", ["Third Obi"]),
    ],
)
def test_the_foreign_minister_is_whoever_was_on_that_day(
    ministers: dict[str, Actor], on: str, names: list[str]
) -> None:
    held = office_holder("foreign minister", ministers["Portland"], date.fromisoformat(on))
    assert [Actor.objects.get(pk=holder.person_id).name for holder in held] == names


def found(typed: str, year: int) -> list[tuple[str, str]]:
    reading = a_reading(revision=a_revision(published_at=datetime(year, 6, 1, tzinfo=UTC)))
    return [(one.name, one.alias) for one in search_actors(typed, by=reading.reader, reading_id=reading.pk)]


@pytest.mark.parametrize(
    "typed",
    [
        "Portlandic foreign minister",
        "portland foreign min",
        "foreign minister of Portland",
        "FOREIGN MINISTER portland",
    ],
)
def test_an_office_typed_is_offered_as_its_holder_when_the_article_appeared(
    ministers: dict[str, Actor], typed: str
) -> None:
    assert found(typed, 2000)[0] == ("First Obi", "Foreign Minister, Portland (1998–2004)")
    assert found(typed, 2020)[0] == ("Third Obi", "Foreign Minister, Portland (2014–)")


def test_an_office_without_a_place_or_a_place_without_one_offers_no_holder(ministers: dict[str, Actor]) -> None:
    assert found("foreign minister", 2000) == [("Ministry of Foreign Affairs", "")]
    assert [name for name, _ in found("Portland king", 2000)] == ["Portland"]


def test_without_an_article_the_holder_of_today_is_offered(ministers: dict[str, Actor]) -> None:
    assert [one.name for one in search_actors("Portland foreign minister", by=a_user())][:1] == ["Third Obi"]


def test_a_holder_who_was_merged_is_offered_as_where_they_went(ministers: dict[str, Actor]) -> None:
    other, again = an_actor("Obi the Third"), a_state("Republic of Port")
    merge_actors(actor=ministers["Third Obi"], into=other, by=a_user(Role.EDITOR))
    merge_actors(actor=ministers["Portland"], into=again, by=a_user(Role.EDITOR))
    assert found("Republic of Port foreign minister", 2020)[0][0] == "Obi the Third"


# --- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def analyst(client: Client) -> Client:
    a_codebook()
    client.force_login(a_user())
    return client


def test_an_analyst_adds_an_office_and_changes_it(analyst: Client) -> None:
    obi, port = an_actor(), a_state()
    sent = {"office": "Foreign Minister", "other": port.pk, "from_on": "2004", "until_on": ""}
    answer = analyst.post(f"/actors/{obi.pk}/tenures/new/", sent)
    tenure = Tenure.objects.get()
    assert (answer.status_code, tenure.organisation, tenure.from_on) == (302, port, "2004")
    page = analyst.get(f"/actors/{obi.pk}/").content.decode()
    assert "Foreign Minister" in page
    url = f"/actors/{obi.pk}/tenures/{tenure.pk}/"
    assert f'href="{url}"' in page
    assert 'value="2004"' in analyst.get(url).content.decode()
    assert analyst.post(url, sent | {"until_on": "2010"}).status_code == 302
    tenure.refresh_from_db()
    assert tenure.until_on == "2010"
    assert analyst.post(f"{url}remove/").status_code == 302
    assert Tenure.objects.count() == 0


def test_without_scripts_the_group_is_typed_in_full(analyst: Client) -> None:
    port, league = a_state(), an_actor("The League", kind="group")
    sent = {"role": "observer", "other_typed": "the league", "from_on": "", "until_on": ""}
    assert analyst.post(f"/actors/{port.pk}/memberships/new/", sent).status_code == 302
    assert Membership.objects.get().group == league
    page = analyst.get(f"/actors/{league.pk}/").content.decode()
    assert "Portland" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"other": ""}, "Choose an actor from the list"),
        ({"other": "9999999"}, "Choose an actor from the list"),
        ({"other": "", "other_typed": "Twice"}, "Several actors go by"),
        ({"office": ""}, "This field is required"),
        ({"from_on": "soon"}, "Write 2014"),
        ({"from_on": "2014", "until_on": "2013"}, "It ended before it began"),
        ({"office": "x" * 201}, "at most 200"),
    ],
)
def test_a_wrong_office_is_422_in_words(analyst: Client, changed: dict[str, str], words: str) -> None:
    obi, port = an_actor(), a_state()
    an_actor("Twice", kind="group")
    an_actor("Twice", kind="state")
    sent = {"office": "Minister", "other": str(port.pk), "from_on": "", "until_on": ""} | changed
    answer = analyst.post(f"/actors/{obi.pk}/tenures/new/", sent)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Tenure.objects.count() == 0


def test_who_recorded_an_office_or_an_editor_may_change_it(analyst: Client, client: Client) -> None:
    obi, port = an_actor(), a_state()
    tenure = a_tenure(obi, port)
    url = f"/actors/{obi.pk}/tenures/{tenure.pk}/"
    assert (analyst.get(url).status_code, analyst.post(f"{url}remove/").status_code) == (403, 403)
    assert url not in analyst.get(f"/actors/{obi.pk}/").content.decode()
    client.force_login(a_user(Role.EDITOR))
    assert (client.get(url).status_code, client.post(f"{url}remove/").status_code) == (200, 302)


@pytest.mark.parametrize("sort", ["tenure", "membership"])
def test_offices_are_for_people_who_annotate(client: Client, sort: str) -> None:
    obi, port = an_actor(), a_state()
    new, there = f"/actors/{obi.pk}/{sort}s/new/", f"/actors/{obi.pk}/{sort}s/999999/"
    assert (client.get(new).status_code, client.get(there).status_code) == (302, 302)
    client.force_login(a_user(Role.READER))
    assert (client.get(new).status_code, client.get(there).status_code) == (403, 403)
    client.force_login(a_user(Role.EDITOR))
    assert (client.get(new).status_code, client.get(there).status_code) == (200, 404)
    assert (client.delete(new).status_code, client.get(f"{there}remove/").status_code) == (405, 405)
    assert client.get(f"/actors/{port.pk}/tenures/new/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_an_actors_page_takes_as_many_queries_however_many_offices(
    analyst: Client, count: int, django_assert_num_queries
) -> None:
    obi = an_actor()
    for number in range(count):
        place = a_state(f"State {number}")
        a_tenure(obi, place)
        add_membership(member=obi, group=place, role="member", by=None)
    analyst.get(f"/actors/{obi.pk}/")
    with django_assert_num_queries(14):
        analyst.get(f"/actors/{obi.pk}/")


# --- the API ------------------------------------------------------------------------------------


def test_the_api_gives_offices_and_memberships_of_an_actor_in_full() -> None:
    obi, port, hidden = an_actor(), a_state(), a_state("Hidden", is_public=False)
    a_tenure(obi, port, from_on="2004", until_on="2010?")
    a_tenure(obi, hidden, "King")
    add_membership(member=obi, group=port, role="lead", by=None)
    named = [{"id": one.pk, "name": one.name, "kind": one.kind, "wikidata_id": None} for one in (obi, port)]
    given = Api().get(f"actors/{obi.pk}/").json
    assert given["tenures"] == [
        {"person": named[0], "organisation": named[1], "office": "Foreign Minister", "from": "2004", "until": "2010?"}
    ]
    assert given["memberships"] == [
        {"member": named[0], "group": named[1], "role": "lead", "from": None, "until": None}
    ]
    assert Api().get(f"actors/{port.pk}/").json["tenures"] == given["tenures"]
    full = Api(a_user(), "write:annotations").get(f"actors/{obi.pk}/").json
    assert sorted(one["office"] for one in full["tenures"]) == ["Foreign Minister", "King"]
