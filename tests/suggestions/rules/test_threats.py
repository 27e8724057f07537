"""Conditional threats: condition and consequence, what kind, and what is none."""

from typing import Any

import pytest

from tests.suggestions.rules.drafting import drafts, of_kind

CONDITIONAL = [
    ("en", "“If they come, we will strike,” Obi said.", "If they come", "we will strike"),
    ("en", "Obi warned that we will strike if they come.", "if they come", "we will strike"),
    ("en", "Should they come, the envoy added, war would follow.", "Should they come", "war would follow"),
    ("en", "“If they come,” Obi said, “we will strike them.”", "If they come", "we will strike them"),
    (
        "en",
        "“If troops appear, we proceed from the premise that they will be legitimate targets,” Obi said.",
        "If troops appear",
        "they will be legitimate targets",
    ),
    ("en", "“Their refusal will result in war,” Obi said.", "Their refusal", "war"),
    ("ru", "«Если они придут, мы ответим ударом», — заявил Путин.", "Если они придут", "мы ответим ударом"),
    ("ar", "وقال الرئيس: «إذا هاجمونا فسوف نرد بقوة».", "إذا هاجمونا", "سوف نرد بقوة"),
    ("zh-Hans", "普京说：“如果他们来，我们将还击。”", "如果他们来", "我们将还击"),
    ("he", "ראש הממשלה אמר: „אם יתקפו, נגיב בכוח”.", "אם יתקפו", "נגיב בכוח"),
    ("de", "„Wenn sie kommen, werden wir angreifen“, drohte er.", "Wenn sie kommen", "werden wir angreifen"),
    ("en", "Obi warned that we will strike, should they come.", "should they come", "we will strike"),
    (
        "de",
        "Er drohte, sagte Obi, man werde schießen, sollte Kiel nicht weichen.",
        "sollte Kiel nicht weichen",
        "man werde schießen",
    ),
    ("en", "“Any ship that comes will be sunk,” Obi warned.", "Any ship that comes", "will be sunk"),
    (
        "en",
        "“Whoever touches the dam, or even comes near, will pay,” Obi said.",
        "Whoever touches the dam, or even comes near",
        "will pay",
    ),
    (
        "en",
        "Any further delay, Obi said in an interview, would be met with force.",
        "Any further delay",
        "would be met with force",
    ),
    (
        "de",
        "„Wer uns angreift, bekommt es mit der Armee zu tun“, sagte Obi.",
        "Wer uns angreift",
        "bekommt es mit der Armee zu tun",
    ),
    (
        "ru",
        "«Любая попытка пройти будет встречена ударом», — сказал Путин.",
        "Любая попытка пройти",
        "будет встречена ударом",
    ),
    (
        "en",
        "In the event of an attack, Obi said, the response would be devastating.",
        "In the event of an attack",
        "the response would be devastating",
    ),
    (
        "en",
        "Obi cautioned that a second violation would not go unanswered.",
        "a second violation",
        "would not go unanswered",
    ),
    (
        "en",
        "“We will shut the pipeline down the moment they open the tribunal,” Obi said.",
        "the moment they open the tribunal",
        "We will shut the pipeline down",
    ),
    (
        "ru",
        "«В случае удара по порту мы будем вынуждены принять ответные меры», — заявил Путин.",
        "В случае удара по порту",
        "мы будем вынуждены принять ответные меры",
    ),
    (
        "uk",
        "«Якщо вони не відступлять, ми знищимо мости», — заявив генерал.",
        "Якщо вони не відступлять",
        "ми знищимо мости",
    ),
    (
        "fr",
        "« Au moindre tir, nous raserons leurs dépôts », a averti le général.",
        "Au moindre tir",
        "nous raserons leurs dépôts",
    ),
    (
        "de",
        "„Sobald der erste Panzer rollt, drehen wir den Hahn zu“, sagte Obi.",
        "Sobald der erste Panzer rollt",
        "drehen wir den Hahn zu",
    ),
    (
        "ar",
        "وقال القائد: «ما لم ينسحبوا خلال ثلاثة أيام، سنقصف المطار».",
        "ما لم ينسحبوا خلال ثلاثة أيام",
        "سنقصف المطار",
    ),
    ("ar", "وقال بوتين: «من يغلق المضيق سيجد الحرب».", "من يغلق المضيق", "سيجد الحرب"),
    ("zh-Hans", "普京说：“谁越线，谁就要付出代价。”", "谁越线", "谁就要付出代价"),
    ("zh-Hans", "“除非他们离开，否则我们将还击。”普京在记者会上说。", "除非他们离开", "我们将还击"),
    ("en", "“Touch our ships and you will regret it,” Obi said.", "Touch our ships", "you will regret it"),
    (
        "en",
        "“Send one more convoy, and we will sink it,” Obi said.",
        "Send one more convoy",
        "we will sink it",
    ),
    (
        "en",
        "Obi said gas deliveries would halt the moment the tribunal opens.",
        "the moment the tribunal opens",
        "gas deliveries would halt",
    ),
    (
        "en",
        "Obi said that gas deliveries would halt the moment the tribunal opens.",
        "the moment the tribunal opens",
        "gas deliveries would halt",
    ),
    (
        "en",
        "“As long as the siege stands, no grain will leave our ports,” Obi said.",
        "As long as the siege stands",
        "no grain will leave our ports",
    ),
    (
        "ru",
        "«Стоит им войти в бухту — и мы ответим ударом», — заявил Путин.",
        "Стоит им войти в бухту",
        "мы ответим ударом",
    ),
    (
        "ru",
        "«Стоит только тронуть наш флот — и вы пожалеете», — заявил Путин.",
        "Стоит только тронуть наш флот",
        "вы пожалеете",
    ),
    (
        "zh-Hans",
        "普京说：“如果他们一意孤行，一切后果由其自行承担。”",
        "如果他们一意孤行",
        "一切后果由其自行承担",
    ),
    (
        "fa",
        "وزیر خارجه گفت: «اگر به بندر ما حمله کنند، پاسخ کوبنده‌ای خواهیم داد.»",
        "اگر به بندر ما حمله کنند",
        "پاسخ کوبنده‌ای خواهیم داد",
    ),
    (
        "fa",
        "فرمانده گفت: «تنگه را خواهیم بست، مگر اینکه ناوها عقب بروند.»",
        "مگر اینکه ناوها عقب بروند",
        "تنگه را خواهیم بست",
    ),
    (
        "fa",
        "وزیر دفاع هشدار داد که هرگونه تجاوز بی‌پاسخ نخواهد ماند.",
        "هرگونه تجاوز",
        "بی‌پاسخ نخواهد ماند",
    ),
    (
        "fa",
        "«هر کس به سد دست بزند، پشیمان خواهد شد.» وزیر گفت.",
        "هر کس به سد دست بزند",
        "پشیمان خواهد شد",
    ),
]
OR_ELSE = [
    ("en", "“Leave by Friday or face war,” Obi said.", "Leave by Friday", "face war"),
    ("en", "“Leave the port. Otherwise we will act,” Obi said.", "Leave the port", "we will act"),
    (
        "de",
        "„Die Netze müssen weg“, sagte Obi. „Andernfalls kappen wir sie.“",
        "Die Netze müssen weg",
        "kappen wir sie",
    ),
    ("ru", "«Уйдите, иначе мы ударим», — сказал Путин.", "Уйдите", "мы ударим"),
    ("zh-Hans", "普京说：“请离开，否则我们将还击。”", "请离开", "我们将还击"),
    (
        "fa",
        "سفیر گفت: «ناوها باید ظرف ۴۸ ساعت بروند، وگرنه آن‌ها را هدف خواهیم گرفت.»",
        "ناوها باید ظرف ۴۸ ساعت بروند",
        "آن‌ها را هدف خواهیم گرفت",
    ),
]


