"""Static files as production sends them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

MODULES = Path(settings.BASE_DIR) / "static" / "js"
BOUND_BY_THE_WORKBENCH = {
    "actorcard",
    "claim",
    "filter",
    "guide",
    "look",
    "proposals",
    "rail",
    "sheet",
    "typeahead",
    "workbench",
}
SHEETS = Path(settings.BASE_DIR) / "static" / "css"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All static files, collected with the storage of production."""
    root = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "newsannot.core.modules_storage.ModulesStorage"}}
    with override_settings(STATIC_ROOT=str(root), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.mark.parametrize("name", ["app", "reading"])
def test_a_stylesheet_is_sent_with_those_it_imports_in_one_piece(collected: Path, name: str) -> None:
    imported = re.findall(r'@import "(.+)";', (SHEETS / f"{name}.css").read_text())
    (sent,) = (collected / "css").glob(f"{name}.*.css")
    assert len(imported) > 5
    assert "@import" not in sent.read_text()
    first_lines = [(SHEETS / one).read_text().splitlines()[0] for one in imported]
    places = [sent.read_text().index(line) for line in first_lines]
    assert places == sorted(places)


def test_a_module_imports_others_under_their_hashed_names(collected: Path) -> None:
    (app,) = (collected / "js").glob("app.*.js")
    paths = re.findall(r'from "(\./.+?)"', app.read_text())
    assert paths
    assert [path for path in paths if not (app.parent / path).exists()] == []


def test_a_module_is_sent_without_its_comments_and_with_every_line_where_it_was(collected: Path) -> None:
    for source in sorted(MODULES.rglob("*.js")):
        place = source.relative_to(MODULES)
        (sent,) = (collected / "js" / place.parent).glob(f"{source.stem}.????????????.js")
        lines, written = sent.read_text().split("\n"), source.read_text().split("\n")
        assert "/**\n" not in sent.read_text()
        assert len(lines) == len(written)
        changed = [old for new, old in zip(lines, written, strict=True) if new != old and "import" not in old]
        assert [line for line in changed if not re.match(r"\s*(/\*\*|\*|[^;]*\*/$)|.* from \"", line)] == []


def test_the_workbench_sends_at_most_80_kilobytes_of_scripts(collected: Path) -> None:
    sent: dict[Path, int] = {}

    def follow(module: Path) -> None:
        if module in sent:
            return
        sent[module] = module.with_name(f"{module.name}.gz").stat().st_size
        for path in re.findall(r'^import [^;]*?"(\.[^"]+)";', module.read_text(), re.MULTILINE):
            follow((module.parent / path).resolve())

    named = re.findall(r'import\("(\./controllers/(\w+)\.[^"]+)"\)', (app := one(collected, "js/app")).read_text())
    follow(app)
    for path, name in named:
        if name in BOUND_BY_THE_WORKBENCH:
            follow((app.parent / path).resolve())
    whole = [one(collected, place).with_suffix(".js.gz").stat().st_size for place in ("js/early", "vendor/htmx.min")]
    assert {name for _, name in named} >= BOUND_BY_THE_WORKBENCH
    assert sum(sent.values()) + sum(whole) <= 80_000


def one(collected: Path, place: str) -> Path:
    """The script of that name as it is sent."""
    (found,) = collected.glob(f"{place}.????????????.js")
    return found
