"""What the compose file, the image and the Makefile promise, read from the files themselves."""

import json
import re
import subprocess
import sys

import yaml
from django.conf import settings

from newsannot.core.management.commands.serve import web_command, worker_command

ROOT = settings.BASE_DIR


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_runs_proxy_web_worker_and_database() -> None:
    assert sorted(compose()["services"]) == ["db", "prepare", "proxy", "web", "worker"]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in compose()["services"].items() if "ports" in service] == ["proxy"]


def test_every_lasting_service_has_a_health_check() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["prepare"]


def test_the_application_is_never_on_the_embedded_database_in_production() -> None:
    services = compose()["services"]
    urls = [services[name]["environment"]["DATABASE_URL"] for name in ("prepare", "web", "worker")]
    assert urls == ["postgresql://newsannot@db:5432/newsannot"] * 3


def test_secrets_come_from_the_environment_and_the_example_names_them_all_without_a_value() -> None:
    wanted = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert set(example) == wanted
    assert {name for name, value in example.items() if not value} == wanted - {"NEWSANNOT_HOST"}


def test_the_image_and_the_compose_file_run_what_serve_runs() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    image = json.loads(re.search(r"^CMD (.*)$", dockerfile, re.MULTILINE)[1])
    assert image == ["granian", *web_command("0.0.0.0", 8000, 2, 2)[3:]]  # noqa: S104
    theirs, ours = (
        [word for word in command[1:] if not word.startswith("--shutdown-graceful-timeout")]
        for command in (compose()["services"]["worker"]["command"], worker_command())
    )
    assert theirs == ours


def test_the_image_holds_what_the_application_reads_and_nothing_private() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {path for paths in copied for path in paths.split()} == kept


def test_make_help_names_every_target() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [line.split()[0] for line in said.splitlines()] == targets


def test_the_locks_carry_hashes_and_name_no_index() -> None:
    for name in ("base", "nlp", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = re.findall(r"^[a-z0-9.\-]+==\S+", text, re.MULTILINE)
        assert len(pins) > 40
        assert len(re.findall(r"^[a-z0-9.\-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pins)
        assert "://" not in text


def test_an_older_python_is_told_so() -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 10, 0); sys.version = '3.10.0 (old)';"
        "sys.argv = ['bootstrap.py']; runpy.run_path('scripts/bootstrap.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("newsannot needs Python 3.11 or newer; this is 3.10.0.")
