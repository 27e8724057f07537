"""Reads over threats, and over the episodes they are of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, When
from django.utils import timezone

from newsannot.actors.models import Actor
from newsannot.actors.queries.merging import families_of, going_by
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Span
from newsannot.annotations.outward import Given, Outward, actors_named, fetched, read_outward
from newsannot.articles.models import Article
from newsannot.core.filters import among, matches, words_in
from newsannot.core.layers import Audience
from newsannot.statements.access import all_statements
from newsannot.statements.queries import told, words_of
from newsannot.threats.access import gatherable, steps_told
from newsannot.threats.models import (
    OUTCOMES,
    Deadline,
    Episode,
    EpisodeStep,
    Expression,
    HarmTarget,
    InfluenceTarget,
    Kinship,
    Occurrence,
    Ongoing,
    StepEvidence,
    Threat,
)

MOST_NAMED = 200
MOST_COUNTED = 99
ROLES = ("reference", "condition", "demand", "consequence", "deadline")


def threatening(values: list[Any]) -> Q:
    """Threats in whose parts, or in the content of whose statements, every word of a text occurs."""
    asked = Q()
    for word in words_in(values[0]):
        spans = Span.objects.filter(matches("exact", word)).order_by()
        said = spans.filter(role="content").values("annotation_id")
        threats = Expression.objects.filter(statement__in=said).order_by().values("threat_id")
        asked &= among(spans.filter(role__in=ROLES).values("annotation_id")) | among(threats)
    return asked


# --- Records in words ----------------------------------------------------------------------------

_EPISODES = "SELECT threat_id, episode_id FROM threats_occurrence WHERE threat_id = ANY(%s)"


def count_episodes(threats: QuerySet[Any]) -> int:
    """How many threats there are over time: those of one episode once, those of none each. One query."""
    told = threats.order_by().aggregate(
        gathered=Count("occurrence__episode", distinct=True), alone=Count("pk", filter=Q(occurrence=None))
    )
    return int(told["gathered"] + told["alone"])


def count_mentions(threats: QuerySet[Any]) -> int:
    """How often threats are made or named: the statements that express each, and the words that refer to it."""
    wanted = threats.order_by().values("pk")
    made = Expression.objects.filter(threat__in=wanted, statement__deleted_at=None)
    return made.count() + Span.objects.filter(annotation__in=wanted, role="reference").count()


def episodes_of(threat_ids: Iterable[int]) -> dict[int, int]:
    """The episode that each threat is of, of those that are of one. One query."""
    return dict(fetched(_EPISODES, threat_ids))


@dataclass(frozen=True, slots=True)
class Worded:
    """A curated record as the pages of episodes show it; `words` is the text it rests on, `language` BCP 47 or empty.

    Of a threat these are the words of its primary statement, or else those of its own parts.
    """

    record: Outward
    words: str
    language: str

    @property
    def fragment(self) -> str:
        """The part of an address that has a browser show the first words of the record in the article."""
        exact = (span["exact"] for some in self.record.parts.values() for span in some)
        words = next(exact, self.words.split(" … ")[0]).split("\n")[0]
        return f"#:~:text={quote(words, safe='').replace('-', '%2D')}"


def worded(records: QuerySet[Any], audience: Audience = Audience.STAFF) -> list[Worded]:
    """Records of any kinds in words, by id; as many queries for many as for one."""
    pks: dict[str, list[int]] = {}
    for pk, kind in records.order_by("pk").values_list("pk", "kind"):
        pks.setdefault(kind, []).append(pk)
    found: list[Outward] = []
    for name, some in pks.items():
        kind = kind_named(name)
        found += read_outward(kind, kind.model._default_manager.filter(pk__in=some).order_by("pk"), audience=audience)
    primary = {one.claim["primary_statement"] for one in found if one.kind == "threat"} - {None}
    statements = all_statements().filter(public_id__in=primary)
    said = {one.statement.public_id: one.words for one in told(statements, audience)} if primary else {}
    articles = Article.objects.filter(pk__in={one.article["id"] for one in found}).order_by()
    languages = dict(articles.values_list("pk", "language"))
    return [
        Worded(
            one,
            (said.get(one.claim["primary_statement"]) if one.kind == "threat" else None) or _words(one),
            languages[one.article["id"]].replace("und", ""),
        )
        for one in found
    ]


def _words(record: Outward) -> str:
    """The words of a record's parts, in the order of the text, those within others left out."""
    if record.kind == "statement":
        return words_of(record)
    spans = sorted((s for some in record.parts.values() for s in some), key=lambda s: (s["start"], -s["end"]))
    kept: list[Any] = []
    for span in spans:
        if not kept or span["end"] > kept[-1]["end"]:
            kept.append(span)
    return " … ".join(span["exact"] for span in kept)


# --- Episodes ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of an episode with the records that say so and may be seen."""

    step: EpisodeStep
    evidence: Sequence[Worded]


