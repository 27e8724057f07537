"""The command `import_actors`: from sheets and from Wikidata, hostile files too; safe to repeat."""

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from newsannot.accounts.models import Role
from newsannot.actors import sheets, wikidata
from newsannot.actors.actions import change_tenure, remove_tie
from newsannot.actors.models import Actor, ActorName, Membership, Tenure
from tests.factories import a_codebook, a_user, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codebook(db: None) -> None:
    a_codebook()


def run(*arguments: object, **options: Any) -> tuple[list[str], list[str], str]:
    """What the command says on stdout and stderr, by line, and, when it fails, at last."""
    out, err, failure = io.StringIO(), io.StringIO(), ""
    try:
        call_command("import_actors", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        failure = str(error)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), failure


def summed(added: int, **others: int) -> str:
    counts = dict.fromkeys(("filled", "there", "other", "refused", "ties", "missed"), 0) | others
    return (
        "{} added, {filled} filled up, {there} already there, {other} no actors, {refused} not taken in;"
        " {ties} offices and memberships added, {missed} left out."
    ).format(added, **counts)


# --- sheets -------------------------------------------------------------------------------------

SHEET = """\ufeffname,kind,aliases,wikidata_id,iso3,country,cow_code,sectors
Portland,state,Республика Порт@ru|The Port,Q900,por,POR,901,
Adaeze Obi,person,Obi,,,POR,,GOV|MIL
"""


def a_sheet(tmp_path: Path, text: str | bytes = SHEET) -> Path:
    path = tmp_path / "actors.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_sheet_is_taken_in_and_again_changes_nothing(tmp_path: Path) -> None:
    sheet = a_sheet(tmp_path)
    assert run(sheet) == ([summed(2)], [], "")
    port, obi = Actor.objects.order_by("-name")
    assert (port.wikidata_id, port.iso3, port.country, port.cow_code, port.is_public) == (
        "Q900",
        "POR",
        "POR",
        901,
        True,
    )
    assert list(port.names.order_by("id").values_list("name", "language", "script", "search")) == [
        ("Portland", "", "Latn", " portland"),
        ("Республика Порт", "ru", "Cyrl", " республика порт"),
        ("The Port", "", "Latn", " the port"),
    ]
    assert (obi.sectors, obi.country) == (["GOV", "MIL"], "POR")
    events = obi.events.count()
    assert run(sheet) == ([summed(0, there=2)], [], "")
    assert (Actor.objects.count(), ActorName.objects.count(), obi.events.count()) == (2, 5, events)


def test_what_is_there_is_filled_up_and_never_changed(tmp_path: Path) -> None:
    by_code = an_actor("Port", kind="state", iso3="POR", cow_code=7)
    by_name = an_actor("Adaeze Obi", description="Poet")
    other = an_actor("Twin", wikidata_id="Q1")
    sheet = a_sheet(tmp_path, SHEET + "Twin,person,,Q2,,,,\n")
    assert run(sheet)[0] == [summed(1, filled=2)]
    for actor in (by_code, by_name, other):
        actor.refresh_from_db()
    assert (by_code.name, by_code.wikidata_id, by_code.cow_code) == ("Port", "Q900", 7)
    assert (by_name.description, by_name.country) == ("Poet", "POR")
    assert Actor.objects.filter(name="Twin").count() == 2


def test_one_that_comes_twice_in_a_sheet_is_one(tmp_path: Path) -> None:
    sheet = a_sheet(
        tmp_path, "name,kind,aliases,iso3\nPort,state,,POR\nPortland,state,Portia,POR\nPort,state,Portia,\n"
    )
    assert run(sheet)[0] == [summed(1, filled=1, there=1)]
    assert set(ActorName.objects.values_list("name", flat=True)) == {"Port", "Portland", "Portia"}


