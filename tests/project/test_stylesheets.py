"""What no stylesheet may say: rules for which a browser searches, or styles anew, a whole text at every key."""

import re

import pytest
from django.conf import settings

SHEETS = sorted(path.name for path in (settings.BASE_DIR / "static/css").glob("*.css"))
# A sibling named by its element alone, or not at all, that reaches anything whatever: each element that is put into a
# page then has all that stands beside it, and in it, styled anew.
REACHES_ALL = re.compile(r"(?:^|[\s>+~,(])(?:\*|[a-z][a-z0-9]*)\s*[+~]\s*(?:[^,]*[\s>+~])?\*(?![\w-])")
# What holds the text, made to depend on what is in it.
LOOKS_EVERYWHERE = re.compile(
    r"(?:^|[\s>+~,(])(?:html|body|main|:root|\.workbench|\.text|\.leaf)(?![\w-])[^\s,>+~]*:has\("
)


def selectors(css: str) -> list[str]:
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [found.strip() for found in re.findall(r"([^{};]+)\{", plain) if not found.strip().startswith("@")]


@pytest.mark.parametrize("name", SHEETS)
def test_no_rule_reaches_over_the_whole_page(name: str) -> None:
    said = selectors((settings.BASE_DIR / "static/css" / name).read_text())
    assert [one for one in said if REACHES_ALL.search(one) or LOOKS_EVERYWHERE.search(one)] == []


@pytest.mark.parametrize(
    "selector", [".prose > * + *", ".table tbody tr + tr > *", "body:has(.verdict) .messages", "main.page:has(.guide)"]
)
def test_such_rules_are_recognised(selector: str) -> None:
    (said,) = selectors(f"/* Why. */ {selector} {{ margin: 0; }}")
    assert REACHES_ALL.search(said) or LOOKS_EVERYWHERE.search(said)
