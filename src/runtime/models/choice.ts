// Which of some names a text means. Tolerant of case, quotes, punctuation, blanks for `_`, and of a sentence around the
// name; never guessing: two names, a negation, or a text too long to be an answer mean none of them.

export type Choice =
  | { readonly kind: "One"; readonly name: string }
  | { readonly kind: "Several"; readonly names: readonly string[] }
  | { readonly kind: "Nothing" };

const longestSentence = 300;
const negation = /\b(not|no|nor|never|neither|without|cannot|rather than|instead of|except|unless|unlike)\b|n['’]t\b/iu;

/** The whole text is the name, but for case and wrapping. */
export function chooseWhole(text: string, names: readonly string[]): Choice {
  if (names.includes(text)) return { kind: "One", name: text };
  const wanted = folded(text);
  return choice(names.filter((name) => folded(name) === wanted && wanted !== ""));
}

/** The name is the only one that a short sentence speaks of. */
export function chooseWithin(text: string, names: readonly string[]): Choice {
  const whole = chooseWhole(text, names);
  if (whole.kind !== "Nothing") return whole;
  if (text.length > longestSentence) return whole;
  const mentioned = mentions(text, names);
  return mentioned.length === 1 && negation.test(without(text, mentioned)) ? { kind: "Nothing" } : choice(mentioned);
}

function choice(names: readonly string[]): Choice {
  const [first, ...others] = names;
  if (first === undefined) return { kind: "Nothing" };
  return others.length === 0 ? { kind: "One", name: first } : { kind: "Several", names };
}

/** A longer name hides a shorter one inside it: `very_high` is no mention of `high`. */
function mentions(text: string, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  let rest = text;
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    const pattern = wordPattern(name);
    if (pattern === undefined || !pattern.test(rest)) continue;
    for (const same of names) if (folded(same) === folded(name)) found.add(same);
    rest = without(rest, [name]);
  }
  return names.filter((name) => found.has(name));
}

/** So that a name which is itself a word like `no` negates nothing. */
function without(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => {
    const pattern = wordPattern(name);
    return pattern === undefined ? rest : rest.replace(pattern, " ¦ ");
  }, text);
}

function wordPattern(name: string): RegExp | undefined {
  const words = folded(name)
    .split(" ")
    .filter((word) => word !== "");
  if (words.length === 0) return undefined;
  const body = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, (sign) => `\\${sign}`)).join("[\\s_-]+");
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${body}(?![\\p{L}\\p{N}_-])`, "giu");
}

const wrapping = /^[\s"'`“”‘’«»*_#()[\]{}<>.,:;!-]+|[\s"'`“”‘’«»*_#()[\]{}<>.,:;!?-]+$/gu;

function folded(text: string): string {
  return text
    .normalize("NFC")
    .replace(wrapping, "")
    .toLowerCase()
    .replace(/[\s_-]+/gu, " ");
}
