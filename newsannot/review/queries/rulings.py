"""What became of an analyst's work: each ruling on what they said, as a difference in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from newsannot.accounts.models import User
from newsannot.annotations.access import HEAVY
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Article
from newsannot.core.keyset import Page, number, page_of
from newsannot.core.numbers import number_in
from newsannot.core.wording import Stretch
from newsannot.review.models import Notice, NoticeQuerySet, Ruling
from newsannot.review.queries.claims import Item
from newsannot.review.queries.disputes import Value, beginnings, in_words, label_of, reasons, set_apart

PAGE_SIZE = 30
_ABOUT = "ruling__dispute__curated__reading__revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRuling:
    """A ruling as those it concerns see it.

    `said` is what their own reading says, None for somebody without one. `words` begin the record.
    """

    ruling: Ruling
    kind: Kind
    label: str
    words: str
    said: Sequence[Item] | None
    ruled: Sequence[Item]
    is_otherwise: bool
    reason: str
    comment_count: int
    notice: Notice | None

    @property
    def article(self) -> Article:
        """The article it is about."""
        return self.ruling.dispute.curated.reading.revision.article


def rulings_page(user: User, query: Mapping[str, str]) -> tuple[Page[Notice], list[ShownRuling]]:
    """The rulings on what a person said, newest first; `reading` narrows to one, `otherwise` to what they did not say.

    As many queries for thirty as for one.
    """
    notices = _asked(user)
    if query.get("otherwise"):
        notices = notices.filter(is_otherwise=True)
    if reading := number_in(query.get("reading", "")):
        notices = notices.filter(reading=reading)
    page = page_of(notices, [("pk", number)], query, size=PAGE_SIZE, is_descending=True)
    return page, _shown(page.rows)


def rulings_on(user: User, annotation: Annotation) -> list[ShownRuling]:
    """The rulings on one record of a person's own reading, in the order they were made."""
    return _shown(list(_asked(user).filter(annotation=annotation).order_by("pk")))


def shown_ruling(user: User, ruling: Ruling) -> ShownRuling:
    """One ruling, with what the person's own reading says, if they have one."""
    notice = Notice.objects.filter(person=user, ruling=ruling).first() or Notice(person=user)
    notice.ruling = ruling
    return _shown([notice])[0]


def is_standing(ruling: Ruling) -> bool:
    """Whether it counts: it was neither undone nor decided anew."""
    return Ruling.objects.standing().filter(pk=ruling.pk).exists()


def own_reading(user: User, sent: str) -> Reading | None:
    """The reading of their own that a query names."""
    pk = number_in(sent)
    return (
        Reading.objects.filter(reader=user, pk=pk)
        .select_related("revision__article")
        .defer(*_heavy("revision"))
        .first()
        if pk
        else None
    )


def _asked(user: User) -> NoticeQuerySet:
    about = Notice.objects.shown_to(user).rulings().select_related("ruling__by", f"{_ABOUT}__article__source")
    return about.defer(*_heavy(_ABOUT))


def _heavy(revision: str) -> list[str]:
    return [f"{revision}__{column}" for column in HEAVY]


def _shown(notices: Sequence[Notice]) -> list[ShownRuling]:
    rulings = [notice.ruling for notice in notices if notice.ruling]
    words = beginnings({ruling.dispute.curated_id for ruling in rulings})
    said = in_words([Value(ruling.dispute, notice.said) for notice, ruling in zip(notices, rulings, strict=True)])
    ruled = in_words([Value(ruling.dispute, ruling.value) for ruling in rulings])
    apart = [_apart(*one) for one in zip(notices, rulings, said, ruled, strict=True)]
    counts = _comment_counts(rulings)
    return [
        ShownRuling(
            ruling=ruling,
            kind=kind_named(ruling.dispute.curated.kind),
            label=label_of(ruling.dispute),
            words=words.get(ruling.dispute.curated_id, ""),
            said=own if notice.pk else None,
            ruled=decided,
            is_otherwise=notice.is_otherwise,
            reason=_reason(ruling),
            comment_count=counts.get(ruling.pk, 0),
            notice=notice if notice.pk else None,
        )
        for notice, ruling, (own, decided) in zip(notices, rulings, apart, strict=True)
    ]


def _apart(notice: Notice, ruling: Ruling, said: Sequence[Item], ruled: Sequence[Item]) -> Sequence[Sequence[Item]]:
    """What one said and what was ruled; where they share something, with what went and what came in its place."""
    if not notice.is_otherwise:
        return said, ruled
    values = [Value(ruling.dispute, notice.said), Value(ruling.dispute, ruling.value)]
    pair = zip(set_apart(values, [said, ruled]), ("gone", "new"), strict=True)
    return [[replace(item, stretches=_fated(item, fate)) for item in items] for items, fate in pair]


def _fated(item: Item, fate: str) -> Sequence[Stretch]:
    """The stretches of an item, its own by what became of them."""
    return [Stretch(fate, one.words) if one.fate == "own" else one for one in item.stretches]


def _reason(ruling: Ruling) -> str:
    if not ruling.reason:
        return ""
    known = reasons().get(ruling.reason)
    return known.label if known else ruling.reason


def _comment_counts(rulings: Sequence[Ruling]) -> dict[int, int]:
    if not rulings:
        return {}
    said = Count("comments", filter=Q(comments__deleted_at=None))
    return dict(
        Ruling.objects.filter(pk__in=[ruling.pk for ruling in rulings]).annotate(said=said).values_list("pk", "said")
    )
