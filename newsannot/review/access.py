"""From a person and a key to what is under review or assigned: unseen is 404, seen but not permitted 403."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from newsannot.accounts.models import Role, User
from newsannot.annotations.access import HEAVY, annotation_for, reading_for
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.articles.models import Article, Revision, Source
from newsannot.core.numbers import number_in
from newsannot.core.rows import Table, joined
from newsannot.review.models import Assignment, Batch, BulkDeed, Comment, Dispute, Notice, Ruling

OWN = "This is your own reading; another editor decides about it."


def reading_to_review(user: User, pk: int) -> Reading:
    """A reading an editor may look at: handed in by an analyst, or curated."""
    reading = reading_for(user, pk)
    if not user.is_editor:
        raise PermissionDenied("Only editors review readings.")
    return reading


def reading_to_accept(user: User, pk: int) -> Reading:
    """An analyst's reading an editor may accept: any but their own."""
    reading = reading_to_review(user, pk)
    if reading.reader_id == user.pk:
        raise PermissionDenied(OWN)
    return reading


def batch_for(user: User, pk: int) -> Batch:
    """A batch; editors see all, nobody else any."""
    batch = Batch.objects.select_related("created_by", "requires").filter(pk=pk).first() if user.is_editor else None
    if batch is None:
        raise Http404("There is no such batch, or it is not yours to see.")
    return batch


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures of agreement are of: a batch, an article, or (neither) all but trainings."""

    batch: Batch | None = None
    article: Article | None = None

    @property
    def query(self) -> dict[str, int]:
        """How addresses name it."""
        if self.batch:
            return {"batch": self.batch.pk}
        return {"article": self.article.pk} if self.article else {}

    @property
    def name(self) -> str:
        """How people name it."""
        return self.batch.name if self.batch else self.article.title if self.article else "All work"


def scope_for(user: User, query: Mapping[str, str]) -> Scope:
    """What a query names by `batch` or `article`; an editor may have figures of all."""
    if not user.is_editor:
        raise PermissionDenied("Only editors see how far analysts agree.")
    if batch := query.get("batch"):
        return Scope(batch=batch_for(user, _key(batch)))
    if article := query.get("article"):
        found = Article.objects.filter(pk=_key(article)).first()
        if found is None:
            raise Http404("There is no such article.")
        return Scope(article=found)
    return Scope()


def _key(sent: str) -> int:
    key = number_in(sent)
    if key is None:
        raise Http404("There is no such thing.")
    return key


def deed_for(user: User, pk: int) -> BulkDeed:
    """What was done to many readings at once; editors see all."""
    found = (
        BulkDeed.objects.select_related("by", "undone_by", "batch").filter(pk=pk).first() if user.is_editor else None
    )
    if found is None:
        raise Http404("There is no such deed, or it is not yours to see.")
    return found


def assignment_to_manage(user: User, pk: int) -> Assignment:
    """An assignment an editor may give to somebody or take back."""
    assignment = Assignment.objects.filter(pk=pk).first() if user.is_editor else None
    if assignment is None:
        raise Http404("There is no such assignment, or it is not yours to see.")
    return assignment


def assignment_to_take_again(user: User, pk: int) -> Assignment:
    """An assignment that was taken back from the person; 404 for any other."""
    return get_object_or_404(Assignment.objects.filter(lapses__analyst=user).distinct(), pk=pk)


def revision_to_compare(user: User, pk: int) -> Revision:
    """A revision whose readings an editor compares, without its text, with its article and source."""
    if not user.is_editor:
        raise PermissionDenied("Only editors compare readings.")
    revisions = Revision.objects.select_related("article__source").defer(*HEAVY)
    found = revisions.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such text.")
    return found


def dispute_to_decide(user: User, pk: int) -> Dispute:
    """A dispute an editor decides, with its record, reading, revision (no text), article and source."""
    if not user.is_editor:
        raise PermissionDenied("Only editors decide between readings.")
    found = joined(_DISPUTE, f"{_FROM_DISPUTE} WHERE d.id = %s", [pk])
    if found is None:
        raise Http404("There is no such question.")
    dispute, dispute.curated, reading, revision, article, article.source = found
    dispute.curated.reading, reading.revision, revision.article = reading, revision, article
    return cast("Dispute", dispute)


_DISPUTE = (
    Table(Dispute, "d"),
    Table(Annotation, "c"),
    Table(Reading, "r"),
    Table(Revision, "v", without=HEAVY),
    Table(Article, "a"),
    Table(Source, "s"),
)
_FROM_DISPUTE = """
    FROM review_dispute d JOIN annotations_annotation c ON c.id = d.curated_id
    JOIN annotations_reading r ON r.id = c.reading_id JOIN articles_revision v ON v.id = r.revision_id
    JOIN articles_article a ON a.id = v.article_id JOIN articles_source s ON s.id = a.source_id
