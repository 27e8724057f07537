import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from newsannot.codebook.rules import FileWrong, by_subject, facts_of, read_guideline, read_scheme

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "codebook"
GOOD: dict[str, Any] = {
    "scheme": "mood",
    "label": "Mood",
    "version": "1",
    "source": "These tests",
    "licence": "CC0",
    "description": "How it sounds.",
    "codes": [
        {"code": "calm", "label": "Calm", "definition": "No haste."},
        {"code": "cool", "label": "Cool", "definition": "Calm, and far off.", "parent": "calm", "data": {"weight": 2}},
    ],
}


def read(said: Any, name: str = "mood.json") -> Any:
    return read_scheme(name, json.dumps(said).encode())


def with_code(**fields: Any) -> dict[str, Any]:
    return GOOD | {"codes": [{"code": "calm", "label": "Calm", "definition": "No haste."} | fields]}


def test_a_scheme_is_read_with_its_codes_in_order() -> None:
    scheme = read(GOOD)
    assert (scheme.key, scheme.name, scheme.version) == ("mood", "Mood", "1")
    assert [(code.code, code.parent, dict(code.extra)) for code in scheme.codes] == [
        ("calm", "", {}),
        ("cool", "calm", {"weight": 2}),
    ]


def test_laying_a_file_out_anew_changes_nothing() -> None:
    assert read_scheme("mood.json", json.dumps(GOOD, indent=4).encode()).sha256 == read(GOOD).sha256


def test_saying_something_else_changes_the_fingerprint() -> None:
    assert read(with_code(definition="No hurry.")).sha256 != read(with_code()).sha256


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "mood.json: a code list is one JSON object."),
        (GOOD | {"licence": " "}, "mood.json: “licence” is missing."),
        (GOOD | {"source": 7}, "mood.json: “source” must be a text."),
        (GOOD | {"scheme": "moods"}, "mood.json: the file of the scheme “moods” must be moods.json."),
        (GOOD | {"codes": []}, "mood.json: “codes” must be a list with at least one code."),
        (GOOD | {"codes": ["calm"]}, "mood.json, code no. 1: not an object."),
        (GOOD | {"codes": GOOD["codes"][:1] * 2}, "mood.json, code “calm”: given twice."),
        (with_code(code=""), "mood.json, code no. 1: “code” is missing."),
        (with_code(code="c" * 41), "mood.json, code no. 1: “code” is longer than 40 characters."),
        (with_code(definition=""), "mood.json, code “calm”: “definition” is missing."),
        (with_code(parent="cool"), "mood.json, code “calm”: its parent “cool” does not stand above it."),
        (with_code(weight=1), "mood.json, code “calm”: unknown field “weight”."),
        (with_code(data=[1]), "mood.json, code “calm”: “data” must be an object."),
    ],
)
def test_a_bad_scheme_names_file_and_code(said: Any, message: str) -> None:
    with pytest.raises(FileWrong) as refused:
        read(said)
    assert str(refused.value) == message


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe{}"])
def test_what_is_no_json_names_the_file(raw: bytes) -> None:
    with pytest.raises(FileWrong, match=r"^mood\.json: not JSON in UTF-8"):
        read_scheme("mood.json", raw)


def test_a_guideline_has_its_place_and_key_in_its_name_and_its_title_first() -> None:
    chapter = read_guideline("20-moods.md", b"# Moods\n\nTell them apart.\n")
    assert (chapter.key, chapter.position, chapter.title, chapter.text) == ("moods", 20, "Moods", "Tell them apart.\n")


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("moods.md", b"# Moods\n\nText.", "moods.md: name it by place and key, such as 20-statements.md."),
        ("20-moods.md", b"Moods\n\nText.", "20-moods.md: the first line must be “# Title”, and text must follow."),
        ("20-moods.md", b"# Moods\n\n", "20-moods.md: the first line must be “# Title”, and text must follow."),
    ],
)
def test_a_bad_guideline_names_its_file(name: str, raw: bytes, message: str) -> None:
    with pytest.raises(FileWrong) as refused:
        read_guideline(name, raw)
    assert str(refused.value) == message


def test_a_guideline_of_broken_text_names_its_file() -> None:
    with pytest.raises(FileWrong, match=r"^20-moods\.md: not UTF-8"):
        read_guideline("20-moods.md", b"# M\xff\n\ntext")


def test_every_shipped_code_is_defined_and_lists_are_of_the_size_they_should_be() -> None:
    schemes = {path.stem: read_scheme(path.name, path.read_bytes()) for path in FOLDER.glob("*.json")}
    assert {key: len(scheme.codes) for key, scheme in schemes.items()} == {
        "actor-kind": 13,
        "admiralty-credibility": 6,
        "admiralty-reliability": 6,
        "attribution-type": 4,
        "cameo": 22,
        "certainty": 3,
        "condition-kind": 5,
        "demand-kind": 12,
        "explicitness": 4,
        "genre": 8,
        "icd203": 7,
        "mention-form": 5,
        "mid": 6,
        "nuclear-signal": 4,
        "plover": 16,
        "plover-context": 37,
        "plover-mode": 6,
        "plover-sector": 32,
        "quotation-mode": 3,
        "speech-act": 8,
        "ruling-reason": 8,
        "threat-consequence": 13,
        "threat-purpose": 4,
        "zone-kind": 6,
    }
    assert [code.code for scheme in schemes.values() for code in scheme.codes if not code.example] == []


def test_unknown_ratings_are_told_from_bad_ones() -> None:
    schemes = {
        key: read_scheme(f"{key}.json", (FOLDER / f"{key}.json").read_bytes())
        for key in ("admiralty-reliability", "admiralty-credibility")
    }
    unknown = [code.code for scheme in schemes.values() for code in scheme.codes if not code.extra["is_known"]]
    assert unknown == ["F", "6"]


def test_schemes_are_grouped_by_subject_and_unknown_ones_come_last() -> None:
    assert by_subject(["zone-kind", "mood", "speech-act", "quotation-mode"]) == {
        "Statements": ["quotation-mode", "speech-act"],
        "Articles": ["zone-kind"],
        "Others": ["mood"],
    }


@pytest.mark.parametrize(
    ("extra", "facts"),
    [
        ({"goldstein": -7.0}, (("Goldstein weight", "−7.0"),)),
        ({"min_percent": 1, "max_percent": 5}, (("Range", "1–5 %"),)),
        ({"quad_class": 3, "quad_label": "verbal conflict"}, (("Quad class", "3, verbal conflict"),)),
        ({"hostility_level": 2}, (("Hostility level", "2"),)),
        ({"is_known": False}, (("Counts as", "unknown"),)),
        ({"is_known": True, "is_codable": True}, ()),
        ({"is_codable": False}, (("Can be marked", "never"),)),
    ],
)
def test_what_only_one_scheme_knows_is_told_in_words(extra: dict[str, Any], facts: tuple[Any, ...]) -> None:
    assert facts_of(extra) == facts
