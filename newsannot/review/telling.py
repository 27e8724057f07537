"""What review tells the screens below it: what is assigned, what is due, and what is to be said above a reading."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading
from newsannot.review.queries.work import articles_assigned_to, assigned_among, assignment_behind, lapsed_of


class Work:
    """Assigned work, for the inbox and the top of a reading."""

    def articles(self, user: User) -> QuerySet[Any]:
        """The ids of the articles somebody has still to read."""
        return articles_assigned_to(user)

    def due(self, user: User, articles: Iterable[int]) -> Mapping[int, datetime | None]:
        """Those among articles, with the day they are due; one query."""
        return {pk: assignment.due_at for pk, assignment in assigned_among(user, articles).items()}

    def notice(self, user: User, reading: Reading) -> str:
        """The batch's note and due date, or that the work was taken back; nothing above another's, or a closed one."""
        if reading.reader_id != user.pk or not reading.is_editable:
            return ""
        assignment = assignment_behind(reading)
        lapsed = None if assignment else next(iter(lapsed_of(user, revision=reading.revision_id)), None)
        if assignment is None and lapsed is None:
            return ""
        context = {"assignment": assignment, "lapsed": lapsed}
        return render_to_string("review/_assignment_notice.html", context)
