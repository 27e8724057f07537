import assert from "node:assert/strict";
import { test } from "node:test";
import { grown } from "../../static/js/lib/growing.js";
import { quotationsIn } from "../../static/js/lib/quotations.js";
import { clausesIn, sentencesIn } from "../../static/js/lib/sentences.js";

/** The text cut at LF, each block with the code point it starts at, as the page has it. */
function blocksOf(text) {
  let start = 0;
  return text.split("\n").map((line) => {
    const block = { start, text: line };
    start += [...line].length + 1;
    return block;
  });
}

/** Every step from the words (or the cursor before them) to the whole paragraph. */
function steps(text, words, { language = "en", cursor = false } = {}) {
  const blocks = blocksOf(text);
  const start = [...text.slice(0, text.indexOf(words))].length;
  const found = [];
  let at = { start, end: start + (cursor ? 0 : [...words].length) };
  for (let next = grown(blocks, at, language); next; next = grown(blocks, at, language)) {
    assert.equal([...text].slice(next.start, next.end).join(""), next.quote);
    found.push(next.quote);
    at = next;
  }
  return found;
}

const sentences = (text) => sentencesIn(text).map(({ start, end }) => text.slice(start, end));
const quotations = (text) => quotationsIn(text).map(({ start, end }) => text.slice(start, end));

test("a cursor grows to word, clause, quotation, sentence and paragraph", () => {
  assert.deepEqual(
    steps("It rained. “If they cross, we close it,” she said. Then all left.", "cross", { cursor: true }),
    [
      "cross",
      "If they cross",
      "“If they cross, we close it,”",
      "“If they cross, we close it,” she said.",
      "It rained. “If they cross, we close it,” she said. Then all left.",
    ],
  );
});

test("half a word grows to the word first", () => {
  assert.deepEqual(steps("They crossed the line.", "cros")[0], "crossed");
});

test("a sentence within a longer quotation comes before the quotation, without half of its marks", () => {
  assert.deepEqual(steps("“We are ready. Nobody doubts it.” He left.", "ready"), [
    "We are ready",
    "We are ready.",
    "“We are ready. Nobody doubts it.”",
    "“We are ready. Nobody doubts it.” He left.",
  ]);
});

test("nested quotations are steps of their own", () => {
  assert.deepEqual(steps("„Er sagte ‚nie wieder‘ zu uns“, schrieb sie.", "nie", { language: "de" }), [
    "‚nie wieder‘",
    "Er sagte ‚nie wieder‘ zu uns",
    "„Er sagte ‚nie wieder‘ zu uns“",
    "„Er sagte ‚nie wieder‘ zu uns“, schrieb sie.",
  ]);
});

test("a selection over two sentences grows to both, one over two paragraphs to both", () => {
  assert.deepEqual(steps("One went. Two came. Three stayed.", "went. Two"), [
    "One went. Two came.",
    "One went. Two came. Three stayed.",
  ]);
  assert.deepEqual(steps("A b. C d.\nE f. G h.", "d.\nE"), ["C d.\nE f.", "A b. C d.\nE f. G h."]);
});

test("offsets stay code points behind astral characters", () => {
  assert.deepEqual(steps("🚢🚢 sails. The 👨‍👩‍👧 waits.", "waits")[0], "The 👨‍👩‍👧 waits");
});

for (const [language, text, word, expected] of [
  [
    "zh",
    "会议结束了。他说：“我们将作出反应，绝不退让。”随后离开。",
    "反应",
    ["我们将作出反应", "“我们将作出反应，绝不退让。”"],
  ],
  [
    "ja",
    "会議は終わった。大臣は「必ず対応する」と述べた。皆は去った。",
    "対応",
    ["必ず対応する", "「必ず対応する」", "大臣は「必ず対応する」と述べた。"],
  ],
  [
    "ar",
    "انتهى الاجتماع. قال الوزير: «سنرد، ولن نتراجع.» ثم غادر؟ نعم.",
    "نتراجع",
    ["ولن نتراجع", "«سنرد، ولن نتراجع.»"],
  ],
  [
    "hi",
    "बैठक समाप्त हुई। मंत्री ने कहा, हम जवाब देंगे। सब चले गए।",
    "जवाब",
    ["हम जवाब देंगे", "मंत्री ने कहा, हम जवाब देंगे।"],
  ],
  [
    "ru",
    "Заседание закончилось. «Мы ответим, и ответим жёстко», — сказал он. Все ушли.",
    "ответим",
    ["Мы ответим", "«Мы ответим, и ответим жёстко»"],
  ],
  ["he", 'הישיבה הסתיימה. השר אמר: "נגיב, ולא ניסוג." אחר כך עזב.', "נגיב", ['"נגיב, ולא ניסוג."']],
]) {
  test(`growing in ${language}`, () => {
    const found = steps(text, word, { language });
    for (const step of expected) assert.ok(found.includes(step), `${step} in ${JSON.stringify(found)}`);
    assert.equal(found.at(-1), text);
  });
}

test("sentences mind abbreviations, initials, numbers and what goes on in lower case", () => {
  for (const whole of [
    "Gen. J. F. Obi met Dr. Wu at 3.30 p.m. on Sept. 4 in the U.S. and left.",
    "“Stop!” she said.",
    "Der Minister sprach z.B. über 1.000 Schiffe und Nr. 5.",
    "В 2014 г. министр им. Иванова ушёл, т.е. его не стало.",
    "Wait… and see.",
  ])
    assert.deepEqual(sentences(whole), [whole]);
});

test("sentences end at the marks of their script", () => {
  assert.deepEqual(sentences("Go! Now? Yes. “No.” Well…"), ["Go!", "Now?", "Yes.", "“No.”", "Well…"]);
  assert.deepEqual(sentences("走！真的？是。“好。”完"), ["走！", "真的？", "是。", "“好。”", "完"]);
  assert.deepEqual(sentences("هل رحل؟ نعم. کیا؟ ہاں۔"), ["هل رحل؟", "نعم.", "کیا؟", "ہاں۔"]);
  assert.deepEqual(sentences("एक। दो॥"), ["एक।", "दो॥"]);
});

test("clauses are not cut inside of numbers", () => {
  const text = "He sent 1,000 ships, then left.";
  assert.deepEqual(
    clausesIn(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end)),
    ["He sent 1,000 ships", "then left"],
  );
});

test("quotations are found in all marks, apostrophes are none", () => {
  for (const [text, found] of [
    ["He said “no” and “yes”.", ["“no”", "“yes”"]],
    ['He said "no" and "yes".', ['"no"', '"yes"']],
    ["« Non », dit-il, « jamais ! »", ["« Non »", "« jamais ! »"]],
    ["»Nein«, sagte er.", ["»Nein«"]],
    ["„Nein“, sagte er. „Nie.“", ["„Nein“", "„Nie.“"]],
    ["”Nej”, sade han.", ["”Nej”"]],
    ["「否」他說：『是』", ["「否」", "『是』"]],
    ["It’s Putin’s ‘red line’, the ships’ own.", ["‘red line’"]],
    ["it's the 'red line' of Obi's", ["'red line'"]],
    ['דובר צה"ל אמר: "לא"', ['"לא"']],
    ["“First paragraph goes on.\n“Second ends.” Done.", ["“First paragraph goes on.", "“Second ends.”"]],
    ["An open „mark never closes.", []],
  ])
    assert.deepEqual(quotations(text), found, text);
});
