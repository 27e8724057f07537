"""A whole article read by keyboard alone, in one sitting: how many keys it takes, and how long.

Alone: `.venv/bin/python benchmarks/sitting.py [ARTICLE.txt]`; without an argument, the one beside the checkout. What is
pressed is written for that article: its suggestions are accepted, what they miss is found and marked, the one threat
gets its references, restatements and fields, every name is marked wherever it stands, and the reading is submitted. It
fails unless the reading is whole in the end. The time is the machine's, which waits for nothing but answers: the
reading, and the fingers, are a person's.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.browser import launched  # noqa: E402
from benchmarks.place import scratch_database, server  # noqa: E402

SEED = ROOT.parent / "shared" / "seed"
MOST_SECONDS = 15
QUIET = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
  done(!document.querySelector('.htmx-request, #unsaved:not(:empty)')), 20))))"""
# The first words of what is said, how many more words it has; the cue; the source, and at which place it stands.
STATEMENTS = (
    ("peacekeeping troops must", 9, "remain adamant", "European leaders", 2),
    ("the possibility of", 5, "responded by floating", "U.S. President Donald", 1),
    ("to contribute to", 6, "pledge", "two dozen countries", 1),
    ("the prospect of", 9, "ruled out", "Russian President Vladimir Putin", 2),
)
REFERENCES = (("a direct threat", 1), ("Putin's threat", 1), ("Putin's threat", 2), ("a Big Threat", 1))
RESTATED = (("his troops would", 5), ("his forces would", 2))
NAMES = ("Ukraine", "Putin", "Russia", "NATO", "United Kingdom", "France", "Western troops")
SPEAKERS = {
    "Vladimir Putin": 7,
    "Volodymyr Zelenskyy": 3,
    "European leaders": 1,
    "Donald Trump": 1,
    "Coalition of the Willing": 1,
}
THREAT = {"reference": 4, "condition": 3, "consequence": 4}


class Hands:
    """Two hands on a keyboard: they press keys, and look at the screen before they press the next."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def press(self, *chords: str) -> None:
        """Press keys; a chord is one of each of its keys."""
        for chord in chords:
            self.page.keyboard.press(chord)
            self.count += len(chord.split("+"))
            self.look()

    def hold(self, modifiers: str, key: str, times: int) -> None:
        """Press a key several times while others are held down."""
        for _ in range(times):
            self.page.keyboard.press(f"{modifiers}+{key}")
        self.count += len(modifiers.split("+")) + times
        self.look()

    def write(self, words: str) -> None:
        """Write words; a capital is two keys."""
        self.page.keyboard.type(words)
        self.count += len(words) + sum(letter.isupper() for letter in words)
        self.look()

    def look(self) -> None:
        """Wait until what was done is on the screen and saved."""
        until = time.monotonic() + MOST_SECONDS
        while not self.page.evaluate(QUIET):
            if time.monotonic() > until:
                sys.exit("The page does not come to rest.")
            self.page.wait_for_timeout(20)

    def see(self, selector: str, **having: Any) -> None:
        """Wait until something is there."""
        self.page.locator(selector, **having).first.wait_for(timeout=MOST_SECONDS * 1000)

    def find(self, words: str, more: int = 0, place: int = 1) -> None:
        """Select words by finding them, and so many words more behind them."""
        self.press("/")
        self.write(words)
        self.press(*["Enter"] * place, "Escape")
        if more:
            self.hold("Control+Shift", "ArrowRight", more)

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """Go with Tab, or backwards, until something has the focus."""
        for _ in range(40):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press(key)
        sys.exit(f"No {selector} to tab to.")


def accept_suggestions(hands: Hands) -> None:
    """Accept what is suggested, one after the other."""
    hands.press("o")
    left = hands.page.locator("[data-suggestion]:not([hidden])")
    while left.count():
        hands.press("a")


def mark_statements(hands: Hands) -> None:
    """Mark what the suggestions miss: what is said, its cue and its source; who says it is offered and taken."""
    for words, more, cue, source, place in STATEMENTS:
        hands.find(words, more)
        hands.press("s")
        hands.see("#record-title", has_text="Statement")
        hands.find(cue)
        hands.press("2")
        hands.find(source, place=place)
        hands.press("1", "Enter")
        hands.see("[role=option]")
        hands.press("Enter", "Escape", "Escape")


def complete_threat(hands: Hands) -> None:
    """Go to the one record that lacks something: what refers to the threat, what says it again, whom it would hit."""
    hands.press("u")
    hands.see("#record-title", has_text="Threat")
    for words, place in REFERENCES:
        hands.find(words, place=place)
        hands.press("1")
    for words, more in RESTATED:
        hands.find(words, more)
        hands.press("r")
    hands.press("Enter")
    hands.write("Western")
    hands.see("[role=option]", has_text="Western troops in Ukraine")
    hands.press("Enter", "Escape")
    while hands.page.locator("#inspector .proposals:not(.is-folded) .proposal:not([hidden])").count():
        hands.press("v")
    hands.press("Escape", "Escape")


def mark_names(hands: Hands) -> None:
    """Mark every name wherever it stands."""
    for name in NAMES:
        hands.press("/")
        hands.write(name)
        hands.press("Tab")
        hands.see("[role=option]", has_text=name)
        hands.press("Enter", "Enter")


def submit(hands: Hands) -> None:
    """Hand the reading in."""
    hands.tab_to("a[href$='/submit/']", key="Shift+Tab")
    hands.page.keyboard.press("Enter")
    hands.count += 1
    hands.page.wait_for_url("**/submit/")
    hands.tab_to("main button")
    hands.page.keyboard.press("Enter")
    hands.count += 1
    hands.see("main", has_text="submitted")


def an_open_reading(path: Path) -> tuple[Any, str]:
    """The article taken in, drafted and opened by the demo's analyst; and the key of their session."""
    from django.core.management import call_command

    from benchmarks import seed
    from newsannot.accounts.models import User
    from newsannot.annotations.actions import open_reading
    from newsannot.articles.models import Article
    from newsannot.dataset.demo import load_demo
    from newsannot.dataset.demo_files import read_demo
    from newsannot.suggestions.actions import draft_suggestions

    load_demo(read_demo(ROOT / "fixtures"))
    call_command("load_world", verbosity=0)
    call_command("import_articles", str(path), "--language", "en", verbosity=0)
    analyst, revision = User.objects.get(username="analyst"), Article.objects.latest("pk").current_revision
    draft_suggestions(revision_ids=[revision.pk], by=None)
    return open_reading(revision=revision, by=analyst), seed.sign_in(analyst)


