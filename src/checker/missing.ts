// What to say where a name, a field or a method is not there: the nearest one that is.

import type { Expression, Name } from "../parser/ast.ts";
import type { More } from "../source/codes.ts";
import { suggest } from "../source/suggest.ts";
import type { Span } from "../source/text.ts";
import type { Env } from "./context.ts";
import { foreignMember } from "./foreign-names.ts";
import { typeText } from "./type.ts";
import type { StructShape, Type } from "./type.ts";

/** Help and edit for a misspelt word; `known` says what there is, where that is short. */
export function didYouMean(word: string, span: Span, candidates: Iterable<string>, known = false): More {
  const all = [...new Set(candidates)];
  const near = suggest(word, all);
  if (near !== undefined) {
    return { help: `did you mean '${near}'?`, edits: [{ title: `Write '${near}'`, span, text: near }] };
  }
  return known && all.length > 0 && all.length <= 12 ? { help: `there is ${all.join(", ")}` } : {};
}

export function missingMember(env: Env, at: Expression, field: string, shape: StructShape): void {
  const wanted = shape.fields.get(field);
  const help = wanted === undefined ? {} : { help: `add \`${field}: …\`, a ${typeText(wanted)}` };
  env.cx.report("K2008", at.span, { field, type: typeText(shape) }, help);
}

export function unknownField(env: Env, name: Name, type: Type, fields: Iterable<string>): void {
  const more = nearest(name, type, fields, true);
  env.cx.report("K1007", name.span, { type: typeText(type), name: name.text }, more);
}

/** The nearest member that is there; else what people who know it by this name from elsewhere have to write. */
export function nearest(name: Name, type: Type, members: Iterable<string>, known = false): More {
  const foreign = foreignMember(type, name.text);
  const near = didYouMean(name.text, name.span, members, known && foreign === undefined);
  return near.help === undefined && foreign !== undefined ? { help: foreign } : near;
}