@pytest.mark.parametrize(("language", "text", "condition", "consequence"), CONDITIONAL)
def test_a_condition_and_what_follows_from_it_are_drafted(
    language: str, text: str, condition: str, consequence: str
) -> None:
    [found] = of_kind("threat", text, language)
    assert (found["condition"], found["consequence"]) == ([condition], [consequence])


@pytest.mark.parametrize(("language", "text", "demand", "consequence"), OR_ELSE)
def test_a_demand_and_what_follows_otherwise_are_drafted(
    language: str, text: str, demand: str, consequence: str
) -> None:
    [found] = of_kind("threat", text, language)
    assert (found["demand"], found["consequence"]) == ([demand], [consequence])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“If they come, we will strike,” Obi said.",
            {"condition_kind": "if_do", "purpose": "deterrent", "consequence": "force"},
        ),
        (
            "“Unless they leave, we will blockade the port,” Obi said.",
            {"condition_kind": "unless_do", "purpose": "compellent", "consequence": "blockade"},
        ),
        (
            "“If they do not leave, sanctions will follow,” Obi said.",
            {"condition_kind": "unless_do", "purpose": "unclear", "consequence": "sanctions"},
        ),
        (
            "“Unless they leave by Friday, we will strike,” Obi said.",
            {"condition_kind": "deadline", "purpose": "compellent", "consequence": "force"},
        ),
    ],
)
def test_the_words_of_condition_and_harm_tell_the_kind(text: str, expected: dict[str, Any]) -> None:
    [draft] = [draft for draft in drafts(text) if draft.kind == "threat"]
    assert {name: draft.values[name] for name in expected} == expected


