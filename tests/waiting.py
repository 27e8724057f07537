"""Waiting for what another thread does, never without end."""

import time
from collections.abc import Callable


def wait_until(is_so: Callable[[], object], *, seconds: float = 60) -> None:
    """Ask again until it is so. Raises AssertionError once the time is up."""
    ended = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ended, f"waited {seconds} seconds in vain"
        time.sleep(0.01)
