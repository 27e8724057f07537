import assert from "node:assert/strict";
import { test } from "node:test";
import { attributionAt } from "../../static/js/lib/attributions.js";

/** What is proposed, in words, with the cursor in (or the selection on) some words. */
function proposed(text, words = text.slice(0, 3)) {
  const at = text.indexOf(words);
  const found = attributionAt(text, at, at + words.length);
  const cut = (stretch) => stretch && text.slice(stretch.start, stretch.end);
  return found && [found.content.map(cut), cut(found.cue), cut(found.source)];
}

for (const [name, text, content, cue, source] of [
  [
    "“ ”",
    "“We will respond,” she said. “Any strike is war.”",
    ["“We will respond,”", "“Any strike is war.”"],
    "said",
    "she",
  ],
  [
    "“ ” with a comma",
    "“If a ship crosses,” Minister Obi said on Monday, “we close it.”",
    ["“If a ship crosses,”", "“we close it.”"],
    "said",
    "Minister Obi",
  ],
  [
    "straight marks",
    '"We will respond," warned Obi on Monday. "Any strike is war."',
    ['"We will respond,"', '"Any strike is war."'],
    "warned",
    "Obi",
  ],
  [
    "« »",
    "« Nous répondrons », a déclaré le ministre à Paris. « Toute attaque est une guerre. »",
    ["« Nous répondrons »", "« Toute attaque est une guerre. »"],
    "a déclaré",
    "le ministre",
  ],
  [
    "„ “",
    "„Wir antworten“, sagte die Ministerin am Montag. „Jeder Angriff ist Krieg.“",
    ["„Wir antworten“", "„Jeder Angriff ist Krieg.“"],
    "sagte",
    "die Ministerin",
  ],
  [
    "» «",
    "»Wir antworten«, erklärte er, »und zwar hart.«",
    ["»Wir antworten«", "»und zwar hart.«"],
    "erklärte",
    "er",
  ],
  [
    "「 」",
    "「我們將回應，」他說，「任何攻擊都是戰爭。」",
    ["「我們將回應，」", "「任何攻擊都是戰爭。」"],
    "說",
    "他",
  ],
  [
    "Chinese with a colon",
    "“我们将回应，”部长说：“任何攻击都是战争。”",
    ["“我们将回应，”", "“任何攻击都是战争。”"],
    "说",
    "部长",
  ],
  [
    "Russian marks",
    "«Мы ответим», — заявил министр. «Любой удар — война».",
    ["«Мы ответим»", "«Любой удар — война»"],
    "заявил",
    "министр",
  ],
  [
    "Russian dashes in one pair",
    "«Мы ответим, — сказал Петров в Москве. — Любой удар — война.»",
    ["«Мы ответим,", "Любой удар — война.»"],
    "сказал",
    "Петров",
  ],
  ["Arabic", "«سنرد»، قال الوزير في بغداد. «أي هجوم حرب.»", ["«سنرد»", "«أي هجوم حرب.»"], "قال", "الوزير"],
  ["Hebrew", '"נגיב", אמר השר, "ונגיב חזק."', ['"נגיב"', '"ונגיב חזק."'], "אמר", "השר"],
]) {
  test(`a split quotation is one statement from either half and from its cue: ${name}`, () => {
    for (const words of [content[0].slice(1, 4), content[1].slice(-4, -1), cue]) {
      assert.deepEqual(proposed(text, words), [content, cue, source], words);
    }
  });
}

for (const [text, words, expected] of [
  [
    "The minister said: “We are ready. Nobody doubts it.”",
    "ready",
    [["“We are ready. Nobody doubts it.”"], "said", "The minister"],
  ],
  [
    "On Monday, the foreign minister warned, “Do not cross it.”",
    "cross",
    [["“Do not cross it.”"], "warned", "the foreign minister"],
  ],
  [
    "“Nobody wants this,” Obi, the minister, told reporters.",
    "wants",
    [["“Nobody wants this,”"], "told", "Obi"],
  ],
  [
    "It rained. “Nobody wants this.” Then it stopped.",
    "Nobody",
    [["“Nobody wants this.”"], undefined, undefined],
  ],
  ["He called it “brave” and “wise”.", "brave", [["“brave”"], undefined, undefined]],
  ["“Yes,” said Obi. Wu replied: “No.”", "Yes", [["“Yes,”"], "said", "Obi"]],
  ["“Yes,” said Obi. Wu replied: “No.”", "No", [["“No.”"], "replied", "Wu"]],
  ["“Yes,” Obi said. “No,” Wu replied.", "Yes", [["“Yes,”"], "said", "Obi"]],
  ["“One,” she said. “Two.” The rest left.", "One", [["“One,”", "“Two.”"], "said", "she"]],
  [
    "“One,” she said, “two,” and went on, “three.”",
    "three",
    [["“One,”", "“two,”", "“three.”"], "said", "she"],
  ],
  ["عراقچی، وزیر خارجه، روز دوشنبه گفت: «پاسخ می‌دهیم.»", "پاسخ", [["«پاسخ می‌دهیم.»"], "گفت", "عراقچی"]],
  [
    "Лавров, министр иностранных дел, в понедельник заявил: «Мы ответим».",
    "ответим",
    [["«Мы ответим»"], "заявил", "Лавров"],
  ],
  ["В понедельник министр заявил: «Мы ответим».", "ответим", [["«Мы ответим»"], "заявил", "министр"]],
  ["The minister on Monday said: “We are ready.”", "ready", [["“We are ready.”"], "said", "The minister"]],
  ["According to the ministry, “all is well”.", "well", [["“all is well”"], "According to", "the ministry"]],
]) {
  test(`${words} in ${text}`, () => assert.deepEqual(proposed(text, words), expected));
}

test("where nothing is quoted there is no statement", () => {
  assert.equal(proposed("Nobody said anything.", "anything"), null);
  assert.equal(proposed("“Yes,” he said. Much later, it rained all day.", "rained"), null);
});

test("a cursor is enough", () => {
  assert.equal(attributionAt("He said “no”.", 10, 10).content.length, 1);
});
