import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.actions import delete_annotation, submit_reading
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.queries import read_records
from newsannot.articles.models import Article
from newsannot.dataset.formats.registry import READABLE
from tests.calling import a_publication
from tests.factories import TEXT, a_codebook, a_reading, a_revision, a_user

pytestmark = pytest.mark.django_db
QUOTES = {"labels": {"Quote": "statement.content", "Speaker": "statement.source"}, "relations": {"said_by": "part"}}


@pytest.fixture
def analyst() -> User:
    a_codebook()
    return a_user()


def brought(path: Path, by: User, form: str = "brat", **options: Any) -> tuple[str, list[str]]:
    """What the command says: its last line, and its problems."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_annotations", str(path), format=form, by=by.username, stdout=out, stderr=err, **options)
    except CommandError as error:
        assert "could not be brought in" in str(error)  # noqa: PT017 - the words of the error are beside the point
    return out.getvalue().splitlines()[-1].split(" (")[0], err.getvalue().splitlines()


def corpus(folder: Path, lines: list[str], text: str = TEXT, name: str = "one") -> Path:
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes("".join(f"{line}\n" for line in lines).encode())
    return folder


def marked(number: int, label: str, *words: str, text: str = TEXT) -> str:
    places = [(text.index(one), text.index(one) + len(one)) for one in words]
    return f"T{number}\t{label} {';'.join(f'{a} {b}' for a, b in places)}\t{' '.join(words)}"


def mapping(folder: Path, **given: Any) -> str:
    path = folder.parent / "mapping.json"
    path.write_text(json.dumps(QUOTES | given))
    return str(path)


LINES = [
    marked(1, "Quote", "“If a single ship crosses the line,”", "“we will close the strait.”"),
    marked(2, "Speaker", "Adaeze Obi"),
    "R1\tsaid_by Arg1:T1 Arg2:T2",
]


def test_a_discontinuous_quotation_of_brat_becomes_one_statement(analyst: User, tmp_path: Path) -> None:
    revision = a_revision()

    said, problems = brought(corpus(tmp_path, LINES), analyst, mapping=mapping(tmp_path))

    assert (said, problems) == ("1 records are new, 0 stood already, 0 problems, in 1 texts", [])
    reading = Reading.objects.get(revision=revision, reader=analyst)
    (statement,) = Annotation.objects.filter(reading=reading)
    assert (statement.kind, statement.origin, statement.created_by) == ("statement", "import", analyst)
    spans = Span.objects.filter(annotation=statement).values_list("role", "exact")
    assert list(spans) == [
        ("content", "“If a single ship crosses the line,”"),
        ("source", "Adaeze Obi"),
        ("content", "“we will close the strait.”"),
    ]


def test_a_second_import_changes_nothing(analyst: User, tmp_path: Path) -> None:
    a_revision()
    brought(corpus(tmp_path, LINES), analyst, mapping=mapping(tmp_path))
    before = list(Reading.objects.values_list("pk", "version"))

    said, problems = brought(tmp_path, analyst, mapping=mapping(tmp_path))

    assert (said, problems) == ("0 records are new, 1 stood already, 0 problems, in 1 texts", [])
    assert list(Reading.objects.values_list("pk", "version")) == before


def test_what_its_reader_deleted_does_not_come_back(analyst: User, tmp_path: Path) -> None:
    a_revision()
    brought(corpus(tmp_path, LINES), analyst, mapping=mapping(tmp_path))
    delete_annotation(annotation=Annotation.objects.get(), by=analyst)

    brought(tmp_path, analyst, mapping=mapping(tmp_path))

    assert Annotation.objects.standing().count() == 0


def test_a_dry_run_stores_nothing(analyst: User, tmp_path: Path) -> None:
    said, _ = brought(corpus(tmp_path, LINES), analyst, mapping=mapping(tmp_path), source="Wire", dry_run=True)

    assert said == "1 records would be new, 0 stood already, 0 problems, in 1 texts"
    assert (Article.objects.count(), Reading.objects.count(), Annotation.objects.count()) == (0, 0, 0)


def test_a_text_that_is_not_known_is_taken_in_where_its_source_is_named(analyst: User, tmp_path: Path) -> None:
    corpus(tmp_path, LINES)

    _, problems = brought(tmp_path, analyst, mapping=mapping(tmp_path))
    assert problems == ["one.ann: No article has this text; name its source to take it in."]

    said, problems = brought(tmp_path, analyst, mapping=mapping(tmp_path), source="Wire", language="en")
    assert (said, problems) == ("1 records are new, 0 stood already, 0 problems, in 1 texts", [])
    assert Article.objects.get().title == "Minister warns neighbour"


def test_offsets_of_a_text_with_other_line_ends_are_carried_over(analyst: User, tmp_path: Path) -> None:
    text = TEXT.replace("\n", "\r\n")
    revision = a_revision()
    lines = [marked(1, "mention", "neighbour’s envoy", text=text)]

    said, problems = brought(corpus(tmp_path, lines, text), analyst)

    assert (said, problems) == ("1 records are new, 0 stood already, 0 problems, in 1 texts", [])
    span = Span.objects.get(reading__revision=revision)
    assert (span.start, span.exact) == (TEXT.index("neighbour’s envoy"), "neighbour’s envoy")


def test_damaged_lines_are_reported_one_by_one_and_the_rest_goes_on(analyst: User, tmp_path: Path) -> None:
    a_revision()
    lines = [
        *LINES,
        "T3\tQuote 5 x\twhat",
        "T4\tQuote 90000 90010\tbeyond",
        f"T5\tQuote 0 8\t{TEXT[1:9]}",
        "R7\tsaid_by Arg1:T1 Arg2:T99",
        marked(6, "Person", "envoy"),
        "nonsense",
        marked(8, "Quote", "About the author"),
    ]

    said, problems = brought(corpus(tmp_path, lines), analyst, mapping=mapping(tmp_path))

    assert said == "1 records are new, 0 stood already, 7 problems, in 1 texts"
    assert sorted(problem.partition(": ")[0] for problem in problems) == sorted(
        [*(f"one.ann:{n}" for n in (4, 5, 6, 7, 8, 9)), "one.ann:10, statement"]
    )
    assert "one.ann:8: The label “Person” is none of ours; name it in the mapping." in problems


def test_parents_in_a_circle_are_refused_with_those_that_rest_on_them(analyst: User, tmp_path: Path) -> None:
    a_revision()
    lines = [
        marked(1, "statement-content", "If a single ship"),
        marked(2, "statement-content", "we will close the strait"),
        marked(3, "statement-content", "called the warning reckless"),
        "R1\tparent Arg1:T1 Arg2:T2",
        "R2\tparent Arg1:T2 Arg2:T1",
    ]

    said, problems = brought(corpus(tmp_path, lines), analyst)

    assert said == "1 records are new, 0 stood already, 2 problems, in 1 texts"
    assert problems == [f"one.ann:{n}, statement: record: It is nested in itself, by way of others." for n in (1, 2)]


def test_a_code_that_is_unknown_is_refused_with_its_record(analyst: User, tmp_path: Path) -> None:
    a_revision()
    lines = [marked(1, "statement-content", "we will close the strait"), "A1\tmode T1 sung"]

    _, problems = brought(corpus(tmp_path, lines), analyst)

    assert problems == [
        "one.ann:1, statement: mode: “sung” is not a code of quotation-mode in this reading's codebook."
    ]
    assert Annotation.objects.count() == 0


def test_a_reading_that_was_handed_in_takes_nothing(analyst: User, tmp_path: Path) -> None:
    reading = a_reading(by=analyst)
    corpus(tmp_path, [marked(1, "mention", "envoy")])
    brought(tmp_path, analyst)
    submit_reading(reading=reading, by=analyst)
    corpus(tmp_path, [marked(1, "mention", "neighbour’s")])

    said, problems = brought(tmp_path, analyst)

    assert said == "0 records are new, 0 stood already, 1 problems, in 1 texts"
    assert "submitted" in problems[0]


def test_actors_are_found_by_name_and_kind_or_made_once(analyst: User, tmp_path: Path) -> None:
    a_revision()
    lines = [
        marked(1, "mention", "Adaeze Obi"),
        "N1\tReference T1 actor:person\tAdaeze Obi",
        marked(2, "mention", "Minister Adaeze Obi"),
        "N2\tReference T2 actor:person\tAdaeze Obi",
    ]

    brought(corpus(tmp_path, lines), analyst)

    assert list(Actor.objects.values_list("name", "kind")) == [("Adaeze Obi", "person")]
    assert Annotation.objects.count() == 2


@pytest.mark.parametrize("form", sorted(set(READABLE) - {"doccano"}))
def test_what_is_exported_and_imported_says_the_same(form: str, analyst: User, tmp_path: Path) -> None:
    if form == "xmi":
        pytest.importorskip("cassis")
    made = a_publication(claim={"credibility": "2", "note": "", "negated": True})
    path = tmp_path / f"out.{READABLE[form].ending}"
    call_command("export_dataset", format=form, output=str(path))

    said, problems = brought(path, analyst, form)

    assert (said, problems) == ("2 records are new, 0 stood already, 0 problems, in 1 texts", [])
    ours = Reading.objects.get(revision=made.reading.revision, reader=analyst)
    assert _told(ours) == _told(made.reading)


def _told(reading: Reading) -> list[Any]:
    records = read_records(Annotation.objects.filter(reading=reading))
    links = {"statements", "primary_statement", "parent"}
    return sorted(
        repr(({n: v for n, v in one.claim.items() if n not in links}, one.as_json()["parts"]))
        for one in records.values()
    )


def test_an_archive_may_not_lead_out_of_itself_nor_unfold_out_of_proportion(analyst: User, tmp_path: Path) -> None:
    path = tmp_path / "corpus.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/out.ann", "T1\tmention 0 1\tx\n")
        archive.writestr("bomb.ann", b"\0" * 40_000_000)

    _, problems = brought(path, analyst)

    assert "../../etc/out.ann: Its path leads out of the archive; it is not read." in problems
    assert "bomb.ann: It unfolds out of all proportion; it is not read." in problems
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_left_by_a_link(analyst: User, tmp_path: Path) -> None:
    outside, folder = tmp_path / "secret.ann", tmp_path / "corpus"
    outside.write_text("T1\tmention 0 1\tx\n")
    folder.mkdir()
    (folder / "one.ann").symlink_to(outside)

    _, problems = brought(folder, analyst)

    assert "one.ann: It is a link that leads out of the folder; it is not followed." in problems


def test_lines_that_are_no_json_or_no_utf8_are_named(analyst: User, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"kind": "statement"}\n{nonsense\n\xff\xfe\n[1]\n')

    _, problems = brought(path, analyst, "jsonl")

    assert problems == [
        "in.jsonl:1: A record before any text.",
        "in.jsonl:2: This line is no JSON object.",
        "in.jsonl:3: This line is not UTF-8: byte 0 cannot be read.",
        "in.jsonl:4: This line is no JSON object.",
    ]


def test_a_text_in_another_encoding_is_named(analyst: User, tmp_path: Path) -> None:
    corpus(tmp_path, LINES)
    (tmp_path / "one.txt").write_bytes(TEXT.replace("🚢", "").encode("cp1252"))

    _, problems = brought(tmp_path, analyst)

    assert problems == [f"one.txt: It is not UTF-8: byte {TEXT.index('“')} cannot be read."]


def test_a_mapping_that_is_none_is_refused(analyst: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing else"):
        call_command(
            "import_annotations", str(corpus(tmp_path, [])), format="brat", by=analyst.username,
            mapping=mapping(tmp_path, colours={}),
        )  # fmt: skip


def test_only_those_who_annotate_bring_in(analyst: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="may not annotate"):
        call_command("import_annotations", str(tmp_path), format="brat", by=a_user("reader").username)