def test_every_bad_row_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = [
        b"name,kind,wikidata_id,cow_code",
        b"Good,person,,",
        b",person,,",
        b"Robot,robot,,",
        b"Bad id,person,X9,",
        b"Bad number,person,,many",
        b"Far,too,many,cells,here",
        b"N\x00ul,person,,",
        b"\xff\xfe,person,,",
        b"x" * 400 + b",person,,",
        b"y" * (sheets.LONGEST_LINE + 9) + b",person,,",
        b'"never closed,person',
    ]
    out, err, failure = run(a_sheet(tmp_path, b"\n".join(rows)))
    assert out == [summed(1, refused=10)]
    assert [line.split(":")[0] for line in err] == [f"line {number}" for number in range(3, 13)]
    assert failure == "10 could not be taken in; the reasons are above."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no column “kind”"),
        ("name\nA", "names no column “kind”"),
        ("name,kind,shoe size\n", "“shoe size” is no column"),
        ("name,kind,name\n", "names a column twice"),
    ],
)
def test_a_sheet_without_a_head_is_refused(tmp_path: Path, text: str, words: str) -> None:
    assert words in run(a_sheet(tmp_path, text))[2]


def test_standard_input_and_people_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by = a_user(username="anna")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SHEET.encode())))
    assert run("-", format="csv", by="anna")[0] == [summed(2)]
    assert set(Actor.objects.values_list("created_by", "is_public")) == {(by.pk, False)}
    a_user(Role.READER, username="rosa")
    sheet = a_sheet(tmp_path)
    assert run(sheet, by="rosa")[2] == "rosa may not add actors."
    assert run(sheet, by="nobody")[2] == "There is nobody called nobody."
    assert run("-")[2].startswith("What format is that?")
    assert "cannot be read" in run(tmp_path / "nothing.csv")[2]


def test_a_batch_takes_as_many_queries_however_many_actors(tmp_path: Path, django_assert_num_queries) -> None:
    run(a_sheet(tmp_path))
    for count, start in ((1, 1000), (3, 2000)):
        rows = "".join(f"Person {start + n},person,Alias {start + n},Q{start + n + 1}\n" for n in range(count))
        sheet = a_sheet(tmp_path, "name,kind,aliases,wikidata_id\n" + rows)
        with django_assert_num_queries(9):
            run(sheet)


# --- Wikidata -----------------------------------------------------------------------------------


def snak(value: object) -> dict[str, Any]:
    if isinstance(value, str) and value.startswith("+"):
        day, precision = value[1:], {10: 11, 7: 10, 4: 9}[len(value) - 1]
        value = {"time": f"+{day}{'-00-00'[: 2 * 3 - 3 * day.count('-')]}T00:00:00Z", "precision": precision}
    elif isinstance(value, str) and value.startswith("Q"):
        value = {"id": value, "entity-type": "item"}
    return {"datavalue": {"value": value}}


def claim(value: object, rank: str = "normal", **qualifiers: object) -> dict[str, Any]:
    return {"mainsnak": snak(value), "rank": rank, "qualifiers": {k: [snak(v)] for k, v in qualifiers.items()}}


def entity(
    key: str, label: str, kind: str, *, aliases: dict[str, list[str]] | None = None, **claims: list[Any]
) -> dict[str, Any]:
    return {
        "id": key,
        "labels": {"en": {"language": "en", "value": label}},
        "aliases": {k: [{"language": k, "value": v} for v in several] for k, several in (aliases or {}).items()},
        "claims": {"P31": [claim(kind)], **claims},
    }


WORLD = [
    entity("Q900", "Portland", "Q3624078", P298=[claim("POR")], P463=[claim("Q901", P580="+1949-04-04")]),
    entity("Q901", "The League", "Q43229"),
    entity(
        "Q910",
        "Adaeze Obi",
        "Q5",
        aliases={"ru": ["Адаэзе Оби"], "xx": ["left out"]},
        P27=[claim("Q900")],
        P39=[
            claim("Q920", P580="+2004-03-09", P582="+2010"),
            claim("Q920", P580="+2012-05"),
            claim("Q999", P580="+1999"),
            claim("Q920", rank="deprecated"),
        ],
    ),
    entity("Q920", "Foreign Minister", "Q4164871", P1001=[claim("Q900")]),
    entity("Q930", "A mountain", "Q8502"),
]


def an_extract(tmp_path: Path, entities: list[Any], name: str = "extract.json") -> Path:
    path = tmp_path / name
    lines = [json.dumps(one, ensure_ascii=False) if not isinstance(one, str) else one for one in entities]
    text = ("[\n" + ",\n".join(lines) + "\n]\n" if name.endswith(".json") else "\n".join(lines)).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


