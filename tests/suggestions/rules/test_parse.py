"""What the rules make of what a parser reads: newcomers, and speakers that words alone leave open."""

import pytest

from newsannot.suggestions.rules.drafting import draft_text
from newsannot.suggestions.rules.drafts import CodableText, Draft
from newsannot.suggestions.rules.parse import BODY, PERSON, PLACE, Entity, Parse, Subject
from tests.suggestions.rules.drafting import NAMES, OBI


def place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def drafted(text: str, kind: str, *, subjects: tuple[tuple[str, str, str], ...] = (), **entities: str) -> list[Draft]:
    """Drafts of a kind for a text parsed so: subjects as (words, head, verb), entities by sort as “One|Two”."""
    sorts = {"persons": PERSON, "places": PLACE, "bodies": BODY}
    found = [Entity(*place(text, one), sorts[sort]) for sort, said in entities.items() for one in said.split("|")]
    read = [Subject(*place(text, words), text.index(head), *place(text, verb)) for words, head, verb in subjects]
    parse = Parse(tuple(sorted(found, key=lambda one: one.start)), tuple(read))
    return [draft for draft in draft_text(CodableText(text, "en"), NAMES, parse) if draft.kind == kind]


@pytest.mark.parametrize(
    ("sort", "words", "name", "kind"),
    [
        ("persons", "Anton Bask", "Anton Bask", "person"),
        ("bodies", "the World Trade Organization", "World Trade Organization", "intergovernmental_organisation"),
        ("bodies", "Ministry of Coal", "Ministry of Coal", "government_body"),
        ("places", "Freedonia’s", "Freedonia", "state"),
    ],
)
def test_a_name_the_register_lacks_is_a_mention_of_somebody_new_of_the_kind_it_reads_as(
    sort: str, words: str, name: str, kind: str
) -> None:
    text = f"Late at night {words} gave in."
    [draft] = drafted(text, "mention", **{sort: words})
    assert draft.values == {"form": "name", "actor": {"name": name, "kind": kind}}
    [piece] = draft.parts["text"]
    assert text[piece.start : piece.end] == name
    assert "does not have" in draft.reason


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Adaeze Obi came.", {"persons": "Adaeze Obi"}),
        ("They met in Freedonia again.", {"places": "Freedonia"}),
        ("They met in the Freedonia again.", {"places": "the Freedonia"}),
        ("Freedonia lay ahead.", {"places": "Freedonia"}),
        ("The council met.", {"bodies": "The council"}),
    ],
)
def test_known_actors_places_and_common_nouns_are_nobody_new(text: str, entities: dict[str, str]) -> None:
    new = [d for d in drafted(text, "mention", **entities) if isinstance(d.values.get("actor"), dict)]
    assert new == []


def test_the_surname_of_somebody_new_stands_for_the_whole_name() -> None:
    text = "Anton Bask arrived late. “No way in, none at all,” Bask said."
    whole, last = (Entity(*place(text, words), PERSON) for words in ("Anton Bask", "Bask said"))
    parse = Parse((whole, Entity(last.start, last.start + 4, PERSON)))
    found = [draft for draft in draft_text(CodableText(text, "en"), NAMES, parse) if draft.kind == "mention"]
    assert [draft.values["actor"]["name"] for draft in found] == ["Anton Bask", "Anton Bask"]


def test_somebody_new_is_the_speaker_of_what_they_say() -> None:
    text = "“We will wait,” Anton Bask said."
    [draft] = drafted(text, "statement", persons="Anton Bask")
    assert draft.values["speaker"] == {"name": "Anton Bask", "kind": "person"}


def test_the_subject_of_the_verb_speaks_where_words_leave_it_open() -> None:
    text = "Obi, in a hurry by then, and tired, said that the port was closed."
    assert drafted(text, "statement") == []
    [draft] = drafted("Adaeze " + text, "statement", subjects=(("Adaeze Obi", "Obi", "said"),))
    assert draft.values["speaker"] == OBI
    assert draft.reason.endswith("Adaeze Obi is named, the subject of the verb.")


def test_a_subject_that_stands_with_another_verb_speaks_what_follows_and_not_what_precedes() -> None:
    text = "Towards the end, Lloyd George took a sheet and read."
    shared = Subject(*place(text, "Lloyd George"), text.index("Lloyd"), *place(text, "read"), is_shared=True)
    assert draft_text(CodableText(text, "en"), NAMES, Parse((), (shared,))) == []
    text = "Neither side has won, a diplomat who took part in the talks believes."
    own = Subject(*place(text, "a diplomat"), text.index("diplomat"), *place(text, "believes"))
    [draft] = draft_text(CodableText(text, "en"), NAMES, Parse((), (own,)))
    assert [text[p.start : p.end] for p in draft.parts["content"]] == ["Neither side has won"]


def test_a_speaker_whom_the_words_tell_is_not_asked_of_the_parser() -> None:
    text = "The envoy of the old town waited. “We will wait,” Adaeze Obi said."
    [draft] = drafted(text, "statement", subjects=(("The envoy", "envoy", "said"),))
    assert draft.values["speaker"] == OBI
