// AI operations. Each may give `none`; a `fallback` takes that away. What is asked about may be of any type but a
// function. Bare words of `translate` and `decide` are labels.

import type {
  Classify,
  Decide,
  Draft,
  Entry,
  Expression,
  Extract,
  Prompt,
  Reference,
  Summarize,
  Translate,
} from "../parser/ast.ts";
import { suggest } from "../source/suggest.ts";
import { typeHere } from "./annotations.ts";
import type { Env } from "./context.ts";
import { check, hint, infer, setType } from "./expressions.ts";
import { data, refuseNumber } from "./literals.ts";
import { didYouMean } from "./missing.ts";
import { fits } from "./relate.ts";
import { variablePart } from "./pure.ts";
import { enumOf, local, resolveName } from "./resolve.ts";
import {
  int,
  isUnknown,
  listOf,
  mapOf,
  nullable,
  present,
  str,
  structOf,
  typeText,
  unknown,
  variantWithFields,
} from "./type.ts";
import type { EnumType, Type } from "./type.ts";

type Operation = Classify | Summarize | Draft | Extract | Translate | Decide | Prompt;

/** The clauses of all operations, and with them the type of the whole. */
function clauses(env: Env, node: Operation, type: Type): Type {
  if (node.using !== undefined) check(env, node.using, str);
  if (node.fallback === undefined) return nullable(type);
  if (isUnknown(type)) infer(env, node.fallback);
  else check(env, node.fallback, type);
  return type;
}

export function classify(env: Env, node: Classify): Type {
  data(env, node.value, "classified");
  const type = present(typeHere(env, node.type));
  const plain = type.kind === "Enum" && variantWithFields(type) === undefined;
  if (!plain && !isUnknown(type)) env.cx.report("K2020", node.type.span, { type: typeText(type) });
  const wanted = plain ? type : unknown;
  for (const { text, variant } of node.hints) {
    check(env, text, str);
    check(env, variant, wanted);
  }
  return clauses(env, node, wanted);
}

const lengths = ["sentences", "sentence", "lines", "line", "words", "word", "paragraphs", "paragraph"];
const formats = ["bullets", "paragraph", "paragraphs"];

export function summarize(env: Env, node: Summarize): Type {
  data(env, node.value, "summarized");
  if (node.count !== undefined) check(env, node.count, int);
  const word = (name: Summarize["unit"], what: string, known: readonly string[]): void => {
    if (name === undefined || known.includes(name.text)) return;
    env.cx.report("K1019", name.span, { what, name: name.text }, didYouMean(name.text, name.span, known, true));
  };
  word(node.unit, "measure", lengths);
  word(node.format, "format", formats);
  return clauses(env, node, str);
}

export function draft(env: Env, node: Draft): Type {
  data(env, node.description, "drafted");
  const known: { readonly [option: string]: Type } = { tone: nullable(str), max_length: nullable(int) };
  options(env, node.options, (entry) => {
    refuseNumber(env, entry);
    const type = Object.hasOwn(known, entry.key.text) ? known[entry.key.text] : undefined;
    if (type === undefined) data(env, entry.value, "an option");
    else check(env, entry.value, type);
  });
  return clauses(env, node, str);
}

/** Each option once. */
function options(env: Env, entries: readonly Entry[], each: (entry: Entry) => void): void {
  const places = new Map<string, Entry>();
  for (const entry of entries) {
    const first = places.get(entry.key.text);
    if (first !== undefined) {
      const related = [{ span: first.key.span, message: "first here" }];
      env.cx.report("K1005", entry.key.span, { what: "Option", name: entry.key.text }, { related });
    }
    places.set(entry.key.text, entry);
    each(entry);
  }
}

export function extract(env: Env, node: Extract): Type {
  const type = present(typeHere(env, node.type));
  if (type.kind !== "Struct" && !isUnknown(type)) {
    env.cx.report("K2001", node.type.span, { expected: "a struct type", got: typeText(type) });
  }
  data(env, node.from, "read");
  return clauses(env, node, type);
}

