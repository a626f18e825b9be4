// From a prompt template and what an operation works on to the texts that are sent.
//
// A template has the sections `# system` and `# user`, paragraphs between blank lines, and placeholders `{{name}}`. A
// paragraph with an empty placeholder is left out; that is the whole syntax. What is filled in is never read again.
//
// Invariant: data cannot pass for instructions by closing its block. Blocks are fenced by a tag whose nonce is a hash of
// all that is filled in, so nothing in the data can name it, and whatever looks like any such tag is defused besides.
// `{{tag}}` shows the tag's form, not its nonce, so that a system text is the same from call to call.
// The same input renders the same text, so a resume sends what was sent.

import { createHash } from "node:crypto";
import { invariant } from "../../source/invariant.ts";

/** Text that is worked on, not obeyed; `name` is what the program calls it. */
export interface DataBlock {
  readonly name: string;
  readonly text: string;
}

export interface Filling {
  /** What the placeholders stand for, but `tag` and `data`. */
  readonly texts: { readonly [placeholder: string]: string };
  readonly data: readonly DataBlock[];
}

export interface Rendered {
  readonly system: string;
  readonly user: string;
}

/** `mask` keeps secrets out of the nonce, `code`: it is recorded, and says nothing of them. */
export function render(
  template: string,
  filling: Filling,
  mask = (text: string): string => text,
  code = nonce(mask(JSON.stringify(filling))),
): Rendered {
  const tag = `data-${code}`;
  const data = filling.data.map(({ name, text }) => `<${tag} name="${name}">\n${defuse(text)}\n</${tag}>`).join("\n\n");
  const texts = Object.fromEntries(Object.entries(filling.texts).map(([name, text]) => [name, defuse(text)]));
  const all = { ...texts, data, tag: data === "" ? "" : "data-CODE" };
  const [system, user] = sections(template);
  return { system: fill(system, all), user: fill(user, all) };
}

function sections(template: string): readonly [string, string] {
  const match = /^# system\n([\s\S]*?)\n# user\n([\s\S]*)$/.exec(template.replaceAll("\r\n", "\n").trim());
  invariant(match, "a prompt template has the sections `# system` and `# user`, in this order");
  return [match[1] ?? "", match[2] ?? ""];
}

function fill(section: string, texts: { readonly [placeholder: string]: string }): string {
  const textOf = (name: string) => {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    invariant(text !== undefined, `a prompt template names {{${name}}}, which its operation does not have`);
    return text;
  };
  const placeholder = /\{\{(\w+)\}\}/g;
  return section
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => ![...paragraph.matchAll(placeholder)].some(([, name]) => textOf(name ?? "").trim() === ""))
    .map((paragraph) => paragraph.replace(placeholder, (_, name: string) => textOf(name)))
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
}

function nonce(filling: string): string {
  return createHash("sha256").update(filling).digest("hex").slice(0, 12);
}

/** `‹` for the `<` of anything that could be taken for a fence, whoever wrote it. */
function defuse(text: string): string {
  return text.replace(/[<＜﹤](?=\s*[/／]?\s*data\s*(?:[-‐‑‒–—_>\s]|$))/giu, "‹");
}

/** Blocks with names that are fit for a tag and tell them apart; equal blocks are one. `label` gives a block's name. */
export function labelled(blocks: readonly DataBlock[]): {
  readonly blocks: readonly DataBlock[];
  readonly labels: readonly string[];
} {
  const kept: DataBlock[] = [];
  const labels = blocks.map(({ name, text }) => {
    const base =
      name
        .replace(/[^\p{L}\p{N}_ .,:()|?!+*/%-]+/gu, " ")
        .trim()
        .slice(0, 60) || "data";
    const known = kept.find(
      (block) => block.text === text && (block.name === base || block.name.startsWith(`${base} #`)),
    );
    if (known !== undefined) return known.name;
    const same = kept.filter((block) => block.name === base || block.name.startsWith(`${base} #`)).length;
    const label = same === 0 ? base : `${base} #${same + 1}`;
    kept.push({ name: label, text });
    return label;
  });
  return { blocks: kept, labels };
}
