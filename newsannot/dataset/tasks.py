"""What the worker does for the feed by itself."""

import time

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from newsannot.dataset.actions import revisit_readings

BATCH = 20
"""How many readings are looked at in one transaction, which keeps others from publishing as long."""
ENOUGH = 50
"""After so many seconds a run leaves the rest to the next."""


@app.periodic(cron="* * * * *")
@app.task(name="bring_feed_up_to_date", queueing_lock="bring_feed_up_to_date", lock="bring_feed_up_to_date")
def bring_feed_up_to_date(timestamp: int) -> None:
    """Write into the feed what changed without being published anew: every minute. `timestamp` is when it was due."""
    if not connection.in_atomic_block:
        close_old_connections()
    until = time.monotonic() + ENOUGH
    while revisit_readings(most=BATCH, by=None) == BATCH and time.monotonic() < until:
        pass
