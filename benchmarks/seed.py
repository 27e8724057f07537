"""Rows to measure on: analysts with readings, a text full of spans, a hundred thousand published statements."""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from newsannot.accounts.actions import make_token
from newsannot.accounts.models import Role, User
from newsannot.actors.models import Actor
from newsannot.annotations.actions import open_reading
from newsannot.annotations.models import Reading
from newsannot.articles.actions import take_in
from newsannot.articles.models import Article
from newsannot.codebook.queries import latest_codebook

SYLLABLES = ("ka", "ro", "mi", "ten", "su", "bal", "er", "dov", "li", "an", "go", "pre", "sto", "ni", "var", "ul")
WORDS = ["".join(parts) for n in (1, 2, 3) for parts in itertools.product(SYLLABLES, repeat=n)]
WEIGHTS = [1 / rank for rank in range(1, len(WORDS) + 1)]  # as in languages: few words are common, most are rare


@dataclass(frozen=True, slots=True)
class Analyst:
    """Somebody signed in, with an open reading."""

    user: User
    session: str
    reading: Reading


def words(count: int, *, seed: int) -> str:
    """A text of so many words, twelve to a line."""
    pick = random.Random(seed)
    chosen = pick.choices(WORDS, WEIGHTS, k=count)
    return "\n".join(" ".join(chosen[at : at + 12]) for at in range(0, count, 12))


def demo_words(count: int) -> str:
    """A text of so many words, the demo's English articles over and over."""
    paths = sorted((settings.BASE_DIR / "fixtures/demo/articles").glob("*.json"))
    articles = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    lines = [line for article in articles if article["language"].startswith("en") for line in article["lines"]]
    taken, left = [], count
    for line in itertools.cycle(lines):
        taken.append(line)
        left -= len(line.split())
        if left <= 0:
            return "\n".join(taken)
    raise AssertionError("the demo has English articles")


SAID = (
    "“We will not wait for {other} any longer,” {one} said. “If they come, we will strike.”",
    "President {one} told reporters that {other} had broken the treaty and would pay a price for it.",
    "“Nobody asked {other_last},” said {one_last}, who had met {other} in the morning.",
    "According to {one}, the talks with {other} would end unless the ships left by Friday.",
)


