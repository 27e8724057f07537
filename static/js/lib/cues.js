/** Words that report what somebody says, and what stands beside them: who says it. A proposal, to be looked at. Indices are UTF-16. */

/** @typedef {{start: number, end: number}} Stretch */

/** Cue words by script; in scripts without spaces they are found inside of words too. */
const CUES =
  `sa(?:id|ys|ying)|t(?:old|ells|elling)|warn(?:ed|s|ing)|add(?:ed|s|ing)|announce[ds]?|declare[ds]?|state[ds]|claim(?:ed|s)|insist(?:ed|s)|
stress(?:ed|es)|note[ds]|argue[ds]|ask(?:ed|s)|repl(?:ied|ies)|respond(?:ed|s)|answer(?:ed|s)|threaten(?:ed|s)|vow(?:ed|s)|pledge[ds]?|promise[ds]?|
explain(?:ed|s)|wr(?:ote|ites)|tweet(?:ed|s)|post(?:ed|s)|continue[ds]|conclude[ds]|remark(?:ed|s)|repeat(?:ed|s)|reiterate[ds]?|suggest(?:ed|s)|confirm(?:ed|s)|
den(?:ied|ies)|admit(?:ted|s)|quipped|according to|
sagte|sagt|erklärte|erklärt|warnte|warnt|betonte|betont|drohte|droht|meinte|fügte|schrieb|schreibt|teilte|kündigte|antwortete|rief|laut|
(?:a |ont )?déclaré|(?:a |ont )?dit|(?:a |ont )?affirmé|(?:a |ont )?averti|(?:a |ont )?prévenu|(?:a |ont )?ajouté|(?:a |ont )?assuré|affirme|déclare|avertit|prévient|ajoute|menacé|selon|
dijo|dice|declaró|advirtió|advierte|afirmó|afirma|añadió|aseguró|señaló|amenazó|según|
sade|säger|dichiarato|disse|dice|
сказала?|говорит|заявила?|заявляет|предупредила?|предупреждает|добавила?|подчеркнула?|отметила?|пригрозила?|ответила?|написала?|сообщила?|по словам|
сказав|заявив|попередив|додав|наголосив|
ق[اا]ل(?:ت)?|وقال(?:ت)?|صرح(?:ت)?|حذر(?:ت)?|وحذر|أعلن(?:ت)?|أضاف(?:ت)?|وأضاف(?:ت)?|أكد(?:ت)?|وأكد|هدد(?:ت)?|
گفت|گفته|افزود|هشدار داد|اعلام کرد|تأکید کرد|
אמר(?:ה|ו)?|הזהיר(?:ה)?|הודיע(?:ה)?|הוסיף|הוסיפה|הצהיר|איים`.replaceAll("\n", "");
const SPACELESS =
  "(?:表示|警告说|警告称|警告|强调|強調|指出|宣布|宣称|声称|回应|回應|威胁|說|说|称|稱|と述べた|と警告した|述べた|語った|警告した|कहा|말했다|경고했다|밝혔다)";
