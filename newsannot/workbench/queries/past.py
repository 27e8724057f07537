"""What was deleted in a reading, and the names that the history of a record needs to be read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.differences import Deed, State, Version, gone_by
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Span
from newsannot.annotations.queries import line_of
from newsannot.core.keyset import Page, moment, number, page_of
from newsannot.core.rows import ask
from newsannot.core.wording import first_words

PAGE = 30
_ORDER = (("deleted_at", moment), ("id", number))

# The words that stand for a record (a threat without any of its own: those of a statement that expresses it), the actor
# it is about, and the action that deleted it.
_FACTS = """
    SELECT a.id, coalesce(
               (SELECT left(s.exact, 200) FROM annotations_span s WHERE s.annotation_id = a.id
                ORDER BY s.role NOT IN ('text', 'content', 'reference'), s.start LIMIT 1),
               (SELECT left(s.exact, 200) FROM threats_expression e JOIN annotations_span s
                ON s.annotation_id = e.statement_id AND s.role = 'content'
                WHERE e.threat_id = a.id ORDER BY e.is_primary DESC, s.start LIMIT 1), ''),
           coalesce(who.name, ''),
           coalesce((SELECT v.pgh_context->>'action' FROM annotations_annotationevent v
                     WHERE v.pgh_obj_id = a.id AND v.deleted_at = a.deleted_at ORDER BY v.pgh_id LIMIT 1), '')
    FROM annotations_annotation a
    LEFT JOIN annotations_mention m ON m.annotation_ptr_id = a.id
    LEFT JOIN statements_statement s ON s.annotation_ptr_id = a.id
    LEFT JOIN threats_threat h ON h.annotation_ptr_id = a.id
    LEFT JOIN actors_actor who ON who.id = coalesce(m.actor_id, s.speaker_id, h.issuer_id)
    WHERE a.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted record: how its words begin, the actor it is about, and how it went."""

    annotation: Annotation
    kind: Kind
    words: str
    who: str
    deed: Deed


def deleted_count(reading_id: int) -> int:
    """How many deleted records a reading keeps."""
    return Annotation.objects.deleted().filter(reading=reading_id).count()


def deleted_page(reading_id: int, query: Mapping[str, str]) -> tuple[Page[Annotation], list[Deleted]]:
    """A page of a reading's deleted records, the last deleted first; two queries, however many there are."""
    rows = Annotation.objects.deleted().filter(reading=reading_id).select_related("updated_by")
    page = page_of(rows, _ORDER, query, size=PAGE, is_descending=True)
    with ask(_FACTS, [[row.pk for row in page.rows]]) as cursor:
        facts = {pk: told for pk, *told in cursor.fetchall()}
    return page, [_deleted(row, *facts[row.pk]) for row in page.rows]


@dataclass(frozen=True, slots=True)
class OtherKind:
    """What a record was or became under another kind."""

    annotation: Annotation
    kind: Kind


def other_kinds_of(annotation: Annotation) -> list[OtherKind]:
    """All that a record was before and became since, in the order they were made; two queries at most."""
    others = [pk for pk in line_of(annotation.pk) if pk != annotation.pk]
    rows = Annotation.objects.filter(pk__in=others).order_by("pk") if others else ()
    return [OtherKind(row, kind_named(row.kind)) for row in rows]


def _deleted(row: Annotation, words: str, who: str, action: str) -> Deleted:
    return Deleted(row, kind_named(row.kind), first_words(words), who, gone_by(action))


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id: of people, of actors, and of records, by how their words begin."""

    people: Mapping[int, str]
    actors: Mapping[int, str]
    records: Mapping[int, str]


def names_in(kind: Kind, versions: Sequence[Version]) -> Names:
    """The names of all that some versions of a record name, and of those who made them; three queries."""
    states = [version.state for version in versions]
    people = User.objects.filter(pk__in={version.by for version in versions if version.by})
    actors = Actor.objects.filter(pk__in=_named(kind, states, {"actor", "actors"}))
    named = _named(kind, states, {"record", "records"})
    content = (
        Span.objects.filter(annotation__in=named, role="content").order_by("-start") if named else Span.objects.none()
    )
    return Names(
        people={user.pk: user.label for user in people},
        actors=dict(actors.values_list("pk", "name")),
        records={pk: first_words(exact) for pk, exact in content.values_list("annotation_id", "exact")},
    )


def _named(kind: Kind, states: Iterable[State], sorts: set[str]) -> set[int]:
    names = [f.name for f in kind.fields if f.sort in sorts]
    values: list[Any] = [state.claim[name] for state in states for name in names]
    return {pk for value in values for pk in (value if isinstance(value, list) else [value]) if pk is not None}
