"""Statements drafted from quotations and reported speech: which words are content, cue and source."""

import pytest

from newsannot.suggestions.rules.drafting import draft_text
from newsannot.suggestions.rules.drafts import CodableText, KnownName
from tests.suggestions.rules.drafting import (
    GROUP,
    KENNEDY,
    NAMES,
    OBI,
    PUTIN,
    RUSSIA,
    drafts,
    of_kind,
    statement,
    words,
)

QUOTED = [
    ("en", 'Obi said the offer stands: "The door is open," he added.', '"The door is open,"', "added", "he"),
    ("en", "Lavrov, speaking after the talks, said: “There is no deal.”", "“There is no deal.”", "said", "Lavrov"),
    ("en", "“We will not yield,” Obi said.", "“We will not yield,”", "said", "Obi"),
    ("en", '"We will not yield," said the envoy.', '"We will not yield,"', "said", "the envoy"),
    ("en", "'We will not yield,' the aide said.", "'We will not yield,'", "said", "the aide"),
    ("en", "‘It’s over,’ the minister’s aide said.", "‘It’s over,’", "said", "the minister’s aide"),
    (
        "en",
        "The envoy told reporters: “Nothing has changed at all.”",
        "“Nothing has changed at all.”",
        "told",
        "The envoy",
    ),
    ("ru", "«Мы ответим», — сказал Путин.", "«Мы ответим»", "сказал", "Путин"),
    ("ru", "Путин заявил: «Мы готовы ответить на всё».", "«Мы готовы ответить на всё»", "заявил", "Путин"),
    ("uk", "«Ми готові», — заявив президент.", "«Ми готові»", "заявив", "президент"),
    ("ar", "وقال الرئيس: «لن نقبل بهذا».", "«لن نقبل بهذا»", "قال", "الرئيس"),
    ("fa", "وزیر خارجه گفت: «این را نخواهیم پذیرفت.»", "«این را نخواهیم پذیرفت.»", "گفت", "وزیر خارجه"),
    ("fa", "سخنگوی دولت می‌گوید: “کشتی‌ها می‌مانند.”", "“کشتی‌ها می‌مانند.”", "می‌گوید", "سخنگوی دولت"),
    ("zh-Hans", "普京说：“我们不会接受。”", "“我们不会接受。”", "说", "普京"),
    ("zh-Hant", "「我們不會接受」，外長說。", "「我們不會接受」", "說", "外長"),
    ("he", "שר החוץ אמר: „לא נסכים לכך.”", "„לא נסכים לכך.”", "אמר", "שר החוץ"),
    ("he", 'ראש הממשלה אמר: "לא נסכים לכך". ארה"ב שתקה.', '"לא נסכים לכך"', "אמר", "ראש הממשלה"),
    ("de", "„Wir weichen nicht“, sagte der Kanzler.", "„Wir weichen nicht“", "sagte", "der Kanzler"),
    ("de", "»Wir weichen nicht«, sagte der Kanzler.", "»Wir weichen nicht«", "sagte", "der Kanzler"),
    (
        "fr",
        "« Nous ne céderons pas », a déclaré le président.",
        "« Nous ne céderons pas »",
        "a déclaré",
        "le président",
    ),
]
REPORTED = [
    ("en", "The envoy, who arrived on Monday, said NATO was ready.", "NATO was ready", "said", "The envoy"),
    ("en", "State media reported that three had died, citing officials.", "three had died", "reported", "State media"),
    (
        "en",
        "Kennedy insisted that they were “legitimate targets,” citing the treaty.",
        "they were “legitimate targets,”",
        "insisted",
        "Kennedy",
    ),
    (
        "en",
        "Kennedy said that the talks were over, warning of more to come.",
        "the talks were over",
        "said",
        "Kennedy",
    ),
    (
        "en",
        "Ships will “not pass”, and cannot, the ministry said.",
        "Ships will “not pass”, and cannot",
        "said",
        "the ministry",
    ),
    (
        "en",
        "The Kremlin has said again that the force is a threat.",
        "the force is a threat",
        "has said",
        "The Kremlin",
    ),
    (
        "en",
        "Berlin says that the ship is there to protect merchants.",
        "the ship is there to protect merchants",
        "says",
        "Berlin",
    ),
    (
        "en",
        "The port is closed for good, an officer recalled.",
        "The port is closed for good",
        "recalled",
        "an officer",
    ),
    ("en", "According to the envoy, the port is closed.", "the port is closed", "According to", "the envoy"),
    ("en", "The envoy said she would wait until noon.", "she would wait until noon", "said", "The envoy"),
    ("ru", "Путин заявил, что переговоры окончены навсегда.", "переговоры окончены навсегда", "заявил", "Путин"),
    ("ru", "По словам дипломатов, письмо прочли ночью.", "письмо прочли ночью", "По словам", "дипломатов"),
    ("ar", "وقال الرئيس إن بلاده لن ترضخ للتهديد.", "بلاده لن ترضخ للتهديد", "قال", "الرئيس"),
    ("fa", "فرمانده هشدار داد که گفت‌وگوها پایان یافته است.", "گفت‌وگوها پایان یافته است", "هشدار داد", "فرمانده"),
    ("fa", "به گفته سفیر، نامه شبانه خوانده شد.", "نامه شبانه خوانده شد", "به گفته", "سفیر"),
    ("zh-Hans", "普京认为，谈判已经结束了。", "谈判已经结束了", "认为", "普京"),
    ("he", "השר הודיע שאין זה אולטימטום כלל.", "אין זה אולטימטום כלל", "הודיע", "השר"),
    ("he", "שר החוץ אמר כי זהו המסמך החמור ביותר.", "זהו המסמך החמור ביותר", "אמר", "שר החוץ"),
    ("de", "Der Sprecher sagte, man werde nicht nachgeben.", "man werde nicht nachgeben", "sagte", "Der Sprecher"),
    ("de", "Jeder Versuch bedeute Krieg, warnte er.", "Jeder Versuch bedeute Krieg", "warnte", "er"),
    ("fr", "Selon le ministre, la situation est calme.", "la situation est calme", "Selon", "le ministre"),
]