def test_a_compellent_threat_has_its_demand_and_its_deadline_marked() -> None:
    [found] = of_kind("threat", "“Unless they leave by Friday, we will strike,” Obi said.")
    assert (found["demand"], found["deadline"]) == (["they leave by Friday"], ["by Friday"])


def test_what_the_reporter_calls_a_threat_is_drafted_as_the_reporters() -> None:
    text = "Vladimir Putin threatened to respond militarily if leaders go on."
    [draft] = [draft for draft in drafts(text) if draft.kind == "threat"]
    assert of_kind("threat", text) == [{"consequence": ["respond militarily"], "condition": ["if leaders go on"]}]
    assert draft.values["explicitness"] == "reporter"


def test_what_somebody_is_threatened_with_stands_behind_with() -> None:
    assert of_kind("threat", "Adaeze Obi threatened the islanders with war.") == [{"consequence": ["war"]}]
    assert of_kind("threat", "هدد وزير الطاقة، فلاديمير بوتين، بإغلاق المضيق إذا لم تدفع روسيا.", "ar") == [
        {"consequence": ["إغلاق المضيق"], "condition": ["إذا لم تدفع روسيا"]}
    ]


def test_what_follows_behind_if_is_nothing_somebody_is_threatened_with() -> None:
    text = "Vladimir Putin threatened to respond militarily if leaders go on with the plan."
    assert [found["consequence"] for found in of_kind("threat", text)] == [["respond militarily"]]


# --- on no condition ---

UNCONDITIONAL = [
    ("en", "“War criminals will be punished,” Kennedy said.", "War criminals will be punished"),
    ("en", "“We are determined to destroy the bridges,” Kennedy said.", "destroy the bridges"),
    ("en", "“To halt this buildup, a blockade is being set up,” Kennedy said.", "a blockade is being set up"),
    ("ru", "«Мы полны решимости сокрушить агрессоров», — заявил Путин.", "сокрушить агрессоров"),
    (
        "de",
        "„Wir werden nicht zögern anzugreifen: die Flotte ist bereit“, sagte Obi.",
        "anzugreifen: die Flotte ist bereit",
    ),
    ("fr", "« Les coupables seront punis », a déclaré Vladimir Putin.", "Les coupables seront punis"),
]


@pytest.mark.parametrize(("language", "text", "consequence"), UNCONDITIONAL)
def test_what_is_announced_or_resolved_on_no_condition_is_drafted_as_less_sure(
    language: str, text: str, consequence: str
) -> None:
    [draft] = [draft for draft in drafts(text, language) if draft.kind == "threat"]
    [found] = of_kind("threat", text, language)
    assert (found["consequence"], draft.values["condition_kind"]) == ([consequence], "none")
    assert draft.score < 0.75


def test_what_a_measure_is_for_is_its_demand() -> None:
    [found] = of_kind("threat", "“To halt this buildup, a blockade is being set up,” Kennedy said.")
    assert found["demand"] == ["To halt this buildup"]


def test_what_is_regarded_as_an_attack_and_what_that_requires_are_condition_and_consequence() -> None:
    text = (
        "“We regard any missile launched from there as an attack, requiring a full retaliatory response,” Kennedy said."
    )
    [found] = of_kind("threat", text)
    assert found["consequence"] == ["a full retaliatory response"]
    assert found["condition"][0].startswith("any missile launched from there")


def test_a_consequence_in_the_present_is_drafted_when_it_names_a_harm() -> None:
    [found] = of_kind("threat", "“If they build a runway, they build a target,” Obi said.")
    assert (found["condition"], found["consequence"]) == (["If they build a runway"], ["they build a target"])


# --- one threat, said again ---

AGAIN = (
    "Vladimir Putin warned that any foreign troops sent there would be considered “legitimate targets.”\n"
    "Vladimir Putin threatened to respond militarily if European leaders move on with the plan.\n"
    "“If troops appear there, they will be legitimate targets,” Putin said."
)


