import assert from "node:assert/strict";
import { test } from "node:test";
import { cutsWord, snapToWords, trimSpace, wordBeside } from "../../static/js/lib/words.js";

/** The text between `[` and `]` is selected; the answer is what the snap makes of it. */
function snap(drawn, language) {
  const start = drawn.indexOf("[");
  const text = drawn.replace("[", "").replace("]", "");
  const range = snapToWords(text, start, drawn.indexOf("]") - 1, language);
  return range && text.slice(range.start, range.end);
}

const SNAPS = [
  ["a border inside a word goes to the word's edge", "If some tr[oops app]ear there", "troops appear"],
  ["a border at a word's edge stays", "If [some troops] appear", "some troops"],
  ["white space at the ends is left out", "If[ some ]troops", "some"],
  ["no-break and zero-width space at the ends are left out", "a[\u00a0\u200bb\u200b\u00a0]c", "b"],
  ["an opening quotation mark outside is not eaten", "said “I[f some] troops”", "If some"],
  ["a closing quotation mark outside is not eaten", "said “some tro[op]s”.", "troops"],
  ["quotation marks inside stay", "said [“If some troops”].", "“If some troops”"],
  ["straight quotation marks are not eaten", 'he said "wa[r] now"', "war"],
  ["single quotation marks are not eaten", "he said ‘w[a]r’ now", "war"],
  ["straight single quotation marks are not eaten", "he said 'w[a]r' now", "war"],
  ["German quotation marks are not eaten", "er sagte „Kr[ie]g“ gestern", "Krieg"],
  ["French quotation marks are not eaten", "il a dit «gue[rr]e» hier", "guerre"],
  ["Swedish quotation marks are not eaten", "han sa ”kr[i]g” igår", "krig"],
  ["Chinese quotation marks are not eaten", "他说「战[争]」了", "争"],
  ["a possessive can be left out", "[Putin]’s threat", "Putin"],
  ["a border inside a possessor's name ends before the apostrophe", "[Put]in’s threat", "Putin"],
  ["an elided article can be left out", "dans l’[acc]ord", "accord"],
  ["a contraction cut after its apostrophe is whole", "I [don’]t", "don’t"],
  ["Arabic snaps to whole words", "قال الرئ[يس بو]تين اليوم", "الرئيس بوتين"],
  ["Hebrew snaps to whole words", "אמר הנ[שי]א היום", "הנשיא"],
  ["Cyrillic snaps to whole words", "заявил пре[зид]ент", "президент"],
  ["Devanagari is never cut inside a cluster", "उन्होंने नम[स्]ते कहा", "नमस्ते"],
  ["Chinese borders stay at the characters drawn", "俄罗斯总[统普]京表示", "统普"],
  ["Thai borders stay at the characters drawn", "ประธานาธิบ[ดีปูติน]กล่าว", "ดีปูติน"],
  ["a Korean particle can be left out", "[푸틴]은 말했다", "푸틴"],
  ["half a surrogate pair becomes the whole character", "a [\ud83d]\ude80 b", "🚀"],
  ["a place in a family of emoji takes the family", "a [👨‍]👩‍👧 b", "👨‍👩‍👧"],
  ["a letter keeps its combining mark", "caf[e]\u0301 noir", "cafe\u0301"],
  ["a number keeps its separators", "about 1[,3]00 men", "1,300"],
  ["a soft hyphen does not end a word", "Bun[des]\u00adtag tagt", "Bundes\u00adtag"],
];

for (const [name, drawn, expected] of SNAPS) {
  test(name, () => assert.equal(snap(drawn), expected));
}

test("nothing but white space is nothing", () => {
  assert.equal(snap("a[ \n\u00a0\u2028]b"), null);
  assert.equal(trimSpace("   ", 0, 3), null);
});

test("an unknown language falls back instead of failing", () => {
  assert.equal(snap("so[m]e", "not a language"), "some");
});

test("a start border goes from word start to word start", () => {
  assert.equal(wordBeside("He said: “No”", 0, -1, 1), 3);
  assert.equal(wordBeside("He said: “No”", 3, -1, 1), 10);
  assert.equal(wordBeside("He said: “No”", 10, -1, -1), 3);
});

test("an end border goes from word end to word end", () => {
  assert.equal(wordBeside("He said: “No”", 2, 1, 1), 7);
  assert.equal(wordBeside("He said: “No”", 12, 1, -1), 7);
});

test("an end border stops before an apostrophe", () => {
  assert.equal(wordBeside("Putin’s threat", 7, 1, -1), 5);
  assert.equal(wordBeside("Putin’s threat", 5, 1, 1), 7);
});

test("a border past the last word goes to the text's end", () => {
  assert.equal(wordBeside("No.”", 2, 1, 1), 4);
  assert.equal(wordBeside("“No", 1, -1, -1), 0);
});

test("a range that runs through a word is told from one that does not", () => {
  const text = "Obi’s Obinna, 普京表示 1,000";
  for (const [words, isCut] of [
    ["Obi", false],
    ["Obin", true],
    ["binna", true],
    ["Obinna", false],
    ["京表", false],
    ["00", true],
  ])
    assert.equal(cutsWord(text, text.indexOf(words), text.indexOf(words) + words.length), isCut, words);
});
