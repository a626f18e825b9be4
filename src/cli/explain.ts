// `keel explain`: the page of a diagnostic on the terminal, or the list of all.

import { createColors } from "picocolors";
import stringWidth from "string-width";
import { errorPages } from "../generated/errors.ts";
import { catalogue, type Code, type CodeEntry } from "../source/codes.ts";
import { suggest } from "../source/suggest.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** The areas of the catalogue, by the first digit of their codes. */
export const areas: { readonly [digit: string]: string } = {
  0: "Text and syntax",
  1: "Names",
  2: "Types, and what may stand where",
  3: "Matching",
  4: "Effects and capabilities",
  6: "Journals",
};

export function explain(word: string | undefined, { json }: { readonly json?: true }): ExitCode {
  if (word === undefined) process.stdout.write(json ? asJson({ codes: all().map(entryJson) }) : list());
  else {
    const code = find(word);
    const text = errorPages[code] ?? "";
    process.stdout.write(json ? asJson({ ...entryJson(code), page: text }) : page(text));
  }
  return exitCodes.ok;
}

const all = (): readonly Code[] => (Object.keys(catalogue) as Code[]).toSorted();
const asJson = (value: object): string => `${JSON.stringify({ version: 1, ...value }, null, 2)}\n`;

/** `K3001`, `k3001` or `3001`. */
function find(word: string): Code {
  const upper = word.toUpperCase().replace(/^(?=\d)/, "K");
  const codes = all();
  const code = codes.find((each) => each === upper);
  if (code !== undefined) return code;
  const sameArea = codes.filter((each) => each.slice(0, 2) === upper.slice(0, 2));
  const near = suggest(upper, sameArea) ?? suggest(upper, codes);
  const help = near === undefined ? "" : `did you mean ${near} (${titleOf(near as Code)})? `;
  throw new UsageError(`there is no diagnostic ${word}`, `${help}\`keel explain\` lists them all`);
}

function titleOf(code: Code): string {
  return /^# K\d{4}: (.+)$/m.exec(errorPages[code] ?? "")?.[1] ?? "";
}

function entryJson(code: Code): object {
  const { severity, message }: CodeEntry = catalogue[code];
  return { code, severity, title: titleOf(code), message };
}

function list(): string {
  const colors = createColors(inColor());
  const codes = all();
  const parts = Object.entries(areas).map(([digit, area]) => {
    const rows = codes.filter((code) => code.charAt(1) === digit).map((code) => `${row(code)}\n`);
    return `${colors.bold(area)}\n${rows.join("")}\n`;
  });
  return `${parts.join("")}\`keel explain CODE\` tells more.\n`;
}

const row = (code: Code): string => `  ${code}  ${catalogue[code].severity.padEnd(7)}  ${titleOf(code)}`;

/** The page for a terminal: paragraphs filled, programs indented. */
function page(markdown: string): string {
  const colors = createColors(inColor());
  const width = Math.min(process.stdout.columns ?? 80, 100);
  const out: string[] = [];
  let paragraph: string[] = [];
  let isCode = false;
  const close = (): void => {
    out.push(...fill(paragraph.join(" "), width));
    paragraph = [];
  };
  for (const line of markdown.trimEnd().split("\n")) {
    if (line.startsWith("```")) {
      isCode = !isCode;
      const file = /file=(\S+)/.exec(line)?.[1];
      if (file !== undefined) out.push(`    # ${file}`);
    } else if (isCode) out.push(`    ${line}`.trimEnd());
    else if (line === "" || /^(#+|>) /.test(line)) {
      close();
      if (line === "") out.push("");
      else if (line.startsWith(">")) out.push(colors.cyan(line.replace(/^> /, "  ")));
      else out.push(colors.bold(line.replace(/^#+ /, "")));
    } else paragraph.push(line);
  }
  close();
  return `${out.join("\n")}\n`;
}

function fill(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last === undefined || stringWidth(last) + 1 + stringWidth(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function inColor(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}
