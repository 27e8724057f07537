"""Reads over statements, and over the utterances they report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, When

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.models import Span
from newsannot.annotations.outward import Outward, fetched, read_outward
from newsannot.articles.models import Article
from newsannot.core.filters import among, matches, words_in
from newsannot.core.layers import Audience
from newsannot.core.wording import Stretch, set_off
from newsannot.statements.access import all_statements, gatherable, statements_seen_by
from newsannot.statements.kinds import STATEMENT
from newsannot.statements.models import Attestation, Likeness, Statement, Utterance

_THREATS = """
    SELECT e.statement_id, a.public_id FROM threats_expression e JOIN annotations_annotation a ON a.id = e.threat_id
    WHERE e.statement_id = ANY(%s) AND a.deleted_at IS NULL ORDER BY a.id
"""


def threats_of(statement_ids: Iterable[int]) -> dict[int, list[UUID]]:
    """The public ids of the standing threats that each statement expresses. One query.

    Threats are a room above; only their table is named here.
    """
    found: dict[int, list[UUID]] = {}
    for pk, threat in fetched(_THREATS, statement_ids):
        found.setdefault(pk, []).append(threat)
    return found


def saying(values: list[Any]) -> Q:
    """Statements in whose content every word of a text occurs, whichever piece of a split quotation it stands in."""
    asked = Q()
    for word in words_in(values[0]):
        spans = Span.objects.filter(matches("exact", word), role="content").order_by()
        asked &= among(spans.values("annotation_id"))
    return asked


# --- Utterances ----------------------------------------------------------------------------------

_UTTERANCES = "SELECT statement_id, utterance_id FROM statements_attestation WHERE statement_id = ANY(%s)"


def count_utterances(statements: QuerySet[Any]) -> int:
    """How many acts of saying statements report: those of one utterance once, those of none each. One query."""
    acts = statements.order_by().aggregate(
        gathered=Count("attestation__utterance", distinct=True), alone=Count("pk", filter=Q(attestation=None))
    )
    return int(acts["gathered"] + acts["alone"])


def utterances_of(statement_ids: Iterable[int]) -> dict[int, int]:
    """The utterance that each statement reports, of those that report one. One query."""
    return dict(fetched(_UTTERANCES, statement_ids))


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as the pages of utterances show it; `words` is its content, `language` BCP 47 or empty."""

    statement: Outward
    words: str
    language: str


def words_of(statement: Outward) -> str:
    """The content of a statement in one line, its pieces with an ellipsis between them."""
    return " … ".join(span["exact"] for span in statement.parts["content"])


def told(statements: QuerySet[Statement], audience: Audience = Audience.STAFF) -> list[Told]:
    """The statements of a queryset, in its order; as many queries for many as for one."""
    found = read_outward(STATEMENT, statements, audience=audience)
    articles = Article.objects.filter(pk__in={one.article["id"] for one in found}).order_by()
    languages = dict(articles.values_list("pk", "language"))
    return [Told(one, words_of(one), languages[one.article["id"]].replace("und", "")) for one in found]


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance as somebody may see it: who said it, the statement whose words stand for it, how many report it."""

    utterance: Utterance
    speaker: Actor | None
    leading: Told | None
    count: int


def said(
    utterances: Sequence[Utterance], statements: QuerySet[Statement], audience: Audience = Audience.STAFF
) -> list[Said]:
    """The utterances, in order, as they are told by the statements that may be seen; a handful of queries.

    Where the canonical statement may not be seen, the earliest that may stands for it.
    """
    of = Attestation.objects.filter(utterance__in=utterances, statement__in=statements).order_by()
    rows = of.values_list("utterance").annotate(
        count=Count("pk"),
        earliest=Min("statement"),
        canonical=Max(Case(When(statement=F("utterance__canonical"), then=F("statement")))),
    )
    counts = {pk: (count, canonical or earliest) for pk, count, earliest, canonical in rows}
    leading = {
        one.statement.pk: one
        for one in told(all_statements().filter(pk__in=[pk for _, pk in counts.values()]), audience)
    }
    actors = Actor.objects.given_out(audience).in_bulk({one.speaker_id for one in utterances if one.speaker_id})
    return [
        Said(
            one,
            actors.get(one.speaker_id or 0),
            leading.get(counts.get(one.pk, (0, 0))[1]),
            counts.get(one.pk, (0, 0))[0],
        )
        for one in utterances
    ]


def listed_utterances(words: str, user: User) -> QuerySet[Utterance]:
    """The utterances a person may see, those whose statements hold all of the words."""
    statements = statements_seen_by(user)
    if words_in(words):
        statements = statements.filter(saying([words]))
    return Utterance.objects.attested_by(statements)


def found_statements(words: str) -> QuerySet[Statement]:
    """Statements of no utterance that hold all of the words, the latest first."""
    return gatherable().filter(saying([words]), attestation=None).order_by("-pk")


# --- What is proposed ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One of two statements that are worded alike: with what in its words differs, and its utterance."""

    told: Told
    stretches: Sequence[Stretch]
    utterance: int | None


def open_questions() -> QuerySet[Likeness]:
    """The proposals nobody decided, the likest first; those of which one was withdrawn wait until it is published."""
    return Likeness.objects.filter(verdict="", first__is_published=True, second__is_published=True)


def sides_of(likeness: Likeness) -> list[Side]:
    """The two statements side by side, the earlier published article first."""
    pks = [likeness.first_id, likeness.second_id]
    pair = sorted(told(all_statements().filter(pk__in=pks)), key=_published)
    utterances: Mapping[int, int] = utterances_of(pks)
    apart = set_off([one.words for one in pair])
    return [Side(one, own, utterances.get(one.statement.pk)) for one, own in zip(pair, apart, strict=True)]


def _published(one: Told) -> tuple[str, int]:
    at = one.statement.article["published_at"]
    return (at.isoformat() if at else "", one.statement.pk)
