"""`make bench`: every figure of speed the design promises, with the floor of the same run beside it.

Absolute milliseconds are this machine's at this moment; the ratios to the bare view and the bare INSERT are what
compares between machines and days.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.load import Result, fire, request  # noqa: E402
from benchmarks.place import scratch_database, server  # noqa: E402

CSRF = "b" * 32


def say(what: str, figure: str, promise: str = "", ratio: str = "") -> None:
    """A row of the report."""
    print(f"{what:<58} {figure:>22}  {ratio:>22}  {promise}", flush=True)


def median_ms(work: Callable[[], object], times: int = 50, *, clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds of a call, at the median."""
    taken = []
    for _ in range(times):
        began = clock()
        work()
        taken.append((clock() - began) * 1000)
    return statistics.median(taken)


def bare_insert() -> float:
    """INSERT and COMMIT of one small row."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, word text)")
        return median_ms(lambda: cursor.execute("INSERT INTO bare (word) VALUES ('x')"), 300)


def checked(result: Result) -> Result:
    """The result, provided every answer was good."""
    if result.errors:
        sys.exit(f"{result.errors} answers were errors; the first: {result.first_error}")
    return result


@dataclass(frozen=True, slots=True)
class Floor:
    """The server's port, and what nothing of ours can be faster than: one INSERT (ms) and the bare view."""

    port: int
    insert: float
    alone: Result
    crowd: Result