"""


def own_assignment(user: User, pk: int) -> Assignment:
    """An assignment of the person's; 404 for any other."""
    return get_object_or_404(Assignment.objects.of(user), pk=pk)


def training_compared(user: User, pk: int) -> Assignment:
    """A training text of the person's that was held against the curated reading; nobody sees that before."""
    own = Assignment.objects.of(user).filter(batch__is_training=True, score__isnull=False)
    return get_object_or_404(own.select_related("batch", "reading", "revision__article__source"), pk=pk)


# --- What is said about it ------------------------------------------------------------------------


def ruling_for(user: User, pk: int) -> Ruling:
    """A ruling an editor made, or one on what the person's own reading says."""
    rulings = Ruling.objects.select_related("by", "dispute__curated__reading__revision__article__source")
    rulings = rulings.defer(*(f"dispute__curated__reading__revision__{column}" for column in HEAVY))
    if not user.is_editor:
        rulings = rulings.filter(notices__person=user) if user.is_analyst else rulings.none()
    found = rulings.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such ruling, or it does not concern you.")
    return found


def comment_for(user: User, pk: int) -> Comment:
    """A comment that stands, on a record or a ruling the person may see."""
    found = Comment.objects.filter(pk=pk, deleted_at=None).first()
    if found is None:
        raise Http404("There is no such comment, or it is not yours to see.")
    if found.annotation_id:
        found.annotation = annotation_for(user, found.annotation_id, deleted=True)
    elif found.ruling_id:
        found.ruling = ruling_for(user, found.ruling_id)
    return found


def comment_to_change(user: User, pk: int) -> Comment:
    """A comment of one's own."""
    found = comment_for(user, pk)
    if found.by_id != user.pk:
        raise PermissionDenied("This comment is somebody else's.")
    return found


def notice_for(user: User, pk: int) -> Notice:
    """Something the person was told."""
    notices = Notice.objects.shown_to(user).select_related("comment__annotation__reading", "reading")
    found = notices.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such notice, or it is not yours.")
    return found


def people_who_see(about: Annotation | Ruling, by: User) -> QuerySet[User]:
    """Who may see what is said about a record or a ruling, as far as the person who speaks may know of them.

    A record: its reader, and editors once it is handed in. A ruling: editors, and those whose readings it concerns, of
    whom an analyst knows only themselves.
    """
    editors, no_one = Q(role__in=[Role.EDITOR, Role.ADMIN]), Q(pk__in=[])
    if isinstance(about, Ruling):
        others = Q(pk__in=concerned_by([about])) if by.is_editor else no_one
        seen = editors | Q(pk=by.pk) | others
    else:
        reading = about.reading
        is_seen = reading.is_curated or reading.state != ReadingState.OPEN
        seen = Q(pk=reading.reader_id) | (editors if is_seen else no_one)
    return User.objects.filter(seen, is_active=True).exclude(role=Role.READER).order_by("pk")


def concerned_by(rulings: Collection[Ruling]) -> QuerySet[Notice, int]:
    """The ids of those whose readings rulings are about."""
    return Notice.objects.filter(ruling__in=[ruling.pk for ruling in rulings]).values_list("person", flat=True)


def hidden_from(user: User, rulings: Collection[Ruling]) -> dict[int, str]:
    """Whom rulings concern besides oneself, by id with the username in lower case; to editors nobody is hidden.

    Analysts do not learn who else read a text. One query, or none.
    """
    if user.is_editor or not rulings:
        return {}
    people = User.objects.filter(pk__in=concerned_by(rulings)).exclude(pk=user.pk)
    return {pk: name.lower() for pk, name in people.values_list("pk", "username")}
