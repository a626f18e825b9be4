// What stands between quotes. A text is lexed raw; here its escapes are resolved, and from a `"""` text the common
// indentation and the first and last line break are taken. Indentation is a matter of the raw text, so it goes first.

/** One escape: `\n`, `\u{1F600}`, or a backslash and whatever follows. */
const escapes = /\\(?:u\{([0-9a-fA-F]{1,6})\}|([\s\S]?))/gu;

const simple: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["\\", "\\"],
  ['"', '"'],
  ["{", "{"],
  ["}", "}"],
]);

/** Where in `raw` an unknown escape stands, and what it is. */
export interface BadEscape {
  readonly at: number;
  readonly escape: string;
}

function resolveEscape(code: string | undefined, letter: string | undefined): string | undefined {
  if (code === undefined) return simple.get(letter ?? "");
  const point = Number.parseInt(code, 16);
  const isScalar = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isScalar ? String.fromCodePoint(point) : undefined;
}

export function badEscapes(raw: string): readonly BadEscape[] {
  if (!raw.includes("\\")) return [];
  const bad: BadEscape[] = [];
  for (const match of raw.matchAll(escapes)) {
    const [escape, code, letter] = match;
    if (resolveEscape(code, letter) === undefined) bad.push({ at: match.index, escape });
  }
  return bad;
}

/** The text itself; an unknown escape stays as it is written. */
export function cook(raw: string): string {
  const text = raw.includes("\r\n") ? raw.replaceAll("\r\n", "\n") : raw;
  if (!text.includes("\\")) return text;
  return text.replace(escapes, (escape, code?: string, letter?: string) => resolveEscape(code, letter) ?? escape);
}

/**
 * The raw text parts of a `"""` text without the common indentation and the first and last line break. Between two
 * parts stands a hole, so a part's first line is the rest of a line unless it is the first part.
 */
export function unindent(parts: readonly string[]): readonly string[] {
  const lines = parts.map((part) => part.replaceAll("\r\n", "\n").split("\n"));
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return parts;
  const opensWithBreak = first.length > 1 && isBlank(first[0]);
  if (opensWithBreak) first.shift();
  if (last.length > 1 && isBlank(last.at(-1))) last.pop();
  else if (opensWithBreak && lines.length === 1 && last.length === 1 && isBlank(last[0])) last[0] = "";
  const isLineStart = (part: number, line: number): boolean => line > 0 || (part === 0 && opensWithBreak);
  const endsAtHole = (part: number, line: number): boolean =>
    part < lines.length - 1 && line === (lines[part]?.length ?? 0) - 1;

  let common: string | undefined;
  lines.forEach((part, p) =>
    part.forEach((line, l) => {
      if (!isLineStart(p, l) || (isBlank(line) && !endsAtHole(p, l))) return;
      const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
      common = common === undefined ? indent : sharedPrefix(common, indent);
    }),
  );
  const width = common?.length ?? 0;
  const strip = (line: string): string => (isBlank(line.slice(0, width)) ? line.slice(width) : line.trimStart());
  return lines.map((part, p) => part.map((line, l) => (isLineStart(p, l) ? strip(line) : line)).join("\n"));
}

function isBlank(line: string | undefined): boolean {
  return line !== undefined && /^[ \t]*$/.test(line);
}

function sharedPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
