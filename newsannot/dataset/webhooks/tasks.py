"""When webhooks are sent what is new."""

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from newsannot.dataset.webhooks.delivering import deliver_due

ENOUGH = 30
"""After so many seconds a run leaves the rest to the next, and the worker to others."""


@app.periodic(cron="* * * * * */10")
@app.task(name="deliver_webhooks", queueing_lock="deliver_webhooks")
def deliver_webhooks(timestamp: int) -> None:
    """Send what is new to who asked for it: every ten seconds. `timestamp` is when the run was due.

    No lock keeps two runs apart: each webhook is claimed for a while, which a worker that was killed outlives.
    """
    if not connection.in_atomic_block:
        close_old_connections()
    deliver_due(ENOUGH)
