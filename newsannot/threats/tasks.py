"""What the worker does by itself: compares the threats that were published with those before them."""

import time

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from newsannot.threats.comparing import compare_threats

BATCH = 50
ENOUGH = 50
"""After so many seconds a run leaves the rest to the next."""


@app.periodic(cron="* * * * *")
@app.task(name="compare_threats", queueing_lock="compare_threats", lock="compare_threats")
def compare_what_was_published(timestamp: int) -> None:
    """Propose which threats are one over time: every minute. `timestamp` is when it was due."""
    if not connection.in_atomic_block:
        close_old_connections()
    until = time.monotonic() + ENOUGH
    while compare_threats(most=BATCH, by=None) == BATCH and time.monotonic() < until:
        pass
