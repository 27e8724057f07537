"""Files that other people made: lines however long, archives however deep."""

from pathlib import Path

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.graph import Problem, ours
from newsannot.dataset.formats.reading import LineReader
from newsannot.dataset.formats.stretches import Utf16


def test_a_line_that_is_too_long_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"one\n" + b"x" * 100 + b"\n\n\xff\nlast")

    for file in (FoundFile("in.jsonl", path=path), FoundFile("in.jsonl", path.read_bytes())):
        assert list(LineReader(file, longest=10).lines()) == [
            ("in.jsonl:1", "one"),
            ("in.jsonl:2", Problem("in.jsonl:2", "This line has more than 10 bytes.")),
            ("in.jsonl:4", Problem("in.jsonl:4", "This line is not UTF-8: byte 0 cannot be read.")),
            ("in.jsonl:5", "last"),
        ]


def test_utf16_offsets_lead_to_code_points_and_back() -> None:
    text = "a🚢b𝒳c"
    wide = Utf16(text)

    for at in range(len(text) + 1):
        assert wide.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert wide.points(wide.units(at)) == at
    assert wide.points(2) == 1  # within a pair: the place before it


def test_labels_are_ours_however_they_are_written() -> None:
    written = ["Statement.content", "statement-content", "statement_content", "STATEMENT content", "mention"]

    assert [ours(label) for label in written] == [*["statement.content"] * 4, "mention"]
