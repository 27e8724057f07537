"""What the API gives out. Written from docs/openapi.yaml by scripts/client_types.py: make openapi."""

from typing import Any, Literal, TypedDict


class SourceNameOut(TypedDict):
    """A source, named."""

    id: int
    name: str
    domain: str
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None


class ArticleNamedOut(TypedDict):
    """The article, and the revision of it that the spans are in."""

    id: int
    url: str | None
    title: str
    source: SourceNameOut
    published_at: str | None
    revision: int
    """The revision's id."""
    sha256: str
    """Of the revision's canonical text in UTF-8."""


class ActorNamedOut(TypedDict):
    """An actor, named."""

    id: int
    name: str
    kind: str
    """A code of `actor-kind`."""
    wikidata_id: str | None


class SpanOut(TypedDict):
    """Evidence: `text[start:end] == exact`, in Unicode code points of the revision's canonical text."""

    start: int
    """0-based, in code points."""
    end: int
    """Exclusive."""
    exact: str
    """For readers of sources with an excerpt limit perhaps only its beginning."""
    prefix: str
    """Up to 32 code points before."""
    suffix: str
    """Up to 32 code points after."""
    sha256: str
    """Of the revision."""


class StatementPartsOut(TypedDict):
    """The evidence by role. A quotation split by its cue has two pieces of content."""

    source: list[SpanOut]
    """The words that name the speaker; at most one."""
    cue: list[SpanOut]
    """The words that report; at most one."""
    content: list[SpanOut]
    """What is said, with its quotation marks."""


class StatementOut(TypedDict):
    """Somebody is reported to say something."""

    id: str
    article: ArticleNamedOut
    speaker: ActorNamedOut | None
    on_behalf_of: ActorNamedOut | None
    addressees: list[ActorNamedOut]
    mode: str | None
    """A code of `quotation-mode`."""
    attribution_type: str | None
    """A code of `attribution-type`."""
    speech_act: str | None
    """A code of `speech-act`."""
    negated: bool
    """They are said *not* to have said it."""
    venue: str | None
    said_on: str | None
    """EDTF: 2025-09-05, 2025-09, 2025?, 2025-09-05/2025-09-08."""
    said_on_basis: Literal["text", "outside"] | None
    credibility: str | None
    """Of the claim; a code of `admiralty-credibility`, 6 being *cannot be judged*."""
    certainty: str | None
    """The coder's; a code of `certainty`."""
    parts: StatementPartsOut
    parent: str | None
    """The statement that reports this one."""
    threats: list[str]
    """The threats it expresses."""
    utterance: int | None
    """The act of saying it is one report of; null while nobody has grouped it."""
    version: int
    updated_at: str


class PloverOut(TypedDict):
    """The threat in PLOVER."""

    event: Literal["THREATEN"]
    mode: str | None
    """A code of `plover-mode`."""
    contexts: list[str]
    """Codes of `plover-context`."""


class ThreatPartsOut(TypedDict):
    """The evidence by role."""

    reference: list[SpanOut]
    """Words that refer to the threat."""
    condition: list[SpanOut]
    """What sets it off."""
    demand: list[SpanOut]
    """What is to be done or undone."""
    consequence: list[SpanOut]
    """What is threatened."""
    deadline: list[SpanOut]
    """By when."""


