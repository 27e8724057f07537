"""Until a reading is published, no other analyst sees anything of it: every address, of pages and API, is tried.

Addresses are taken from the routes themselves. Those that lead to a reading, or to something in it, by a key answer to
another's keys as they do to one that nothing has; all the others, and one's own, answer the same whether the other has
marked anything or not. A route with a key that is in none of the lists here fails until somebody decides what it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from newsannot.accounts.models import Role, User
from newsannot.actors.models import Actor, Tenure
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.dataset.models import Export
from newsannot.review.actions import accept_reading
from newsannot.review.models import BulkDeed, Comment, Dispute, Notice, Ruling
from newsannot.suggestions.actions import draft_suggestions
from newsannot.suggestions.queries import open_suggestions
from tests.calling import READ, WRITE, Api
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor
from tests.review.assigning import a_batch, an_assignment

pytestmark = pytest.mark.django_db

OF_A_PERSON = {
    "reading_id",
    "annotation_id",
    "span_id",
    "public_id",
    "fingerprint",
    "number",
    "offset",
    "batch_id",
    "assignment_id",
    "dispute_id",
    "ruling_id",
    "comment_id",
    "notice_id",
    "token_id",
    "export_id",
    "import_id",
    "deed_id",
    "webhook_id",
    "person_id",
}
SHARED = {
    "actor_id",
    "article_id",
    "source_id",
    "revision_id",
    "key",
    "tie_id",
    "edit_id",
    "sort",
    "proposal_id",
    "run",
    "release",
    "file",
    "former",
    "utterance_id",
    "likeness_id",
    "of",
    "episode_id",
    "step_id",
    "kinship_id",
    "threat_id",
}
NOT_WALKED = ("admin/", "account/sign-out/", "metrics", "healthz", "readyz", "api/v1/schema/", "api/v1/docs/")
"""Django's own, which lets in nobody but administrators, and what tells of no reading."""
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True)
class Route:
    """An address with places for keys."""

    pattern: str
    keys: tuple[str, ...]

    def path(self, values: dict[str, object]) -> str:
        """The address with these keys."""
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(values[found[1]]), self.pattern)


