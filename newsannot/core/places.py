"""How many requests of this process work at once, and those who wait without working.

Threads that work take the interpreter from one another: with two, marks are saved fastest (ADR 5). A request works in a
place; one that waits for something to happen lends its place to others meanwhile, so that the server has more threads
than places and savers lose none.
"""

import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
PLACES = "NEWSANNOT_PLACES"
"""The environment variable that says how many requests of a process work at once."""
MOST_WAITING = 3
"""How many requests of a process may wait; the server has as many threads more than places."""
LOOK_EVERY = 1.0

_places = threading.BoundedSemaphore(int(os.environ.get(PLACES) or "2"))
_waiting, _counting = 0, threading.Lock()
_mine = threading.local()
_told_to_stop, _tells = os.pipe()


@contextlib.contextmanager
def working() -> Iterator[None]:
    """Hold a place for the block; waits for one to become free."""
    with _places:
        _mine.is_held = True
        try:
            yield
        finally:
            _mine.is_held = False


@contextlib.contextmanager
def _lent() -> Iterator[None]:
    """Let others have this thread's place, and its connections, for the block; one within a transaction is kept."""
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close()
    if not getattr(_mine, "is_held", False):
        yield
        return
    _places.release()
    try:
        yield
    finally:
        _places.acquire()


def end_waiting_on_signals() -> None:
    """Have everybody who waits in this process end it when a signal comes that is handled.

    The pipe is written by Python itself for every handler, whoever sets it later (the web server does). Nothing is done
    in a thread beside the main one, where signals are not heard of.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    os.set_blocking(_tells, False)
    signal.set_wakeup_fd(_tells, warn_on_full_buffer=False)


def look_again(look: Callable[[], T], *, is_enough: Callable[[T], bool], seconds: float) -> T | None:
    """Look once a second until it is enough, the time is up or the process stops; answers what was seen last.

    Without a seat to wait in (None) nobody waits. Nothing is held between two looks: no place, no connection.
    """
    with a_seat() as is_mine:
        if not is_mine:
            return None
        until = time.monotonic() + seconds
        while True:
            with _lent():
                is_stopping = _sleeps(min(LOOK_EVERY, until - time.monotonic()))
            seen = look()
            if is_enough(seen) or is_stopping or time.monotonic() >= until:
                return seen


@contextlib.contextmanager
def a_seat() -> Iterator[bool]:
    """A seat among those who wait, for the block; gives whether there was one."""
    global _waiting  # noqa: PLW0603 - a count of the process
    with _counting:
        is_mine = _waiting < MOST_WAITING
        _waiting += is_mine
    try:
        yield is_mine
    finally:
        with _counting:
            _waiting -= is_mine


def waiting_count() -> int:
    """How many wait in this process."""
    return _waiting


def _sleeps(seconds: float) -> bool:
    """Sleep, unless the process is told to stop; answers whether it is."""
    return bool(select.select([_told_to_stop], [], [], max(seconds, 0))[0])
