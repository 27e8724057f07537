"""What is sent and how it is signed, by the Standard Webhooks specification 1.0: pure functions."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
PAST = {"publish": "published", "amend": "amended", "withdraw": "withdrawn", "merge": "merged"}
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=12)
FORMER_SIGNS = timedelta(days=1)
"""So long a secret that was replaced signs along, for receivers to take over the new one."""
MOST_ATTEMPTS = 15
"""So often is one event tried before the webhook is stopped: over about four days."""


def new_secret() -> str:
    """A fresh secret of 256 random bits, as receivers' libraries take it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secrets_held: Sequence[str], message_id: str, sent_at: int, body: bytes) -> dict[str, str]:
    """The headers of a message: its id, the second it is sent at, and their signature together with the body.

    There is a signature by each secret, the newest first: a receiver takes any that it knows. Raises ValueError for a
    secret that is none.
    """
    content = f"{message_id}.{sent_at}.".encode() + body
    signatures = " ".join(_signature(secret, content) for secret in secrets_held)
    return {"webhook-id": message_id, "webhook-timestamp": str(sent_at), "webhook-signature": signatures}


def _signature(secret: str, content: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("no secret") from error
    return f"v1,{base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()}"


def event_type(kind: str, action: str) -> str:
    """What an event is called, as in `statement.published`."""
    return f"{kind}.{PAST[action]}"


def pause_after(failures: int, chance: float, asked: float | None = None) -> timedelta:
    """How long to wait after so many failures in a row: four times longer each, up to half a day.

    `chance`, from 0 to 1, adds or takes up to a quarter, to spread receivers that failed at the same moment. A receiver
    that asks for so many seconds gets them, up to half a day.
    """
    grown: timedelta = FIRST_PAUSE * 4 ** min(failures - 1, 12)
    own = min(grown, LONGEST_PAUSE) * (0.75 + chance / 2)
    return max(own, min(timedelta(seconds=asked), LONGEST_PAUSE)) if asked else own


def seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """What a `Retry-After` asks for [RFC 9110]: seconds, or a moment; None when it says nothing that can be read."""
    told = (retry_after or "").strip()
    if told.isascii() and told.isdecimal() and len(told) < 10:
        return float(told)
    try:
        until = parsedate_to_datetime(told)
        return max((until - now).total_seconds(), 0)
    except (TypeError, ValueError):
        return None
