"""The demo, made through the same actions that people use: accounts, actors, articles, readings, episodes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from newsannot.accounts.actions import make_token
from newsannot.accounts.models import Role, Scope, Token, User
from newsannot.accounts.rules import digest_of
from newsannot.actors.actions import create_actor
from newsannot.actors.models import Actor
from newsannot.actors.rules import Identity, Name
from newsannot.annotations.actions import change_annotation, mark_annotation, open_reading, submit_reading
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Derivation, Reading, ReadingState
from newsannot.articles.actions import take_in
from newsannot.articles.models import Article, Source
from newsannot.dataset.actions import publish_reading
from newsannot.dataset.demo_files import (
    DemoArticle,
    DemoEpisode,
    DemoFiles,
    DemoFileWrong,
    DemoReading,
    DemoRecord,
    find_quote,
)
from newsannot.review.actions import accept_reading, return_reading
from newsannot.threats.access import all_threats
from newsannot.threats.actions import gather_threats, record_step

PASSWORD = "newsannot"  # noqa: S105  known on purpose: the demo listens on loopback only


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account and the token it has."""

    username: str
    role: Role
    full_name: tuple[str, str]
    key: str = ""
    scopes: tuple[Scope, ...] = ()


ACCOUNTS = (
    Account("reader", Role.READER, ("Rosa", "Reader"), "demo-reader-token", (Scope.READ_CURATED,)),
    Account(
        "analyst",
        Role.ANALYST,
        ("Ana", "Analyst"),
        "demo-analyst-token",
        (Scope.READ_CURATED, Scope.WRITE_ANNOTATIONS),
    ),
    Account("analyst2", Role.ANALYST, ("Anton", "Analyst")),
    Account("editor", Role.EDITOR, ("Edith", "Editor"), "demo-editor-token", tuple(Scope)),
    Account("admin", Role.ADMIN, ("Ada", "Administrator")),
)


@dataclass(frozen=True, slots=True)
class Made:
    """How much of the demo was made; all zero when it was there."""

    actors: int = 0
    articles: int = 0
    readings: int = 0


def load_demo(files: DemoFiles) -> Made:
    """Make the demo, all of it or nothing; where every article of it is there already, nothing is touched.

    Raises DemoFileWrong when a file names what does not exist, RuleBroken when a rule of the application forbids it.
    """
    urls = [article.url for article in files.articles]
    if Article.objects.filter(url__in=urls).count() == len(urls):
        return Made()
    with transaction.atomic():
        password = make_password(PASSWORD)  # hashed once for all: hashing is slow on purpose
        people = {account.username: _person(account, password) for account in ACCOUNTS}
        actors = {entry["key"]: _actor(entry) for entry in files.actors}
        articles = _articles(files, by=people["editor"])
        desk = _Desk(people, actors, articles, {article.key: article.text for article in files.articles})
        made = {reading.filename: desk.make(reading) for reading in files.readings}
        for episode in files.episodes:
            _tell(episode, made, by=people["editor"])
    return Made(len(actors), len(articles), len(files.readings))


