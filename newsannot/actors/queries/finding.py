"""Finding an actor by any of its names, while typing."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.actors.queries.kinds import ask_actor_kinds
from newsannot.actors.queries.merging import where_merged_went
from newsannot.actors.queries.misspelt import Meant, meant_by
from newsannot.actors.queries.offices import Holder, ask_holders_named
from newsannot.actors.rules import folded, is_far, searched_words
from newsannot.codebook.queries import CodeChoice
from newsannot.core.rows import ask, ask_rows, pipelined

MOST_FOUND = 10
MOST_CANDIDATES = 50
MOST_NEAR = 150
MOST_LOOSE = 4
MOST_WORDS = 8
LEAST_FOR_LOOSE = 4
ENOUGH = 4
EQUAL_TIER, HOLDER_TIER, WORDS_TIER = 0, 1, 3

# Each way to find a name is one scan of an index. They are tried in turn until there are MOST_CANDIDATES rows.
EQUAL = "n.search = %(phrase)s"
BEGINS = "n.search LIKE %(phrase)s || '%%'"
WORD = "n.search LIKE '%%' || %(word{})s || '%%'"
WORDS = "n.search LIKE ALL (%(words)s)"  # the same of several words, for rows at hand: no index serves it
INSIDE = "n.search LIKE '%%' || ltrim(%(phrase)s) || '%%'"
MEANT = "(string_to_array(n.search, ' ') && %(known{0})s OR n.search LIKE ANY (%(patterns{0})s))"
LETTERS = "string_to_array(n.search, ' ') @> %(letters{})s"
# Where letters are words: those that have them all by the index of words. That of trigrams knows no more of single
# letters and takes twice as long, so the patterns are kept from it.
IN_ORDER = "n.search || '' LIKE ANY (%(patterns{})s)"

# The same among the actors used in the reading, and those named most in what is published, of the source and of all:
# a letter or two finds too many to rank. OFFSET 0 has each actor's few names looked up by their index.
NEAR = f"""
    SELECT n.actor_id, n.name, n.search FROM (
        SELECT unnest(%(used)s::bigint[]) AS actor_id
        UNION (SELECT actor_id FROM actors_actoruse WHERE source_id = %(source)s ORDER BY count DESC LIMIT {MOST_NEAR})
        UNION (SELECT actor_id FROM actors_actoruse WHERE source_id IS NULL ORDER BY count DESC LIMIT {MOST_NEAR})
    ) AS near,
    LATERAL (SELECT actor_id, name, search FROM actors_actorname WHERE actor_id = near.actor_id OFFSET 0) AS n
    WHERE {WORDS}
"""  # noqa: S608 - constants of this module
# They are looked through only where the scans left something out: else all of theirs is found.
WITH_NEAR = f"""
    WITH scanned AS MATERIALIZED ({{scans}})
    SELECT * FROM scanned
    UNION ALL
    SELECT * FROM ({NEAR}) AS near WHERE (SELECT count(*) FROM scanned) >= {MOST_CANDIDATES}
"""  # noqa: S608 - constants of this module

# Statements and threats read actors, not the other way round; their tables are named here only to count uses.
USES_IN_READING = """
    SELECT m.actor_id FROM annotations_mention m JOIN annotations_annotation a ON a.id = m.annotation_ptr_id
     WHERE a.reading_id = r.id AND a.deleted_at IS NULL
    UNION ALL
    SELECT s.speaker_id FROM statements_statement s JOIN annotations_annotation a ON a.id = s.annotation_ptr_id
     WHERE a.reading_id = r.id AND a.deleted_at IS NULL
    UNION ALL
    SELECT t.issuer_id FROM threats_threat t JOIN annotations_annotation a ON a.id = t.annotation_ptr_id
     WHERE a.reading_id = r.id AND a.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a search may know of the text it is for: its source, its date, and the actors in the reading, most first."""

    source_id: int | None = None
    on: date | None = None
    used: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How an actor answers: in which way (0 is best), at which place among all, by which name, and its published uses.

    `in_source` and `in_all` count the published records that name it.
    """

    tier: int
    place: int
    name: str
    in_source: int = 0
    in_all: int = 0

    @property
    def is_loose(self) -> bool:
        """Whether only a part of a word, or something alike, answered."""
        return self.tier > WORDS_TIER

    def joined(self, other: "Match") -> "Match":
        """The better way of the two to the same actor, with the uses of both."""
        best, uses = min(self, other, key=lambda match: (match.tier, match.place)), (self, other)
        return Match(best.tier, best.place, best.name, sum(m.in_source for m in uses), sum(m.in_all for m in uses))


