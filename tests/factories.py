"""Rows for tests, made the short way. Texts are the project's own."""

import hashlib
import itertools
from datetime import UTC, datetime
from typing import Any

from newsannot.accounts.models import Role, User
from newsannot.actors.models import Actor, ActorName
from newsannot.annotations.actions import mark_annotation, open_reading
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.rules import Piece
from newsannot.articles.models import Article, Revision, Source, Zone
from newsannot.codebook.models import Code, CodebookVersion, Scheme, SchemeVersion

TEXT = (
    "Minister warns neighbour\n"
    "“If a single ship crosses the line,” Minister Adaeze Obi said on Monday, “we will close the strait.”\n"
    "\n"
    "🚢 The neighbour’s envoy called the warning reckless.\n"
    "About the author: somebody."
)
CODES = {
    "ruling-reason": ["text", "slip"],
    "actor-kind": ["person", "state", "government_body", "group"],
    "certainty": ["low", "moderate", "high"],
    "mention-form": ["name", "title", "nominal"],
    "quotation-mode": ["direct", "mixed", "indirect"],
    "speech-act": ["assertive", "commissive_threat"],
    "attribution-type": ["assertion", "belief"],
    "admiralty-credibility": ["1", "2", "3", "4", "5", "6"],
    "threat-purpose": ["deterrent", "compellent", "both", "unclear"],
    "threat-consequence": ["force", "blockade", "unspecified"],
    "demand-kind": ["withdrawal", "policy"],
    "condition-kind": ["none", "if_do", "unless_do"],
    "explicitness": ["explicit", "veiled"],
    "nuclear-signal": ["none", "explicit"],
    "plover-mode": ["violence", "restrict"],
    "plover-context": ["military", "diplomatic"],
    "cameo": ["138", "1381"],
    "mid": ["1", "2"],
}
numbers = itertools.count(1)


def a_user(role: str = Role.ANALYST, **fields: Any) -> User:
    """Somebody with a role; the password is `newsannot`."""
    name = fields.pop("username", f"{role}{next(numbers)}")
    return User.objects.create_user(username=name, password="newsannot", role=role, **fields)


def a_codebook() -> CodebookVersion:
    """The codebook of the tests, made once a database."""
    if standing := CodebookVersion.objects.first():
        return standing
    version = CodebookVersion.objects.create(number=1)
    for key, codes in CODES.items():
        scheme = Scheme.objects.create(key=key, name=key)
        of = SchemeVersion.objects.create(scheme=scheme, number=1, name=key, version="1", sha256=key)
        Code.objects.bulk_create(
            Code(scheme_version=of, code=code, label=code.title(), position=at) for at, code in enumerate(codes)
        )
        version.schemes.add(of)
    return version


def a_source(**fields: Any) -> Source:
    """A source of its own domain."""
    return Source.objects.create(**{"name": "The Strait Times", "domain": f"s{next(numbers)}.invalid"} | fields)


def a_revision(text: str = TEXT, *, zones: list[tuple[str, int, int]] | None = None, **fields: Any) -> Revision:
    """An article with one revision; without `zones`, a last line “About the author” is boilerplate."""
    now = datetime(2025, 9, 5, 12, tzinfo=UTC)
    article = Article.objects.create(
        **{
            "source": fields.pop("source", None) or a_source(),
            "title": "Minister warns neighbour",
            "language": "en",
            "retrieved_at": now,
            "published_at": now,
            "url": f"https://demo.invalid/{next(numbers)}",
        }
        | fields
    )
    starts = [0, *(at + 1 for at, c in enumerate(text) if c == "\n")]
    revision = Revision.objects.create(
        article=article,
        text=text,
        length=len(text),
        block_starts=starts,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        retrieved_at=now,
    )
    if zones is None:
        at = text.find("About the author")
        zones = [("boilerplate", at, len(text))] if at >= 0 else []
    Zone.objects.bulk_create(
        Zone(revision=revision, kind=kind, start=start, end=end, is_codable=kind != "boilerplate")
        for kind, start, end in zones
    )
    return revision


def a_reading(by: User | None = None, revision: Revision | None = None) -> Reading:
    """An open reading."""
    a_codebook()
    return open_reading(revision=revision or a_revision(), by=by or a_user())


def an_actor(name: str = "Adaeze Obi", kind: str = "person", **fields: Any) -> Actor:
    """An actor with its main name; an editor vouches for it unless it is not public."""
    is_public = fields.pop("is_public", True)
    given = {"is_public": is_public, "is_vouched_for": is_public} | fields
    actor = Actor.objects.create(name=name, kind=kind, **given)
    ActorName.objects.create(actor=actor, name=name)
    return actor


def piece(reading: Reading, quote: str, nth: int = 0) -> Piece:
    """The nth place where a quote stands in a reading's text."""
    text, at = reading.revision.text, -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    return Piece(at, at + len(quote), quote)


def a_mention(reading: Reading, quote: str = "Minister Adaeze Obi", **claim: Any) -> Annotation:
    """A mention of a quote's first occurrence."""
    return _marked("mention", reading, {"text": [piece(reading, quote)]}, claim)


def a_statement(reading: Reading, **claim: Any) -> Annotation:
    """The split quotation of TEXT, with its cue and source."""
    parts = {
        "content": [
            piece(reading, "“If a single ship crosses the line,”"),
            piece(reading, "“we will close the strait.”"),
        ],
        "cue": [piece(reading, "said")],
        "source": [piece(reading, "Minister Adaeze Obi")],
    }
    return _marked("statement", reading, parts, claim)


def a_threat(reading: Reading, statement: Annotation | None = None, **claim: Any) -> Annotation:
    """A deterrent threat with condition and consequence."""
    parts = {
        "condition": [piece(reading, "If a single ship crosses the line")],
        "consequence": [piece(reading, "we will close the strait")],
    }
    standard = {"purpose": "deterrent", "consequence": "blockade", "condition_kind": "if_do"}
    statements = {"statements": [statement.pk]} if statement else {}
    return _marked("threat", reading, parts, standard | statements | claim)


def _marked(kind: str, reading: Reading, parts: dict[str, list[Piece]], claim: dict[str, Any]) -> Annotation:
    by = reading.reader or a_user(Role.EDITOR)
    return mark_annotation(kind=kind_named(kind), reading=reading, parts=parts, claim=claim, by=by).annotation
