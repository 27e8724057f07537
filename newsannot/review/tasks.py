"""What the worker does: abandoned work goes back to the pool, what is unread is mailed, agreement is measured.

Readings are moved to another codebook by it too.
"""

import logging
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from newsannot.accounts.models import User
from newsannot.review.assigning import return_abandoned
from newsannot.review.living import carry_by_parts
from newsannot.review.mailing import mail_digests
from newsannot.review.measuring import TASK, fail_report, make_report, renew_divergences
from newsannot.review.models import AgreementReport
from newsannot.review.queries.living import CARRYING

ENOUGH = 30
"""After so many seconds of a minute's work the rest is left to the next run."""
logger = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="return_abandoned_work", queueing_lock="return_abandoned_work", lock="return_abandoned_work")
def return_abandoned_work(timestamp: int) -> None:
    """Return to the pool what was abandoned; every five minutes. `timestamp` is when the run was due."""
    if not connection.in_atomic_block:
        close_old_connections()
    return_abandoned(at=timezone.now(), by=None)


@app.periodic(cron="0 5 * * *")
@app.task(name="mail_digests", queueing_lock="mail_digests", lock="mail_digests")
def mail_daily_digests(timestamp: int) -> None:
    """Mail what is unread, once a day and where mail is configured. `timestamp` is when the run was due."""
    if not settings.IS_MAIL_SENT:
        return
    if not connection.in_atomic_block:
        close_old_connections()
    mail_digests()


@app.periodic(cron="* * * * *")
@app.task(name="renew_divergences", queueing_lock="renew_divergences", lock="renew_divergences")
def renew_every_minute(timestamp: int) -> None:
    """Count in how many things the readings of each text differ; every minute, of what changed only."""
    if not connection.in_atomic_block:
        close_old_connections()
    renew_divergences(seconds=ENOUGH)


@app.task(name=TASK)
def make_agreement_report(report: int) -> None:
    """Make the figures of a report, by its id; one that is gone meanwhile is passed over."""
    if not connection.in_atomic_block:
        close_old_connections()
    wanted = AgreementReport.objects.select_related("batch", "article").filter(pk=report).first()
    if wanted is None:
        return
    try:
        make_report(wanted)
    except Exception:
        logger.exception("The figures of report %s could not be made", report)
        fail_report(wanted)
        raise


@app.task(name=CARRYING)
def carry_codebook(run: str, total: int, by: int) -> None:
    """Move open readings to the newest codebook for an editor; of `total` it is told how many there were."""
    if not connection.in_atomic_block:
        close_old_connections()
    carry_by_parts(run=UUID(run), by=User.objects.get(pk=by))
