"""Signatures by the specification, and the pauses between attempts."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from newsannot.dataset.webhooks.rules import LONGEST_PAUSE, event_type, new_secret, pause_after, seconds_asked, signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, SENT_AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'


def test_a_message_is_signed_as_in_the_specifications_example() -> None:
    assert signed([SECRET], MESSAGE, SENT_AT, BODY) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    ("message", "sent_at", "body"),
    [("msg_other", SENT_AT, BODY), (MESSAGE, SENT_AT + 1, BODY), (MESSAGE, SENT_AT, BODY + b" ")],
)
def test_the_signature_covers_id_moment_and_body(message, sent_at, body) -> None:
    one, other = signed([SECRET], MESSAGE, SENT_AT, BODY), signed([SECRET], message, sent_at, body)
    assert one["webhook-signature"] != other["webhook-signature"]


def test_each_secret_has_its_signature_the_newest_first() -> None:
    other = new_secret()
    both = signed([other, SECRET], MESSAGE, SENT_AT, BODY)["webhook-signature"].split(" ")
    assert both == [signed([one], MESSAGE, SENT_AT, BODY)["webhook-signature"] for one in (other, SECRET)]


def test_a_secret_is_32_fresh_bytes_in_base64() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32


def test_what_is_no_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="no secret"):
        signed(["whsec_%%%"], MESSAGE, SENT_AT, BODY)


def test_pauses_grow_fourfold_up_to_half_a_day_and_are_spread_by_a_quarter() -> None:
    assert [pause_after(failures, 0.5) for failures in (1, 2, 3)] == [timedelta(seconds=s) for s in (5, 20, 80)]
    assert pause_after(2, 0) == timedelta(seconds=15)
    assert pause_after(2, 1) == timedelta(seconds=25)
    assert pause_after(1000, 0.5) == LONGEST_PAUSE


def test_who_asks_for_a_longer_pause_gets_it_up_to_half_a_day() -> None:
    assert pause_after(1, 0.5, 60) == timedelta(seconds=60)
    assert pause_after(3, 0.5, 60) == timedelta(seconds=80)
    assert pause_after(1, 0.5, 1e9) == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 22 Nov 2027 10:02:00 GMT", 120),
        ("Mon, 22 Nov 2027 09:00:00 GMT", 0),
        ("Mon, 22 Nov 2027 10:02:00", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
        (None, None),
    ],
)
def test_a_receiver_says_how_long_in_seconds_or_until_when(said, seconds) -> None:
    assert seconds_asked(said, datetime(2027, 11, 22, 10, tzinfo=UTC)) == seconds


def test_events_are_named_by_kind_and_what_became_of_it() -> None:
    names = [event_type("threat", action) for action in ("publish", "amend", "withdraw", "merge")]
    assert names == ["threat.published", "threat.amended", "threat.withdrawn", "threat.merged"]
