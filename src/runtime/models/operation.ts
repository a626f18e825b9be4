// What each of the seven AI operations is to a model: the template it uses, what fills it, the shape of the reply that is
// asked for, and how the decoded reply becomes the operation's value. The one place that tells the seven apart.

import { errorValue, Failure } from "../../interp/failure.ts";
import { text } from "../../interp/text.ts";
import { KeelMap, Variant } from "../../interp/value.ts";
import type { Struct, Value } from "../../interp/value.ts";
import { jsonSchema } from "../../ir/schema.ts";
import type { ModelEffect, Shape } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { Message } from "./provider.ts";
import { labelled } from "./render.ts";
import type { DataBlock, Filling } from "./render.ts";

export type ModelKind = ModelEffect<Value>["kind"];
export type EffectOfModel<K extends ModelKind> = Extract<ModelEffect<Value>, { readonly kind: K }>;

export interface Job {
  /** As templates and scripts name it. */
  readonly operation: string;
  /** For a progress line: `Classifying as [happy, sad]`. */
  readonly doing: string;
  readonly filling: Filling;
  /** A conversation that comes before the user text of the template. */
  readonly history: readonly Message[];
  /** Of the reply; a `str` is plain text. */
  readonly shape: Shape;
  /** From the decoded reply to the value of the operation. */
  finish(decoded: Value): Value;
}

/** The operation of an effect's kind, as templates, scripts and the journal's readers name it. */
export function operationOf(kind: ModelKind): string {
  return kind.toLowerCase();
}

const jobs: { readonly [K in ModelKind]: (effect: EffectOfModel<K>) => Omit<Job, "operation"> } = {
  Classify: classify,
  Summarize: summarize,
  Draft: draft,
  Extract: extract,
  Translate: translate,
  Decide: decide,
  Prompt: prompt,
};

export function jobOf<K extends ModelKind>(effect: EffectOfModel<K>): Job {
  const make = jobs[effect.kind];
  return { operation: operationOf(effect.kind), ...make(effect) };
}

const plain = { history: [], shape: { kind: "str" }, finish: (decoded: Value) => decoded } as const;

function classify(effect: EffectOfModel<"Classify">): Omit<Job, "operation"> {
  const { variants, given } = effect;
  const hints = list(given.hints).map((hint) => `- ${text(field(hint, "text"))} → ${text(field(hint, "variant"))}`);
  return {
    ...plain,
    doing: `Classifying as [${variants.join(", ")}]`,
    filling: { texts: { options: bullets(variants), hints: hints.join("\n") }, data: [block("value", given.value)] },
    shape: choiceShape(effect.enum, variants),
  };
}

function summarize({ given, unit, format }: EffectOfModel<"Summarize">): Omit<Job, "operation"> {
  const count = given.count === undefined || given.count === null ? undefined : text(given.count);
  const length = count === undefined ? "" : `${count} ${plural(unit ?? "sentences", count)}, no more`;
  return {
    ...plain,
    doing: length === "" ? "Summarizing" : `Summarizing in ${count} ${plural(unit ?? "sentences", count)}`,
    filling: { texts: { length, format: formatText(format) }, data: [block("value", given.value)] },
  };
}

function formatText(format: string | undefined): string {
  if (format === undefined) return "";
  return format === "bullets" ? "a list of short points, one a line, each beginning with `- `" : format;
}

function plural(unit: string, count: string | undefined): string {
  return count === "1" ? unit.replace(/s$/, "") : unit.replace(/s?$/, "s");
}

/** These options say how to write; every other one is something to write about. */
const wishes = new Set(["tone", "max_length", "guidance", "style", "format", "language", "audience"]);

function draft({ given }: EffectOfModel<"Draft">): Omit<Job, "operation"> {
  const options = Object.entries((given.options ?? {}) as Struct).filter(([, value]) => value !== null);
  const wanted = options.filter(([name]) => wishes.has(name)).map(([name, value]) => wishText(name, value));
  const others = options.filter(([name]) => !wishes.has(name)).map(([name, value]) => block(name, value));
  const composed = compose(given.parts, others);
  return {
    ...plain,
    doing: "Drafting",
    filling: {
      texts: {
        request: composed.isHole ? `what ${composed.request} describes` : composed.request || "a text",
        names: composed.names,
        options: bullets(wanted),
        context: composed.context,
      },
      data: composed.data,
    },
  };
}

function wishText(name: string, value: Value): string {
  return name === "max_length" ? `max_length: at most ${text(value)} words` : `${name}: ${text(value)}`;
}

function extract({ shape, given }: EffectOfModel<"Extract">): Omit<Job, "operation"> {
  const names = shape.kind === "struct" ? ` ${shape.fields.map(({ name }) => name).join(", ")}` : "";
  return {
    ...plain,
    doing: `Extracting${names}`,
    filling: { texts: { schema: JSON.stringify(jsonSchema(shape)) }, data: [block("value", given.from)] },
    shape,
  };
}

