"""The command `import_articles`."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from newsannot.accounts.models import Role
from newsannot.articles.actions import BATCH
from newsannot.articles.models import Article, Revision
from tests.factories import a_user

BODY = "The minister said on Monday that his country would answer any attack on its ships and its planes."
pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: object, **options: Any) -> tuple[str, str, str]:
    """What the command says on stdout, on stderr and, when it fails, at last."""
    out, err, failure = io.StringIO(), io.StringIO(), ""
    try:
        call_command("import_articles", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


def write_lines(path: Path, *items: dict[str, Any] | str) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in items))
    return path


def test_a_folder_of_all_formats_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"A warning\n{BODY}")
    (tmp_path / "b.html").write_text(f"<html lang=de><h1>Warnung</h1><p>{BODY}</p><p>{BODY} Noch einmal.</p></html>")
    write_lines(tmp_path / "c.jsonl", {"title": "One", "text": "First text."}, {"title": "Two", "text": "Second."})
    out, err, failure = run(tmp_path, source="Gazette", language="en", by=a_user(username="anna").username)
    assert (out, err, failure) == ("4 articles added, 0 already there, 0 not taken in.\n", "", "")
    assert sorted(Article.objects.values_list("title", "language", "source__name", "created_by__username")) == [
        ("A warning", "en", "Gazette", "anna"),
        ("One", "en", "Gazette", "anna"),
        ("Two", "en", "Gazette", "anna"),
        ("Warnung", "en", "Gazette", "anna"),
    ]


def test_bad_items_are_named_the_rest_goes_on_and_the_command_fails(tmp_path: Path) -> None:
    lines = write_lines(
        tmp_path / "a.jsonl", {"text": "Good."}, "{", {"text": BODY, "url": "nowhere"}, {"text": "Fine."}
    )
    empty, binary = tmp_path / "empty.txt", tmp_path / "binary.txt"
    empty.touch()
    binary.write_bytes(b"\x89PNG\r\n")
    out, err, failure = run(tmp_path)
    assert out == "2 articles added, 0 already there, 4 not taken in.\n"
    assert err.splitlines() == [
        f"{lines}:2: line: It is not valid JSON: Expecting property name enclosed in double quotes at character 2.",
        f"{lines}:3: url: A web address starts with http:// or https:// and names a host.",
        f"{binary}: file: This is a PNG picture, not text.",
        f"{empty}: file: It is empty.",
    ]
    assert failure == "4 articles could not be taken in; the reasons are above."


def test_duplicates_are_reported_and_never_doubled(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": "One."}, {"text": "Two."}, {"text": "One."})
    first, _, _ = run(path)
    article = Article.objects.get(text_sha256=Revision.objects.get(text="One.").sha256)
    assert first.splitlines() == [
        f"{path}:3: already there as article {article.pk} (same text)",
        "2 articles added, 1 already there, 0 not taken in.",
    ]
    second, _, failure = run(path)
    assert second.splitlines()[-1] == "0 articles added, 3 already there, 0 not taken in."
    assert failure == ""
    assert Article.objects.count() == 2


def test_several_batches_are_all_stored(tmp_path: Path) -> None:
    count = 2 * BATCH + 3
    path = write_lines(tmp_path / "a.jsonl", *({"text": f"Text {number}."} for number in range(count)))
    out, _, _ = run(path)
    assert out.startswith(f"{count:,} articles added (")
    assert Revision.objects.count() == count


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "From a pipe."}\n{"text": ""}')))
    out, err, _ = run("-")
    assert out == "1 article added, 0 already there, 1 not taken in.\n"
    assert err == "standard input:2: text: This field is required.\n"


@pytest.mark.parametrize(
    ("arguments", "err", "failure"),
    [
        (
            ["nowhere.txt"],
            "nowhere.txt: file: There is no such file.\n",
            "1 article could not be taken in; the reasons are above.",
        ),
        (
            ["."],
            ".: file: There is no text, HTML or JSONL file in this folder.\n",
            "1 article could not be taken in; the reasons are above.",
        ),
        (["x.txt", "--by", "nobody"], "", "There is nobody called nobody."),
    ],
)
def test_what_cannot_be_found_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], err: str, failure: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments)[1:] == (err, failure)


def test_a_terminal_sees_a_progress_bar(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Terminal()
    call_command(
        "import_articles", str(write_lines(tmp_path / "a.jsonl", {"text": "One."})), stdout=io.StringIO(), stderr=err
    )
    assert "██████████████████████████████ 100%  1 articles" in err.getvalue()


def test_a_reader_that_goes_away_does_not_stop_the_import(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": "Same."}, {"text": "Same."}, {"text": "Last."})
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        call_command("import_articles", str(path), stdout=gone)
    assert Article.objects.count() == 2


def test_nothing_is_added_in_the_name_of_somebody_who_may_not(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": "One."})
    reader = a_user(Role.READER, username="rhea")
    assert run(path, by=reader.username) == ("", "", "rhea may not add articles.")
    assert Article.objects.count() == 0


def test_links_out_of_a_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    folder, secret = tmp_path / "folder", tmp_path / "secret.txt"
    folder.mkdir()
    secret.write_text(BODY)
    (folder / "good.txt").write_text(f"{BODY} Twice.")
    (folder / "link.txt").symlink_to(secret)
    out, err, failure = run(folder)
    assert out == "1 article added, 0 already there, 1 not taken in.\n"
    assert err == f"{folder / 'link.txt'}: file: It is a link that leads out of the folder; it is not followed.\n"
    assert failure == "1 article could not be taken in; the reasons are above."
    assert [revision.text for revision in Revision.objects.all()] == [f"{BODY} Twice."]


def test_the_words_of_all_articles_are_sorted_into_the_index_in_the_end(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "many.jsonl", *({"text": f"{BODY} {number}"} for number in range(20)))
    run(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('revision_search')")
        assert cursor.fetchone() == (0,)
