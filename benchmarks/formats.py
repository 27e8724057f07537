"""How fast records go out and come in: 1,000 articles with 20 spans each as JSONL, and a brat corpus of 99,000 spans.

`python benchmarks/formats.py [export] [import]`; seconds of the clock and of this process's CPU, and its memory.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.place import scratch_database  # noqa: E402


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Say how long it took."""
    clock, cpu = time.perf_counter(), time.process_time()
    yield
    took, spent = time.perf_counter() - clock, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<40} {took:6.2f} s ({spent:.2f} s of CPU)  {count / took:>9,.0f} spans a second  {memory:,.0f} MB")


def exporting() -> None:
    """Records in every format that is written line by line."""
    from benchmarks.seed import item, keeper, published_statements
    from newsannot.articles.actions import take_in
    from newsannot.dataset.formats.registry import FORMATS
    from newsannot.dataset.gathering import Selection, documents, shapes

    articles, spans = 1_000, 20
    take_in(items=[item(number) for number in range(articles)], by=keeper(), in_bulk=True)
    published_statements(articles * spans // 3)
    count = articles * spans // 3 * 3
    everything = Selection(user=keeper())
    with timed("gathering alone", count):
        for _ in documents(everything):
            pass
    for name in ("jsonl", "csv", "w3c", "brat", "doccano", "conllu"):
        with timed(name, count):
            for _ in FORMATS[name].write(documents(everything), shapes()):
                pass


def corpus(folder: Path, articles: int, spans: int) -> None:
    """A brat corpus of discontinuous quotations with their sources."""
    for number in range(articles):
        text = "".join(
            f"Speaker {at} of {number} said: “we will do {at}”, and “no more”. \n" for at in range(spans // 3)
        )
        lines, at = [], 0
        for place, line in enumerate(text.splitlines(keepends=True)):
            first, last = at + line.index("“"), at + line.index("”") + 1
            more, end = at + line.rindex("“"), at + line.rindex("”") + 1
            name = at + line.index(" of")
            words = f"{text[first:last]} {text[more:end]}"
            lines += [
                f"T{place * 2 + 1}\tQuote {first} {last};{more} {end}\t{words}",
                f"T{place * 2 + 2}\tSpeaker {at} {name}\t{text[at:name]}",
                f"R{place}\tsaid_by Arg1:T{place * 2 + 1} Arg2:T{place * 2 + 2}",
            ]
            at += len(line)
        (folder / f"doc{number}.txt").write_text(text)
        (folder / f"doc{number}.ann").write_text("\n".join(lines) + "\n")


def importing() -> None:
    """A brat corpus, twice."""
    import json

    from django.core.management import call_command

    from benchmarks.seed import keeper

    articles, spans = 1_000, 99
    mapping = {
        "labels": {"Quote": "statement.content", "Speaker": "statement.source"},
        "relations": {"said_by": "part"},
    }
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        corpus(folder, articles, spans)
        (folder / "mapping.json").write_text(json.dumps(mapping))
        options = {
            "format": "brat",
            "by": keeper().username,
            "source": "Corpus",
            "mapping": str(folder / "mapping.json"),
        }
        for what in ("brat, the first time", "brat, again"):
            out = StringIO()
            with timed(what, articles * spans):
                call_command("import_annotations", place, stdout=out, **options)
            print(out.getvalue().strip().splitlines()[-1])


PARTS: dict[str, Callable[[], None]] = {"export": exporting, "import": importing}

if __name__ == "__main__":
    with scratch_database():
        for part in sys.argv[1:] or PARTS:
            PARTS[part]()