def saving(floor: Floor) -> None:
    """One span saved through the workbench's form, alone and by 32 analysts at once."""
    from benchmarks import seed

    article = seed.an_article(900_001, 1_000, seed.keeper())
    people = seed.analysts(article, 32)
    text = people[0].reading.revision.text
    ranges = list(seed.word_ranges(text))

    def make(number: int) -> bytes:
        analyst, (start, end) = people[number % len(people)], ranges[number % len(ranges)]
        form = urlencode({"start": start, "end": end, "quote": text[start:end]}).encode()
        headers = {
            "Cookie": f"sessionid={analyst.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return request("POST", f"/readings/{analyst.reading.pk}/mentions/", headers, form)

    for one in people:  # a day's work is there, and PostgreSQL has seen it: plans made on empty tables are others
        seed.fill_with_mentions(one.reading, 30)
    fire(floor.port, make, total=200, clients=4)
    alone = checked(fire(floor.port, make, total=300, clients=1))
    say(
        "save one span, one client, median",
        f"{alone.median:.1f} ms",
        "≤ 6 ms",
        f"{alone.median / floor.insert:.1f} × INSERT",
    )
    crowd = checked(fire(floor.port, make, total=3_000, clients=32))
    share = f"1/{floor.crowd.per_second / crowd.per_second:.1f} of bare view"
    say("save one span, 32 clients", f"{crowd.per_second:.0f} a second", "≥ 300 a second", share)
    say("   at the 95th percentile", f"{crowd.p95:.0f} ms")


def opening(floor: Floor) -> None:
    """The workbench page of a reading with 1,000 spans."""
    from django.db import connection

    from benchmarks import seed
    from newsannot.annotations.actions import open_reading

    by = seed.keeper()
    article = seed.an_article(900_002, 5_000, by)
    reading = open_reading(revision=article.current_revision, by=by)
    seed.fill_with_mentions(reading, 1_000)
    session = seed.sign_in(by)
    page = request("GET", f"/readings/{reading.pk}/", {"Cookie": f"sessionid={session}"})
    fire(floor.port, lambda _: page, total=20, clients=2)
    result = checked(fire(floor.port, lambda _: page, total=60, clients=1))

    def rows() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM annotations_span WHERE reading_id = %s", [reading.pk])
            cursor.fetchall()

    alone = median_ms(rows)
    say(
        "open 1,000 spans, median",
        f"{result.median:.1f} ms",
        "≤ 25 ms",
        f"{result.median / floor.alone.median:.1f} × bare view",
    )
    say("   the rows alone", f"{alone:.1f} ms")


def importing(floor: Floor) -> None:
    """A JSONL of 10,000 articles of 400 words taken in by the command, and a word found in it at once."""
    from django.core.management import call_command

    from benchmarks import seed

    count = 10_000
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as lines:
        lines.writelines(json.dumps(seed.item(n)) + "\n" for n in range(count))
        lines.flush()
        began = time.perf_counter()
        call_command("import_articles", lines.name, verbosity=0)
        taken = time.perf_counter() - began
    say("import of 10,000 articles of 400 words", f"{count / taken:.0f} a second", "≥ 2,500 a second")
    session = seed.sign_in(seed.keeper())
    page = request("GET", "/articles/?q=kamirosu+vartensto", {"Cookie": f"sessionid={session}"})
    found = checked(fire(floor.port, lambda _: page, total=30, clients=1))
    say("   search in them, median", f"{found.median:.1f} ms", "searchable at once")


def reading_api(floor: Floor) -> None:
    """An API page of 100 statements, at the start and at the end of 100,000."""
    from benchmarks import seed
    from newsannot.accounts.models import Scope

    seed.published_statements(100_000)
    token = seed.a_token(seed.keeper(), [Scope.READ_CURATED])
    headers = {"Authorization": f"Token {token}"}
    path = "/api/v1/statements/?page_size=100"
    for place, at in (("first page", path), ("last pages", f"{path}&cursor={_deep_cursor()}")):
        page = request("GET", at, headers)
        fire(floor.port, lambda _, page=page: page, total=10, clients=2)
        result = checked(fire(floor.port, lambda _, page=page: page, total=60, clients=1))
        ratio = f"{result.median / floor.alone.median:.1f} × bare view"
        say(f"API page of 100 of 100,000 statements, {place}", f"{result.median:.1f} ms", "≤ 25 ms", ratio)


def following(floor: Floor) -> None:
    """Publishing 1,000 records at once, and pages of a feed of a million changes."""
    from benchmarks import feed, seed
    from newsannot.accounts.models import Scope

    say("publish 1,000 records in one action", f"{feed.publish(1_000):.2f} s", "≤ 2 s")
    feed.lengthen(1_000_000)
    headers = {"Authorization": f"Token {seed.a_token(seed.keeper(), [Scope.READ_CURATED])}"}
    for place, after in (("first page", 0), ("in the middle", 500_000), ("last page", 1_000_500)):
        page = request("GET", f"/api/v1/changes/?page_size=500&after={after}", headers)
        fire(floor.port, lambda _, page=page: page, total=10, clients=2)
        result = checked(fire(floor.port, lambda _, page=page: page, total=60, clients=1))
        ratio = f"{result.median / floor.alone.median:.1f} × bare view"
        say(f"page of 500 of 1,000,000 changes, {place}", f"{result.median:.1f} ms", "≤ 25 ms", ratio)


def timing_episodes(floor: Floor) -> None:
    """Lists of 100,000 episodes of which a hundred are open, and the deadlines that wait."""
    from benchmarks import episodes, seed
    from newsannot.accounts.models import Scope
    from newsannot.articles.actions import take_in

    by = seed.keeper()
    take_in(items=[seed.item(number) for number in range(1_000)], by=by, in_bulk=True)
    seed.published_statements(1_000)
    episodes.gather(100_000, still_open=100)
    token = {"Authorization": f"Token {seed.a_token(by, [Scope.READ_CURATED])}"}
    cookie = {"Cookie": f"sessionid={seed.sign_in(by)}"}
    for what, path, headers in (
        ("open ones among 100,000 episodes, a page of 30", "/episodes/?state=open", cookie),
        ("   closed ones", "/episodes/?state=closed", cookie),
        ("   past their deadline", "/episodes/?deadline=passed", cookie),
        ("deadlines to ask about, a page", "/review/deadlines/", cookie),
        ("open ones by the API, a page of 100", "/api/v1/episodes/?state=open&page_size=100", token),
        ("   closed ones", "/api/v1/episodes/?state=closed&page_size=100", token),
    ):
        result = fire_at(floor, request("GET", path, headers))
        say(what, f"{result.median:.1f} ms", "", f"{result.median / floor.alone.median:.1f} × bare view")


def _deep_cursor() -> str:
    """A cursor a few hundred records before the end."""
    from newsannot.annotations.models import Annotation
    from newsannot.core.paging import Cursor

    return Cursor("after", Annotation.objects.published().order_by("-pk")[300].pk).encoded()


TYPED = {
    "first letters": ("k", "kar", "karomi"),
    "a second name": ("tens", "karo te", "baller dovli"),
    "another script": ("к", "каро те", "卡", "卡罗 普"),
    "an office": ("russian foreign minister", "president of france", "foreign minister karo"),
    "a slip": ("kaormi", "kxromi tens", "каромии", "balrdov", "卡罗米腾"),
}


def finding_actors(floor: Floor) -> None:
    """The options of a typeahead among 100,000 actors of three names in three scripts; the worst of each class."""
    from django.core.management import call_command

    from benchmarks import seed
    from newsannot.actors.queries.finding import search_actors
    from newsannot.annotations.actions import open_reading

    call_command("load_world", verbosity=0)
    seed.actors_in_three_scripts(100_000)
    by = seed.keeper()
    reading = open_reading(revision=seed.an_article(900_003, 1_000, by).current_revision, by=by)
    cookie = {"Cookie": f"sessionid={seed.sign_in(by)}"}
    for what, typed in TYPED.items():

        def search(words: str) -> Callable[[], object]:
            return lambda: search_actors(words, by=by, reading_id=reading.pk)

        whole = max(median_ms(search(words), 50) for words in typed)
        pages = [request("GET", f"/actors/search/?{urlencode({'q': q, 'reading': reading.pk})}", cookie) for q in typed]
        answers = [checked(fire(floor.port, lambda _, page=page: page, total=40, clients=1)) for page in pages]
        worst = max(answer.median for answer in answers)
        say(f"actor among 100,000 × 3 names by {what}", f"{whole:.1f} ms", "≤ 10 ms")
        say("   the whole request, median", f"{worst:.1f} ms", "", f"{worst / floor.alone.median:.1f} × bare view")


def drafting(floor: Floor) -> None:
    """Suggestions for articles of 10,000 words among 100,000 actors: the demo's English ones, and a crowd."""
    from benchmarks import seed

    seed.actors_in_three_scripts(100_000)
    _drafted("suggestions for 10,000 words", seed.demo_words(10_000))
    _drafted("   … where 300 known actors speak", seed.crowded_words(10_000, 300))


def _drafted(what: str, words: str) -> None:
    """Processor time, since the worker drafts beside the web server; what PostgreSQL takes comes on top."""
    from newsannot.suggestions.queries import names_that_may_stand_in
    from newsannot.suggestions.rules.drafting import draft_text
    from newsannot.suggestions.rules.drafts import CodableText

    text = CodableText(words, "en")
    names = names_that_may_stand_in(text)
    finding = median_ms(lambda: names_that_may_stand_in(text), 10)
    rules = median_ms(lambda: draft_text(text, names), 10, clock=time.process_time)
    say(what, f"{finding + rules:.0f} ms", "≤ 200 ms")
    say(f"   names that may stand in it ({len(names):,}), by a query", f"{finding:.0f} ms")
    say(f"   the rules ({len(draft_text(text, names)):,} drafts)", f"{rules:.0f} ms")


def suggesting(floor: Floor) -> None:
    """How much of what people mark the rules find: in articles held out from them, and in the demo."""
    from tests.suggestions.found import added, count_found, demo_articles, drafts_of, held_out_articles

    for where, articles in (("held out", held_out_articles()), ("demo", demo_articles())):
        counts = added(count_found(article, drafts_of(article)) for article in articles)
        for kind, count in counts.items():
            say(
                f"{kind}s found, {where}", f"{count.found} of {count.there}", f"{count.right} of {count.proposed} right"
            )


def aligning(floor: Floor) -> None:
    """Five readings of 200 records brought together: records strewn over a text, and within one that holds them all."""
    from benchmarks.strewn import strewn_records
    from newsannot.review.rules.alignment import align

    for what, records in (
        ("align 5 readings × 200 records", strewn_records(5, 200)),
        ("   one of each holding all others", strewn_records(5, 200, is_one_whole=True)),
    ):
        items = align(records)
        figure = f"{median_ms(lambda records=records: align(records), 10):.0f} ms"
        say(what, figure, "≤ 200 ms", f"{len(items)} items")


def agreeing(floor: Floor) -> None:
    """Agreement over 1,000 texts read by three, 40 records a reading: a hundred are stored, each counts ten times."""
    from benchmarks.agreed import read_thrice
    from newsannot.review.agreement.texts import agreement
    from newsannot.review.queries.agreement import counted_texts, kind_shapes
    from newsannot.review.queries.comparable import comparable_readings

    read_thrice(100)
    list(counted_texts(comparable_readings()[:1]))  # what is loaded once does not count ten times
    began, worked = time.perf_counter(), time.process_time()
    counts = list(counted_texts(comparable_readings())) * 10
    counted = (time.perf_counter() - began) * 10
    counted_by_cpu = (time.process_time() - worked) * 10
    began, worked = time.perf_counter(), time.process_time()
    figures = agreement(counts, kind_shapes())
    merged, merged_by_cpu = time.perf_counter() - began, time.process_time() - worked
    by_cpu = f"{counted_by_cpu + merged_by_cpu:.1f} s of CPU"
    say("agreement over 1,000 texts read by three", f"{counted + merged:.1f} s", "≤ 20 s", by_cpu)
    say("   reading, aligning and counting them", f"{counted:.1f} s", "", f"{counted_by_cpu:.1f} s of CPU")
    say(f"   {len(figures.rows)} figures with intervals", f"{merged:.1f} s", "", f"{merged_by_cpu:.1f} s of CPU")


def deciding(floor: Floor) -> None:
    """The screen of three readings of 300 spans, and one ruling there; besides, processor time, by a client in here."""
    from django.test import Client

    from benchmarks import seed
    from benchmarks.agreed import read_thrice
    from newsannot.review.merging import merge_readings
    from newsannot.review.models import Dispute
    from newsannot.review.rules.comparison import Strategy

    by = seed.keeper()
    (article,) = read_thrice(1, times=5, at=600_000)
    revision = article.current_revision
    merged = merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=by)
    session = seed.sign_in(by)
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = session
    page = f"/review/revisions/{revision.pk}/"
    opened = fire_at(floor, request("GET", page, {"Cookie": f"sessionid={session}"}))
    cpu = median_ms(lambda: client.get(page), 20, clock=time.process_time)
    what = f"open 3 readings × 300 spans, {merged.disputes} questions, median"
    say(what, f"{opened.median:.1f} ms", "≤ 60 ms", f"{opened.median / floor.alone.median:.1f} × bare view")
    say("   processor time", f"{cpu:.1f} ms", "≤ 60 ms")
    asked = iter(Dispute.objects.filter(curated__reading__revision=revision).values_list("pk", flat=True))

    def rule() -> None:
        answer = client.post(f"/review/disputes/{next(asked)}/", {"choice": "0"}, headers={"HX-Request": "true"})
        assert answer.status_code == 200

    for _ in range(5):
        rule()
    cpu = median_ms(rule, 40, clock=time.process_time)
    taken = median_ms(rule, 40)
    say("one ruling, median", f"{taken:.1f} ms", "≤ 10 ms", f"{taken / floor.insert:.1f} × INSERT")
    say("   processor time", f"{cpu:.1f} ms", "≤ 10 ms")


