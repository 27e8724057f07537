"""What is sent and how it is signed, by the Standard Webhooks specification 1.0: pure functions."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import timedelta

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
PAST = {"publish": "published", "amend": "amended", "withdraw": "withdrawn", "merge": "merged"}
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=12)
MOST_ATTEMPTS = 15
"""So often is one event tried before the webhook is stopped: over about four days."""


def new_secret() -> str:
    """A fresh secret of 256 random bits, as receivers' libraries take it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, message_id: str, sent_at: int, body: bytes) -> dict[str, str]:
    """The headers of a message: its id, the second it is sent at, and their signature together with the body.

    Raises ValueError for a secret that is none.
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("no secret") from error
    content = f"{message_id}.{sent_at}.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(sent_at), "webhook-signature": f"v1,{signature}"}


def event_type(kind: str, action: str) -> str:
    """What an event is called, as in `statement.published`."""
    return f"{kind}.{PAST[action]}"


def pause_after(failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row: four times longer each, up to half a day.

    `chance`, from 0 to 1, adds or takes up to a quarter, to spread receivers that failed at the same moment.
    """
    grown: timedelta = FIRST_PAUSE * 4 ** min(failures - 1, 12)
    return min(grown, LONGEST_PAUSE) * (0.75 + chance / 2)
