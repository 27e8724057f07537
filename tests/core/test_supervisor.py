"""Processes kept running as one; the children are real ones."""

import os
import signal
import sys
from pathlib import Path

import pytest

from newsannot.core.supervisor import Child, Patience, SupervisionFailed, Supervisor

QUICK = Patience(early=0.5, longest_delay=0.1, healthy=60, stop=0.5, tick=0.02, tend=0.1)
STAY = "import time; time.sleep(60)"
STUBBORN = "import pathlib, signal, sys, time; signal.signal(15, signal.SIG_IGN); pathlib.Path(sys.argv[1]).touch()"


def child(code: str, *arguments: object, name: str = "child") -> Child:
    return Child(name, [sys.executable, "-c", code, *map(str, arguments)])


def supervisor(*children: Child, lines: list[str]) -> Supervisor:
    return Supervisor(children, say=lines.append, patience=QUICK)


def stop_ourselves() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_the_old_handlers_return(number: signal.Signals) -> None:
    lines: list[str] = []
    children = [child(STAY), child(STAY)]
    before = signal.getsignal(number)
    supervisor(*children, lines=lines).run(is_ready=lambda: True, when_ready=lambda: os.kill(os.getpid(), number))
    assert [one.process for one in children] == [None, None]
    assert lines == ["Stopping …"]
    assert signal.getsignal(number) == before


def test_a_child_that_ends_before_all_is_ready_stops_everything_with_its_name() -> None:
    lines: list[str] = []
    other = child(STAY)
    with pytest.raises(SupervisionFailed, match=r"^The web server ended at once \(exit code 3\)"):
        supervisor(other, child("raise SystemExit(3)", name="web server"), lines=lines).run(
            is_ready=lambda: False, when_ready=stop_ourselves
        )
    assert other.process is None


def test_a_child_that_dies_later_is_started_again(tmp_path: Path) -> None:
    lines: list[str] = []
    first_life = tmp_path / "first-life"
    code = """
import os, pathlib, sys, time
first_life = pathlib.Path(sys.argv[1])
if first_life.exists():
    os.kill(os.getppid(), 15)
else:
    first_life.touch()
    time.sleep(0.7)
    sys.exit(9)
time.sleep(60)
"""
    mortal = child(code, first_life, name="worker")
    supervisor(mortal, lines=lines).run(is_ready=first_life.exists, when_ready=lambda: None)
    assert lines == ["The worker died (exit code 9); it starts again in 0.1 s.", "Stopping …"]


def test_what_the_children_stand_on_is_tended() -> None:
    tended: list[bool] = []

    def tend() -> None:
        tended.append(True)
        if len(tended) == 3:
            stop_ourselves()

    supervisor(child(STAY), lines=[]).run(is_ready=lambda: True, when_ready=lambda: None, tend=tend)
    assert len(tended) == 3


def test_a_child_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    lines: list[str] = []
    stubborn = child(f"{STUBBORN}; time.sleep(60)", tmp_path / "deaf")
    supervisor(stubborn, lines=lines).run(is_ready=(tmp_path / "deaf").exists, when_ready=stop_ourselves)
    assert stubborn.process is None