def fire_at(floor: Floor, page: bytes) -> Result:
    """The same request from one client, after a few to warm up."""
    fire(floor.port, lambda _: page, total=10, clients=2)
    return checked(fire(floor.port, lambda _: page, total=40, clients=1))


PARTS: dict[str, Callable[[Floor], None]] = {
    "saving": saving,
    "opening": opening,
    "importing": importing,
    "reading": reading_api,
    "following": following,
    "episodes": timing_episodes,
    "finding": finding_actors,
    "drafting": drafting,
    "suggesting": suggesting,
    "aligning": aligning,
    "agreeing": agreeing,
    "deciding": deciding,
}


def main() -> None:
    """Measure everything, or the parts that the arguments name."""
    wanted = sys.argv[1:] or list(PARTS)
    with scratch_database(), server() as port:
        floor = _floor(port)
        for name in wanted:
            PARTS[name](floor)


def _floor(port: int) -> Floor:
    """Measure the floor first."""
    view = request("GET", "/bare/", {})
    fire(port, lambda _: view, total=200, clients=4)
    floor = Floor(
        port=port,
        insert=bare_insert(),
        alone=checked(fire(port, lambda _: view, total=500, clients=1)),
        crowd=checked(fire(port, lambda _: view, total=3_000, clients=32)),
    )
    say("bare INSERT and COMMIT, median", f"{floor.insert:.2f} ms", "the floor")
    say("bare Django view, one client, median", f"{floor.alone.median:.2f} ms", "the floor")
    say("bare Django view, 32 clients", f"{floor.crowd.per_second:.0f} a second", "the floor")
    return floor


if __name__ == "__main__":
    main()