@pytest.mark.parametrize(("language", "text", "content", "cue", "source"), QUOTED)
def test_a_quotation_in_the_marks_of_its_language_is_drafted_with_cue_and_source(
    language: str, text: str, content: str, cue: str, source: str
) -> None:
    assert of_kind("statement", text, language) == [statement(content, cue, source)]


@pytest.mark.parametrize(("language", "text", "content", "cue", "source"), REPORTED)
def test_reported_speech_is_drafted_without_the_word_that_introduces_it(
    language: str, text: str, content: str, cue: str, source: str
) -> None:
    assert of_kind("statement", text, language) == [statement(content, cue, source)]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Obi said gas deliveries would halt by noon.", "gas deliveries would halt by noon"),
        ("Obi said attacks on ships were over for now.", "attacks on ships were over for now"),
        ("Obi said more than 200 soldiers had crossed the river.", "more than 200 soldiers had crossed the river"),
        ("Obi said nothing in public was decided.", "nothing in public was decided"),
        ("Obi believes talks will fail within a week.", "talks will fail within a week"),
        ("Obi warned ships would be sunk near the cape.", "ships would be sunk near the cape"),
        ("Obi announced sanctions will hit banks.", "sanctions will hit banks"),
    ],
)
def test_reported_speech_may_begin_with_a_noun_alone(text: str, content: str) -> None:
    [found] = of_kind("statement", text)
    assert found["content"] == [content]
    assert found["source"] == ["Obi"]


@pytest.mark.parametrize(
    "text",
    [
        "Obi said goodbye to the troops who were leaving.",
        "Obi said prayers for soldiers whose names were read.",
        "Obi said late on Monday the port was closed.",
        "The envoy said yesterday was a bad day.",
        "Obi said thanks and was gone in a minute.",
        "Obi said little, but talks would go on anyway.",
        "Obi added troops which were needed elsewhere.",
        "Obi claimed victory as talks were going on.",
        "Obi declared war and has lost it.",
        "What Obi said has shocked everybody here.",
        "The envoy told reporters talks would go on.",
        "The minister warned Moscow the port would be closed.",
    ],
)
def test_a_noun_behind_a_cue_begins_no_clause_that_its_verb_is_not_of(text: str) -> None:
    assert of_kind("statement", text) == []


def test_a_quotation_split_by_its_cue_is_one_statement_with_two_pieces() -> None:
    one_sentence = "“It shall be the policy,” Kennedy said, “to regard any attack as an attack on all.”"
    two_sentences = "“It will be thousands,” Obi said. “And that is a fact.” Nobody else spoke."
    assert of_kind("statement", one_sentence) == [
        statement(["“It shall be the policy,”", "“to regard any attack as an attack on all.”"], "said", "Kennedy")
    ]
    assert of_kind("statement", two_sentences) == [
        statement(["“It will be thousands,”", "“And that is a fact.”"], "said", "Obi")
    ]


def test_reported_speech_split_by_its_cue_is_one_statement_with_two_pieces() -> None:
    text = "Should the work go on, the envoy added, further steps would be justified."
    assert of_kind("statement", text) == [
        statement(["Should the work go on", "further steps would be justified"], "added", "the envoy")
    ]


def test_a_quotation_within_a_quotation_belongs_to_the_outer_one() -> None:
    text = "“He called it a “joke” and left,” the envoy said."
    assert of_kind("statement", text) == [statement("“He called it a “joke” and left,”", "said", "the envoy")]


