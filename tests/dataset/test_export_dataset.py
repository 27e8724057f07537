import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from newsannot.accounts.models import Role
from newsannot.annotations.actions import submit_reading
from newsannot.dataset.gathering import Selection, documents
from newsannot.dataset.management.commands.export_dataset import write_whole
from tests.calling import a_publication
from tests.factories import TEXT, a_reading, a_source, a_statement, a_user, an_actor

pytestmark = pytest.mark.django_db


def exported(tmp_path: Path, **options: Any) -> list[dict[str, Any]]:
    path = tmp_path / "out.jsonl"
    call_command("export_dataset", output=str(path), stdout=StringIO(), **options)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_jsonl_holds_the_text_and_every_published_record(tmp_path: Path) -> None:
    made = a_publication()

    text, statement, threat = exported(tmp_path)

    assert (text["kind"], text["text"]) == ("document", TEXT)
    assert statement["id"] == str(made.statement.public_id)
    assert statement["speaker"]["id"] == made.speaker
    assert threat["statements"] == [statement["id"]]
    assert threat["primary_statement"] == statement["id"]
    for record in (statement, threat):
        for spans in record["parts"].values():
            for span in spans:
                assert TEXT[span["start"] : span["end"]] == span["exact"]
                assert span["sha256"] == text["sha256"]


def test_a_filter_picks_records_and_leaves_out_kinds_that_lack_it(tmp_path: Path) -> None:
    made, _ = a_publication(), a_publication()

    lines = exported(tmp_path, speaker=[str(made.speaker)])

    assert [line["kind"] for line in lines] == ["document", "statement", "threat"]
    assert lines[1]["id"] == str(made.statement.public_id)


def test_a_filter_of_unknown_value_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="mode: nothing is known by “sung”"):
        exported(tmp_path, mode=["sung"])


def test_the_number_of_queries_does_not_grow_with_the_texts(django_assert_num_queries: Any) -> None:
    person = a_user()
    a_publication()
    with django_assert_num_queries(13) as first:
        assert len(list(documents(Selection(user=person)))) == 1
    a_publication()
    a_publication()
    with django_assert_num_queries(len(first)):
        assert len(list(documents(Selection(user=person)))) == 3


def test_what_analysts_handed_in_is_for_editors_alone(tmp_path: Path) -> None:
    reading = a_reading()
    a_statement(reading, speaker=an_actor().pk, note="Between us.")
    assert reading.reader is not None
    submit_reading(reading=reading, by=reading.reader)
    editor = a_user(Role.EDITOR)

    text, statement = exported(tmp_path, layer="submitted", by=editor.username)
    with pytest.raises(CommandError, match="Only editors"):
        exported(tmp_path, layer="submitted", by=reading.reader.username)

    assert text["reader"] == reading.reader.username
    assert statement["note"] == "Between us."


def test_a_source_with_a_limit_lets_out_no_more_words_than_that(tmp_path: Path) -> None:
    a_publication(source=a_source(excerpt_limit=10))

    text, statement, _ = exported(tmp_path, kind=["statement", "threat"])

    assert len(text["text"]) == len(TEXT)
    assert text["is_excerpt"] is True
    shown = [span["exact"].replace("█", "") for spans in statement["parts"].values() for span in spans]
    assert sum(len(words.strip()) for words in shown) < 30
    assert "close the strait" not in text["text"]


def test_within_an_embargo_nothing_is_given_out(tmp_path: Path) -> None:
    a_publication(source=a_source(embargo_hours=24 * 366 * 50))

    assert exported(tmp_path) == []


def test_a_file_that_fails_half_way_is_not_left_behind(tmp_path: Path) -> None:
    def failing() -> Any:
        yield b"half"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_whole(tmp_path / "out", failing())

    assert list(tmp_path.iterdir()) == []