class ThreatOut(TypedDict):
    """Somebody threatens somebody. One record for an article, however often the article repeats it."""

    id: str
    article: ArticleNamedOut
    issuer: ActorNamedOut | None
    on_behalf_of: ActorNamedOut | None
    harm_targets: list[ActorNamedOut]
    """Who would be hit."""
    influence_targets: list[ActorNamedOut]
    """Whose decision it is to shape."""
    purpose: str | None
    """A code of `threat-purpose`."""
    consequence: str | None
    """A code of `threat-consequence`."""
    condition_kind: str | None
    """A code of `condition-kind`."""
    deadline: str | None
    """EDTF"""
    demand_kind: str | None
    """A code of `demand-kind`."""
    explicitness: str | None
    """A code of `explicitness`."""
    nuclear_signal: str | None
    """A code of `nuclear-signal`."""
    plover: PloverOut
    cameo: str | None
    """A code of `cameo`."""
    mid_action: str | None
    """A code of `mid`."""
    parts: ThreatPartsOut
    statements: list[str]
    """The statements that express it."""
    primary_statement: str | None
    episode: int | None
    """The threat over time that this is one report of; null while nobody has grouped it."""
    credibility: str | None
    """Of the claim; a code of `admiralty-credibility`, 6 being *cannot be judged*."""
    certainty: str | None
    """The coder's; a code of `certainty`."""
    version: int
    updated_at: str


class MentionPartsOut(TypedDict):
    """Where the words stand."""

    text: list[SpanOut]


class MentionOut(TypedDict):
    """These words name this actor."""

    id: str
    article: ArticleNamedOut
    actor: ActorNamedOut | None
    form: str | None
    """A code of `mention-form`."""
    certainty: str | None
    """The coder's; a code of `certainty`."""
    parts: MentionPartsOut
    version: int
    updated_at: str


class ActorNameOut(TypedDict):
    """A name an actor goes by."""

    name: str
    language: str | None
    """BCP 47"""
    script: str | None
    """ISO 15924"""


class ActorOut(TypedDict):
    """Who is mentioned, speaks and threatens. The code systems are separate and optional."""

    id: int
    name: str
    kind: str
    """A code of `actor-kind`."""
    description: str | None
    wikidata_id: str | None
    iso3: str | None
    """ISO 3166-1 alpha-3"""
    cow_code: int | None
    """Correlates of War"""
    cameo_code: str | None
    sectors: list[str]
    """PLOVER"""
    country: str | None
    """ISO 3166-1 alpha-3 of the state it belongs to"""
    names: list[ActorNameOut]
    merged_into: ActorNamedOut | None
    """The actor to use instead, when this one was merged."""
    updated_at: str


TenureOut = TypedDict(
    "TenureOut",
    {"person": ActorNamedOut, "organisation": ActorNamedOut, "office": str, "from": str | None, "until": str | None},
)

MembershipOut = TypedDict(
    "MembershipOut",
    {
        "member": ActorNamedOut,
        "group": ActorNamedOut,
        "role": Literal["lead", "member", "observer"],
        "from": str | None,
        "until": str | None,
    },
)


class ActorInFullOut(TypedDict):
    """An actor with its offices and memberships, and with those of actors that were merged into it."""

    id: int
    name: str
    kind: str
    """A code of `actor-kind`."""
    description: str | None
    wikidata_id: str | None
    iso3: str | None
    """ISO 3166-1 alpha-3"""
    cow_code: int | None
    """Correlates of War"""
    cameo_code: str | None
    sectors: list[str]
    """PLOVER"""
    country: str | None
    """ISO 3166-1 alpha-3 of the state it belongs to"""
    names: list[ActorNameOut]
    merged_into: ActorNamedOut | None
    """The actor to use instead, when this one was merged."""
    updated_at: str
    tenures: list[TenureOut]
    """Those it holds, or that are held in it; the latest first, at most 200."""
    memberships: list[MembershipOut]
    """Those it has, or that others have in it; the latest first, at most 200."""


class RevisionNameOut(TypedDict):
    """A text of an article, named."""

    id: int
    number: int
    sha256: str
    """Of the canonical text in UTF-8."""
    length: int
    """Code points."""


class ArticleOut(TypedDict):
    """An article, without its text."""

    id: int
    url: str | None
    title: str
    byline: str | None
    source: SourceNameOut
    published_at: str | None
    language: str
    """BCP 47"""
    genre: str | None
    revision: RevisionNameOut | None
    """The newest."""
    updated_at: str