def _person(account: Account, password: str) -> User:
    """The account, made with its token when it is not there; the password is given hashed."""
    person = User.objects.filter(username=account.username).first()
    if person is None:
        first, last = account.full_name
        is_admin = account.role == Role.ADMIN
        person = User.objects.create(
            username=account.username,
            password=password,
            role=account.role,
            first_name=first,
            last_name=last,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
    if account.key and not Token.objects.filter(digest=digest_of(account.key)).exists():
        make_token(name="Demo", scopes=[scope.value for scope in account.scopes], by=person, key=account.key)
    return person


def _actor(entry: Mapping[str, Any]) -> Actor:
    """The actor of an entry, by its Wikidata identifier or its name and kind; made when it is not there."""
    name, kind, wikidata_id = entry["name"], entry["kind"], entry["wikidata_id"]
    known = {"wikidata_id": wikidata_id} if wikidata_id else {"name": name, "kind": kind}
    standing = Actor.objects.filter(**known).first()
    if standing is not None:
        return standing
    about = {field: value for field, value in entry.items() if field not in {"key", "name", "kind", "names"}}
    names = [Name(**each) for each in entry["names"]]
    return create_actor(name=name, kind=kind, names=names, identity=Identity(**about), by=None)


def _articles(files: DemoFiles, *, by: User) -> dict[str, Article]:
    """The demo's articles by key, taken in where they are not there."""
    for entry in files.sources:
        about = {name: value for name, value in entry.items() if name not in {"key", "domain"}}
        Source.objects.get_or_create(domain=entry["domain"], defaults=about)
    sources = {entry["key"]: {"name": entry["name"], "domain": entry["domain"]} for entry in files.sources}
    results = take_in(items=[_item(article, sources) for article in files.articles], by=by)
    for article, result in zip(files.articles, results, strict=True):
        if result.id is None:
            raise DemoFileWrong(f"Article {article.key}: {result.errors}")
    stored = Article.objects.in_bulk([result.id for result in results])
    return {
        article.key: stored[result.id]
        for article, result in zip(files.articles, results, strict=True)
        if result.id is not None
    }


def _item(article: DemoArticle, sources: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {**article.fields, "text": article.text, "source": sources[article.source]}


@dataclass(frozen=True)
class _Desk:
    """Whom and what a reading may name, by key."""

    people: Mapping[str, User]
    actors: Mapping[str, Actor]
    articles: Mapping[str, Article]
    texts: Mapping[str, str]

    def make(self, said: DemoReading) -> Mapping[str, int]:
        """Mark everything in a reading and bring it to its state; answers the analyst's records by key."""
        try:
            reader, editor = self.people[said.reader], self.people["editor"]
            reading = open_reading(revision=self.articles[said.article].current_revision, by=reader)
            made: dict[str, int] = {}
            for record in said.records:
                self._mark(reading, record, made, text=self.texts[said.article], by=reader)
        except (DemoFileWrong, KeyError) as error:
            raise DemoFileWrong(f"{said.filename}: {error}") from error
        _bring_on(said, reading, made, reader=reader, editor=editor)
        return made

    def _mark(self, reading: Reading, record: DemoRecord, made: dict[str, int], *, text: str, by: User) -> None:
        kind = kind_named(record.kind)
        parts = {role: [find_quote(text, quote) for quote in quotes] for role, quotes in record.parts.items()}
        claim = {name: self._value(kind, name, value, made) for name, value in record.claim.items()}
        change = mark_annotation(kind=kind, reading=reading, parts=parts, claim=claim, by=by)
        if record.key:
            made[record.key] = change.annotation.pk

    def _value(self, kind: Kind, name: str, value: Any, made: Mapping[str, int]) -> Any:
        """The value of a field with keys of actors and records turned into ids."""
        sort = kind.field(name).sort
        if sort == "actor":
            return self.actors[value].pk
        if sort == "actors":
            return [self.actors[key].pk for key in value]
        if sort in {"record", "primary"}:
            return made[value]
        if sort == "records":
            return [made[key] for key in value]
        return value


def _bring_on(said: DemoReading, reading: Reading, made: Mapping[str, int], *, reader: User, editor: User) -> None:
    """Submit, return, accept or publish a reading, as its file says."""
    if said.state == ReadingState.OPEN:
        return
    submit_reading(reading=reading, by=reader)
    if said.state == ReadingState.RETURNED:
        return_reading(reading=reading, comment=said.comment, by=editor)
    elif said.state in {ReadingState.ACCEPTED, ReadingState.PUBLISHED}:
        accept_reading(reading=reading, by=editor)
    if said.state == ReadingState.PUBLISHED:
        _correct(said.corrections, made, by=editor)
        publish_reading(revision=reading.revision, by=editor)


def _correct(corrections: Iterable[tuple[str, Mapping[str, Any]]], made: Mapping[str, int], *, by: User) -> None:
    """Change fields of the curated copies of an analyst's records."""
    for key, claim in corrections:
        copy: Annotation = Derivation.objects.get(original=made[key]).curated
        change_annotation(annotation=copy, claim=claim, by=by)


def _tell(said: DemoEpisode, made: Mapping[str, Mapping[str, int]], *, by: User) -> None:
    """Gather the curated copies of threats under an episode, and record its steps."""

    def curated(names: Iterable[Sequence[str]]) -> list[Annotation]:
        return [Derivation.objects.get(original=made[file][key]).curated for file, key in names]

    threats = all_threats().filter(pk__in=[one.pk for one in curated(said.threats)])
    episode = gather_threats(threats=list(threats), by=by)
    for step in said.steps:
        episode.refresh_from_db()
        about = {**step, "evidence": curated(step["evidence"])}
        record_step(episode=episode, version=episode.version, by=by, **about)
