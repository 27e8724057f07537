"""Words that tie a consequence to conduct: if, unless, until. The lists are the project's own.

“If”, “should” and “in case” lean deterrent; “unless”, “until” and “by a time” lean compellent [Schelling].
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

IF, UNLESS, UNTIL, DEADLINE = "if_do", "unless_do", "until", "deadline"
COMPELLING = frozenset({UNLESS, UNTIL, DEADLINE})


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A language's words of condition. A word with `*` is the beginning of one; `first` ones open their sentence.

    `denials` turn an “if” into “unless” when they follow within its clause: “if they do not withdraw”.
    `clitics` are letters that may be written together with the word that follows them.
    """

    conditional: tuple[str, ...]
    unless: tuple[str, ...]
    until: tuple[str, ...]
    denials: tuple[str, ...]
    first: tuple[str, ...] = ()
    clitics: str = ""
    is_spaceless: bool = False


WORDS: Mapping[str, ConditionWords] = {
    "en": ConditionWords(
        conditional=("if", "in case", "in the event that", "in the event of", "as soon as", "the moment"),
        unless=("unless", "if not", "or else"),
        until=("until", "till", "as long as"),
        denials=("not", "fail", "fails", "failed", "refuse", "refuses", "refused", "reject", "rejects", "*n't", "*n’t"),
        first=("should", "were"),
    ),
    "ru": ConditionWords(
        conditional=("если", "в случае", "как только", "ежели"),
        unless=("если не", "разве что"),
        until=("пока не", "покуда не", "до тех пор", "пока"),
        denials=("не", "откаж*", "отверг*"),
    ),
    "uk": ConditionWords(
        conditional=("якщо", "у разі", "в разі", "щойно", "як тільки"),
        unless=("якщо не", "хіба що"),
        until=("доки не", "поки не", "до тих пір", "доки", "поки"),
        denials=("не", "відмов*", "відкин*"),
    ),
    "ar": ConditionWords(
        conditional=("إذا", "اذا", "في حال", "في حالة", "لو", "حالما"),
        unless=("ما لم", "إن لم", "ان لم", "إذا لم", "اذا لم", "إلا إذا"),
        until=("حتى", "إلى أن", "إلى حين", "طالما"),
        denials=("لم", "لا", "رفض*", "ترفض", "يرفض"),
        clitics="وف",
    ),
    "fa": ConditionWords(
        conditional=("اگر", "چنانچه", "در صورتی که", "در صورت", "هرگاه", "به محض اینکه", "به محض آنکه"),
        unless=("مگر اینکه", "مگر آنکه", "مگر این که", "مگر آن که", "وگرنه", "در غیر این صورت"),
        until=("تا زمانی که", "تا وقتی که", "تا هنگامی که"),
        denials=("نکن*", "نشو*", "نده*", "نرو*", "نپذیر*", "نمی*", "نیا*", "نگذار*"),
    ),
    "zh": ConditionWords(
        conditional=("如果", "倘若", "假如", "要是", "一旦", "若"),
        unless=("除非", "如果不", "若不", "如不", "倘若不", "否则"),
        until=("直到", "直至"),
        denials=("不", "拒绝", "未"),
        is_spaceless=True,
    ),
    "he": ConditionWords(
        conditional=("אם", "במידה ו*", "במקרה ש*", "ברגע ש*"),
        unless=("אם לא", "אלא אם", "אלמלא"),
        until=("עד ש*", "עד אשר", "כל עוד"),
        denials=("לא", "יסרב*", "תסרב*", "סירוב"),
        clitics="וש",
    ),
    "fr": ConditionWords(
        conditional=("si", "s'il", "s’il", "s'ils", "s’ils", "au cas où", "en cas de", "en cas d*", "dès que"),
        unless=("à moins que", "à moins d*", "sauf si", "sinon", "faute de"),
        until=("jusqu'à ce que", "jusqu’à ce que", "tant que"),
        denials=("ne", "n'*", "n’*", "refuse", "refusent", "rejette"),
    ),
    "de": ConditionWords(
        conditional=("wenn", "falls", "sofern", "im falle", "im fall", "sobald"),
        unless=("es sei denn", "wenn nicht", "andernfalls"),
        until=("bis", "solange"),
        denials=("nicht", "kein*", "weiger*", "ablehn*"),
        first=("sollte", "sollten", "kommt", "kommen"),
    ),
}
_SCRIPTS = (
    ("uk", re.compile("[іїєґ]", re.IGNORECASE)),
    ("ru", re.compile("[а-яё]", re.IGNORECASE)),
    ("fa", re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_CLAUSE = re.compile("[,;:،؛，；：。.!?؟]")
_DENIED_WITHIN = 8  # words after “if”


@dataclass(frozen=True, slots=True)
class Condition:
    """A kind of condition and the words that say it."""

    kind: str
    words: str


def language_of(tag: str, text: str) -> str:
    """The language of a BCP 47 tag if it is known here; of an undetermined one, what the script speaks for; else ""."""
    code = tag.split("-", 1)[0].lower()
    if code in WORDS:
        return code
    if code not in {"", "und", "mul"}:
        return ""
    return next((named for named, letters in _SCRIPTS if letters.search(text)), "en")


def condition_in(text: str, language: str) -> Condition | None:
    """The condition that words set, as `unless_do`, `until` or `if_do`, in this order; None where they set none."""
    words = WORDS.get(language)
    if words is None:
        return None
    for kind, pattern in _patterns(language):
        if found := pattern.search(text):
            said = found["word"]
            is_denied = kind == IF and _is_denied(text[found.end() :], words, language)
            return Condition(UNLESS if is_denied else kind, said)
    return None


def _is_denied(rest: str, words: ConditionWords, language: str) -> bool:
    clause = _CLAUSE.split(rest, maxsplit=1)[0]
    near = clause[:_DENIED_WITHIN] if words.is_spaceless else " ".join(clause.split()[:_DENIED_WITHIN])
    return bool(_denials(language).search(near))


@lru_cache(maxsize=16)
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = WORDS[language]
    listed = ((UNLESS, words.unless), (UNTIL, words.until), (IF, words.conditional))
    found = [(kind, _one_of(alternatives, words)) for kind, alternatives in listed]
    if words.first:
        opening = "|".join(re.escape(one) for one in words.first)
        found.append((IF, re.compile(rf"(?:^|[.;:!?“„«\"]\s*)(?P<word>{opening})(?!\w)", re.IGNORECASE)))
    return tuple(found)


@lru_cache(maxsize=16)
def _denials(language: str) -> re.Pattern[str]:
    return _one_of(WORDS[language].denials, WORDS[language])


def _one_of(alternatives: tuple[str, ...], words: ConditionWords) -> re.Pattern[str]:
    """Any of the words, whole but where a `*` lets them go on, the longest first."""
    ordered = sorted(alternatives, key=len, reverse=True)
    if words.is_spaceless:
        return re.compile(rf"(?P<word>{'|'.join(map(re.escape, ordered))})")
    before = rf"(?<!\w)[{words.clitics}]?" if words.clitics else r"(?<![\w’'])"
    return re.compile(rf"{before}(?P<word>{'|'.join(map(_whole, ordered))})", re.IGNORECASE)


def _whole(word: str) -> str:
    if word.startswith("*"):
        return rf"\w*{re.escape(word[1:])}(?!\w)"
    body = r"\s+".join(map(re.escape, word.removesuffix("*").split()))
    return body if word.endswith("*") else rf"{body}(?!\w)"
