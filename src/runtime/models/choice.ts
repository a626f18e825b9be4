// Which of some names a text means. Tolerant of case, quotes, punctuation, blanks for `_`, and of a sentence around the
// name, if the sentence says just that: `Category: high`, `I would call it high, since …`, `high` and below it why.
//
// Never a guess. A sentence has to be one of a few forms; that a name occurs in it is not enough, for there is no end to
// the ways of saying that something is not so (`far from high`, `Excluded: high`, `It was high`). Two names are none.

export type Choice =
  | { readonly kind: "One"; readonly name: string }
  | { readonly kind: "Several"; readonly names: readonly string[] }
  | { readonly kind: "Nothing" };

/** The whole text is the name, but for case and wrapping. */
export function chooseWhole(text: string, names: readonly string[]): Choice {
  if (names.includes(text)) return { kind: "One", name: text };
  if (text.length > longestText) return { kind: "Nothing" };
  const wanted = folded(text).filter((form) => form !== "");
  return choice(names.filter((name) => folded(name).some((form) => wanted.includes(form))));
}

/** The name is what a short text says. `type` is what names of this kind are called. */
export function chooseWithin(text: string, names: readonly string[], type: string): Choice {
  const whole = chooseWhole(text, names);
  if (whole.kind !== "Nothing" || text.length > longestText) return whole;
  const mentioned = mentions(text, names);
  const [name, ...others] = mentioned;
  if (name === undefined || others.length > 0) return choice(mentioned);
  return claims(without(text, name), type) ? { kind: "One", name } : { kind: "Nothing" };
}

const longestText = 1000;

function choice(names: readonly string[]): Choice {
  const [first, ...others] = names;
  if (first === undefined) return { kind: "Nothing" };
  return others.length === 0 ? { kind: "One", name: first } : { kind: "Several", names };
}

// ── what a sentence says ────────────────────────────────────────────────────────────────────────────────────────

/** Words for what was asked for, beside the type's own name. */
export const labels: readonly string[] = [
  "answer",
  "category",
  "choice",
  "class",
  "classification",
  "decision",
  "label",
  "option",
  "output",
  "result",
  "value",
  "verdict",
];

/** Stands for the name, once it is found. */
const hole = "¦";
const wrap = "[\\s\"'`“”‘’«»*_]*";
const about = "(?: (?:of|for) (?:the|this|that) \\p{L}+)?";
const qualities = "final|best|correct|right|selected|chosen|predicted|assigned|overall";
const thing = "(?:(?:the|this|that|my) \\p{L}+|it|this(?: one)?|that(?: one)?)";
const opener =
  "(?:(?:i think|i believe|so|thus|therefore|overall)(?: that)?,? |(?:based on|given|considering) [^.,;¦]{1,60}, )?";

/** What may stand before a name that is the answer. `noun` is what the answer is called. */
function leads(noun: string): readonly string[] {
  return [
    "(?:[-*>#→•]+|=>)?",
    `${noun}${wrap}(?:[:=.→]|\\s[–—-]\\s|->|=>)`,
    `${opener}(?:${noun}|${thing}) is:?`,
    `${opener}it['’]s`,
    "(?:i|we) (?:choose|chose|pick|picked|select|selected|say|go with)",
    "i(?:['’]d| would) (?:say|choose|pick|select|go with):?",
    `i(?:['’]d| would)? (?:call|classify|rate|label|categorize|categorise) ${thing}(?: as)?`,
    `${thing} (?:should be|is|can be) (?:classified|labelled|labeled|categorized|categorised|rated) as`,
  ];
}

/** What may stand behind it: nothing, or the reason. `high-level` and `high time` are something else. */
const behind =
  /^["'`“”‘’«»*_)\]]*(?:\s*$|[.!;,:]["'`“”‘’«»*_)\]]*(?:\s*$|\s+(.*))|\s+([(–—-].*|(?:here|overall|because|since|as|due to|given)\b.*))$/isu;
/** What takes a name back, at the beginning of a reason, anywhere in it, or before the name once more. */
const denial = /^[\s(–—-]*(?:not|no|nor|never|hardly|barely|if|maybe|perhaps|possibly|probably)\b/iu;
const retraction =
  /\b(?:but|however|although|though|or|actually|wait|instead|rather|unless|correction|second thought|not sure|unsure|mistake|scratch that)\b/iu;
const negation = /\b(?:not|no|nor|never|neither|without|cannot|hardly|barely)\b|n['’]t\b/iu;

/** Whether a text with `¦` for a name says that it is it. */
function claims(text: string, type: string): boolean {
  const lines = text.replace(/:(["'*_]*)\s*\n\s*/g, ":$1 ").split("\n");
  const [line = "", ...below] = lines.filter((each) => each.trim() !== "");
  const at = line.indexOf(hole);
  const after = at < 0 ? null : behind.exec(line.slice(at + hole.length));
  if (after === null) return false;
  const kinds = /^[\p{L}\p{N}_ ]+$/u.test(type) ? [...labels, type] : labels;
  const noun = `(?:(?:the|my|this|its) )?(?:(?:${qualities}) )?(?:${kinds.join("|")})(?: (?:level|name))?${about}`;
  const lead = new RegExp(`^${wrap}(?:${leads(noun).join("|")})${wrap}$`, "iu");
  const reasons = [after[1] ?? after[2] ?? "", ...below];
  return lead.test(line.slice(0, at)) && !reasons.some(takesBack);
}

function takesBack(reason: string): boolean {
  return denial.test(reason) || retraction.test(reason) || (reason.includes(hole) && negation.test(reason));
}

// ── names in a text ─────────────────────────────────────────────────────────────────────────────────────────────

/** A longer name hides a shorter one inside it: `very_high` is no mention of `high`. */
function mentions(text: string, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  let rest = text;
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    if (without(rest, name) === rest) continue;
    for (const same of names) if (same.toLowerCase() === name.toLowerCase()) found.add(same);
    rest = without(rest, name);
  }
  return names.filter((name) => found.has(name));
}

function without(text: string, name: string): string {
  const words = name
    .normalize("NFC")
    .toLowerCase()
    .split(/[\s_-]+/u)
    .filter((word) => word !== "");
  if (words.length === 0) return text;
  const body = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, escaped)).join("[\\s_-]+");
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_-])${body}(?![\\p{L}\\p{N}_-])`, "giu"), hole);
}

/** Not every sign may have a backslash before it. */
function escaped(sign: string): string {
  return `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The forms that two spellings of one name have in common: one as it stands, one with `VeryHigh` as two words. */
function folded(text: string): readonly string[] {
  const bare = unwrapped(text.normalize("NFC").replace(/\p{Cf}/gu, ""));
  return [bare, bare.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")].map((form) =>
    form.toLowerCase().replace(/(?<=[\p{L}\p{N}])(?:\s+|_+|-)(?=[\p{L}\p{N}])/gu, " "),
  );
}

/** Without quotes and marks that belong to no name: `C#` and `-1` stay what they are. */
function unwrapped(text: string): string {
  return text.replace(/^(?:[\s"'`“”‘’«»*_([<]|[-#>]+\s)+/u, "").replace(/[\s"'`“”‘’«»*_)\]>.,:;!]+$/u, "");
}
