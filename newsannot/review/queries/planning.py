"""What a batch would hold and who would read it, before it is made."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.articles.models import Article, Revision
from newsannot.core.errors import RuleBroken
from newsannot.review.models import Assignment, Batch
from newsannot.review.queries.training import passed_by
from newsannot.review.rules.balance import Pair, Request, balance, loads_of
from newsannot.workbench.queries.inbox import Wanted, found_articles

MOST_ARTICLES = 2000
READ_BY = {
    "": "Any",
    "nobody": "Nobody has begun",
    "unassigned": "In no batch yet",
    "curated": "With a curated reading",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The batch somebody wants: which articles (`wanted`, `read_by`, at most `most`), read by whom, and how."""

    name: str
    note: str
    wanted: Wanted
    read_by: str
    most: int
    analysts_per_article: int
    maximum_share: int
    analysts: Sequence[int]
    is_pool: bool
    due_at: datetime | None
    lease_hours: int
    hides_suggestions: bool
    is_training: bool
    pass_mark: int | None
    requires: Batch | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The revisions of a batch by article, and who gets which article; nobody yet when it goes to the pool.

    `seal` is the same as long as the same would be given to the same people. `left_over` says how many readings of the
    pool nobody could take, were there no other analysts than now.
    """

    revisions: Mapping[int, int]
    pairs: Sequence[Pair]
    shares: Sequence[tuple[User, int]]
    left_over: int = 0

    @property
    def seal(self) -> str:
        """A digest of the whole."""
        return hashlib.sha256(json.dumps([list(self.revisions.values()), list(self.pairs)]).encode()).hexdigest()[:16]


def analysts_to_choose() -> list[User]:
    """Who can be given work: analysts. Editors see what others handed in, so they do not code blind."""
    return list(User.objects.filter(role=Role.ANALYST, is_active=True).order_by("first_name", "last_name", "username"))


def plan_batch(wish: Wish) -> Plan:
    """Find the articles and share them out; raises RuleBroken, by field, when that cannot be done.

    Nobody is given a revision they have been assigned already, or of which they have handed in a reading.
    """
    revisions = _revisions(wish)
    if not revisions:
        raise RuleBroken("No article answers to that.", field="articles")
    if wish.is_pool:
        return Plan(revisions, (), (), _left_over(wish, len(revisions)))
    people = {user.pk: user for user in analysts_to_choose() if user.pk in set(wish.analysts)}
    _check_trained(wish.requires, people)
    request = Request(
        articles=list(revisions),
        analysts=list(people),
        per_article=wish.analysts_per_article,
        maximum_share=wish.maximum_share,
        excluded=_excluded(people, revisions),
    )
    _check_readers(request)
    pairs = balance(request)
    loads = loads_of(pairs)
    return Plan(revisions, pairs, [(user, loads[pk]) for pk, user in people.items()])


@dataclass(frozen=True, slots=True)
class Planned:
    """An article of a plan: its title, who would read it, and whether what is said of it is published already."""

    title: str
    readers: Sequence[str]
    is_published: bool


def planned_articles(plan: Plan) -> list[Planned]:
    """The articles of a plan, in its order; two queries."""
    titles = dict(Article.objects.filter(pk__in=plan.revisions).values_list("pk", "title"))
    curated = Reading.objects.curated().filter(revision__in=plan.revisions.values(), state=ReadingState.PUBLISHED)
    published = set(curated.values_list("revision__article", flat=True))
    names = {user.pk: user.label for user, _ in plan.shares}
    readers: dict[int, list[str]] = {}
    for article, analyst in plan.pairs:
        readers.setdefault(article, []).append(names[analyst])
    return [Planned(titles[pk], readers.get(pk, []), pk in published) for pk in plan.revisions]


def _left_over(wish: Wish, articles: int) -> int:
    """How many readings of a pool the analysts there are could not take."""
    people, wanted = len(analysts_to_choose()), articles * wish.analysts_per_article
    of_texts = articles * min(wish.analysts_per_article, people)
    return wanted - min(of_texts, people * (wanted * wish.maximum_share // 100))


def _check_readers(request: Request) -> None:
    """Refuse, by title, what cannot be given to as many of those chosen as are to read it."""
    free = {one: sum(request.may_read(analyst, one) for analyst in request.analysts) for one in request.articles}
    short = [article for article, count in free.items() if count < request.per_article]
    if short and request.per_article <= len(request.analysts):
        title = Article.objects.values_list("title", flat=True).get(pk=short[0])
        more = f" and {len(short) - 1} more" if len(short) > 1 else ""
        raise RuleBroken(
            f"Too few of those chosen can be given “{title}”{more}: the others have read it or are to.",
            field="analysts",
        )


def _revisions(wish: Wish) -> dict[int, int]:
    """The articles asked for, the newest first, each with its newest revision."""
    articles = _READ_BY[wish.read_by](Article.objects.all())
    if wish.is_training:
        articles = _READ_BY["curated"](articles)
    found = found_articles(articles, wish.wanted, most=wish.most)
    newest = Revision.objects.filter(article__in=found).order_by("article_id", "-number").distinct("article_id")
    revisions = dict(newest.values_list("article_id", "pk"))
    return {article: revisions[article] for article in found}


def _nobody(articles: QuerySet[Article]) -> QuerySet[Article]:
    return articles.filter(~Exists(Reading.objects.filter(revision__article=OuterRef("pk"))))


def _unassigned(articles: QuerySet[Article]) -> QuerySet[Article]:
    return articles.filter(~Exists(Assignment.objects.filter(revision__article=OuterRef("pk"))))


def _curated(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those of which the newest text has a curated reading."""
    newest = Revision.objects.filter(article=OuterRef("revision__article"), number__gt=OuterRef("revision__number"))
    curated = Reading.objects.curated().filter(~Exists(newest), revision__article=OuterRef("pk"))
    return articles.filter(Exists(curated))


_READ_BY = {"": lambda articles: articles, "nobody": _nobody, "unassigned": _unassigned, "curated": _curated}


def _excluded(analysts: Collection[int], revisions: Mapping[int, int]) -> Mapping[int, set[int]]:
    """By analyst, the articles assigned to them before, and those they have handed in; two queries."""
    texts = list(revisions.values())
    assigned = Assignment.objects.filter(analyst__in=analysts, revision__in=texts)
    read = Reading.objects.filter(reader__in=analysts, revision__in=texts).exclude(state=ReadingState.OPEN)
    found: dict[int, set[int]] = {}
    for analyst, article in [
        *assigned.values_list("analyst", "revision__article"),
        *read.values_list("reader", "revision__article"),
    ]:
        found.setdefault(analyst, set()).add(article)
    return found


def _check_trained(training: Batch | None, people: Mapping[int, User]) -> None:
    if training is None:
        return
    passed = passed_by(training, people)
    if lacking := [user.label for pk, user in people.items() if pk not in passed]:
        raise RuleBroken(f"Not passed “{training}” yet: {', '.join(lacking)}.", field="analysts")
