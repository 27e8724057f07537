"""Files: articles one by one, what is bad with its place and reason."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest

from newsannot.articles.rules.decoding import MEGABYTE
from newsannot.articles.rules.files import Found, Ready, Refused, files_in, read_path, read_stream

BODY = "The minister said on Monday that his country would answer any attack on its ships and its planes."


def outcomes(found: list[Found]) -> list[tuple[str, object]]:
    return [(one.place, one.draft.title if isinstance(one, Ready) else dict(one.errors)) for one in found]


def test_a_text_file_is_one_article_with_its_bytes_kept(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_bytes(f"\ufeffA warning\r\n{BODY}".encode())
    [one] = read_path(path, None, {"language": "en", "source": "Gazette"})
    assert isinstance(one, Ready)
    assert (one.place, one.draft.text, one.draft.language) == (str(path), f"A warning\n{BODY}", "en")
    assert one.draft.capture is not None
    assert one.draft.capture.raw == path.read_bytes()


def test_a_page_in_a_legacy_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.html"
    russian = "Министр заявил, что ответ будет быстрым и жёстким, если войска перейдут реку. " * 3
    path.write_bytes(f"<meta charset=windows-1251><h1>Заголовок</h1><p>{russian}</p>".encode("cp1251"))
    [one] = read_path(path, None, {})
    assert isinstance(one, Ready)
    assert one.draft.text == f"Заголовок\n{russian.strip()}"


def test_bad_lines_are_named_and_the_rest_goes_on() -> None:
    lines = [
        json.dumps({"title": "First", "text": BODY, "language": ""}).encode(),
        b"{not json",
        b"",
        b"[1, 2]",
        b'{"text": "abc\xff"}',
        json.dumps({"text": "", "url": "x"}).encode(),
        b"[" * 100_000,
        json.dumps({"title": "Last", "text": BODY + "\ud800"}).encode(),
    ]
    found = list(read_stream(io.BytesIO(b"\xef\xbb\xbf" + b"\n".join(lines)), "f.jsonl", "jsonl", {"language": "de"}))
    assert outcomes(found) == [
        ("f.jsonl:1", "First"),
        (
            "f.jsonl:2",
            {"line": ["It is not valid JSON: Expecting property name enclosed in double quotes at character 2."]},
        ),
        ("f.jsonl:4", {"line": ["Each line must be a JSON object."]}),
        ("f.jsonl:5", {"line": ["It is not valid UTF-8: byte 13 (FF 22 7D) cannot be read."]}),
        (
            "f.jsonl:6",
            {
                "text": ["This field is required."],
                "url": ["A web address starts with http:// or https:// and names a host."],
            },
        ),
        ("f.jsonl:7", {"line": ["Its JSON is nested too deeply."]}),
        ("f.jsonl:8", "Last"),
    ]
    assert [one.draft.language for one in found if isinstance(one, Ready)] == ["de", "de"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", {"file": ["It is empty."]}),
        ("a.txt", b" \n", {"file": ["There is no text in it."]}),
        ("a.html", b"", {"file": ["It is empty."]}),
        ("a.jsonl", b"\n \n", {"file": ["It is empty."]}),
        ("a.txt", b"%PDF-1.7", {"file": ["This is a PDF file, not text."]}),
        ("a.txt", b"abc\xff", {"file": ["It is not valid UTF-8: byte 3 (FF) cannot be read."]}),
        ("a.html", b"<p></p>", {"html": ["No article was found in this page."]}),
        ("a.doc", b"abc", {"file": ["Its name does not say what it is: .txt, .html or .jsonl (or give --format)."]}),
    ],
)
def test_a_bad_file_names_itself_and_its_reason(tmp_path: Path, name: str, data: bytes, reason: object) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert outcomes(list(read_path(path, None, {}))) == [(str(path), reason)]


@pytest.mark.parametrize("name", ["none.txt", "none"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert outcomes(list(read_path(path, None, {}))) == [(str(path), {"file": ["There is no such file."]})]


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50 * MEGABYTE)
    tracemalloc.start()
    [one] = read_path(path, None, {})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(one, Refused)
    assert one.errors["file"][0].startswith("This is 50.0 MB; an article's text may have at most 5 MB.")
    assert peak < MEGABYTE


def test_an_overlong_line_is_refused_and_the_next_one_read() -> None:
    stream = io.BytesIO(b"x" * (25 * MEGABYTE) + b"\n" + json.dumps({"title": "Next", "text": BODY}).encode())
    assert outcomes(list(read_stream(stream, "f", "jsonl", {}))) == [
        ("f:1", {"line": ["It is longer than 20 MB."]}),
        ("f:2", "Next"),
    ]


def test_a_folder_gives_its_files_of_known_kinds_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "sub/c.jsonl", ".hidden.txt", ".git/d.txt", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [str(path.relative_to(tmp_path)) for path in files_in(tmp_path).inside] == ["a.html", "b.txt", "sub/c.jsonl"]


def test_links_are_followed_inside_the_folder_only(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    for place in (folder / "sub", outside):
        place.mkdir(parents=True)
    secret, own = outside / "secret.txt", folder / "sub" / "own.txt"
    secret.write_text("Secret.")
    own.write_text("Own.")
    (folder / "a.txt").symlink_to(secret)
    (folder / "b").symlink_to(outside, target_is_directory=True)
    (folder / "c.txt").symlink_to(own)
    (folder / "d.txt").symlink_to(folder / "sub" / ".." / ".." / "outside" / "gone.txt")
    (folder / "e.jpg").symlink_to(secret)
    (folder / "f.txt").symlink_to("f.txt")
    found = files_in(folder)
    assert [str(path.relative_to(folder)) for path in found.inside] == ["c.txt", "sub/own.txt"]
    assert [str(path.relative_to(folder)) for path in found.leading_out] == ["a.txt", "b", "d.txt"]


def test_a_folder_named_by_a_link_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("A.")
    link = tmp_path / "link"
    link.symlink_to(folder, target_is_directory=True)
    assert (files_in(link).inside, files_in(link).leading_out) == ([link / "a.txt"], [])