@dataclass(frozen=True, slots=True)
class Course:
    """An episode as somebody may see it: who threatens whom, in whose words, by when, and what came of it.

    `count` is how many of its threats may be seen; `deadline` that of them which falls last.
    """

    episode: Episode
    issuer: Actor | None
    targets: Sequence[Given]
    leading: Worded | None
    count: int
    steps: Sequence[Taken]
    deadline: Deadline | None

    @property
    def outcome(self) -> EpisodeStep | None:
        """What closed it."""
        return next((one.step for one in self.steps if one.step.is_outcome), None)

    @property
    def is_overdue(self) -> bool:
        """Whether its deadline has passed and nobody has said what came of it."""
        if self.deadline is None or self.outcome is not None:
            return False
        return self.deadline.falls_on < timezone.now().date()


def courses(
    episodes: Sequence[Episode],
    threats: QuerySet[Threat],
    records: QuerySet[Annotation],
    audience: Audience = Audience.STAFF,
) -> list[Course]:
    """The episodes, in order, as they are told by the threats and records that may be seen; a handful of queries.

    Where the canonical threat may not be seen, the earliest that may stands for it.
    """
    pks = [one.pk for one in episodes]
    of = Occurrence.objects.filter(episode__in=pks, threat__in=threats).order_by()
    rows = of.values_list("episode").annotate(
        count=Count("pk"),
        earliest=Min("threat"),
        canonical=Max(Case(When(threat=F("episode__canonical"), then=F("threat")))),
    )
    counts = {pk: (count, canonical or earliest) for pk, count, earliest, canonical in rows}
    steps, evidence = _steps_of(pks, records)
    shown = {leading for _, leading in counts.values()} | {pk for some in evidence.values() for pk in some}
    words = {one.record.pk: one for one in worded(Annotation.objects.filter(pk__in=shown), audience)}
    actors = Actor.objects.given_out(audience).in_bulk({one.issuer_id for one in episodes if one.issuer_id})
    targets, deadlines = _targets_of(of), _deadlines_of(pks, threats)
    return [
        Course(
            episode=one,
            issuer=actors.get(one.issuer_id or 0),
            targets=targets.get(one.pk, ()),
            leading=words.get(counts.get(one.pk, (0, 0))[1]),
            count=counts.get(one.pk, (0, 0))[0],
            steps=[Taken(step, [words[pk] for pk in evidence.get(step.pk, ())]) for step in steps.get(one.pk, ())],
            deadline=deadlines.get(one.pk),
        )
        for one in episodes
    ]


def _steps_of(
    episodes: Sequence[int], records: QuerySet[Annotation]
) -> tuple[dict[int, list[EpisodeStep]], dict[int, list[int]]]:
    """The steps of each episode that may be seen, in time, and the records that are evidence of each."""
    steps: dict[int, list[EpisodeStep]] = {}
    for step in sorted(steps_told(records).filter(episode__in=episodes), key=_in_time):
        steps.setdefault(step.episode_id, []).append(step)
    evidence: dict[int, list[int]] = {}
    seen = StepEvidence.objects.filter(step__episode__in=episodes, annotation__in=records)
    for step_id, annotation in seen.order_by("annotation").values_list("step", "annotation"):
        evidence.setdefault(step_id, []).append(annotation)
    return steps, evidence


def _in_time(step: EpisodeStep) -> tuple[bool, str, bool, int]:
    return (not step.happened_on, step.happened_on, step.is_outcome, step.pk)


def _targets_of(occurrences: QuerySet[Occurrence]) -> dict[int, list[Given]]:
    """Whom the threats of each episode are against, each once: who would be hit, whose decision it is to shape."""
    pairs = [
        pair
        for link in ("harm_target_links", "influence_target_links")
        for pair in occurrences.filter(**{f"threat__{link}__isnull": False})
        .order_by("episode", "threat")
        .values_list("episode", f"threat__{link}__actor")
    ]
    named = actors_named({actor for _, actor in pairs})
    found: dict[int, dict[int, Given]] = {}
    for episode, actor in pairs:
        found.setdefault(episode, {})[actor] = named[actor]
    return {episode: list(actors.values()) for episode, actors in found.items()}


