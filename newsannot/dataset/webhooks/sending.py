"""Sending one message: to the address that was checked, within a time, following nothing."""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer

from newsannot.dataset.webhooks.addresses import Refused, Target, addresses_of, target_of
from newsannot.dataset.webhooks.rules import seconds_asked

CONNECTING = 5
"""Seconds for a connection to one address."""
ANSWERING = 10
"""Seconds for all the rest, from the handshake to the head of the answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: the status it was answered with, or why there was no answer; milliseconds it took.

    `retry_after` is how many seconds a receiver that refused it asked to be left alone.
    """

    status: int | None
    error: str
    duration_ms: int
    retry_after: float | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send a message and say what became of it. Of the answer only the head is read; a redirect is a failure."""
    began = time.monotonic()
    status, error, asked = None, "", None
    try:
        target = target_of(url)
        with _connected(target) as connection:
            connection.request("POST", target.path, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            status, asked = answer.status, seconds_asked(answer.getheader("Retry-After"), datetime.now(UTC))
    except Refused as refusal:
        error = str(refusal)
    except (OSError, HTTPException, UnicodeError) as problem:
        error = _in_words(problem, time.monotonic() - began)
    if status is not None and not 200 <= status < 300:
        error = f"It answered {status}{' and redirects are not followed' if 300 <= status < 400 else ''}."
    return Outcome(status, error, int((time.monotonic() - began) * 1000), asked if error else None)


@contextmanager
def _connected(target: Target) -> Iterator[HTTPConnection]:
    """A connection to an address that was checked: the name is not asked for again. It is cut when time is over."""
    sock = _socket(target)
    make = HTTPSConnection if target.is_secure else HTTPConnection
    connection = make(target.host, target.port)
    connection.sock = sock
    timer = Timer(ANSWERING, _cut, [sock])
    timer.daemon = True
    timer.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        yield connection
    finally:
        timer.cancel()
        connection.close()
        sock.close()


def _socket(target: Target) -> socket.socket:
    problem: OSError = socket.gaierror("no address")
    for address in addresses_of(target):
        try:
            plain = socket.create_connection((address, target.port), timeout=CONNECTING)
        except OSError as error:
            problem = error
            continue
        plain.settimeout(ANSWERING)
        if not target.is_secure:
            return plain
        return _trust().wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
    raise problem


@cache
def _trust() -> ssl.SSLContext:
    """The certificates of this system."""
    return ssl.create_default_context()


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _in_words(problem: Exception, seconds: float) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"Its certificate does not hold: {problem.verify_message}."
    if isinstance(problem, socket.gaierror | UnicodeError):
        return "No such host is known."
    if isinstance(problem, TimeoutError) or seconds >= ANSWERING:
        return f"It did not answer within {ANSWERING} seconds."
    if isinstance(problem, ConnectionRefusedError):
        return "It refused the connection."
    return "The connection broke off before it answered."
