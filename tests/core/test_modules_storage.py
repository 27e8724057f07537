"""Static files as production sends them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

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
