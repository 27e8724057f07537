"""What the worker does about suggestions by itself."""

import time

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from newsannot.suggestions.actions import draft_suggestions
from newsannot.suggestions.queries import undrafted_revisions

BATCH = 50
"""How many revisions are drafted in one transaction."""
ENOUGH = 50
"""After so many seconds a run leaves the rest to the next."""


@app.periodic(cron="* * * * *")
@app.task(name="draft_new_suggestions", queueing_lock="draft_new_suggestions", lock="draft_new_suggestions")
def draft_new_suggestions(timestamp: int) -> None:
    """Draft for the revisions that came in, whichever way; every minute, and only what is not drafted yet.

    `timestamp` is when the run was due.
    """
    if not connection.in_atomic_block:
        close_old_connections()
    draft_undrafted(seconds=ENOUGH)


def draft_undrafted(*, seconds: float | None = None) -> int:
    """Draft batch by batch until all is drafted or the time is up; answers for how many revisions."""
    until, drafted = time.monotonic() + seconds if seconds is not None else None, 0
    while revision_ids := undrafted_revisions(BATCH):
        drafted += draft_suggestions(revision_ids=revision_ids, by=None)
        if until is not None and time.monotonic() > until:
            break
    return drafted