def crowded_words(count: int, people: int) -> str:
    """A text of so many words in which so many of the actors there are speak of one another, a quotation a line."""
    pick = random.Random(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM actors_actorname WHERE script = 'Latn' ORDER BY md5(name) LIMIT %s", [people])
        names = [name for (name,) in cursor.fetchall()]
    lines, left = [], count
    while left > 0:
        one, other = pick.sample(names, 2)
        last = {"one_last": one.split()[-1], "other_last": other.split()[-1]}
        lines.append(pick.choice(SAID).format(one=one, other=other, **last))
        left -= len(lines[-1].split())
    return "\n".join(lines)


def item(number: int, count: int = 400) -> dict[str, object]:
    """An article as the API and JSONL take it."""
    return {
        "title": f"Report {number}: {words(6, seed=number)}",
        "text": words(count, seed=number),
        "url": f"https://bench.invalid/{number}",
        "source": {"name": "Bench", "domain": f"bench{number % 20}.invalid"},
        "language": "en",
        "published_at": datetime(2025, 1, 1 + number % 28, tzinfo=UTC).isoformat(),
    }


def keeper() -> User:
    """The editor who owns what is measured on."""
    return User.objects.filter(username="keeper").first() or User.objects.create_user(
        username="keeper", password="x", role=Role.EDITOR
    )


def an_article(number: int, count: int, by: User) -> Article:
    """One article taken in."""
    (result,) = take_in(items=[item(number, count)], by=by)
    if result.id is None:
        raise SystemExit(f"The article was not taken in: {result.errors}")
    return Article.objects.get(pk=result.id)


def analysts(article: Article, count: int) -> list[Analyst]:
    """So many analysts, each signed in and with an open reading of the article."""
    return [_analyst(article, number) for number in range(count)]


def _analyst(article: Article, number: int) -> Analyst:
    user = get_user_model().objects.create_user(username=f"bench{number}", password="x", role=Role.ANALYST)
    return Analyst(user, sign_in(user), open_reading(revision=article.current_revision, by=user))


def sign_in(user: User) -> str:
    """A session of the user's; the cookie's value."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def a_token(user: User, scopes: list[str]) -> str:
    """An API key of the user's."""
    return make_token(name="bench", scopes=scopes, by=user)[1]


def _analyze() -> None:
    """Give the planner its statistics now; otherwise autovacuum does within a minute."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def word_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word, in code points."""
    at = 0
    for line in text.split("\n"):
        for word in line.split(" "):
            yield at, at + len(word)
            at += len(word) + 1


def fill_with_mentions(reading: Reading, count: int, *, every: int = 1) -> None:
    """So many mentions of single words in a reading, of every so-manieth word, written past the actions."""
    ranges = list(word_ranges(reading.revision.text))[::every][:count]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH piece AS (
                SELECT first, last, nextval('annotations_annotation_id_seq') AS id
                FROM unnest(%(starts)s::int[], %(ends)s::int[]) AS p(first, last)
            ), annotation AS (
                INSERT INTO annotations_annotation (id, public_id, reading_id, kind, certainty, note, origin, engine,
                    version, is_published, created_by_id, updated_by_id, created_at, updated_at)
                SELECT id, gen_random_uuid(), %(reading)s, 'mention', '', '', 'person', '', 1, false, %(by)s, %(by)s,
                    now(), now() FROM piece
            ), mention AS (
                INSERT INTO annotations_mention (annotation_ptr_id, form) SELECT id, '' FROM piece
            )
            SELECT id, first, last FROM piece
            """,
            {
                "starts": [start for start, _ in ranges],
                "ends": [end for _, end in ranges],
                "reading": reading.pk,
                "by": reading.reader_id,
            },
        )
        rows = cursor.fetchall()
        cursor.executemany(
            'INSERT INTO annotations_span (annotation_id, reading_id, role, start, "end", exact, prefix, suffix)'
            " VALUES (%s, %s, 'text', %s, %s, %s, '', '')",
            [(pk, reading.pk, first, last, reading.revision.text[first:last]) for pk, first, last in rows],
        )
    _analyze()


SCRIPTS = {
    "Latn": dict(zip(SYLLABLES, SYLLABLES, strict=True)),
    "Cyrl": dict(
        zip(
            SYLLABLES,
            ("ка", "ро", "ми", "тен", "су", "бал", "эр", "дов", "ли", "ан", "го", "пре", "сто", "ни", "вар", "ул"),
            strict=True,
        )
    ),
    "Hani": dict(zip(SYLLABLES, "卡罗米滕苏巴尔多利安戈普斯尼瓦乌", strict=True)),
}


def actors_in_three_scripts(count: int) -> None:
    """So many people, each with a name in Latin, Cyrillic and Chinese letters, every twentieth named in each source."""
    from newsannot.actors.rules import folded

    pick = random.Random(7)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM actors_actor")
        first = cursor.fetchone()[0] + 1
        cursor.execute(
            "INSERT INTO actors_actor"
            " (id, kind, name, description, iso3, cameo_code, sectors, country, created_at, updated_at)"
            " SELECT n, 'person', 'Person ' || n, '', '', '', '{}', '', now(), now()"
            " FROM generate_series(%s, %s) AS n",
            [first, first + count - 1],
        )
        with cursor.copy("COPY actors_actorname (actor_id, name, language, script, search) FROM STDIN") as rows:
            for actor in range(first, first + count):
                parts = [pick.choices(SYLLABLES, k=pick.choice((2, 3))), pick.choices(SYLLABLES, k=pick.choice((2, 4)))]
                for script, letters in SCRIPTS.items():
                    name = " ".join("".join(letters[s] for s in part).capitalize() for part in parts)
                    rows.write_row((actor, name, "", script, folded(name)))
        cursor.execute("SELECT setval('actors_actor_id_seq', max(id)) FROM actors_actor")
        cursor.execute(
            "INSERT INTO actors_actoruse (actor_id, source_id, count)"
            " SELECT n, s.id, n %% 97 + 1 FROM generate_series(%s, %s, 20) AS n,"
            " (SELECT id FROM articles_source UNION ALL SELECT NULL) AS s ON CONFLICT DO NOTHING",
            [first, first + count - 1],
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE actors_actorname, actors_actor, actors_actoruse, actors_actorword")


WRITTEN = ("annotations_reading", "annotations_annotation", "statements_statement", "annotations_span")
PUBLISHED = """
WITH reading AS (
    INSERT INTO annotations_reading (revision_id, state, codebook_id, nothing_found, version, opened_at, updated_at)
    SELECT r.id, 'published', %(codebook)s, false, 1, now(), now()
    FROM articles_revision r JOIN articles_article a ON a.id = r.article_id WHERE a.url LIKE 'https://bench.invalid/%%'
    ON CONFLICT DO NOTHING RETURNING id, revision_id
), numbered AS (
    SELECT id, revision_id, row_number() OVER (ORDER BY id) - 1 AS n FROM reading
),
piece AS (
    SELECT nextval('annotations_annotation_id_seq') AS id, numbered.id AS reading_id, v.text, k
    FROM generate_series(1, %(count)s) k JOIN numbered ON numbered.n = k %% (SELECT count(*) FROM reading)
    JOIN articles_revision v ON v.id = numbered.revision_id
), annotation AS (
    INSERT INTO annotations_annotation (id, public_id, reading_id, kind, certainty, note, origin, engine, version,
        is_published, created_at, updated_at)
    SELECT id, gen_random_uuid(), reading_id, 'statement', '', '', 'person', '', 1, true, now(), now() FROM piece
), statement AS (
    INSERT INTO statements_statement (annotation_ptr_id, speaker_id, mode, attribution_type, speech_act, negated, venue,
        said_on, said_on_basis, credibility)
    SELECT id, (SELECT min(id) + k %% 50 FROM actors_actor), 'indirect', 'assertion', 'assertive', false, '', '', '', ''
    FROM piece
)
INSERT INTO annotations_span (annotation_id, reading_id, role, start, "end", exact, prefix, suffix)
SELECT id, reading_id, part.role, part.first, part.last, substr(text, part.first + 1, part.last - part.first), '', ''
FROM piece, LATERAL (VALUES ('source', 0, 8), ('cue', 10, 14), ('content', 20 + k %% 200, 90 + k %% 200))
    AS part(role, first, last)
"""


def published_statements(count: int) -> None:
    """So many published statements by fifty speakers, spread over the articles taken in; written past the triggers."""
    Actor.objects.bulk_create(Actor(kind="person", name=f"Speaker {n}") for n in range(50))
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(PUBLISHED, {"count": count, "codebook": latest_codebook().pk})
        for table in WRITTEN:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
