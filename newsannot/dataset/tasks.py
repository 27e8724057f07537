"""What the worker does for the feed by itself."""

import time

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from newsannot.dataset import exporting, import_jobs
from newsannot.dataset.actions import make_release, revisit_readings
from newsannot.dataset.models import Release, ReleaseState
from newsannot.dataset.webhooks import tasks as webhook_tasks  # noqa: F401 - where the worker finds them

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


@app.task(name=exporting.TASK)
def write_asked_export(export_id: int) -> None:
    """Write an export that somebody asked for."""
    if not connection.in_atomic_block:
        close_old_connections()
    exporting.write_export(export_id)


@app.task(name=import_jobs.TASK)
def run_asked_import(import_id: int) -> None:
    """Try or bring in files that somebody sent."""
    if not connection.in_atomic_block:
        close_old_connections()
    import_jobs.run_import(import_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="clear_exports", queueing_lock="clear_exports", lock="clear_exports")
def clear_old_exports(timestamp: int) -> None:
    """Delete exports and imports that were kept long enough; every ten minutes. `timestamp` is when the run was due."""
    if not connection.in_atomic_block:
        close_old_connections()
    exporting.clear_exports()
    import_jobs.clear_imports()


@app.periodic(cron="* * * * * */5")
@app.task(name="make_releases", queueing_lock="make_releases", lock="make_releases")
def make_releases(timestamp: int) -> None:
    """Make the releases that were ordered, also those that a worker left half done; every five seconds."""
    if not connection.in_atomic_block:
        close_old_connections()
    for release in Release.objects.filter(state=ReleaseState.MAKING).order_by("pk"):
        make_release(release)
