"""What is proposed of a threat, and why; no database."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsannot.annotations.rules import Piece, Proposal, Record, Told
from newsannot.threats.kinds import THREAT
from newsannot.threats.rules.codes import OUTCOMES
from newsannot.threats.rules.proposing import propose

DAY = date(2025, 9, 5)
FIXTURES = Path(__file__).parents[2] / "fixtures/codebook"


def proposed(claim: dict[str, Any] | None = None, *, named: tuple[str, ...] = (), **parts: str) -> list[Proposal]:
    """Of a threat with these fields, the words of whose roles and statements are these."""
    record = Record(
        THREAT.empty_claim() | (claim or {}), {role: [Piece(0, len(words))] for role, words in parts.items()}
    )
    told = Told({role: [words] for role, words in parts.items()}, named, "en", DAY)
    return list(propose(record, told))


@pytest.mark.parametrize(
    ("consequence", "mode", "cameo", "mid"),
    [
        ("force", ["violence"], ["138"], ["1"]),
        ("blockade", ["restrict"], ["1381"], ["2"]),
        ("occupation", ["territory"], ["1382"], ["3"]),
        ("wmd", ["violence"], ["1385"], ["5"]),
        ("sanctions", ["restrict"], ["1312"], []),
        ("aid_cut", [], ["1311"], []),
        ("relations", ["relations"], ["1313"], []),
        ("talks", ["relations"], ["134", "135"], []),
        ("expulsion", ["expel"], ["131"], []),
        ("arrest", ["arrest"], ["137"], []),
        ("repression", ["restrict", "violence"], ["137", "132"], []),
        ("cyber", [], ["130"], []),
        ("unspecified", [], ["130"], []),
    ],
)
def test_a_consequence_proposes_its_codes_elsewhere(
    consequence: str, mode: list[str], cameo: list[str], mid: list[str]
) -> None:
    found = proposed({"consequence": consequence})
    values = {field: [p.value for p in found if p.field == field] for field in ("plover_mode", "cameo", "mid_action")}
    assert values == {"plover_mode": mode, "cameo": cameo, "mid_action": mid}
    assert {p.reason for p in found} == {f"because the consequence is {OUTCOMES[consequence].words}"}


def test_a_field_that_is_given_is_not_proposed() -> None:
    found = proposed({"consequence": "force", "plover_mode": "violence", "cameo": "1384"})
    assert found == [Proposal("mid_action", "1", "because the consequence is military force")]


def test_nothing_follows_from_nothing() -> None:
    assert proposed() == []
    assert proposed(consequence="we will close the strait") == []


def test_if_proposes_its_kind_and_leans_deterrent() -> None:
    assert proposed(condition="If a single ship crosses the line") == [
        Proposal("purpose", "deterrent", "because “If” leans that way"),
        Proposal("condition_kind", "if_do", "because of “If”"),
    ]


def test_the_words_of_a_statement_serve_where_no_condition_is_marked() -> None:
    assert [(p.field, p.value) for p in proposed(named=("“If they land, we fight.”",))] == [
        ("purpose", "deterrent"),
        ("condition_kind", "if_do"),
    ]
    assert proposed(named=("“If they land, we fight.”",), demand="They must leave") == []


def test_unless_leans_compellent_once_the_demand_is_known() -> None:
    assert proposed(condition="unless they leave") == [Proposal("condition_kind", "unless_do", "because of “unless”")]
    assert proposed({"demand_kind": "withdrawal"}, condition="unless they leave")[0] == Proposal(
        "purpose", "compellent", "because “unless” with a demand leans that way"
    )


def test_a_condition_that_is_given_leans_by_itself() -> None:
    assert proposed({"condition_kind": "if_do"}) == [
        Proposal("purpose", "deterrent", "because “if they do” leans that way")
    ]
    assert proposed({"condition_kind": "until", "demand_kind": "cease"}) == [
        Proposal("purpose", "compellent", "because “until they do” with a demand leans that way")
    ]
    assert proposed({"condition_kind": "none"}) == []


def test_if_with_a_demand_leans_neither_way() -> None:
    assert [p.field for p in proposed({"demand_kind": "cease"}, condition="If they fire")] == ["condition_kind"]


def test_a_marked_deadline_is_reckoned_and_makes_the_condition_one_by_a_time() -> None:
    assert proposed(deadline="Sunday", demand="leave the town") == [
        Proposal("purpose", "compellent", "because “by a time” with a demand leans that way"),
        Proposal("condition_kind", "deadline", "because a deadline is given"),
        Proposal("deadline", "2025-09-07", "because of “Sunday”: the next one after the article’s day, 2025-09-05"),
    ]


def test_a_time_in_the_statement_proposes_a_deadline() -> None:
    found = proposed(named=("“Leave the town within 48 hours, or we come in.”",))
    assert [(p.field, p.value) for p in found] == [("condition_kind", "deadline"), ("deadline", "2025-09-07~")]


def test_a_time_that_is_not_certain_is_a_deadline_without_a_day() -> None:
    assert proposed(named=("“Leave the town by Friday.”",)) == [
        Proposal("condition_kind", "deadline", "because a time is set")
    ]


def test_what_is_left_open_by_a_deadline_is_an_ultimatum() -> None:
    assert proposed({"consequence": "unspecified", "condition_kind": "deadline"}) == [
        Proposal("cameo", "139", "because there is a deadline, and the consequence is left open")
    ]


@pytest.mark.parametrize(
    ("language", "words", "kind"),
    [
        ("ru", "Если они войдут", "if_do"),
        ("uk", "якщо не відступлять", "unless_do"),
        ("ar", "خلال 48 ساعة", "deadline"),
        ("zh", "除非撤军", "unless_do"),
        ("he", "אם לא ייסוגו", "unless_do"),
        ("fr", "tant que les troupes restent", "until"),
        ("de", "Sollten sie landen", "if_do"),
        ("es", "si llegan", None),
    ],
)
def test_the_article_s_language_is_read(language: str, words: str, kind: str | None) -> None:
    record = Record(THREAT.empty_claim(), {})
    found = propose(record, Told({"condition": [words]}, (), language, DAY))
    assert next((p.value for p in found if p.field == "condition_kind"), None) == kind


def codes_of(scheme: str) -> set[str]:
    return {code["code"] for code in json.loads((FIXTURES / f"{scheme}.json").read_text())["codes"]}


def test_every_consequence_of_the_codebook_is_known_and_proposes_codes_it_has() -> None:
    assert set(OUTCOMES) == codes_of("threat-consequence")
    found = [one for consequence in OUTCOMES for one in proposed({"consequence": consequence})]
    assert [one for one in found if one.value not in codes_of(THREAT.field(one.field).scheme)] == []