def test_a_quotation_over_paragraphs_that_repeat_the_opening_mark_is_one_statement() -> None:
    text = "“This is the first part.\n“This is the second part,” the envoy said.\nThe rest is silence."
    [draft] = [draft for draft in drafts(text) if draft.kind == "statement"]
    assert [text[p.start : p.end] for p in draft.parts["content"]] == [
        "“This is the first part.",
        "“This is the second part,”",
    ]
    assert draft.values["mode"] == "direct"


def test_a_mark_that_is_never_closed_starts_no_quotation() -> None:
    assert of_kind("statement", "“We are lost, the envoy.\nThe port is closed.") == []


def test_someone_quoted_as_saying_something_is_a_statement_within_one() -> None:
    text = "Reuters quoted a spokesman as saying that the port would stay closed."
    assert of_kind("statement", text) == [
        statement("a spokesman as saying that the port would stay closed", "quoted", "Reuters"),
        statement("the port would stay closed", "saying", "a spokesman"),
    ]


def test_a_title_and_a_name_set_apart_by_commas_name_the_speaker_together() -> None:
    text = "The foreign minister, Adaeze Obi, said that the port would stay closed."
    assert of_kind("statement", text)[0]["source"] == ["The foreign minister, Adaeze Obi"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Adaeze Obi arrived. “We will wait,” she said.", OBI),
        ("Adaeze Obi arrived. “We will wait,” Obi said.", OBI),
        ("President Kennedy spoke. “We will wait,” the President said.", KENNEDY),
        ("Russian President Vladimir Putin came. The Russian president said that he would wait.", PUTIN),
        ("European leaders met. They insist that the plan would hold.", GROUP),
        ("“We will wait,” she said.", None),
        ("“Vladimir Putin is late,” she said.", None),
    ],
)
def test_the_speaker_is_who_the_words_stand_for_in_this_text(text: str, speaker: int | None) -> None:
    [draft] = [draft for draft in drafts(text) if draft.kind == "statement"]
    assert draft.values.get("speaker") == speaker


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("“We will wait,” Obi said.", {"mode": "direct", "attribution_type": "assertion"}),
        ("Obi said that the “old” port was closed.", {"mode": "mixed", "attribution_type": "assertion"}),
        ("Officials believe that the port is closed.", {"mode": "indirect", "attribution_type": "belief"}),
        (
            "The envoy demanded that the port be opened.",
            {"mode": "indirect", "attribution_type": "eventuality", "speech_act": "directive"},
        ),
    ],
)
def test_quotation_and_cue_tell_mode_attribution_and_speech_act(text: str, values: dict[str, str]) -> None:
    [draft] = [draft for draft in drafts(text) if draft.kind == "statement"]
    assert draft.values == values


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “security guarantees” mean little.",
        "He spoke of the “root causes” of the war, and it reports from the front were few.",
        "A “reassurance” force would come, and what he calls the “lever” is the port.",
        "Whether any of them will set out is a question that nobody wished to answer.",
        "The offer came too late.",
        "The minister's warning that “time is running out” was ignored.",
        "It is said that the deal is dead.",
        "She was told to leave.",
    ],
)
def test_terms_in_quotation_marks_and_the_authors_own_words_are_no_statements(text: str) -> None:
    assert of_kind("statement", text) == []


def test_the_reason_names_the_cue_and_who_is_meant() -> None:
    [draft] = [d for d in drafts("Adaeze Obi came. “We will wait,” she said.") if d.kind == "statement"]
    assert draft.reason == "A quotation, followed by “said”. “she” is taken for Adaeze Obi, named last before."


@pytest.mark.parametrize(
    ("text", "speaker", "source"),
    [
        (
            "Russian President Vladimir Putin issued a threat this week, warning that troops would be targets.",
            PUTIN,
            "Russian President Vladimir Putin",
        ),
        (
            "Russian President Ivan Ivanov issued a threat this week, warning that troops would be targets.",
            None,
            "Russian President Ivan Ivanov",
        ),
        ("Russia issued a threat this week, warning that troops would be targets.", RUSSIA, "Russia"),
    ],
)
def test_a_state_whose_president_speaks_does_not_speak_itself(text: str, speaker: int | None, source: str) -> None:
    names = [*NAMES, KnownName(RUSSIA, "Russian", "state", "Russia")]
    [draft] = [draft for draft in draft_text(CodableText(text, "en"), names) if draft.kind == "statement"]
    assert (draft.values.get("speaker"), words(draft, text)["source"]) == (speaker, [source])


def test_whose_president_speaks_is_not_proposed_again_where_only_the_president_speaks() -> None:
    names = [*NAMES, KnownName(RUSSIA, "Russian", "state", "Russia")]
    text = "Russian President Vladimir Putin came. The Russian president said that he would stay."
    found = [draft for draft in draft_text(CodableText(text, "en"), names) if draft.kind == "mention"]
    assert [words(draft, text)["text"] for draft in found] == [
        ["Russian"],
        ["President Vladimir Putin"],
        ["Russian president"],
    ]
