"""Finding an actor by any of its names, in any script; and how fast."""

import re

import pytest
from django.db import connection
from django.test import Client

from newsannot.accounts.models import Role, User
from newsannot.actors.actions import add_tenure
from newsannot.actors.models import Actor, ActorName, ActorUse, ActorWord
from newsannot.actors.queries import finding
from newsannot.actors.queries.finding import search_actors
from newsannot.articles.models import Source
from newsannot.dataset.actions import withdraw_reading
from tests.calling import a_publication
from tests.factories import a_codebook, a_mention, a_reading, a_user, an_actor

pytestmark = pytest.mark.django_db


def named(main: str, *others: str, **fields: object) -> Actor:
    actor = an_actor(main, **fields)
    ActorName.objects.bulk_create(ActorName(actor=actor, name=name) for name in others)
    return actor


def found(words: str, **asked: object) -> list[tuple[str, str]]:
    by = asked.pop("by", None) or a_user()
    return [(actor.name, actor.alias) for actor in search_actors(words, by=by, **asked)]


@pytest.mark.parametrize(
    ("words", "alias"),
    [
        ("adaeze", ""),
        ("OBI", ""),
        ("Adaeze  Obi", ""),
        ("The Admiral", "The Admiral"),
        ("Адаэзе", "Адаэзе Оби"),
        ("оби", "Адаэзе Оби"),
        ("أدايزي", "أدايزي أوبي"),
        ("阿达", "阿达泽·奥比"),
        ("泽·奥", "阿达泽·奥比"),
        ("奥", "阿达泽·奥比"),
        ("Adaze Obi", ""),
        ("dmira", "The Admiral"),
        ("adm the", "The Admiral"),
        ("ÓBI adæze", ""),
        ("Adaexe", ""),
        ("Adxeze", ""),
        ("ادايزي", "أدايزي أوبي"),
    ],
)
def test_an_actor_is_found_by_any_name_in_any_script(words: str, alias: str) -> None:
    named("Adaeze Obi", "The Admiral", "Адаэзе Оби", "أدايزي أوبي", "阿达泽·奥比")
    named("Somebody Else", "Кто-то", "别人")
    assert found(words) == [("Adaeze Obi", alias)]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("kaormi", "Karomi Tensu"),  # two letters exchanged
        ("karmi", "Karomi Tensu"),  # one left out
        ("karoomi", "Karomi Tensu"),  # one too many
        ("keromi", "Karomi Tensu"),  # one for another
        ("ulstx", "Verdan Ulste"),
        ("kaormi tensu", "Karomi Tensu"),
        ("tensu kraomi", "Karomi Tensu"),
        ("al-karomy", "Karomi Tensu"),
        ("Каорми", "Karomi Tensu"),
        ("卡罗米普", "Karomi Tensu"),
        ("卡乌米", "Karomi Tensu"),
        ("G7瓦丁党pl", "Verdan Ulste"),  # letters among words, the last of which is half written
    ],
)
def test_one_slip_of_the_finger_still_finds_who_is_meant(words: str, meant: str) -> None:
    named("Karomi Tensu", "Al Karomi", "Кароми Тенсу", "卡罗米·腾苏")
    named("Karo Balli", "Каро Балли", "卡罗·巴利")
    named("Verdan Ulste", "Вердан Ульсте", "瓦尔丹", "G7瓦尔党 Plus")
    assert found(words)[0][0] == meant


@pytest.mark.parametrize("words", ["xyz karomi", "kxr", "karomi verdan", "kyrymy", "卡x"])
def test_more_than_a_slip_finds_nobody(words: str) -> None:
    named("Karomi Tensu", "卡罗米·腾苏")
    named("Verdan Ulste")
    assert found(words) == []


def test_whoever_is_alike_is_not_offered_where_an_office_answers() -> None:
    state, minister = an_actor("Karo", kind="state"), named("Somebody")
    named("Karo Ministry")
    add_tenure(person=minister, organisation=state, office="Prime minister", by=None)
    assert found("karo minister") == [("Somebody", "Prime minister, Karo")]


def test_the_words_of_names_are_known_however_they_are_written() -> None:
    actor = named("Karomi Tensu")
    ActorName.objects.filter(actor=actor).update(search=" verdan ul")
    ActorName.objects.bulk_create(ActorName(actor=actor, name=name) for name in ("Karomi X", "卡罗米"))
    assert sorted(ActorWord.objects.values_list("word", flat=True)) == ["karomi", "tensu", "verdan"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "a%i", "'; --", "zzzzz", "阿ü%"])
