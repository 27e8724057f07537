"""Several processes kept running as one: started together, restarted when they die, stopped in order."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SupervisionFailed(RuntimeError):
    """A process cannot be kept running; everything was stopped."""


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds."""

    early: float = 5  # one that dies sooner than this after its first start is not worth another
    longest_delay: float = 30
    healthy: float = 60  # one that ran this long has its past deaths forgiven
    stop: float = 8  # to end by itself before it is killed
    tick: float = 0.1
    tend: float = 5  # between two looks at what the children stand on


@dataclass
class Child:
    """One process in a session of its own, and how it has fared."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    restart_at: float | None = None
    deaths: int = field(default=0)

    def start(self) -> None:
        """Start the process; should the supervisor itself be killed, the kernel ends it (Linux)."""
        setpriv = shutil.which("setpriv")
        prefix = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
        self.process = subprocess.Popen([*prefix, *self.command], start_new_session=True)  # noqa: S603  our own commands
        self.started_at, self.restart_at = time.monotonic(), None

    def stop(self, patience: Patience) -> None:
        """Ask the process to end, then insist on its whole session."""
        if self.process is None:
            return
        self._signal(self.process.pid, signal.SIGTERM, os.kill)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience.stop)
        self._signal(self.process.pid, signal.SIGKILL, os.killpg)
        self.process.wait()
        self.process = None

    @staticmethod
    def _signal(pid: int, number: signal.Signals, send: Callable[[int, int], None]) -> None:
        with suppress(ProcessLookupError):
            send(pid, number)


class Supervisor:
    """Keeps children running until a signal, or until one of them cannot be kept running."""

    def __init__(
        self, children: Sequence[Child], *, say: Callable[[str], None], patience: Patience | None = None
    ) -> None:
        """Take the children in the order they start and stop; `say` gets a line for the person at the terminal."""
        self.children = children
        self.say = say
        self.patience = patience or Patience()
        self._stopping = threading.Event()
        self._is_ready = False

    def run(
        self, *, is_ready: Callable[[], bool], when_ready: Callable[[], None], tend: Callable[[], None] = lambda: None
    ) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; call `when_ready` once, as soon as `is_ready`, and `tend` now and then.

        Raises SupervisionFailed when a child dies right after its first start, or before all is ready. Whatever
        happens, no child survives.
        """
        with self._signals_heeded():
            try:
                for child in self.children:
                    child.start()
                tended_at = time.monotonic()
                while not self._stopping.wait(self.patience.tick):
                    if time.monotonic() - tended_at > self.patience.tend:
                        tend()
                        tended_at = time.monotonic()
                    for child in self.children:
                        self._look_after(child)
                    if not self._is_ready and is_ready():
                        self._is_ready = True
                        when_ready()
                self.say("Stopping …")
            finally:
                for child in self.children:
                    child.stop(self.patience)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.restart_at is not None:
            if now >= child.restart_at:
                child.start()
            return
        if child.process is None or child.process.poll() is None:
            return
        lived, code = now - child.started_at, child.process.returncode
        child.stop(self.patience)  # what it started itself may live on and hold the port
        if not self._is_ready or (child.deaths == 0 and lived < self.patience.early):
            raise SupervisionFailed(f"The {child.name} ended at once (exit code {code}); its words are above.")
        child.deaths = 1 if lived > self.patience.healthy else child.deaths + 1
        delay = min(2.0 ** (child.deaths - 1), self.patience.longest_delay)
        child.restart_at = now + delay
        self.say(f"The {child.name} died (exit code {code}); it starts again in {delay:g} s.")

    @contextmanager
    def _signals_heeded(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._stop) for number in STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()
