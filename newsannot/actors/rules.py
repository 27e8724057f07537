"""Pure rules of actors: how a name is written, in which script, and what identifiers look like."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

PERSON = "person"  # the one kind that code knows: people hold offices, and nobody is a member of a person
LONGEST_NAME = 300
LONGEST_OFFICE = 200
LEAST_LIKE = 0.6
"""Of a word typed and a word of a name: so much alike, at least, are a slip and what was meant."""
LONGEST_FOLDED = 600  # some letters unfold into many; an index takes no more than 2,700 bytes
WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,11}")
ISO3 = re.compile(r"[A-Z]{3}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
WRITTEN_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
LARGEST_COW_CODE = 2**31 - 1

# What search does not tell apart: accents, Arabic vowel signs and Hebrew points; quotation marks and dots are nothing.
MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
UNSEEN = re.compile("['’‘‛ʻʼʽʾʿ`´\"“”„«»״׳.\u0640]")
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | {"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"}
)

# The first word of a letter's name in Unicode → its script in ISO 15924.
SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "THAI": "Thai",
    "ETHIOPIC": "Ethi",
    "HANGUL": "Kore",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "CJK": "Hani",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is to be kept; `script` follows from the letters when it is not given."""

    name: str
    language: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What is known of an actor beside its name and kind; `country` is of the state it belongs to."""

    description: str = ""
    wikidata_id: str | None = None
    iso3: str = ""
    cow_code: int | None = None
    cameo_code: str = ""
    sectors: Sequence[str] = ()
    country: str = ""


def tidy_name(name: str) -> str:
    """The name composed (NFC), with single spaces and none around it."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def script_of(name: str) -> str:
    """The ISO 15924 code of the script most of the letters are of; empty when there is none we know."""
    words = (unicodedata.name(c, "").split(" ", 1)[0] for c in name if c.isalpha())
    found = Counter(SCRIPTS[word] for word in words if word in SCRIPTS)
    if "Jpan" in found:
        return "Jpan"
    return found.most_common(1)[0][0] if found else ""


def tidy_names(main: str, others: Iterable[Name]) -> list[Name]:
    """The main name, then the others; each tidied, with its script, and once. A name given again lends its language."""
    kept: dict[str, Name] = {}
    for given in (Name(main), *others):
        name = tidy_name(given.name)
        if not name:
            continue
        standing = kept.get(name, Name(name))
        kept[name] = Name(name, standing.language or given.language, standing.script or given.script or script_of(name))
    return list(kept.values())


def name_problem(name: str) -> str | None:
    """What is wrong with a tidied name, or None."""
    if not name:
        return "Give a name."
    if UNSTORABLE.search(name):
        return "This name holds a character that cannot be stored."
    return f"A name has at most {LONGEST_NAME} characters." if len(name) > LONGEST_NAME else None


def office_problem(office: str) -> str | None:
    """What is wrong with the tidied name of an office, or None."""
    if not office:
        return "Name the office."
    if UNSTORABLE.search(office):
        return "This holds a character that cannot be stored."
    return f"At most {LONGEST_OFFICE} characters." if len(office) > LONGEST_OFFICE else None


def identifier_problems(identity: Identity) -> dict[str, list[str]]:
    """What is wrong with what is known of an actor, by field; an empty value is never wrong."""
    problems: dict[str, list[str]] = {}
    if identity.wikidata_id and not WIKIDATA_ID.fullmatch(identity.wikidata_id):
        problems["wikidata_id"] = ["A Wikidata id is a Q and a number, such as Q7747."]
    for field, value in (("iso3", identity.iso3), ("country", identity.country)):
        if value and not ISO3.fullmatch(value):
            problems[field] = ["An ISO 3166-1 alpha-3 code is three capital letters, such as RUS."]
    if identity.cow_code is not None and not 0 < identity.cow_code <= LARGEST_COW_CODE:
        problems["cow_code"] = ["A Correlates of War number is a positive number, such as 365."]
    for field, value, most in (
        ("description", identity.description, 500),
        ("cameo_code", identity.cameo_code, 20),
        *(("sectors", sector, 8) for sector in identity.sectors),
    ):
        if len(value) > most or UNSTORABLE.search(value):
            problems[field] = [f"At most {most} characters, in one line."]
    return problems


