"""Reads over suggestions: what is still to be drafted, from which names, and what stands open in a reading."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from newsannot.actors.models import Actor
from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.rules import Piece
from newsannot.articles.queries import text_of
from newsannot.suggestions.models import Drafting, SuggestionSetting
from newsannot.suggestions.parsing import LANGUAGE, is_parsed, parser_version
from newsannot.suggestions.rules.drafting import ENGINE, VERSION
from newsannot.suggestions.rules.drafts import (
    MAIN_ROLES,
    CodableText,
    KnownName,
    is_same_proposal,
    main_pieces,
    sureness,
)
from newsannot.suggestions.rules.languages import language_of
from newsannot.suggestions.rules.names import keys_of_text, starts_of_text

MOST_NAMES = 20_000
"""No text is compared with more names than this, those written down first; only a list of names has so many."""

_UNDRAFTED = """
    SELECT r.id FROM articles_revision r JOIN articles_article a ON a.id = r.article_id
    WHERE NOT EXISTS (
        SELECT FROM suggestions_drafting d WHERE d.revision_id = r.id AND d.engine = %s
        AND d.engine_version = CASE lower(split_part(a.language, '-', 1)) WHEN %s THEN %s ELSE %s END
    )
    ORDER BY r.id DESC LIMIT %s
"""
_TEXTS = """
    SELECT r.id, r.text, a.language, z.kind, z.start, z."end", z.is_codable
    FROM articles_revision r JOIN articles_article a ON a.id = r.article_id
    LEFT JOIN articles_zone z ON z.revision_id = r.id AND (NOT z.is_codable OR z.kind IN ('headline', 'heading'))
    WHERE r.id = ANY(%s) ORDER BY r.id, z.start
"""
_NAMES = """
    SELECT n.actor_id, n.name, a.kind, a.name, a.merged_into_id IS NOT NULL
    FROM (
        SELECT id, actor_id, name FROM actors_actorname WHERE suggestion_name_start(name) = ANY(%(starts)s)
        UNION ALL
        SELECT id, actor_id, name FROM actors_actorname
        WHERE suggestion_name_start(name) IS NULL
          AND suggestion_name_key(split_part(name, ' ', 1)) = ANY(%(keys)s)
          AND suggestion_name_key(split_part(name, ' ', -1)) = ANY(%(keys)s)
        ORDER BY id LIMIT %(most)s
    ) n
    CROSS JOIN LATERAL (SELECT kind, name, merged_into_id FROM actors_actor WHERE id = n.actor_id OFFSET 0) a
    ORDER BY n.id
"""
_OPEN = """
    SELECT d.id, d.engine, d.engine_version, d.suggestions,
           ARRAY(SELECT v.fingerprint FROM suggestions_verdict v
                 LEFT JOIN annotations_annotation a ON a.id = v.annotation_id
                 WHERE v.reading_id = %(reading)s AND v.taken_back_at IS NULL AND (
                     a.deleted_at IS NULL
                     OR EXISTS (SELECT FROM annotations_relabelling r
                                JOIN annotations_annotation b ON b.id = r.annotation_id AND b.deleted_at IS NULL
                                WHERE r.first_id = v.annotation_id)))
    FROM (SELECT DISTINCT ON (engine) * FROM suggestions_drafting WHERE revision_id = %(revision)s
          ORDER BY engine, id DESC) AS d
"""
_REJECTED_BEFORE = """
    SELECT d.suggestions, array_agg(v.fingerprint) FROM suggestions_verdict v
    JOIN suggestions_drafting d ON d.id = v.drafting_id
    WHERE v.reading_id = %s AND v.decision = 'rejected' AND v.taken_back_at IS NULL AND d.id <> ALL(%s)
    GROUP BY d.id
"""
_MARKED = """
    SELECT a.kind, s.role, s.start, s."end" FROM annotations_span s
    JOIN annotations_annotation a ON a.id = s.annotation_id AND a.deleted_at IS NULL
    WHERE s.reading_id = %s