def test_a_threat_that_is_said_again_is_one_draft_with_all_its_words() -> None:
    [draft] = [draft for draft in drafts(AGAIN) if draft.kind == "threat"]
    [found] = of_kind("threat", AGAIN)
    assert found == {
        "consequence": [
            "would be considered “legitimate targets.”",
            "respond militarily",
            "they will be legitimate targets",
        ],
        "condition": [
            "any foreign troops sent there",
            "if European leaders move on with the plan",
            "If troops appear there",
        ],
    }
    assert (draft.values["explicitness"], draft.reason.endswith("Said 3 times in this text.")) == ("explicit", True)


@pytest.mark.parametrize(
    "text",
    [
        "“If ships come, we will attack the fleet,” Kennedy said. “If ships come, we will attack,” Adaeze Obi said.",
        "“If they come, we will attack the fleet,” Obi said. “If they come, sanctions will follow,” Obi said.",
        "“If ships come, we will attack the fleet,” Obi said. “If planes land, we will bomb the runway,” Obi said.",
    ],
)
def test_threats_of_others_with_other_harm_or_in_other_words_stay_apart(text: str) -> None:
    assert len(of_kind("threat", text)) == 2


def test_the_state_whose_minister_speaks_is_the_speakers_own_side() -> None:
    own = "The president of Russia said that Russia will stop the trains if ships come."
    [draft] = [draft for draft in drafts(own) if draft.kind == "threat"]
    assert draft.values["condition_kind"] == "if_do"
    assert of_kind("threat", "Obi said that Russia will stop the trains if ships come.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The plan would pose a threat to Russia, Obi said.",
        "Obi said that a garrison would pose a threat to Russia.",
        "“If it rains, we will stay at home,” Obi said.",
        "If they come, there will be war.",
        "Obi said that it would be an unacceptable condition.",
        "“If only they knew,” Obi said.",
        "“We will not sign unless the text changes,” Obi said.",
        "“Any help will be welcome,” Obi said.",
        "“Whoever comes will be met at the station,” Obi said.",
        "“Take the bus or you will be late,” Obi said.",
        "Obi said she would wait until noon.",
        "“We are ready to talk at once,” Obi said.",
        "“We are not prepared to attack,” Obi said.",
        "“To defend the coast, the fleet will stay at sea,” Obi said.",
        "“They will not be punished,” Obi said.",
        "Obi said they were determined to strike a deal.",
        "“Stop shooting and we will lift the sanctions,” Obi said.",
        "“Come to the table and we will talk,” Obi said.",
        "“Build a school and they will come,” Obi said.",
        "“The fund will pay as long as members contribute,” Obi said.",
    ],
)
def test_dangers_refusals_and_the_authors_own_guesses_are_no_threats(text: str) -> None:
    assert of_kind("threat", text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "«Стоит напомнить, и мы будем это повторять», — сказал Путин."),
        ("ru", "«Дом стоит на горе, и мы будем его защищать силой», — сказал Путин."),
        ("zh-Hans", "普京说：“如果他们愿意谈，我们会谈。”"),
        ("fa", "وزیر گفت: «اگر باران بیاید، در خانه خواهیم ماند.»"),
        ("fa", "وزیر گفت: «مذاکرات ادامه دارد.»"),
    ],
)
def test_what_is_no_threat_in_other_languages_is_none(language: str, text: str) -> None:
    assert of_kind("threat", text, language) == []


def test_what_holds_as_long_as_something_does_demands_nothing_by_those_words() -> None:
    text = "“We will keep the pipeline closed as long as the tribunal sits,” Obi said."
    [draft] = [draft for draft in drafts(text) if draft.kind == "threat"]
    assert (draft.values["condition_kind"], draft.values["purpose"], "demand" in draft.parts) == (
        "until",
        "unclear",
        False,
    )


def test_the_reason_names_the_words_the_rule_goes_by() -> None:
    [draft] = [d for d in drafts("Obi warned that we will strike if they come.") if d.kind == "threat"]
    assert draft.reason == "“if” sets a condition; “strike” is something one threatens with; it is said as a warning."


def test_a_word_of_threatening_that_reports_a_quotation_threatens_with_nothing_behind_it() -> None:
    assert of_kind("threat", "«Они ещё пожалеют», — пригрозил генерал Сомов.", "ru") == []
