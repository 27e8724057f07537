"""The daily mail to those with something unread."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.core.history import action
from newsannot.review.models import Notice
from newsannot.review.queries.digest import Digest, digests


def mail_digests() -> int:
    """Send each who wants it one mail of what is new; answers to how many.

    One that cannot be sent stops the rest, which the next run sends; nobody is mailed of the same twice.
    """
    count = 0
    for digest in digests():
        _message(digest).send()
        note_mailed(digest=digest, by=None)
        count += 1
    return count


@action
def note_mailed(*, digest: Digest, by: User | None) -> int:
    """Keep that somebody was mailed of their notices; answers of how many."""
    return Notice.objects.filter(pk__in=digest.notices).update(mailed_at=timezone.now())


def _message(digest: Digest) -> EmailMessage:
    address = f"{settings.SITE_URL}{reverse('review:inbox')}"
    body = "\n".join(
        [
            f"{digest.person.label},",
            "",
            "since the last mail, and not read yet:",
            "",
            *(f"- {line}" for line in digest.lines),
            "",
            f"Read it: {address}",
            "There you can also turn this mail off.",
            "",
        ]
    )
    count = len(digest.notices)
    return EmailMessage(f"newsannot: {count} unread", body, to=[digest.person.email])
