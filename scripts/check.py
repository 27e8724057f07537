"""Run every check; show the words of those that fail; exit with their number."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
MODULES = ROOT / "node_modules"
MANAGE = [str(BIN / "python"), "manage.py"]
PRODUCTION = {
    "DATABASE_URL": "postgresql://newsannot@db/newsannot",
    "SECRET_KEY": "for-the-check-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "newsannot.example",
    "DEBUG": "",
}
DEVELOPMENT = {"DATABASE_URL": "", "ALLOWED_HOSTS": "", "DEBUG": ""}


def main() -> None:
    """Run them one after the other."""
    failed = [name for name, command in checks().items() if not passes(name, command)]
    failed += [] if passes_openapi() else ["OpenAPI"]
    failed += (
        []
        if passes("production settings", [*MANAGE, "check", "--deploy", "--fail-level=WARNING"], PRODUCTION)
        else ["deploy"]
    )
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}. Formats are put right by: make format")
    print("All checks passed.")


def checks() -> dict[str, list[str]]:
    """The checks that need nothing but their command line."""
    return {
        "Python format": [str(BIN / "ruff"), "format", "--check", "."],
        "Python rules": [str(BIN / "ruff"), "check", "."],
        "types": [str(BIN / "mypy")],
        "layers": [str(BIN / "lint-imports"), "--no-logo"],
        "template format": [str(BIN / "djlint"), "--check", "--quiet", "templates"],
        "JavaScript and CSS": [str(BIN / "node"), str(MODULES / "@biomejs/biome/bin/biome"), "check", "."],
        "JavaScript types": [str(BIN / "node"), str(MODULES / "typescript/bin/tsc"), "-p", "jsconfig.json"],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    }


def passes(name: str, command: list[str], environment: Mapping[str, str] = DEVELOPMENT) -> bool:
    """Run one check and say how it went."""
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"--- {name}: {' '.join(command)}\n{done.stdout}", flush=True)
    print(f"{'passed' if done.returncode == 0 else 'FAILED'}  {name} ({time.monotonic() - started:.1f} s)", flush=True)
    return done.returncode == 0


def passes_openapi() -> bool:
    """Whether docs/openapi.yaml is what the code says, and the Python client's types what that file says."""
    committed = ROOT / "docs" / "openapi.yaml"
    types = ROOT / "clients" / "python" / "newsannot_client" / "records.py"
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place) / "openapi.yaml"
        if not passes(
            "OpenAPI is valid", [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)]
        ):
            return False
        written = Path(place) / "records.py"
        return (
            passes("OpenAPI is committed (make openapi)", ["diff", "-u", str(committed), str(fresh)])
            and passes("client types", [str(BIN / "python"), "scripts/client_types.py", str(written)])
            and passes("client types are committed (make openapi)", ["diff", "-u", str(types), str(written)])
        )


if __name__ == "__main__":
    main()
