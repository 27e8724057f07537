"""Every refusal names what it is about."""

import ast
from pathlib import Path

import newsannot

ROOT = Path(newsannot.__file__).parent
REFUSALS = {"RuleBroken", "Mismatch"}


def unnamed(file: Path) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    refusals = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in REFUSALS)
    return [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for call in refusals
        if not {"field", "problems"} & {keyword.arg for keyword in call.keywords}
    ]


def test_every_refusal_names_its_field() -> None:
    assert [place for file in sorted(ROOT.rglob("*.py")) for place in unnamed(file)] == []
