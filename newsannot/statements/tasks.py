"""What the worker does by itself: compares what was published with what was said before."""

import time

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from newsannot.statements.comparing import compare_statements

BATCH = 50
ENOUGH = 50
"""After so many seconds a run leaves the rest to the next."""


@app.periodic(cron="* * * * *")
@app.task(name="compare_statements", queueing_lock="compare_statements", lock="compare_statements")
def compare_what_was_published(timestamp: int) -> None:
    """Propose which statements report one saying: every minute. `timestamp` is when it was due."""
    if not connection.in_atomic_block:
        close_old_connections()
    until = time.monotonic() + ENOUGH
    while compare_statements(most=BATCH, by=None) == BATCH and time.monotonic() < until:
        pass