def test_wildcards_and_strange_words_find_nothing(words: str) -> None:
    named("Adaeze Obi")
    assert found(words) == []


def test_the_whole_name_comes_before_its_beginning_before_a_later_word_before_the_inside() -> None:
    for name in ("Superport", "The Port", "Portland", "Port"):
        named(name)
    assert [name for name, _ in found("port")] == ["Port", "Portland", "The Port", "Superport"]


def test_an_actor_found_by_several_names_is_there_once_by_the_best() -> None:
    named("Port Authority", "Port", "Portuary Office")
    assert found("port") == [("Port Authority", "Port")]


def test_a_merged_actor_is_found_as_the_one_at_the_end_of_its_chain() -> None:
    last = named("Republic of Port")
    middle = named("Portland", merged_into=last)
    named("The Port State", merged_into=middle)
    assert found("the port state") == [("Republic of Port", "The Port State")]


def test_at_most_ten_are_found() -> None:
    for number in range(12):
        named(f"Port {number}")
    assert len(found("port")) == 10


def test_few_of_those_that_only_sound_alike_are_offered() -> None:
    for number in range(6):
        named(f"Superport {number}")
    assert len(found("uperport")) == 4


def test_an_alias_is_told_only_where_the_main_name_does_not_answer() -> None:
    named("Portland", "Port")
    assert (found("por"), found("Port")) == ([("Portland", "")], [("Portland", "Port")])
    named("Starboard", "Port Side")
    assert ("Starboard", "Port Side") in found("port side")


def used(actor: Actor, count: int, source: Source | None = None) -> None:
    ActorUse.objects.create(actor=actor, source=source, count=count)


def test_those_of_the_reading_come_first_then_of_the_source_then_of_all_that_is_published() -> None:
    a_codebook()
    of_reading, of_source, of_all, never = (named(f"Port {letter}") for letter in "DCBA")
    mine = a_reading()
    a_mention(mine, actor=of_reading.pk)
    used(of_source, 1, mine.revision.article.source)
    used(of_source, 1)
    used(of_all, 9)
    found = [actor.id for actor in search_actors("port", by=mine.reader, reading_id=mine.pk)]
    assert found == [of_reading.pk, of_source.pk, of_all.pk, never.pk]


def test_what_is_published_counts_and_what_is_withdrawn_does_not() -> None:
    made = a_publication()
    source = made.reading.revision.article.source
    counts = ActorUse.objects.filter(actor=made.speaker).order_by("source").values_list("source", "count")
    assert list(counts) == [(source.pk, 2), (None, 2)]
    withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
    assert list(counts.all()) == [(source.pk, 0), (None, 0)]


def test_an_open_reading_of_somebody_else_ranks_nobody() -> None:
    first, second = named("Port A"), named("Port B")
    a_mention(a_reading(), actor=second.pk)
    assert [name for name, _ in found("port")] == ["Port A", "Port B"]
    assert not ActorUse.objects.filter(actor__in=[first, second]).exists()


def test_a_letter_finds_the_one_that_is_named_most_among_more_than_are_looked_at() -> None:
    ActorName.objects.bulk_create(ActorName(actor=an_actor(f"Port {n:03}"), name=f"P {n}") for n in range(110))
    often = named("Wide Port")
    used(often, 5)
    assert found("p")[0] == ("Wide Port", "")


def test_whoever_goes_by_just_this_name_comes_before_those_named_more_often() -> None:
    named("Port")
    used(named("Portland"), 5)
    assert [name for name, _ in found("port")] == ["Port", "Portland"]


def test_the_uses_of_a_merged_actor_count_for_where_it_went() -> None:
    into, other = named("Port B"), named("Port A")
    used(named("Port C", merged_into=into), 3)
    used(other, 1)
    assert [name for name, _ in found("port")] == ["Port B", "Port A"]


def test_no_words_offer_those_used_in_the_reading() -> None:
    reading = a_reading()
    a_mention(reading, actor=named("Port").pk)
    named("Starboard")
    assert found("", by=reading.reader, reading_id=reading.pk) == [("Port", "")]
    assert found("") == []


def test_what_somebody_else_marked_is_not_told() -> None:
    theirs = a_reading()
    a_mention(theirs, actor=named("Port").pk)
    assert found("", by=a_user(), reading_id=theirs.pk) == []
    assert found("", by=a_user(Role.EDITOR), reading_id=theirs.pk) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_takes_as_many_queries_however_many_are_found(count: int, django_assert_num_queries) -> None:
    reading = a_reading()
    for number in range(count):
        named(f"Port {number}", merged_into=named(f"Port {number} 2"))
    search_actors("po", by=reading.reader)
    with django_assert_num_queries(4):  # names, where merged ones went, actors, codebook
        search_actors("po", by=reading.reader)
    with django_assert_num_queries(11):  # besides: the reading; in a transaction two settings, known words, names
        search_actors("poort", by=reading.reader, reading_id=reading.pk)