export function translate(env: Env, node: Translate): Type {
  data(env, node.value, "translated");
  const targets = node.targets.map((target): string | Expression => {
    if (target.kind === "Reference" && !isText(env, target)) {
      env.cx.facts.references.set(target, { kind: "Label" });
      setType(env, target, str);
      return target.name;
    }
    check(env, target, str);
    return target;
  });
  env.cx.facts.translations.set(node, targets);
  return clauses(env, node, node.many ? mapOf(str, str) : str);
}

/** Whether a text of that name is in scope. */
function isText(env: Env, reference: Reference): boolean {
  const type = valueInScope(env, reference);
  return type !== undefined && fits(type, str) && !isUnknown(type);
}

/** The type of a variable, a constant or an input of that name. */
function valueInScope(env: Env, reference: Reference): Type | undefined {
  const { cx, body } = env;
  const found = local(env, reference.name);
  if (found !== undefined) return found.type;
  const own = body.index === undefined && cx.top.get(reference.name)?.length === 1;
  const constant = own || cx.constants.has(reference.name);
  if (!constant && !cx.inputs.has(reference.name)) return undefined;
  return cx.quietly(() => resolveName(env, reference.name, reference.span, undefined))?.type;
}

const decideOptions = ["options", "based_on"];

export function decide(env: Env, node: Decide): Type {
  const subject = present(data(env, node.value, "decided"));
  let choice: Type = str;
  let hasOptions = false;
  options(env, node.options, (entry) => {
    const { text, span } = entry.key;
    if (!decideOptions.includes(text)) {
      env.cx.report("K1019", span, { what: "option", name: text }, didYouMean(text, span, decideOptions, true));
    }
    const meant = decideOptions.includes(text) ? text : suggest(text, decideOptions);
    if (meant === "options") {
      hasOptions = true;
      choice = choices(env, entry.value);
    } else if (meant === "based_on") basedOn(env, entry.value, subject);
    else env.cx.quietly(() => infer(env, entry.value));
  });
  if (!hasOptions) env.cx.report("K2008", node.value.span, { field: "options", type: "`decide`" });
  return clauses(
    env,
    node,
    structOf([
      ["choice", choice],
      ["reason", str],
    ]),
  );
}

/** Labels, or an enum: the model is told what it can choose from before anything runs. Gives the type of the choice. */
function choices(env: Env, value: Expression): Type {
  if (value.kind === "ListLiteral") {
    if (value.items.length === 0) env.cx.report("K2044", value.span, { got: "an empty list" });
    const seen = new Map<string, Expression>();
    for (const item of value.items) {
      const text = labelOf(env, item);
      const first = text === undefined ? undefined : seen.get(text);
      if (text === undefined) continue;
      if (first === undefined) seen.set(text, item);
      else {
        const related = [{ span: first.span, message: "first here" }];
        env.cx.report("K1005", item.span, { what: "Label", name: text }, { related });
      }
    }
    setType(env, value, listOf(str));
    return str;
  }
  const type = value.kind === "Reference" ? enumNamed(env, value) : undefined;
  const variant = type === undefined ? undefined : variantWithFields(type);
  if (type !== undefined && variant === undefined) return type;
  const errors = env.cx.errors;
  const got = type ?? infer(env, value);
  if (env.cx.errors > errors) return unknown;
  const what = variant === undefined ? `a value: ${typeText(got)}` : `${typeText(got)}, whose '${variant}' has fields`;
  env.cx.report("K2044", value.span, { got: what });
  return unknown;
}