@pytest.mark.parametrize("name", ["extract.json", "extract.jsonl", "extract.jsonl.gz"])
def test_an_extract_is_taken_in_with_offices_and_memberships(tmp_path: Path, name: str) -> None:
    out, err, failure = run(an_extract(tmp_path, WORLD, name))
    assert (out[-1], err, failure) == (summed(3, other=1, ties=3, missed=1), [], "")
    assert out[0].endswith("Q930 is an instance of Q8502, which is no kind of actor.")
    assert "nothing says what position Q999 is" in out[1]
    obi = Actor.objects.get(wikidata_id="Q910")
    assert (obi.kind, obi.country) == ("person", "POR")
    assert list(obi.names.order_by("id").values_list("name", "language")) == [
        ("Adaeze Obi", "en"),
        ("Адаэзе Оби", "ru"),
    ]
    assert list(obi.tenures.values_list("office", "organisation__name", "from_on", "until_on")) == [
        ("Foreign Minister", "Portland", "2012-05", ""),
        ("Foreign Minister", "Portland", "2004-03-09", "2010"),
    ]
    assert list(Membership.objects.values_list("member__iso3", "group__name", "from_on")) == [
        ("POR", "The League", "1949-04-04")
    ]


def test_an_extract_again_adds_nothing_and_leaves_what_people_changed_and_took_away(tmp_path: Path) -> None:
    extract = an_extract(tmp_path, WORLD)
    run(extract)
    by, first, port = a_user(Role.EDITOR), Tenure.objects.earliest("pk"), Actor.objects.get(iso3="POR")
    change_tenure(tenure=first, organisation=port, office=first.office, from_on="2003", until_on="", by=by)
    remove_tie(tie=Membership.objects.get(), by=by)
    out, _, _ = run(extract)
    assert out[-1] == summed(0, there=3, other=1, missed=1)
    assert (sorted(Tenure.objects.values_list("from_on", flat=True)), Membership.objects.count()) == (
        ["2003", "2012-05"],
        0,
    )


HOSTILE = [
    "",
    "nonsense",
    '{"id": "Q1"',
    "17",
    "null",
    '"Q5"',
    "[[[[" * 30_000,
    '{"id": "Q' + "9" * 5_000 + '"}',
    '{"id": 5, "labels": []}',
    '{"id": "Q11", "claims": {"P31": {"not": "a list"}}, "labels": {"en": "no mapping"}}',
    json.dumps(entity("Q12", "x", "Q5") | {"labels": {"en": {"value": 7}}}),
    json.dumps(entity("Q13", "\ud800", "Q5")),
    '{"id": "Q14", "claims": {"P31": [{"mainsnak": {"datavalue": {"value": {"time": [], "precision": {}}}}}]}}',
    '{"id": "Q15", "claims": [], "aliases": {"en": {}}, "labels": {"en": {"value": "x"}}}',
    '{"entities": {"Q16": 9}}',
    "9" * 10_000,
]


def test_a_hostile_extract_is_told_line_by_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = entity("Q910", "Adaeze Obi", "Q5", P39=[{"mainsnak": 5, "qualifiers": []}, 7], P463=[claim("Q5")])
    out, err, failure = run(an_extract(tmp_path, [*HOSTILE, good], "extract.jsonl"))
    assert Actor.objects.get().wikidata_id == "Q910"
    assert out[-1].startswith("1 added, 0 filled up")
    assert failure.endswith("could not be taken in; the reasons are above.")
    assert "line 3: The line is no JSON." in err


def test_a_line_without_end_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "LONGEST_LINE", 5_000)
    path = an_extract(tmp_path, ["x" * 20_000, WORLD[1]], "extract.jsonl")
    _, err, _ = run(path)
    assert err == ["line 1: The line is longer than 5,000 bytes."]
    assert Actor.objects.get().name == "The League"


def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    path = an_extract(tmp_path, WORLD, "extract.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-20])
    assert "cannot be read on" in run(path)[2]


def test_main_names_are_in_the_first_language_that_has_one(tmp_path: Path) -> None:
    said = WORLD[1] | {"labels": {"ru": {"value": "Лига"}, "en": {"value": "The League"}}}
    run(an_extract(tmp_path, [said]), languages="ru,en")
    assert Actor.objects.get().name == "Лига"