const CUE = new RegExp(`(?<![\\p{L}\\p{M}])(?:${CUES})(?![\\p{L}\\p{M}])|${SPACELESS}`, "giu");
const COMMAS = /[,،，、;；]/;
const EDGE = /^[\s,.;:!?—–\-،。，、：؛()"“”«»„「」]+|[\s,.;:!?—–\-،。，、：؛()"“”«»„「」]+$/gu;
/** What leads into the naming of a speaker. */
const LEAD = /^(?:but|and|as|while|when|then|so|und|doch|aber|wie|et|mais|y|pero|а|и|но|как|و)\s+/iu;
/** Where the naming of a speaker that follows its cue ends. */
const REST =
  /[,.;:!?—–(،。，：؛\n]|\s(?:on|in|at|to|during|after|before|while|when|as|that|who|whose|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|am|im|bei|vor|nach|dass|gegenüber|à|au|dans|lors|devant|que|en|el|ante|в|на|во|что|журналистам|إن|أن|في|خلال|إنه|כי|ב|که|در)\s/iu;
/** A day says when and not who: “on Monday”, „am Montag“, «в понедельник». */
const DAYS =
  `(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|(?:am )?(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)|
(?:le )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|(?:el )?(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|
(?:во? )?(?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)|вчера|сегодня|
(?:يوم )?(?:الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)|أمس|ביום (?:ראשון|שני|שלישי|רביעי|חמישי|שישי)|אתמול|
(?:روز )?(?:(?:یک|دو|سه|چهار|پنج)?[ \u200c]?شنبه|جمعه)|دیروز|امروز`.replaceAll("\n", "");
const FIRST_DAY = new RegExp(`^(?:${DAYS})(?![\\p{L}\\p{M}])`, "iu");
const LAST_DAY = new RegExp(`(?<![\\p{L}\\p{M}])(?:${DAYS})$`, "iu");
const LONGEST = 90;

/**
 * Cue and source in a narrator's stretch beside a quotation: the first cue word, and the words before it, else those behind it.
 * @param {string} text @param {Stretch} stretch
 * @returns {{cue?: Stretch, source?: Stretch}}
 */
export function cueIn(text, { start, end }) {
  const words = text.slice(start, end);
  const [found] = words.matchAll(CUE);
  if (!found) return {};
  const cue = { start: start + found.index, end: start + found.index + found[0].length };
  const before = speakerBefore(text, start, cue.start);
  return { cue, source: before ?? speakerBehind(text, cue.end, end) };
}

/** @param {string} text @param {Stretch} stretch @returns {number} how many cue words it holds */
export function cueCount(text, { start, end }) {
  return [...text.slice(start, end).matchAll(CUE)].length;
}

/** “Putin”, of “Putin, the president, said”; “the minister”, of “On Monday, the minister said”. @param {string} text @param {number} start @param {number} end */
function speakerBefore(text, start, end) {
  const whole = timeless(text, bare(text, start, end));
  if (!whole) return undefined;
  const isAfterComma = COMMAS.test(text.slice(whole.end, end));
  const commas = [...text.slice(whole.start, whole.end).matchAll(new RegExp(COMMAS, "gu"))].map(
    ({ index }) => whole.start + index,
  );
  const chunk = isAfterComma
    ? bare(text, whole.start, commas[0] ?? whole.end)
    : bare(text, (commas.at(-1) ?? whole.start - 1) + 1, whole.end);
  return chunk && named(text, chunk);
}

/** @param {string} text @param {number} start @param {number} end */
function speakerBehind(text, start, end) {
  const whole = bare(text, start, end);
  if (!whole || COMMAS.test(text.slice(start, whole.start))) return undefined;
  const rest = `${text.slice(whole.start, end)}\n`.search(REST);
  const chunk = bare(text, whole.start, Math.min(whole.start + rest, end));
  return chunk && named(text, chunk);
}

/** @param {string} text @param {Stretch} chunk @returns {Stretch | undefined} without what leads into it; nothing that is too long to be a name */
function named(text, { start, end }) {
  const from = start + (text.slice(start, end).match(LEAD)?.[0].length ?? 0);
  return end - from > LONGEST ? undefined : { start: from, end };
}

/** @param {string} text @param {Stretch | undefined} stretch @returns {Stretch | undefined} without the day it begins or ends with */
function timeless(text, stretch) {
  if (!stretch) return undefined;
  const { start, end } = stretch;
  const words = text.slice(start, end);
  const first = words.match(FIRST_DAY)?.[0].length ?? 0;
  const last = words.slice(first).match(LAST_DAY)?.[0].length ?? 0;
  return bare(text, start + first, end - last);
}

/** @param {string} text @param {number} start @param {number} end @returns {Stretch | undefined} without spaces and punctuation at its ends */
function bare(text, start, end) {
  let [from, to] = [start, end];
  for (const { 0: edge, index } of text.slice(start, end).matchAll(EDGE)) {
    if (index === 0) from = start + edge.length;
    else to = start + index;
  }
  return from < to ? { start: from, end: to } : undefined;
}
