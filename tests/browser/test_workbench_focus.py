"""The keyboard alone: every gesture one after the other, and after each of them something of the page has the focus."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from newsannot.annotations.models import Annotation
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_reading, a_revision, a_user, an_actor
from tests.suggestions.making import a_drafted_reading

FIRST = "“If a ship comes, we will strike,” Adaeze Obi said. “Soon.”"
TEXT = f"{FIRST}\nThe warning stands: Obi repeated that they will strike.\n“We wait,” the envoy said."
WHERE = "() => document.activeElement.closest('#text, #inspector, #find-bar, #stack, #guide, #keys')?.id ?? 'nowhere'"
# Where the last key of a line should lead; *: wherever it does, but not nowhere.
JOURNEY = """
  text: ArrowRight Control+ArrowRight Shift+ArrowRight Control+Shift+ArrowRight Home End Control+Home Control+End
  text: Escape Control+Home Control+ArrowRight g g Shift+G Shift+G w w BracketRight Comma Escape
  text: Control+Home Control+ArrowRight Control+ArrowRight q
  text: z y BracketRight BracketLeft Shift+BracketRight Shift+BracketLeft Comma Period
  inspector: Enter
  inspector: Enter
  *: Escape Escape
  text: Escape n p u Shift+U
  stack: n l
  text: Escape
  stack: l
  text: Enter
  text: n t Delete z n n n Shift+Delete z 1 Escape
  find-bar: /
  text: Escape
  inspector: o Shift+O o x a c
  *: Escape Escape
  guide: h
  text: Escape
  keys: ?
  text: Escape
  text: Control+Home Control+Shift+ArrowRight m
  inspector: Enter
  inspector: Enter
  inspector: Tab Tab
  *: Escape Escape
  text: Delete z
"""


@pytest.fixture
def workbench(transactional_db: None, sign_in: SignIn) -> WorkbenchPage:
    call_command("load_codebook", verbosity=0)
    an_actor("Adaeze Obi")
    reading = a_drafted_reading(a_reading(by=a_user(), revision=a_revision(TEXT, zones=[])))
    page = WorkbenchPage(sign_in(reading.reader).new_page(), reading)
    page.page.locator("#text").focus()
    return page


def steps(journey: str) -> Iterator[tuple[str, str, bool]]:
    """Where each key should lead, the key, and whether its line ends with it."""
    for line in journey.strip().splitlines():
        place, keys = line.split(":", 1)
        *others, last = keys.split()
        yield from ((place.strip(), key, False) for key in others)
        yield place.strip(), last, True


def test_the_focus_is_never_lost(workbench: WorkbenchPage) -> None:
    lost, astray = [], []
    for place, key, is_last in steps(JOURNEY):
        workbench.press(key)
        if workbench.page.evaluate("() => document.activeElement === document.body"):
            lost.append(key)
        workbench.wait_for(lambda: not workbench.is_busy())
        workbench.settle()
        where = workbench.page.evaluate(WHERE)
        if where == "nowhere" or (is_last and place not in ("*", where)):
            astray.append((key, where, place))
    assert (lost, astray) == ([], [])
    assert Annotation.objects.filter(reading=workbench.reading, deleted_at=None).count() > 2


@pytest.mark.parametrize(
    "key",
    [
        *("Control+f", "Control+a", "Control+c", "Control+p", "Control+s", "Control+l", "Control+t", "Control+w"),
        *("Control+n", "Control+r", "Control+z", "Control+y", "Control+k", "Control+g", "Control+h", "Control+u"),
        *("Alt+ArrowLeft", "Alt+ArrowRight", "Alt+d", "Alt+m", "Meta+m", "F1", "F3", "F5", "F6", "F7", "F11", "F12"),
        *("Space", "Shift+Space", "PageDown", "PageUp", "Tab", "Shift+Tab", "Quote"),
    ],
)
def test_no_key_of_the_browser_is_taken(workbench: WorkbenchPage, key: str) -> None:
    *held, name = key.split("+")
    held_names = {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey", "Shift": "shiftKey"}
    init = {held_names[one]: True for one in held}
    code = f"Key{name.upper()}" if len(name) == 1 else name
    value = {"Space": " ", "Quote": "'"}.get(name, name)
    is_left_alone = workbench.page.evaluate(
        """init => document.querySelector('#text').dispatchEvent(
            new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }))""",
        {**init, "key": value, "code": code},
    )
    assert is_left_alone


def test_quick_find_of_firefox_is_where_find_is(workbench: WorkbenchPage) -> None:
    workbench.press("/")
    assert workbench.page.evaluate("() => document.activeElement.name") == "q"
    assert workbench.page.locator("#find-bar input[name=q]").input_value() == ""