function translate({ many, given }: EffectOfModel<"Translate">): Omit<Job, "operation"> {
  const targets = [...new Set(list(given.targets).map(text))];
  const data = [block("value", given.value)];
  const doing = `Translating to ${targets.join(", ")}`;
  if (!many) return { ...plain, doing, filling: { texts: { target: targets[0] ?? "", targets: "", form: "" }, data } };
  const form = `{${targets.map((target) => `${JSON.stringify(target)}: "…"`).join(", ")}}`;
  return {
    ...plain,
    doing,
    filling: { texts: { target: "", targets: bullets(targets, ", "), form }, data },
    shape: { kind: "struct", fields: targets.map((name) => ({ name, shape: { kind: "str" } })) },
    finish: (decoded) => new KeelMap(targets.map((target) => [target, field(decoded, target)])),
  };
}

function decide(effect: EffectOfModel<"Decide">): Omit<Job, "operation"> {
  const { options, given } = effect;
  const basis = Object.entries((given.basis ?? {}) as Struct).map(([name, value]) => block(name, value));
  const { blocks, labels } = labelled([block("value", given.value), ...basis]);
  const [subject = "value", ...grounds] = labels;
  return {
    ...plain,
    doing: `Deciding between [${options.join(", ")}]`,
    filling: { texts: { options: bullets(options), subject, basis: grounds.join(", ") }, data: blocks },
    shape: {
      kind: "struct",
      fields: [
        { name: "choice", shape: choiceShape(effect.enum ?? "Choice", options) },
        { name: "reason", shape: { kind: "str" } },
      ],
    },
    finish: (decoded) => {
      const choice = field(decoded, "choice");
      invariant(choice instanceof Variant, "a decision's choice is one of its options");
      return { choice: effect.enum === undefined ? choice.name : choice, reason: field(decoded, "reason") };
    },
  };
}

function prompt({ shape, given }: EffectOfModel<"Prompt">): Omit<Job, "operation"> {
  const { request: composed, isHole, names, data } = compose(given.parts ?? [], []);
  const request = isHole ? `Reply to ${composed}.` : composed;
  const form = shape.kind === "str" ? "" : JSON.stringify(jsonSchema(shape));
  return {
    ...plain,
    doing: "Prompting",
    filling: { texts: { system: text(given.system ?? ""), request, names, schema: form }, data },
    history: list(given.messages ?? []).map(message),
    shape,
  };
}

function message(value: Value): Message {
  const role = text(field(value, "role"));
  const content = field(value, "content");
  if ((role === "user" || role === "assistant") && content !== null) return { role, text: text(content) };
  const problem = `a message of a prompt needs a role, "user" or "assistant", and a content; this one is ${text(value)}`;
  throw new Failure(errorValue("AIError", problem, { model: "", reason: "bad request" }));
}

// ── the texts of values ─────────────────────────────────────────────────────────────────────────────────────────

function block(name: string, value: Value): DataBlock {
  return { name, text: text(value) };
}

interface Composed {
  /** The parts as one text, each hole as `[name]`. */
  readonly request: string;
  /** The request is one hole and no words. */
  readonly isHole: boolean;
  /** The names of the holes. */
  readonly names: string;
  /** The names of `others`. */
  readonly context: string;
  readonly data: readonly DataBlock[];
}

/** Parts are texts of the program and holes, `{name, value}`, which become data. */
function compose(parts: Value, others: readonly DataBlock[]): Composed {
  const pieces = list(parts);
  const holes = pieces
    .filter((piece) => typeof piece !== "string")
    .map((hole) => block(text(field(hole, "name")), field(hole, "value")));
  const { blocks, labels } = labelled([...holes, ...others]);
  const names = labels.slice(0, holes.length);
  let hole = 0;
  const request = pieces.map((piece) => (typeof piece === "string" ? piece : `[${names[hole++] ?? ""}]`)).join("");
  return {
    request: request.trim(),
    isHole: names.length === 1 && request.trim() === `[${names[0]}]`,
    names: [...new Set(names)].join(", "),
    context: labels.slice(holes.length).join(", "),
    data: blocks,
  };
}

function choiceShape(name: string, variants: readonly string[]): Shape {
  return { kind: "enum", name, variants: variants.map((variant) => ({ name: variant })) };
}

function bullets(lines: readonly string[], separator = "\n"): string {
  return separator === "\n" ? lines.map((line) => `- ${line}`).join("\n") : lines.join(separator);
}

function list(value: Value): readonly Value[] {
  invariant(Array.isArray(value), "an AI operation was given no list where one belongs");
  return value;
}

function field(value: Value, name: string): Value {
  if (value instanceof KeelMap) return value.get(name) ?? null;
  invariant(typeof value === "object" && value !== null && !Array.isArray(value), `no struct has the field ${name}`);
  const struct = value as Struct;
  return Object.hasOwn(struct, name) ? (struct[name] ?? null) : null;
}