def routes(within: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    """Every route there is."""
    for entry in (within or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if pattern.startswith(NOT_WALKED):
            continue
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, tuple(re.findall(r"<\w+:(\w+)>", pattern)))


class Stage:
    """Ana codes a text blind; Ben has it too."""

    def __init__(self) -> None:
        self.ana, self.ben = a_user(first_name="Ana"), a_user(first_name="Ben")
        self.editor = a_user(Role.EDITOR)
        self.actor = an_actor()
        person = an_actor("Somebody Else")
        tie = Tenure.objects.create(
            person=person, organisation=an_actor("A Ministry", "government_body"), office="Envoy"
        )
        self.batch = a_batch(analysts_per_article=2)
        self.revision = a_revision()
        draft_suggestions(revision_ids=[self.revision.pk], by=None)
        slots = [
            an_assignment(one, batch=self.batch, revision=self.revision, slot=slot)
            for slot, one in enumerate((self.ana, self.ben), 1)
        ]
        self.readings = {one: a_reading(one, self.revision) for one in (self.ana, self.ben)}
        a_mention(self.readings[self.ana], "Minister", actor=self.actor.pk)
        self.shared: dict[str, object] = {
            "actor_id": self.actor.pk,
            "article_id": self.revision.article_id,
            "source_id": self.revision.article.source_id,
            "revision_id": self.revision.pk,
            "key": "threats",
            "tie_id": tie.pk,
            "edit_id": 1,
            "sort": "add",
            "proposal_id": 1,
            "run": UUID(int=1),
            "release": "2025-09",
            "former": "2025-08",
            "file": "statements.csv",
            "utterance_id": 1,
            "likeness_id": 1,
            "of": "all",
            "episode_id": 1,
            "step_id": 1,
            "kinship_id": 1,
            "threat_id": 1,
        }
        self.slots = {self.ana: slots[0], self.ben: slots[1]}
        self.exports = {
            one: Export.objects.create(owner=one, format="jsonl", layer="published", state="done")
            for one in (self.ana, self.ben)
        }
        self.pages, self.api = Client(), Api(self.ana, READ, WRITE).client
        self.pages.force_login(self.ana)
        self.api.get("/api/v1/actors/")  # the page of tokens tells when one was used last

    def keys_of(self, user: User, reading: Reading | None = None) -> list[dict[str, object]]:
        """Keys into a person's reading, once for each of its records."""
        reading = reading or self.readings[user]
        suggestion = open_suggestions(self.readings[self.ana].pk, self.revision.pk)[0]
        return [
            {
                **self.shared,
                "reading_id": reading.pk,
                "annotation_id": annotation.pk,
                "public_id": annotation.public_id,
                "span_id": annotation.spans.earliest("pk").pk,
                "fingerprint": suggestion.fingerprint,
                "number": 1,
                "offset": 3,
                "batch_id": self.batch.pk,
                "assignment_id": self.slots[user].pk,
                "token_id": 0,
                "export_id": self.exports[user].pk,
                "import_id": 0,
                "deed_id": self.deed_about(reading),
                "webhook_id": 0,
                "person_id": user.pk,
                "dispute_id": self.dispute_about(annotation).pk if reading.is_curated else 0,
                "ruling_id": self.ruling_about(annotation) if reading.is_curated else 0,
                **self.talk_about(annotation, user),
            }
            for annotation in Annotation.objects.filter(reading=reading)
        ]

    def dispute_about(self, annotation: Annotation) -> Dispute:
        """A question to the editors about a curated record."""
        return Dispute.objects.get_or_create(curated=annotation, name="certainty", defaults={"choices": []})[0]

    def ruling_about(self, annotation: Annotation) -> int:
        """What an editor decided about it."""
        return Ruling.objects.get_or_create(dispute=self.dispute_about(annotation), by=self.editor)[0].pk

    def deed_about(self, reading: Reading) -> int:
        """What an editor did to it together with others."""
        line = {"id": reading.pk, "version": 0, "submitted_at": "2026-01-01T00:00:00+00:00"}
        found = BulkDeed.objects.filter(readings=[line]).first()
        return (found or BulkDeed.objects.create(sort="accept", readings=[line], by=self.editor)).pk

    def talk_about(self, annotation: Annotation, user: User) -> dict[str, int]:
        """What is said about a record of Ben’s, and that he was told."""
        if user != self.ben:
            return {"comment_id": 0, "notice_id": 0}
        comment, _ = Comment.objects.get_or_create(annotation=annotation, by=self.ben, body="Ben’s doubt")
        notice, _ = Notice.objects.get_or_create(person=self.ben, comment=comment, sort="reply")
        return {"comment_id": comment.pk, "notice_id": notice.pk}

    def let_ben_mark(self) -> None:
        """Ben marks all that Ana might, naming the same actor."""
        reading = self.readings[self.ben]
        a_mention(reading, actor=self.actor.pk, note="Ben’s note")
        statement = a_statement(reading, speaker=self.actor.pk, mode="direct", note="Ben’s note")
        a_threat(reading, statement, issuer=self.actor.pk, note="Ben’s note")

    def seen_by_ana(self) -> dict[str, tuple[int, str]]:
        """All that Ana is shown at addresses that are shared or lead to her own reading."""
        found = {}
        for route in routes():
            for path in {route.path(keys) for keys in self.keys_of(self.ana)}:
                client = self.api if path.startswith("/api/") else self.pages
                for asked in (path, *(f"{path}?{query}" for query in self.queries(route))):
                    response = client.get(asked)
                    found[asked] = (response.status_code, _lasting(response.getvalue().decode()))
        return found

    def answers(self, path: str) -> set[int]:
        """What Ana is answered at an address, by each method."""
        client = self.api if path.startswith("/api/") else self.pages
        return {client.generic(method, path, b"{}", "application/json").status_code for method in METHODS}

    def queries(self, route: Route) -> list[str]:
        """What is asked besides at some addresses."""
        reading, article = self.readings[self.ana].pk, self.revision.article_id
        return {
            "actors/search/": [f"q=Adaeze&reading={reading}", f"q=&reading={reading}", "q=Somebody"],
            "actors/<int:actor_id>/card/": [f"article={article}"],
            "articles/": ["q=strait", "state=submitted"],
            "api/v1/statements/": ["layer=mine", "count=true", f"article={article}"],
            "api/v1/threats/": ["count=true"],
            "api/v1/articles/": ["layer=all", "count=true"],
            "api/v1/actors/": ["layer=all", "count=true", "q=Adaeze"],
        }.get(route.pattern, [])


def _lasting(html: str) -> str:
    """A page without what differs each time it is shown: tokens, and how long ago something was."""
    html = re.sub(r"(<time [^>]*>)[^<]*</time>", r"\1", html)
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", html)


def test_every_key_in_an_address_is_somebodys_or_shared() -> None:
    undecided = {key for route in routes() for key in route.keys} - OF_A_PERSON - SHARED
    assert undecided == set(), "Say in this file whether these lead to something of one person's reading."


@pytest.mark.parametrize("state", ["open", "submitted", "accepted"])
def test_nothing_of_anothers_reading_is_found_by_its_keys(state: str) -> None:
    stage = Stage()
    stage.let_ben_mark()
    reading = stage.readings[stage.ben]
    keys = stage.keys_of(stage.ben)
    if state != "open":
        submit_reading(reading=reading, by=stage.ben)
    if state == "accepted":
        keys += stage.keys_of(stage.ben, accept_reading(reading=reading, by=a_user(Role.EDITOR)))
    of_nothing = {**stage.shared, **dict.fromkeys(OF_A_PERSON, 2**40), "public_id": uuid4(), "fingerprint": "0" * 32}
    found = {}
    for route in routes():
        if OF_A_PERSON.isdisjoint(route.keys):
            continue
        told = set().union(*(stage.answers(route.path(one)) for one in keys))
        if told - {403, 404, 405} or told != stage.answers(route.path(of_nothing)):
            found[route.pattern] = told
    assert found == {}


def test_all_else_is_the_same_whether_another_has_marked_anything() -> None:
    stage = Stage()
    before = stage.seen_by_ana()
    stage.let_ben_mark()
    marked = stage.seen_by_ana()
    assert _differing(before, marked) == {}
    reading = submit_reading(reading=stage.readings[stage.ben], by=stage.ben)
    assert _differing(before, stage.seen_by_ana()) == {}
    accept_reading(reading=reading, by=a_user(Role.EDITOR))
    assert _differing(before, stage.seen_by_ana()) == {}
    assert sum(status == 200 for status, _ in before.values()) > 40
    assert Actor.objects.get(pk=stage.actor.pk).name == "Adaeze Obi"


def _differing(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> dict[str, list[str]]:
    """The addresses that answered otherwise, each with the lines that are new."""
    return {
        path: [line for line in after[path][1].splitlines() if line not in before[path][1]]
        for path in before
        if after.get(path) != before[path]
    }