def check_whole(reading: Any) -> Counter[str]:
    """How many records of each kind there are; exits where one is missing or unfinished."""
    from newsannot.annotations.models import Annotation, Reading, Span
    from newsannot.statements.models import Statement
    from newsannot.threats.models import Expression, Threat

    said = Statement.objects.standing().filter(reading=reading.pk).values_list("speaker__name", flat=True)
    threat = Threat.objects.standing().get(reading=reading.pk)
    roles = Counter(Span.objects.filter(annotation=threat.pk).values_list("role", flat=True))
    expressed = Expression.objects.filter(threat=threat.pk).count()
    state = Reading.objects.get(pk=reading.pk).state
    seen = (dict(Counter(said)), dict(roles), expressed, threat.harm_targets.count(), bool(threat.cameo), state)
    if seen != (SPEAKERS, THREAT, 4, 1, True, "submitted"):
        sys.exit(f"The reading is not whole: {seen}")
    return Counter(Annotation.objects.standing().filter(reading=reading.pk).values_list("kind", flat=True))


def main() -> None:
    """Read the article, and tell of each part of the work what it took."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else next(iter(sorted(SEED.glob("*.txt"))), None)
    if path is None:
        sys.exit("Name a file with the article.")
    with scratch_database(), server() as port:
        reading, session = an_open_reading(path)
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser, page = launched(playwright, port, session)
            page.goto(f"/readings/{reading.pk}/")
            page.wait_for_selector("main[data-bound]")
            page.wait_for_selector("[data-suggestion]")
            hands, began = Hands(page), time.monotonic()
            for work in (accept_suggestions, mark_statements, complete_threat, mark_names, submit):
                before, since = hands.count, time.monotonic()
                work(hands)
                name = work.__name__.replace("_", " ")
                print(f"{name:>20} {hands.count - before:>5} keys {time.monotonic() - since:>6.1f} s", flush=True)
            seconds = time.monotonic() - began
            browser.close()
        made = check_whole(reading)
        print(f"{'in all':>20} {hands.count:>5} keys {seconds:>6.1f} s: {dict(made)}")


if __name__ == "__main__":
    main()