class SourceOut(TypedDict):
    """Who publishes articles, and what may be given out of them."""

    id: int
    name: str
    domain: str
    country: str | None
    """ISO 3166-1 alpha-3"""
    language: str | None
    """BCP 47"""
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None
    """Admiralty code; null: not rated. F: cannot be judged."""
    licence: str | None
    excerpt_limit: int | None
    """Characters of a record's words that readers get; null: no limit."""
    embargo_hours: int
    """So long after it was published nothing of an article is given out to readers."""
    updated_at: str


class ChangeOut(TypedDict):
    """One step of the published record."""

    seq: int
    """From 1, without gaps, in the order in which changes became visible."""
    kind: Literal["mention", "statement", "threat", "actor"]
    record: str
    """The record's id; an actor's in digits."""
    version: int
    """The record's."""
    action: Literal["publish", "amend", "withdraw", "merge"]
    at: str
    sha256: str | None
    """Of the snapshot in UTF-8 as canonical JSON: keys sorted, no space between them, letters unescaped."""
    snapshot: dict[str, Any] | None
    """The record as it is given out from then on; null once it is withdrawn."""


class UtteranceWordingOut(TypedDict):
    """The wording that stands for an utterance: the content of one of its statements, within its excerpt limit."""

    statement: str
    text: str
    """The pieces of its content, with an ellipsis between them."""


class UtteranceOut(TypedDict):
    """One act of saying, however many statements report it."""

    id: int
    speaker: ActorNamedOut | None
    said_on: str | None
    """EDTF"""
    venue: str | None
    wording: UtteranceWordingOut | None
    attestations: int
    """How many statements report it; `statements/?utterance=ID` lists them."""
    merged_into: int | None
    """The utterance to use instead, when this one was merged."""
    version: int
    updated_at: str


class FileOut(TypedDict):
    """A file of a release."""

    name: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    records: int | None
    """Null for what holds no records."""
    path: str
    """Where to get it, with the same token."""


class ReleaseOut(TypedDict):
    """The published record up to one change, kept for good."""

    name: str
    seq: int
    """The last change it holds."""
    publisher: str
    licence: str
    notes: str | None
    created_at: str
    files: list[FileOut]


class EpisodeWordingOut(TypedDict):
    """The words that stand for an episode: those of one of its threats, within its excerpt limit."""

    threat: str
    text: str
    """Its primary statement's content, or its parts; pieces with an ellipsis."""


class EpisodeOutcomeOut(TypedDict):
    """What closed an episode."""

    kind: Literal["complied", "carried_out", "withdrawn", "lapsed"]
    happened_on: str | None
    """EDTF"""


class EpisodeEvidenceOut(TypedDict):
    """A published record whose words say that a step was taken; `threats/{id}/` and the like give its spans."""

    kind: str
    """threat, statement or mention"""
    id: str
    article: ArticleNamedOut
    text: str
    """Its words, within the excerpt limit."""


class EpisodeStepOut(TypedDict):
    """What happened to the threat on a day."""

    id: int
    kind: Literal["issued", "reiterated", "escalated", "softened", "complied", "carried_out", "withdrawn", "lapsed"]
    happened_on: str | None
    """EDTF"""
    note: str | None
    """The editors', where no text says so or more is to be said."""
    evidence: list[EpisodeEvidenceOut]


class EpisodeOut(TypedDict):
    """One threat over time, however many articles tell of it."""

    id: int
    issuer: ActorNamedOut | None
    targets: list[ActorNamedOut]
    """Who would be hit, and whose decision it is to shape, in its threats."""
    wording: EpisodeWordingOut | None
    deadline: str | None
    """EDTF; of its threats the one that falls last."""
    state: str
    """`open`, or `closed` once an outcome is known."""
    outcome: EpisodeOutcomeOut | None
    steps: list[EpisodeStepOut]
    """In the order of time."""
    threats: int
    """How many threats are of it; `threats/?episode=ID` lists them."""
    merged_into: int | None
    """The episode to use instead, when this one was merged."""
    version: int
    updated_at: str
