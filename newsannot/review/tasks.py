"""What the worker does about assigned work by itself."""

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from newsannot.review.assigning import return_abandoned


@app.periodic(cron="*/5 * * * *")
@app.task(name="return_abandoned_work", queueing_lock="return_abandoned_work", lock="return_abandoned_work")
def return_abandoned_work(timestamp: int) -> None:
    """Return to the pool what was abandoned; every five minutes. `timestamp` is when the run was due."""
    if not connection.in_atomic_block:
        close_old_connections()
    return_abandoned(at=timezone.now(), by=None)