def language_problem(language: str) -> str | None:
    """What is wrong with the tag of a name's language, or None."""
    if language and (len(language) > 35 or not LANGUAGE.fullmatch(language)):
        return f"“{language[:40]}” is no language tag; write en, ru or zh-Hans."
    return None


HALF_KNOWN = re.compile(r"([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)[?~%]?")


def date_problem(value: str) -> str | None:
    """What is wrong with a half-known date (EDTF: a year, a month or a day, perhaps with ? for doubt), or None."""
    shaped = HALF_KNOWN.fullmatch(value)
    try:
        if shaped:
            year, month, day = (*map(int, shaped[1].split("-")), 1, 1)[:3]
            date(year, month, day)
    except ValueError:
        shaped = None
    return None if shaped or not value else "Write 2014, 2014-03 or 2014-03-21; 2014? for a guess."


def is_in_order(first: str, last: str) -> bool:
    """Whether a half-known date may be at or before another; what is not known may be."""
    first, last = first.rstrip("?~%"), last.rstrip("?~%")
    known = min(len(first), len(last))
    return first[:known] <= last[:known]


def may_hold(first: str, last: str, on: date) -> bool:
    """Whether something that lasts from one half-known date to another may last on a day."""
    return is_in_order(first, on.isoformat()) and is_in_order(on.isoformat(), last)


