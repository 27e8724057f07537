"""Words of condition: which kind they set, in each language; no database."""

import pytest

from newsannot.threats.rules.conditions import WORDS, Condition, condition_in, language_of

SAID = [
    ("en", "If a single ship crosses the line", "if_do", "If"),
    ("en", "Should they land, we will fight", "if_do", "Should"),
    ("en", "we reserve our answer in case of an attack, in case they come", "if_do", "in case"),
    ("en", "if they do not withdraw", "unless_do", "if"),
    ("en", "if the demand isn’t met", "unless_do", "if"),
    ("en", "if they refuse", "unless_do", "if"),
    ("en", "unless they apologise", "unless_do", "unless"),
    ("en", "no grain until the men are home", "until", "until"),
    ("ru", "Если они войдут, мы ответим", "if_do", "Если"),
    ("ru", "в случае нападения", "if_do", "в случае"),
    ("ru", "если они не уйдут", "unless_do", "если"),
    ("ru", "если не уйдут", "unless_do", "если не"),
    ("ru", "пока не уйдут последние части", "until", "пока не"),
    ("uk", "Якщо вони прийдуть", "if_do", "Якщо"),
    ("uk", "якщо не відступлять", "unless_do", "якщо не"),
    ("uk", "доки не повернуть полонених", "until", "доки не"),
    ("ar", "إذا دخلت قواتهم", "if_do", "إذا"),
    ("ar", "وإذا هاجمونا", "if_do", "إذا"),
    ("ar", "ما لم تنسحب القوات", "unless_do", "ما لم"),
    ("ar", "إذا لم ينسحبوا", "unless_do", "إذا لم"),
    ("ar", "حتى يعود الأسرى", "until", "حتى"),
    ("fa", "اگر به بندر حمله کنند", "if_do", "اگر"),
    ("fa", "اگر ناوها عقب نروند", "unless_do", "اگر"),
    ("fa", "مگر اینکه عقب بروند", "unless_do", "مگر اینکه"),
    ("fa", "تا زمانی که محاصره برجاست", "until", "تا زمانی که"),
    ("zh", "如果他们越过三八线", "if_do", "如果"),
    ("zh", "如果他们不撤军", "unless_do", "如果"),
    ("zh", "除非撤军", "unless_do", "除非"),
    ("zh", "直到全部撤出", "until", "直到"),
    ("he", "אם יחצו את הגבול", "if_do", "אם"),
    ("he", "ואם יתקפו", "if_do", "אם"),
    ("he", "אם לא ייסוגו", "unless_do", "אם לא"),
    ("he", "אלא אם ייסוגו", "unless_do", "אלא אם"),
    ("he", "עד שיחזרו השבויים", "until", "עד ש"),
    ("fr", "Si un navire passe", "if_do", "Si"),
    ("fr", "s’ils attaquent", "if_do", "s’ils"),
    ("fr", "s'il n'est pas libéré", "unless_do", "s'il"),
    ("fr", "à moins que le gouvernement cède", "unless_do", "à moins que"),
    ("fr", "tant que les troupes restent", "until", "tant que"),
    ("de", "Wenn ein Schiff die Linie überquert", "if_do", "Wenn"),
    ("de", "Sollten sie landen, kämpfen wir", "if_do", "Sollten"),
    ("de", "falls sie die Truppen nicht abziehen", "unless_do", "falls"),
    ("de", "es sei denn, sie ziehen ab", "unless_do", "es sei denn"),
    ("de", "bis die Männer zu Hause sind", "until", "bis"),
]


@pytest.mark.parametrize(("language", "text", "kind", "words"), SAID)
def test_words_set_a_kind_of_condition(language: str, text: str, kind: str, words: str) -> None:
    assert condition_in(text, language) == Condition(kind, words)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the ship shifted; a gift"),
        ("en", "they should leave"),
        ("en", "we will close the strait"),
        ("ru", "мы закроем пролив"),
        ("ar", "قال إن القوات ستبقى"),
        ("zh", "例如，我们将关闭海峡"),
        ("he", "נסגור את המצר"),
        ("fr", "la mission continue"),
        ("de", "wir schließen die Meerenge"),
        ("uk", "ми закриємо протоку"),
        ("tlh", "if they come"),
    ],
)
def test_other_words_set_none(language: str, text: str) -> None:
    assert condition_in(text, language) is None


def test_a_denial_beyond_the_clause_leaves_if_as_it_is() -> None:
    assert condition_in("If they land, we will not sit idle", "en") == Condition("if_do", "If")


@pytest.mark.parametrize(
    ("tag", "text", "language"),
    [
        ("en-GB", "", "en"),
        ("zh-Hans", "", "zh"),
        ("und", "Если они войдут", "ru"),
        ("und", "Якщо вони підуть", "uk"),
        ("und", "إذا دخلت", "ar"),
        ("und", "اگر کشتی‌ها بیایند", "fa"),
        ("und", "אם", "he"),
        ("und", "如果", "zh"),
        ("und", "if", "en"),
        ("es", "si", ""),
    ],
)
def test_the_language_is_the_tags_or_the_scripts(tag: str, text: str, language: str) -> None:
    assert language_of(tag, text) == language


def test_nine_languages_are_known() -> None:
    assert sorted(WORDS) == ["ar", "de", "en", "fa", "fr", "he", "ru", "uk", "zh"]