def _deadlines_of(episodes: Sequence[int], threats: QuerySet[Threat]) -> dict[int, Deadline]:
    """The deadline of each episode that falls last, with its threat."""
    rows = Deadline.objects.filter(threat__occurrence__episode__in=episodes, threat__in=threats)
    last = rows.annotate(episode=F("threat__occurrence__episode")).order_by("episode", "-falls_on", "-threat")
    return {one.episode: one for one in last.distinct("episode").select_related("threat")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What episodes are looked for by: words of a threat, state (open, closed or empty), names, a passed deadline."""

    words: str = ""
    state: str = ""
    issuer: str = ""
    target: str = ""
    is_passed: bool = False


def listed_episodes(wanted: Wanted, threats: QuerySet[Threat], records: QuerySet[Annotation]) -> QuerySet[Episode]:
    """The episodes that one of the threats is of, as they are wanted; those merged away are left out."""
    if words_in(wanted.words):
        threats = threats.filter(threatening([wanted.words]))
    if wanted.issuer:
        issuers = _going_by(wanted.issuer)
        threats = threats.filter(Q(issuer__in=issuers) | Q(on_behalf_of__in=issuers))
    if wanted.target:
        threats = threats.filter(targeting(_going_by(wanted.target)))
    passed = deadline_passed(threats)  # which no episode has but by one of the threats
    found = Episode.objects.filter(passed) if wanted.is_passed else Episode.objects.made_of(threats)
    if wanted.state in {"open", "closed"}:
        found = found.filter(having_ended(records) if wanted.state == "closed" else still_open(records))
    return found


def having_ended(records: QuerySet[Annotation]) -> Q:
    """Episodes that are closed: an outcome is told by the records, or by a note alone."""
    return Q(Exists(steps_told(records).filter(episode=OuterRef("pk"), kind__in=OUTCOMES)))


def still_open(records: QuerySet[Annotation]) -> Q:
    """Episodes that are not closed, looked for among those open to somebody, by their index."""
    return Q(Exists(Ongoing.objects.filter(episode=OuterRef("pk")))) & ~having_ended(records)


def deadline_passed(threats: QuerySet[Threat]) -> Q:
    """Episodes whose last deadline, of the threats, has passed; by the index of days, where few have."""
    today = timezone.now().date()
    falling = Deadline.objects.filter(threat__occurrence__episode=OuterRef("pk"), threat__in=threats)
    return Q(Exists(falling.filter(falls_on__lt=today))) & ~Q(Exists(falling.filter(falls_on__gte=today)))


def _going_by(name: str) -> list[int]:
    """The actors that go by a name, with those merged into them, and the other way round."""
    named = Actor.objects.filter(going_by(name)).order_by("pk").values_list("pk", flat=True)
    return families_of(named[:MOST_NAMED])


def targeting(actors: list[Any]) -> Q:
    """Threats that would hit one of the actors, or are to shape the decision of one."""
    harmed = HarmTarget.objects.filter(actor__in=actors).order_by().values("threat_id")
    influenced = InfluenceTarget.objects.filter(actor__in=actors).order_by().values("threat_id")
    return among(harmed.union(influenced))


def found_threats(words: str) -> QuerySet[Threat]:
    """Threats of no episode that hold all of the words, the latest first."""
    return gatherable().filter(threatening([words]), occurrence=None).order_by("-pk")


def found_evidence(words: str, seen: QuerySet[Annotation], most: int) -> list[Worded]:
    """Curated records that hold all of the words in their parts, the latest first."""
    asked = Q()
    for word in words_in(words):
        asked &= among(Span.objects.filter(matches("exact", word)).order_by().values("annotation_id"))
    return worded(
        Annotation.objects.filter(pk__in=list(seen.filter(asked).order_by("-pk").values_list("pk", flat=True)[:most]))
    )


# --- What is proposed ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One of two threats that are alike, with the episode it is of."""

    threat: Worded
    episode: int | None


def open_questions() -> QuerySet[Kinship]:
    """The proposals nobody decided, the likest first; those of which one was withdrawn wait until it is published."""
    return Kinship.objects.filter(verdict="", first__is_published=True, second__is_published=True)


def sides_of(kinship: Kinship) -> list[Side]:
    """The two threats side by side, the earlier published article first."""
    pks = [kinship.first_id, kinship.second_id]
    pair = sorted(worded(Annotation.objects.filter(pk__in=pks)), key=_published)
    episodes: Mapping[int, int] = episodes_of(pks)
    return [Side(one, episodes.get(one.record.pk)) for one in pair]


def _published(one: Worded) -> tuple[str, int]:
    at = one.record.article["published_at"]
    return (at.isoformat() if at else "", one.record.pk)


# --- Deadlines -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overdue:
    """A deadline that has passed, of which nobody has said what came: the threat it was set by, and its episode."""

    deadline: Deadline
    threat: Worded
    episode: int | None


def deadlines_passed(today: date) -> QuerySet[Deadline]:
    """The deadlines to ask about: of published threats, unsettled; of an episode the one that falls last.

    Found by the index of what is unsettled: what it costs grows with what waits, not with the record.
    """
    later = Deadline.objects.filter(
        Q(falls_on__gt=OuterRef("falls_on")) | Q(falls_on=OuterRef("falls_on"), threat__gt=OuterRef("threat")),
        threat__occurrence__episode=OuterRef("threat__occurrence__episode"),
        threat__is_published=True,
    )
    waiting = Deadline.objects.filter(is_settled=False, ask_on__lte=today, threat__is_published=True)
    return waiting.filter(~Exists(later))


def deadlines_waiting() -> int:
    """How many deadlines there are to ask about today; of many, that there are more than are counted."""
    return deadlines_passed(timezone.now().date()).order_by()[: MOST_COUNTED + 1].count()


def overdue(deadlines: Sequence[Deadline]) -> list[Overdue]:
    """The deadlines, in order, with their threats; as many queries for many as for one."""
    pks = [one.threat_id for one in deadlines]
    words = {one.record.pk: one for one in worded(Annotation.objects.filter(pk__in=pks))}
    episodes = episodes_of(pks)
    return [Overdue(one, words[one.threat_id], episodes.get(one.threat_id)) for one in deadlines]