SPELT = f"({finding.LETTERS.format(0)}) AND {finding.IN_ORDER.format(0)}"
WAYS = [finding.EQUAL, finding.BEGINS, finding.WORD.format(0), finding.INSIDE, finding.MEANT.format(0), SPELT]


def test_every_way_to_a_name_is_an_index_scan_among_thousands() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO actors_actor"
            " (kind, name, description, iso3, cameo_code, sectors, country, created_at, updated_at)"
            " SELECT 'person', md5(n::text), '', '', '', '{}', '', now(), now() FROM generate_series(1, 5000) n"
        )
        cursor.execute(
            "INSERT INTO actors_actorname (actor_id, name, language, script, search)"
            " SELECT a.id, md5(n || a.name), '', '', ' ' || md5(n || a.name)"
            " FROM actors_actor a, generate_series(1, 4) n"
        )
        cursor.execute("SELECT gin_clean_pending_list('actor_name_search'), gin_clean_pending_list('actor_name_words')")
        cursor.execute("ANALYZE actors_actorname")
        plans = {way: plan_of(way, "c4ca4238", cursor) for way in WAYS}
    assert {way: set(re.findall(r"(?:Seq|Index) Scan", plan)) for way, plan in plans.items()} == {
        way: {"Index Scan"} for way in WAYS
    }


def plan_of(way: str, words: str, cursor) -> str:
    statement = f"EXPLAIN SELECT n.actor_id FROM actors_actorname n WHERE {way} LIMIT 100"
    sent = {"phrase": f" {words}", "word0": f" {words}", "known0": [words], "letters0": [words]}
    cursor.execute(statement, sent | {"patterns0": [f"% {words}%"]})
    return "\n".join(line for (line,) in cursor.fetchall())


# --- the page's answer --------------------------------------------------------------------------


def options(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<li role="option" (data-id="\d+"|data-create="\w+") data-name="([^"]*)"', html)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_the_options_are_the_actors_and_what_was_typed_as_the_kind_it_sounds_like(client: Client) -> None:
    a_codebook()
    actor = named("Ministry & Port")
    html = signed_in(client, a_user()).get("/actors/search/", {"q": "ministry"}).content.decode()
    assert options(html) == [
        (f'data-id="{actor.pk}"', "Ministry &amp; Port"),
        *((f'data-create="{kind}"', "ministry") for kind in ("government_body", "person", "state", "group")),
    ]
    assert (html.count("hidden>"), html.count("data-more")) == (3, 1)


def test_a_form_that_takes_no_newcomers_is_offered_none(client: Client) -> None:
    a_codebook()
    named("Port")
    html = signed_in(client, a_user()).get("/actors/search/", {"q": "port", "create": "no"}).content.decode()
    assert ("data-create" in html, "data-more" in html, html.count("data-id")) == (False, False, 1)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 5000, "q=a&reading=nine", "q=a&reading=" + "9" * 30, "", "q=%ED%A0%80"]
)
def test_a_strange_query_is_answered_all_the_same(client: Client, query: str) -> None:
    assert signed_in(client, a_user()).get(f"/actors/search/?{query}").status_code == 200


def test_only_people_who_annotate_may_search(client: Client) -> None:
    assert client.get("/actors/search/?q=a").status_code == 302
    assert signed_in(client, a_user(Role.READER)).get("/actors/search/?q=a").status_code == 403
    assert signed_in(client, a_user()).post("/actors/search/?q=a").status_code == 405


def test_who_is_far_from_what_was_typed_comes_behind_adding_it(client: Client) -> None:
    a_codebook()
    named("Pacific Islands Forum")
    named("Karomi Tensu")
    client.force_login(a_user())

    def offered(words: str) -> list[str]:
        page = client.get("/actors/search/", {"q": words}).content.decode()
        return re.findall(r'<li role="option" data-(?:id|create)="\w+" data-name="([^"]+)"', page)[:2]

    assert offered("Vladivostok Forum") == ["Vladivostok Forum", "Pacific Islands Forum"]
    assert offered("Kaormi Tensu") == ["Karomi Tensu", "Kaormi Tensu"]
    only = client.get("/actors/search/", {"q": "Vladivostok Forum", "create": "no"}).content.decode()
    assert 'data-name="Pacific Islands Forum"' in only
