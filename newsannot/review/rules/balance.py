"""Who reads which article: every article gets its readers, and nobody carries more than they must."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from newsannot.core.errors import RuleBroken

Pair = tuple[int, int]
"""An article and an analyst, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Articles and analysts by id, in the order they are served, and what is asked of their distribution.

    `maximum_share` is in percent of all that is given out. `excluded` says, by analyst, what they cannot be given.
    """

    articles: Sequence[int]
    analysts: Sequence[int]
    per_article: int
    maximum_share: int = 100
    excluded: Mapping[int, Set[int]]

    def may_read(self, analyst: int, article: int) -> bool:
        """Whether an article can be given to an analyst at all."""
        return article not in self.excluded.get(analyst, ())

    @property
    def most(self) -> int:
        """How many articles one person may be given."""
        return len(self.articles) * self.per_article * self.maximum_share // 100


def balance(request: Request) -> list[Pair]:
    """Give each article `per_article` different analysts, as evenly as the exclusions allow; the same for the same.

    Loads differ by at most one unless somebody cannot be given enough. First each article, the one with the fewest
    possible readers before others, goes to those with the least to do, and among these to whom has the least in common
    with its other readers, so that many pairs can be compared. Then work moves along chains of articles from who
    has at least two more than somebody else; when no chain is left, no distribution has a lower highest load [an
    optimal semi-matching, Harvey et al. 2006]. Raises RuleBroken naming the field when there is no such distribution.
    """
    _check(request)
    desk = _Desk(request)
    for article in sorted(request.articles, key=lambda article: len(desk.possible(article))):
        desk.give(article)
    while desk.relieve_somebody():
        pass
    if max(desk.loads.values(), default=0) > request.most:
        raise RuleBroken(
            f"With what some cannot be given, somebody would have {max(desk.loads.values())} of "
            f"{len(request.articles) * request.per_article}, more than {request.maximum_share} percent.",
            field="maximum_share",
        )
    return [(article, analyst) for article in request.articles for analyst in desk.in_order(article)]


def loads_of(pairs: Sequence[Pair]) -> Counter[int]:
    """How many articles each analyst has."""
    return Counter(analyst for _, analyst in pairs)


def _check(request: Request) -> None:
    if not request.articles:
        raise RuleBroken("No article answers to that.", field="articles")
    chosen = f"{len(request.analysts)} {'is' if len(request.analysts) == 1 else 'are'}"
    if not 1 <= request.per_article <= len(request.analysts):
        raise RuleBroken(
            f"Each article is to get {request.per_article} different people, and {chosen} chosen.",
            field="per_article",
        )
    people = f"{len(request.analysts)} {'person' if len(request.analysts) == 1 else 'people'}"
    if request.most * len(request.analysts) < len(request.articles) * request.per_article:
        raise RuleBroken(
            f"With {people} at most {request.maximum_share} percent each, not everything can be "
            f"given out; let each have more, or choose more people.",
            field="maximum_share",
        )
    for article in request.articles:
        possible = sum(request.may_read(analyst, article) for analyst in request.analysts)
        if possible < request.per_article:
            raise RuleBroken(
                f"Only {possible} of those chosen can be given one of the articles: the others have read it or are to.",
                field="analysts",
            )


class _Desk:
    """Who has what so far."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.readers: dict[int, set[int]] = {article: set() for article in request.articles}
        self.loads = dict.fromkeys(request.analysts, 0)
        self.place = {analyst: at for at, analyst in enumerate(request.analysts)}
        self.together: Counter[frozenset[int]] = Counter()

    def possible(self, article: int) -> list[int]:
        """Who can be given an article, in order."""
        return [analyst for analyst in self.request.analysts if self.request.may_read(analyst, article)]

    def in_order(self, article: int) -> list[int]:
        """The readers of an article."""
        return sorted(self.readers[article], key=self.place.__getitem__)

    def give(self, article: int) -> None:
        """Give an article to those with the least to do."""
        chosen = self.readers[article]
        for _ in range(self.request.per_article):
            chosen.add(
                min(
                    (one for one in self.possible(article) if one not in chosen),
                    key=lambda one: (self.loads[one], self._met(one, chosen), self.place[one]),
                )
            )
        for analyst in chosen:
            self.loads[analyst] += 1
        self.together.update(frozenset(pair) for pair in combinations(chosen, 2))

    def _met(self, analyst: int, others: Set[int]) -> int:
        return sum(self.together[frozenset((analyst, other))] for other in others)

    def relieve_somebody(self) -> bool:
        """Move one article's worth of work from somebody to somebody with at least two less; False when none can be."""
        for analyst in sorted(self.loads, key=lambda one: (-self.loads[one], self.place[one])):
            if chain := self._chain_from(analyst):
                for article, giver, taker in chain:
                    self.readers[article].remove(giver)
                    self.readers[article].add(taker)
                self.loads[chain[0][1]] -= 1
                self.loads[chain[-1][2]] += 1
                return True
        return False

    def _chain_from(self, first: int) -> list[tuple[int, int, int]]:
        """The shortest chain of hand-overs (article, giver, taker) from somebody to somebody with two less, or none."""
        came: dict[int, tuple[int, int]] = {}
        queue = deque([first])
        while queue:
            giver = queue.popleft()
            for taker, article in self._takers(giver):
                if taker == first or taker in came:
                    continue
                came[taker] = (article, giver)
                if self.loads[taker] <= self.loads[first] - 2:
                    return _walked_back(came, taker, first)
                queue.append(taker)
        return []

    def _takers(self, giver: int) -> list[tuple[int, int]]:
        """Who can take an article off somebody's hands, each with the first such article."""
        found: dict[int, int] = {}
        for article in self.request.articles:
            if giver in self.readers[article]:
                for taker in self.possible(article):
                    if taker not in self.readers[article]:
                        found.setdefault(taker, article)
        return sorted(found.items(), key=lambda item: self.place[item[0]])


def _walked_back(came: Mapping[int, tuple[int, int]], last: int, first: int) -> list[tuple[int, int, int]]:
    chain: list[tuple[int, int, int]] = []
    while last != first:
        article, giver = came[last]
        chain.append((article, giver, last))
        last = giver
    return chain[::-1]
