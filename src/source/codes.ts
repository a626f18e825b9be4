// The one typed catalogue of diagnostics. A code is K + area digit + 3 digits and is never reused: 0 text and syntax,
// 1 names, 2 types and nullability, 3 matching, 4 effects and capabilities, 6 journals. The holes of a message, `{name}`,
// become typed parameters of `diagnose`, so a message cannot be written without what it speaks of.

import { journalCodes } from "./codes-journal.ts";
import { matchingCodes } from "./codes-matching.ts";
import { nameCodes } from "./codes-names.ts";
import { replayCodes } from "./codes-replay.ts";
import { syntaxCodes } from "./codes-syntax.ts";
import { typeCodes } from "./codes-types.ts";
import type { Diagnostic, Edit, Related } from "./diagnostic.ts";
import type { Span } from "./text.ts";

/** One entry: what kind of wrong, the message with its holes, and, where it is always the same, what to do. */
export interface CodeEntry {
  readonly severity: "error" | "warning";
  readonly title: string;
  readonly message: string;
  readonly help?: string;
}

export const catalogue = {
  ...syntaxCodes,
  ...nameCodes,
  ...typeCodes,
  ...matchingCodes,
  ...journalCodes,
  ...replayCodes,
} as const satisfies { readonly [code: string]: CodeEntry };

export type Code = keyof typeof catalogue;

type HoleNames<T extends string> = T extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HoleNames<Rest> : never;
type Holes<C extends Code> = { readonly [K in HoleNames<(typeof catalogue)[C]["message"]>]: string | number };

export interface More {
  /** Overrides the catalogue's help. */
  readonly help?: string;
  readonly related?: readonly Related[];
  readonly edits?: readonly Edit[];
}

/** What an entry says, its message's holes filled. */
export interface Words {
  readonly code: Code;
  readonly message: string;
  readonly help?: string;
}

export function words<C extends Code>(code: C, holes: Holes<C>): Words {
  const { message, help }: CodeEntry = catalogue[code];
  const values: { readonly [hole: string]: string | number } = holes;
  const filled = message.replace(/\{(\w+)\}/g, (_, hole: string) => String(values[hole]));
  return { code, message: filled, ...(help === undefined ? {} : { help }) };
}

/** A diagnostic of the catalogue, its message's holes filled. */
export function diagnose<C extends Code>(code: C, span: Span, holes: Holes<C>, more: More = {}): Diagnostic {
  const { message, help: known } = words(code, holes);
  const help = more.help ?? known;
  const { severity }: CodeEntry = catalogue[code];
  return { code, severity, message, span, ...(help === undefined ? {} : { help }), ...pick(more) };
}

function pick(more: More): Pick<More, "related" | "edits"> {
  return {
    ...(more.related === undefined ? {} : { related: more.related }),
    ...(more.edits === undefined ? {} : { edits: more.edits }),
  };
}