/** A bare word, or a text as it stands. */
function labelOf(env: Env, item: Expression): string | undefined {
  if (item.kind === "Reference") {
    label(env, item);
    return item.name;
  }
  const errors = env.cx.errors;
  const [only, another] = item.kind === "StringLiteral" ? item.parts : [];
  const type = infer(env, item);
  if (item.kind === "StringLiteral" && (only === undefined || only.kind === "TextPart") && another === undefined) {
    return only?.text ?? "";
  }
  const got = item.kind === "StringLiteral" ? "a text with holes" : `a value: ${typeText(type)}`;
  if (env.cx.errors === errors) env.cx.report("K2044", item.span, { got });
  return undefined;
}

function label(env: Env, item: Reference): void {
  env.cx.facts.references.set(item, { kind: "Label" });
  setType(env, item, str);
}

function enumNamed(env: Env, reference: Reference): EnumType | undefined {
  if (valueInScope(env, reference) !== undefined) return undefined;
  const declaration = env.cx.types.get(reference.name) ?? env.cx.prelude.types.get(reference.name);
  const type = declaration === undefined ? undefined : enumOf(env, declaration);
  if (type === undefined) return undefined;
  env.cx.facts.references.set(reference, { kind: "Enum", enum: type });
  setType(env, reference, type);
  return type;
}

/** Names in `based_on` are fields of what is decided, else variables. */
function basedOn(env: Env, value: Expression, subject: Type): void {
  if (value.kind !== "ListLiteral") {
    const errors = env.cx.errors;
    const got = typeText(data(env, value, "an option"));
    const more = { help: "name what the choice rests on, in brackets: `based_on: [amount, history]`" };
    if (env.cx.errors === errors) env.cx.report("K2001", value.span, { expected: "a list of names", got }, more);
    return;
  }
  for (const item of value.items) {
    const field = item.kind === "Reference" && subject.kind === "Struct" ? subject.fields.get(item.name) : undefined;
    if (field === undefined || item.kind !== "Reference") data(env, item, "an option");
    else {
      label(env, item);
      setType(env, item, field);
    }
  }
  setType(env, value, listOf(unknown));
}

const promptOptions = ["system", "user", "messages", "tools", "max_steps"];

export function prompt(env: Env, node: Prompt): Type {
  const message = structOf([
    ["role", str],
    ["content", str],
  ]);
  options(env, node.options, (entry) => {
    switch (entry.key.text) {
      case "system":
        check(env, entry.value, str);
        refuseVariable(env, entry.value);
        return;
      case "user":
        check(env, entry.value, str);
        return;
      case "messages":
        check(env, entry.value, listOf(message));
        return;
      case "max_steps":
        check(env, entry.value, int);
        return;
      case "tools":
        tools(env, entry.value);
        return;
      default: {
        infer(env, entry.value, hint(undefined));
        const more = didYouMean(entry.key.text, entry.key.span, promptOptions, true);
        env.cx.report("K1019", entry.key.span, { what: "option", name: entry.key.text }, more);
      }
    }
  });
  const asks = node.options.some(({ key }) => key.text === "user" || key.text === "messages");
  const meant = node.options.some(({ key }) => ["user", "messages"].includes(suggest(key.text, promptOptions) ?? ""));
  if (!asks && !meant) {
    const help = "say what the model is asked: `user: …`, or `messages: […]`";
    env.cx.report("K2008", wordOf(node), { field: "user", type: "`prompt`" }, { help });
  }
  if (node.type === undefined) {
    env.cx.report("K2019", wordOf(node), {});
    clauses(env, node, unknown);
    return unknown;
  }
  return clauses(env, node, typeHere(env, node.type));
}

/** What a program has read or was told is data: no instruction can be made of it. */
function refuseVariable({ cx }: Env, system: Expression): void {
  const part = variablePart(cx, system);
  if (part !== undefined) cx.report("K2045", part.at.span, { what: part.what });
}

const wordOf = ({ span }: Prompt) => ({ start: span.start, end: span.start + "prompt".length });

function tools(env: Env, value: Expression): void {
  env.cx.report("K0900", value.span, { what: "`tools` of `prompt`" });
}