@dataclass(frozen=True, slots=True)
class FoundActor:
    """An actor that answers to what was typed; `alias` is the name that matched, when it is not the main one.

    `is_far`: most words are not in both, so that somebody else is meant, most of the time.
    """

    id: int
    name: str
    kind: str
    kind_label: str
    description: str
    alias: str
    is_far: bool = False

    @property
    def detail(self) -> str:
        """A second line: the name that matched and the description, unless that only repeats the kind."""
        described = "" if self.description.casefold() == self.kind_label.casefold() else self.description
        return " · ".join(words for words in (self.alias, described) if words)


def search_actors(typed: str, *, by: User, reading_id: int | None = None) -> list[FoundActor]:
    """Actors any of whose names answers to what was typed, at most ten, best first; merged ones as where they went.

    A name answers when each word typed begins one of its words, without regard to case and accents; when few do, also
    names that hold the words inside, or words that may have been meant. An office answers as whoever held it when the
    article was published (today, without one): “Russian foreign minister”.

    First whoever goes by just this name, then those used in the reading (when it is `by`'s, or curated and `by` an
    editor), then whoever holds the office, then those named most in what is published of the article's source, then of
    all. Nothing typed: those used in the reading.
    """
    pieces = searched_words(typed)[:MOST_WORDS]
    if typed.strip() and not pieces:
        return []
    with pipelined():
        asked = ask_at_hand(reading_id, by=by) if reading_id else AtHand
        holders, kinds = ask_holders_named(pieces), ask_actor_kinds()
        near = asked()
        holding = _holding(holders(near.on or timezone.now().date()))
        known = kinds()
    ways = [*holding.items(), *_matches(pieces, near, is_office=bool(holding)).items()]
    went = where_merged_went({*near.used, *(actor_id for actor_id, _ in ways)})
    used = dict.fromkeys(went.get(pk, pk) for pk in near.used)
    matches = _standing(ways, went)
    found = _ranked(matches, used) if pieces else list(used)
    return _as_found(found[:MOST_FOUND], matches, pieces, known)


def _ranked(matches: Mapping[int, Match], used: Container[int]) -> list[int]:
    """The actors that answer, best first, and few of those that do so loosely."""

    def rank(pk: int) -> tuple[object, ...]:
        match = matches[pk]
        is_named = match.tier == EQUAL_TIER
        is_holder = match.tier == HOLDER_TIER
        uses = (-match.in_source, -match.in_all)
        return match.is_loose, not is_named, pk not in used, not is_holder, *uses, match.tier, match.place

    ranked = sorted(matches, key=rank)
    loose = [pk for pk in ranked if matches[pk].is_loose]
    return ranked[: len(ranked) - len(loose) + MOST_LOOSE]


def ask_at_hand(reading_id: int, *, by: User) -> Callable[[], AtHand]:
    """Ask what a reading of one's own (for an editor, also a curated one) tells; nothing of any other. One query."""
    sql = f"""
        SELECT ar.source_id, ar.published_at, used.actor_id
        FROM annotations_reading r
        JOIN articles_revision v ON v.id = r.revision_id JOIN articles_article ar ON ar.id = v.article_id
        LEFT JOIN LATERAL (
            SELECT actor_id, count(*) AS uses FROM ({USES_IN_READING}) AS each
            WHERE actor_id IS NOT NULL GROUP BY actor_id ORDER BY uses DESC, actor_id LIMIT 500
        ) AS used ON true
        WHERE r.id = %(reading)s AND (r.reader_id = %(user)s OR (r.reader_id IS NULL AND %(is_editor)s))
        ORDER BY used.uses DESC, used.actor_id
    """  # noqa: S608 - a constant of this module
    asked = ask(sql, {"reading": reading_id, "user": by.pk, "is_editor": by.is_editor})

    def fetch() -> AtHand:
        rows: list[tuple[int, datetime | None, int | None]] = asked.fetchall()
        if not rows:
            return AtHand()
        source_id, published_at, _ = rows[0]
        on = published_at.date() if published_at else None
        return AtHand(source_id, on, [actor_id for _, _, actor_id in rows if actor_id is not None])

    return fetch


def _matches(pieces: Sequence[str], near: AtHand, *, is_office: bool) -> dict[int, Match]:
    """Actor, merged or not → how it answers; loose ways are gone only when the others, or an office, lead to few."""
    if not pieces:
        return {}
    phrase = "".join(pieces)
    sent: dict[str, Any] = {
        "phrase": phrase,
        "words": [f"%{piece}%" for piece in pieces],
        **{f"word{at}": piece for at, piece in enumerate(pieces)},
        "source": near.source_id,
        "used": list(near.used),
    }
    every_word = " AND ".join(WORD.format(at) for at in range(len(pieces)))
    found = _names(WITH_NEAR.format(scans=_in_turn(EQUAL, BEGINS, every_word)), sent)
    if is_office or len(found) >= ENOUGH or len(phrase.strip()) < LEAST_FOR_LOOSE:
        return found
    with pipelined(), transaction.atomic():
        meant = meant_by(pieces)
        every_meant = " AND ".join(_meaning(at, one, sent) for at, one in enumerate(meant))
        return _names(_in_turn(INSIDE, *([every_meant] if meant else [])), sent) | found


