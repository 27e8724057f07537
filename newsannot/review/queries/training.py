"""Who has passed a training."""

from collections.abc import Collection

from django.db.models import Avg, Count, F, Q

from newsannot.review.models import Assignment, Batch


def passed_by(training: Batch, people: Collection[int]) -> set[int]:
    """Of these people, those all of whose readings of a training were compared and reach its pass mark on average."""
    theirs = Assignment.objects.filter(batch=training, analyst__in=people).order_by()
    scores = theirs.values("analyst").annotate(mean=Avg("score"), left=Count("pk", filter=Q(score=None)))
    return set(scores.filter(left=0, mean__gte=F("batch__pass_mark")).values_list("analyst", flat=True))