"""


def undrafted_revisions(most: int) -> list[int]:
    """Revisions for which this version of the rules has not drafted yet, the newest first."""
    return [pk for (pk,) in _rows(_UNDRAFTED, [ENGINE, LANGUAGE, engine_version(LANGUAGE), VERSION, most])]


def engine_version(language: str) -> str:
    """The version that drafts texts of a language (a BCP 47 tag): the rules', and the parser's where one reads."""
    return f"{VERSION}+{parser_version()}" if is_parsed(language) else VERSION


def texts_to_draft(revision_ids: Iterable[int]) -> dict[int, CodableText]:
    """The text of each revision, with what of it may be coded. One query."""
    found: dict[int, tuple[str, str, list[tuple[int, int]], list[tuple[int, int]]]] = {}
    for pk, text, language, kind, start, end, is_codable in _rows(_TEXTS, [list(revision_ids)]):
        _, _, uncodable, headings = found.setdefault(pk, (text, language, [], []))
        if kind and not is_codable:
            uncodable.append((start, end))
        elif kind:
            headings.append((start, end))
    return {pk: CodableText(text, tag, tuple(un), tuple(heads)) for pk, (text, tag, un, heads) in found.items()}


def names_that_may_stand_in(text: CodableText) -> list[KnownName]:
    """The names of the knowledge base that begin as two words of the text side by side.

    Of names that are not of plain Latin words, those whose first and last words begin as words of the text do. In the
    order they were written down; a merged actor's names are those of where it went. One query by indexes, two more when
    an actor was merged.
    """
    language = language_of(text.language, text.text)
    keys, starts = keys_of_text(text.text, language), starts_of_text(text.text, language)
    named = _rows(_NAMES, {"keys": sorted(keys), "starts": sorted(starts), "most": MOST_NAMES})
    went = where_merged_went({actor for actor, _, _, _, is_merged in named if is_merged})
    there = {a.pk: a for a in Actor.objects.filter(pk__in=went.values()).only("kind", "name")} if went else {}
    return [
        KnownName(went[actor], name, there[went[actor]].kind, there[went[actor]].name)
        if is_merged
        else KnownName(actor, name, kind, main)
        for actor, name, kind, main, is_merged in named
    ]


def _rows(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal that stands open in a reading: its parts by role (code points), fields, and why; `words` begin it.

    `who` names the actor it is about. `drafting` and `engine` tell where it is from.
    """

    fingerprint: str
    kind: str
    parts: Mapping[str, tuple[Piece, ...]]
    values: Mapping[str, Any]
    reason: str
    score: float
    who: str
    words: str
    drafting: int
    engine: str

    @property
    def main(self) -> tuple[Piece, ...]:
        """The pieces of its main roles, in the order of the text."""
        return main_pieces(self.kind, self.parts)

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.main[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return max(piece.end for piece in self.main)

    @property
    def place(self) -> int:
        """Where its turn is: of a threat said again where that is last, when the statements saying it are settled."""
        return self.main[-1].start if len(self.parts.get("consequence", ())) > 1 else self.start

    @property
    def ranges(self) -> str:
        """Where its main words stand, for the script that paints them: “3 8 12 20”."""
        return " ".join(f"{piece.start} {piece.end}" for piece in self.main)

    @property
    def sureness(self) -> str:
        """Its score in a word."""
        return sureness(self.score)


ACTOR_FIELDS = ("actor", "speaker", "issuer")
WORDS_KEPT = 120


_blinds: list[Callable[[int], bool]] = []


def hide_where(is_blind: Callable[[int], bool]) -> None:
    """Hide suggestions in the readings that a room above says are coded blind; it does once, when Django starts."""
    _blinds[:] = [is_blind]


def is_coded_blind(reading_id: int) -> bool:
    """Whether suggestions are hidden in a reading whatever its reader wishes."""
    return any(is_blind(reading_id) for is_blind in _blinds)


def shows_suggestions(reading_id: int) -> bool:
    """Whether suggestions are shown in a reading."""
    is_put_away = SuggestionSetting.objects.filter(pk=reading_id, is_shown=False).exists()
    return not is_put_away and not is_coded_blind(reading_id)


def is_drafted(revision_id: int) -> bool:
    """Whether any engine has drafted for a revision."""
    return Drafting.objects.filter(revision=revision_id).exists()


def open_suggestions(reading_id: int, revision_id: int) -> list[Suggestion]:
    """What is proposed for a reading and neither accepted, rejected nor marked by hand, by its place in the text.

    The newest version of each engine counts; what it proposes again of what was rejected before, with other borders,
    stays away. Five queries, however many there are.
    """
    rows = _rows(_OPEN, {"reading": reading_id, "revision": revision_id})
    if not rows:
        return []
    marked = _Marked(_rows(_MARKED, [reading_id]))
    rejected = _Rejected(_rows(_REJECTED_BEFORE, [reading_id, [row[0] for row in rows]]))
    found: dict[str, Suggestion] = {}
    for drafting, engine, version, said, settled in rows:
        closed = set(settled)
        for one in json.loads(said):
            suggestion = _suggestion(one, drafting, f"{engine} {version}")
            is_closed = suggestion.fingerprint in closed or marked.covers(suggestion) or rejected.has(suggestion)
            if not is_closed:
                found.setdefault(suggestion.fingerprint, suggestion)
    ordered = sorted(found.values(), key=lambda one: (one.place, -one.end, one.kind))
    return _with_words(ordered, revision_id)


def _suggestion(said: Mapping[str, Any], drafting: int, engine: str) -> Suggestion:
    parts = {role: tuple(Piece(*piece) for piece in pieces) for role, pieces in said["parts"].items()}
    known = said["fingerprint"], said["kind"], parts, said["values"], said["reason"], said["score"]
    return Suggestion(*known, who="", words="", drafting=drafting, engine=engine)


class _Marked:
    """What is marked in a reading, to be asked whether a suggestion would mark it again."""

    def __init__(self, spans: Iterable[tuple[str, str, int, int]]) -> None:
        self._spans: dict[tuple[str, str], list[Piece]] = {}
        for kind, role, start, end in spans:
            self._spans.setdefault((kind, role), []).append(Piece(start, end))

    def covers(self, suggestion: Suggestion) -> bool:
        """Whether a record of the same kind has words in common with it in a main role."""
        return any(
            piece.overlaps(mine)
            for role in MAIN_ROLES[suggestion.kind]
            for mine in self._spans.get((suggestion.kind, role), ())
            for piece in suggestion.main
        )


class _Rejected:
    """What was rejected when an earlier version or another engine proposed it, to be asked whether it returns."""

    def __init__(self, draftings: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._by_kind: dict[str, list[tuple[tuple[Piece, ...], set[str]]]] = {}
        for said, fingerprints in draftings:
            proposed = [_suggestion(one, 0, "") for one in json.loads(said)]
            beside = {one.fingerprint for one in proposed} - set(fingerprints)
            for one in proposed:
                if one.fingerprint in fingerprints:
                    self._by_kind.setdefault(one.kind, []).append((one.main, beside))

    def has(self, suggestion: Suggestion) -> bool:
        """Whether it was rejected with other borders; what was proposed beside that and left open was not."""
        return any(
            suggestion.fingerprint not in beside and is_same_proposal(suggestion.kind, main, suggestion.main)
            for main, beside in self._by_kind.get(suggestion.kind, ())
        )


def _with_words(suggestions: Sequence[Suggestion], revision_id: int) -> list[Suggestion]:
    """The suggestions with their first words and the names of their actors."""
    if not suggestions:
        return []
    text = text_of(revision_id)
    words = [text[one.start : min(one.main[0].end, one.start + WORDS_KEPT)] for one in suggestions]
    said = (one.values[field] for one in suggestions for field in ACTOR_FIELDS if field in one.values)
    ids = {actor for actor in said if isinstance(actor, int)}
    names = dict(Actor.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [_named(one, text, names) for one, text in zip(suggestions, words, strict=True)]


def _named(one: Suggestion, words: str, names: Mapping[int, str]) -> Suggestion:
    actor = next((one.values[field] for field in ACTOR_FIELDS if field in one.values), None)
    who = f"{actor['name']} (new)" if isinstance(actor, dict) else names.get(actor or 0, "")
    return replace(one, who=who, words=words)