def folded(name: str) -> str:
    """A name as search sees it: its words, each after a space, without case, accents and punctuation.

    “Łukasz al-ʿAbbādī” is “ lukasz al abbadi”, “U.S.” is “ us”; of scripts written without spaces every character is
    a word. Only letters, digits and spaces are left, so that nothing in it is a wildcard of LIKE; or nothing at all.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = unicodedata.normalize("NFC", MARKS.sub("", plain)).translate(PLAIN_LETTERS)
    kept = "".join(_as_searched(letter) for letter in UNSEEN.sub("", plain))
    words = WRITTEN_WITHOUT_SPACES.sub(r" \g<0> ", kept).split()
    return "".join(f" {word}" for word in words)[:LONGEST_FOLDED]


def _as_searched(letter: str) -> str:
    category = unicodedata.category(letter)
    if category[0] in "LNM":
        return letter
    return "" if category == "Cf" else " "


def searched_words(typed: str) -> list[str]:
    """What was typed, cut at its spaces, each piece folded: a name answers when each begins one of its words."""
    return [piece for piece in map(folded, typed.split()) if piece]


LEAST_TO_CORRECT = 4


def least_alike(word: str) -> float:
    """How alike, by pg_trgm's word_similarity(), a known word is at least that one wrong letter makes this.

    A word of n letters has n + 1 trigrams, and a letter wrong in the midst spoils three of them; one too many or too
    few spoils fewer. Of four letters only the last may be wrong: without its midst too little is left.
    """
    trigrams = len(word) + 1
    return max(0.333, (trigrams - 3) / (trigrams + 3) - 0.001)


def swapped(word: str) -> list[str]:
    """The word, each time with two neighbouring letters exchanged: a slip that spoils too many trigrams."""
    return [f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)]


# What a name most likely names, by words in it (folded, as whole words; of scripts without spaces, as parts), tried in
# this order: “Ministry of the Army” is a body, “Party of the People” a party, “Army News” a paper.
TELLING: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (kind, frozenset(words.split()))
    for kind, words in (
        (
            "media",
            (
                "news times herald tribune gazette newspaper broadcasting television tv radio press daily"
                " telegraph агентство газета телеканал радио zeitung rundfunk journal agence"
                " صحيفه وكاله قناه 通讯社 日报 电视台 报纸"
            ),
        ),
        ("party", "party partei parti partido partito партия партії партія партии حزب 党"),
        (
            "armed_group",
            (
                "militia militias militants rebels insurgents guerrillas guerrilla paramilitaries separatists fighters"
                " повстанцы ополчение боевики сепаратисты ميليشيا مسلحون متمردون 民兵 叛军"
            ),
        ),
        (
            "government_body",
            (
                "ministry department parliament government cabinet senate congress duma bundestag knesset majlis"
                " secretariat embassy consulate police court administration bureau directorate authority prosecutor"
                " pentagon office министерство правительство парламент дума мид посольство ведомство суд совет рада"
                " ministere gouvernement parlement ministerium regierung ministerio gobierno"
                " وزاره حكومه برلمان سفاره الخارجيه 外交部 国防部 政府 议会 国会 大使馆 法院"
            ),
        ),
        (
            "armed_force",
            (
                "army navy force forces military marines fleet troops brigade battalion regiment squadron corps guard"
                " guards bundeswehr armee streitkrafte armada ejercito армия флот войска вооруженные военные бригада"
                " جيش الجيش القوات قوات الحرس 军队 陆军 海军 空军 解放军 部队"
            ),
        ),
        ("alliance", "alliance pact альянс союз пакт حلف تحالف 联盟 同盟"),
        ("coalition", "coalition allies коалиция союзники ائتلاف 联军"),
        (
            "intergovernmental_organisation",
            (
                "organization organisation union nations league commonwealth cooperation"
                " организация союзное содружество лига organisation منظمه اتحاد جامعه الامم 组织 联合国"
            ),
        ),
        (
            "company",
            (
                "pao oao ooo inc ltd llc plc corp corporation company co gmbh ag sa bank airlines oil gas energy"
                " industries holding компания банк корпорация оао пао ооо شركه بنك 公司 银行 集团"
            ),
        ),
        (
            "state",
            (
                "republic kingdom federation emirates sultanate emirate states state"
                " республика королевство федерация جمهوريه مملكه دوله 共和国 王国 联邦"
            ),
        ),
        (
            "population",
            "people citizens residents civilians refugees inhabitants народ жители население شعب سكان 人民 居民",
        ),
        (
            "group",
            (
                "leaders officials activists protesters experts analysts sources diplomats ministers envoys lawmakers"
                " governments countries powers families students workers critics opposition group movement"
                " лидеры чиновники эксперты источники дипломаты оппозиция страны مسؤولون قاده خبراء 领导人 官员 专家"
            ),
        ),
    )
)
STATES_IN_SHORT = frozenset(
    {"US", "USA", "UK", "UAE", "DPRK", "PRC", "DRC", "USSR", "США", "КНР", "КНДР", "ОАЭ", "СССР", "РФ"}
)
ACRONYM = re.compile(r"[A-ZА-ЯЁ]{2,7}")
MANY_PEOPLE = re.compile(r"(ians|eans|ans|ese|ites|цы|яне|ане)$")
MANY_OF_A_PLACE = re.compile(r"(ские|цкие|ськi|ські)$")
A_COUNTRY = re.compile(r"(stan|land|lands|стан)$")


def guess_kind(name: str) -> str:
    """The code of the kind a name most likely is of, by its words and letters; a person when nothing tells."""
    words = folded(name).split()
    for kind, telling in TELLING:
        if telling & set(words) or any(_is_part(one, name) for one in telling):
            return kind
    letters = name.replace(".", "").strip()
    if letters in STATES_IN_SHORT:
        return "state"
    if ACRONYM.fullmatch(letters):
        return "intergovernmental_organisation"
    return _guess_by_ending(words, name)


def _is_part(telling: str, name: str) -> bool:
    """Whether a telling word of a script without spaces stands anywhere in the name."""
    return bool(WRITTEN_WITHOUT_SPACES.match(telling)) and telling in name


def _guess_by_ending(words: Sequence[str], name: str) -> str:
    if words and MANY_OF_A_PLACE.search(words[0]):
        return "group"
    if len(words) == 1 and A_COUNTRY.search(words[0]):
        return "state"
    if words and (len(words) == 1 or words[:-1] == ["the"]) and MANY_PEOPLE.search(words[-1]):
        return "population"
    is_plain = len(words) > 1 and name == name.lower() and name != name.upper()
    return "group" if is_plain else PERSON


def is_far(pieces: Iterable[str], name: str) -> bool:
    """Whether less than half of the words typed and of a folded name answer each other.

    “Vladivostok Forum” is far from “Pacific Islands Forum”, but “Minister Obi” not from “Adaeze Obi”. Of what is
    written without spaces that is not told.
    """
    typed = [word for piece in pieces for word in piece.split()]
    words = name.split()
    if any(map(WRITTEN_WITHOUT_SPACES.search, typed)):
        return False
    answered = sum(any(_is_like(one, word) for word in words) for one in typed)
    return answered < len(typed) and 4 * answered < len(typed) + len(words)


def _is_like(typed: str, word: str) -> bool:
    return word.startswith(typed) or SequenceMatcher(None, typed, word).ratio() >= LEAST_LIKE