def _meaning(at: int, meant: Meant, sent: dict[str, Any]) -> str:
    """The condition that a name has what may be meant by one of the words; its values join those that are sent."""
    sent |= {f"patterns{at}": list(meant.patterns), f"known{at}": list(meant.words)}
    if not meant.letters:
        return MEANT.format(at)
    each = {f"{at}_{way}": letters for way, letters in enumerate(meant.letters)}
    sent |= {f"letters{key}": list(letters) for key, letters in each.items()}
    return f"({' OR '.join(map(LETTERS.format, each))}) AND {IN_ORDER.format(at)}"


def _holding(holders: Sequence[Holder]) -> dict[int, Match]:
    """Person → how the office answers, for those who held it on the day."""
    return {one.person_id: Match(HOLDER_TIER, place, one.words) for place, one in reversed(list(enumerate(holders)))}


def _in_turn(*ways: str) -> str:
    """The names that some way leads to, the next way gone only while there are less than MOST_CANDIDATES."""
    scans = " UNION ALL ".join(
        f"(SELECT n.actor_id, n.name, n.search FROM actors_actorname n WHERE {way} LIMIT {MOST_CANDIDATES})"  # noqa: S608 - constants of this module
        for way in ways
    )
    return f"SELECT * FROM ({scans}) AS n LIMIT {MOST_CANDIDATES}"  # noqa: S608 - constants of this module


def _names(scan: str, sent: Mapping[str, Any]) -> dict[int, Match]:
    sql = f"""
        SELECT n.actor_id, CASE WHEN {EQUAL} THEN 0 WHEN {BEGINS} THEN 2 WHEN {WORDS} THEN 3
                                WHEN {INSIDE} THEN 4 ELSE 5 END AS tier, n.name,
            coalesce((SELECT count FROM actors_actoruse u
                      WHERE u.actor_id = n.actor_id AND u.source_id = %(source)s), 0),
            coalesce((SELECT count FROM actors_actoruse u WHERE u.actor_id = n.actor_id AND u.source_id IS NULL), 0)
        FROM ({scan}) AS n
        ORDER BY tier, CASE WHEN NOT {WORDS} THEN -word_similarity(%(phrase)s, n.search) END, length(n.name), n.actor_id
    """  # noqa: S608 - constants of this module
    found: dict[int, Match] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, sent)
        for place, (actor_id, tier, name, in_source, in_all) in enumerate(cursor.fetchall()):
            found.setdefault(actor_id, Match(tier, place, name, in_source, in_all))
    return found


def _standing(matches: Sequence[tuple[int, Match]], went: Mapping[int, int]) -> dict[int, Match]:
    """The best match of each actor, each merged one's given to where it went."""
    standing: dict[int, Match] = {}
    for actor_id, match in matches:
        target = went.get(actor_id, actor_id)
        standing[target] = standing[target].joined(match) if target in standing else match
    return standing


def _as_found(
    actor_ids: Sequence[int], matches: Mapping[int, Match], pieces: Sequence[str], kinds: Mapping[str, CodeChoice]
) -> list[FoundActor]:
    actors = {actor.pk: actor for actor in ask_rows(Actor, "WHERE t.id = ANY(%s)", [actor_ids])()} if actor_ids else {}
    return [
        FoundActor(
            id=pk,
            name=actors[pk].name,
            kind=actors[pk].kind,
            kind_label=kinds[actors[pk].kind].label if actors[pk].kind in kinds else actors[pk].kind,
            description=actors[pk].description,
            alias=_alias(actors[pk].name, matches.get(pk), pieces),
            is_far=_is_far(matches.get(pk), pieces),
        )
        for pk in actor_ids
    ]


def _is_far(match: Match | None, pieces: Sequence[str]) -> bool:
    return match is not None and match.is_loose and is_far(pieces, folded(match.name))


def _alias(name: str, match: Match | None, pieces: Sequence[str]) -> str:
    """The name that matched, or the office; empty where the main name would have done as well."""
    if match is None or match.name == name:
        return ""
    main = folded(name)
    would_do = match.tier > HOLDER_TIER and all(piece in main for piece in pieces)
    return "" if would_do else match.name
