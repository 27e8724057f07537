"""Who works and who waits in a process of the web server."""

import os
import signal
import subprocess
import sys
from threading import Event, Thread

from newsannot.core.places import look_again, waiting_count, working
from tests.waiting import wait_until


def test_who_waits_takes_no_place_from_those_who_work() -> None:
    is_done, seen = Event(), []

    def wait() -> None:
        with working():
            seen.append(look_again(is_done.is_set, is_enough=bool, seconds=30))

    waiters = [Thread(target=wait) for _ in range(3)]  # one more than places
    for one in waiters:
        one.start()
    wait_until(lambda: waiting_count() == 3)
    with working():
        is_done.set()
    for one in waiters:
        one.join()
    assert (seen, waiting_count()) == ([True] * 3, 0)


def test_waiting_ends_with_its_time() -> None:
    assert look_again(lambda: 7, is_enough=lambda _: False, seconds=0) == 7


STOPPED = """
import os, signal, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
django.setup()
from newsannot.core.places import end_waiting_on_signals, look_again
from threading import Thread
end_waiting_on_signals()
signal.signal(signal.SIGTERM, lambda *_: None)
waiter = Thread(target=lambda: print(look_again(lambda: "ended", is_enough=lambda _: False, seconds=600)))
waiter.start()
print("waiting", flush=True)
waiter.join()
"""


def test_waiting_ends_when_the_process_is_told_to_stop() -> None:
    with subprocess.Popen([sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        os.kill(process.pid, signal.SIGTERM)
        assert process.stdout.read() == "ended\n"
