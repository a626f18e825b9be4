// `when`: patterns against the type of what is matched, the names they bind, what an arm knows of its subject, and
// whether the arms leave anything out.

import type { Arm, FieldPattern, LiteralPattern, NamePattern, Pattern, VariantPattern, When } from "../parser/ast.ts";
import type { Binding } from "./checked.ts";
import type { Env } from "./context.ts";
import { inner } from "./context.ts";
import { branches } from "./control.ts";
import type { Source } from "./control.ts";
import { addArms, removeEntry } from "./edits.ts";
import { any, constructor, Covered, isUseful, missing, record, some, spaceText } from "./exhaustive.ts";
import type { Space } from "./exhaustive.ts";
import { check, hint, infer } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { closeScope, noteStatement } from "./lint.ts";
import { noJoin } from "./literals.ts";
import { didYouMean, unknownField } from "./missing.ts";
import { narrow, pathKey } from "./narrow.ts";
import { fits, joinAll } from "./relate.ts";
import { Scope } from "./scope.ts";
import type { Known } from "./scope.ts";
import { bool, canBeNone, isNone, isUnknown, none, partOf, present, typeText, unknown } from "./type.ts";
import type { EnumType, StructShape, Type } from "./type.ts";

export function when(env: Env, node: When, use: Use): Type {
  const subject = infer(env, node.subject);
  const key = pathKey(env, node.subject);
  const sources: Source[] = [];
  /** What unguarded arms above match. */
  const covered = new Covered();
  /** A pattern that was reported, or not read, covers nobody knows what: nothing more is said about the rest. */
  let wrong = false;
  for (const arm of node.arms) {
    const here = inner(env);
    const before = env.cx.errors;
    const { spaces, partly } = armPatterns(here, arm, subject);
    wrong ||= env.cx.errors > before || arm.patterns.length === 0;
    const reachable = wrong || armReachable(env, arm, spaces, covered, subject);
    env.cx.facts.arms.set(arm, { reachable });
    if (key !== undefined) here.scope.learn(narrowedSubject(key, subject, spaces, covered));
    if (arm.guard !== undefined) {
      check(here, arm.guard, bool);
      here.scope.learn(narrow(here, arm.guard, true));
    } else if (reachable) for (const space of spaces) covered.add(space);
    sources.push({ at: arm.body, infer: (passed) => armBody(here, arm, partly, passed) });
  }
  const type = branches(env, sources, use);
  if (!wrong) reportMissing(env, node, covered, subject, use.kind !== "Unused" && !isNone(type));
  return type;
}

interface ArmPatterns {
  readonly spaces: readonly Space[];
  /** Names that some of the arm's patterns bind and others do not, and where. */
  readonly partly: ReadonlyMap<string, Pattern>;
}

/** Any of an arm's patterns may be the one that matches, so what the arm sees is what all of them bind. */
function armPatterns(env: Env, arm: Arm, subject: Type): ArmPatterns {
  const partly = new Map<string, Pattern>();
  if (arm.patterns.length === 1) {
    return { spaces: arm.patterns.map((pattern) => matchPattern(env, pattern, subject)), partly };
  }
  const scopes = arm.patterns.map(() => new Scope(env.scope));
  const spaces = arm.patterns.map((pattern, index) => {
    return matchPattern({ ...env, scope: scopes[index] ?? env.scope }, pattern, subject);
  });
  for (const name of new Set(scopes.flatMap(({ entries }) => [...entries.keys()]))) {
    const found = scopes.flatMap(({ entries }) => entries.get(name)?.binding ?? []);
    const [first] = found;
    if (first === undefined) continue;
    const isWhole = found.length === arm.patterns.length;
    if (!isWhole && first.node.kind === "NamePattern") partly.set(name, first.node);
    env.cx.bind(env.scope, { ...first, type: isWhole ? commonType(env, found) : unknown });
  }
  return { spaces, partly };
}

function commonType(env: Env, found: readonly Binding[]): Type {
  const types = found.map(({ type }) => type);
  const joined = joinAll(types);
  if ("type" in joined) return joined.type;
  const at = found[joined.conflict]?.node;
  if (at !== undefined) noJoin(env, at, joined.with, types[joined.conflict] ?? unknown);
  return unknown;
}

function armBody(env: Env, arm: Arm, partly: ArmPatterns["partly"], use: Use): Type {
  const type = infer(env, arm.body, use);
  noteStatement(env, arm.body, use.kind === "Unused");
  for (const [name, { span }] of partly) {
    const reason = "not every pattern of the arm binds it";
    if (env.scope.entries.get(name)?.used === true) env.cx.report("K1012", span, { name, reason });
  }
  closeScope(env);
  return type;
}

/** Whether the arm can be reached; says which of its patterns cannot. */
function armReachable(env: Env, arm: Arm, spaces: readonly Space[], covered: Covered, type: Type): boolean {
  if (isUnknown(type) || covered.tooLarge) return true;
  const dead: number[] = [];
  const own = new Covered();
  for (const [index, space] of spaces.entries()) {
    const above = [...covered.near(space), ...own.near(space)];
    const useful = covered.allows(above.length) ? isUseful(above, space, type) : undefined;
    covered.tooLarge ||= useful === undefined;
    if (useful === false) dead.push(index);
    else own.add(space);
  }
  const first = arm.patterns[0];
  if (dead.length === arm.patterns.length && first !== undefined) {
    const words = spaces.map((space) => `'${spaceText(space, type)}'`).join(", ");
    const edits = removeEntry(env.cx.source, "Remove the arm", arm.span);
    env.cx.report("K3002", first.span, { pattern: words }, { edits });
    return false;
  }
  for (const index of dead) {
    const [pattern, space] = [arm.patterns[index], spaces[index]];
    if (pattern !== undefined && space !== undefined) {
      const edits = removeEntry(env.cx.source, "Remove the pattern", pattern.span);
      env.cx.report("K3003", pattern.span, { pattern: `'${spaceText(space, type)}'` }, { edits });
    }
  }
  return true;
}

function reportMissing(env: Env, node: When, covered: Covered, subject: Type, isValue: boolean): void {
  if (isUnknown(subject)) return;
  const at = node.arms[0]?.patterns[0]?.span ?? node.subject.span;
  const left = missing(covered.all, subject);
  if (left === undefined) return env.cx.report("K3006", at, {});
  if (left.length === 0) return;
  const shown = left.map((space) => spaceText(space, subject));
  const words = [...new Set(shown)];
  const edits = addArms(env.cx.source, node, words, isValue);
  env.cx.report("K3001", at, { type: typeText(subject), missing: words.join(", ") }, { edits });
}

/** What the arm knows of the matched name. */
function narrowedSubject(key: string, subject: Type, spaces: readonly Space[], covered: Covered): Known {
  const types = possible(subject, spaces, covered);
  return types === undefined ? new Map() : new Map([[key, types]]);
}

function possible(subject: Type, spaces: readonly Space[], covered: Covered): Type | undefined {
  const heads = new Set(spaces.flatMap((space) => (space.kind === "Constructor" ? [space.name] : [])));
  const isOpen = spaces.some((space) => space.kind !== "Constructor");
  if (subject.kind === "Nullable") {
    if (!isOpen && !heads.has(some)) return none;
    if (isOpen ? !covered.has("none") : heads.has("none")) return undefined;
    const inside = isOpen
      ? [any]
      : spaces.flatMap((space) => (space.kind === "Constructor" ? [...space.arguments] : []));
    return possible(subject.of, inside, new Covered()) ?? subject.of;
  }
  if (subject.kind !== "Enum") return undefined;
  const gone = new Set(isOpen ? covered.all.flatMap((space) => (isWhole(space) ? [space.name] : [])) : []);
  const names = isOpen ? [...subject.variants.keys()].filter((name) => !gone.has(name)) : [...heads];
  const kept = names.filter((name) => subject.variants.has(name));
  if (kept.length === 0 || kept.length === subject.variants.size) return undefined;
  return partOf(subject, kept);
}

/** A variant whatever its fields are. */
function isWhole(space: Space): space is Extract<Space, { kind: "Constructor" }> {
  return space.kind === "Constructor" && space.arguments.every((argument) => argument.kind === "Any");
}

/** Checks a pattern against a type, binds its names in the scope, and gives the values it matches. */
export function matchPattern(env: Env, pattern: Pattern, type: Type, inField = false): Space {
  env.cx.facts.patterns.set(pattern, { type });
  switch (pattern.kind) {
    case "WildcardPattern":
      return any;
    case "LiteralPattern":
      return literal(env, pattern, type);
    case "NamePattern":
      return name(env, pattern, type, inField);
    case "VariantPattern":
      return variant(env, pattern, type);
    case "StructPattern": {
      const inside = present(type);
      if (inside.kind !== "Struct") {
        if (!isUnknown(inside)) refuse(env, pattern, "{…}", type);
        for (const field of pattern.fields) bindAnything(env, field.pattern);
        return any;
      }
      return wrap(type, constructor(record, fieldSpaces(env, pattern.fields, inside, inside)));
    }
  }
}

const wrap = (type: Type, space: Space): Space => (type.kind === "Nullable" ? constructor(some, [space]) : space);

function refuse(env: Env, pattern: Pattern, text: string, type: Type): void {
  env.cx.report("K3004", pattern.span, { pattern: text, type: typeText(type) });
}

function literal(env: Env, pattern: LiteralPattern, type: Type): Space {
  const { value } = pattern;
  if (value.kind === "NoneLiteral") {
    env.cx.facts.types.set(value, none);
    if (isUnknown(type)) return any;
    if (canBeNone(type)) return constructor("none");
    refuse(env, pattern, "none", type);
    return any;
  }
  const inside = present(type);
  const own = infer(env, value, hint(inside));
  const text = env.cx.source.text.slice(pattern.span.start, pattern.span.end);
  if (!fits(own, inside) && !isUnknown(type)) {
    refuse(env, pattern, text, type);
    return any;
  }
  return isUnknown(type)
    ? any
    : wrap(type, constructor(value.kind === "BoolLiteral" ? String(value.value) : literalName(value, text)));
}

/** Literals of one value have one name: `1_000` and `1000`. */
function literalName(value: LiteralPattern["value"], text: string): string {
  if (value.kind === "StringLiteral") {
    return JSON.stringify(value.parts.map((part) => (part.kind === "TextPart" ? part.text : "")).join(""));
  }
  return text.replaceAll("_", "").replaceAll(" ", "");
}

/** A bare name is a variant of the matched type; in a field whose type is no enum it binds. */
function name(env: Env, pattern: NamePattern, type: Type, inField: boolean): Space {
  const inside = present(type);
  const word = pattern.name.text;
  if (inside.kind === "Enum") {
    const found = variantNamed(env, pattern, inside, type);
    return found === undefined
      ? any
      : wrap(
          type,
          constructor(
            word,
            fieldsOf(found).map(() => any),
          ),
        );
  }
  if (pattern.owner === undefined && (inField || isUnknown(type))) {
    env.cx.bind(env.scope, { name: word, node: pattern, type });
    return any;
  }
  const help = { help: "a bare name is a variant; for all other values write `_`, and use what was matched" };
  env.cx.report("K3004", pattern.span, { pattern: `'${word}'`, type: typeText(type) }, help);
  // Its uses in the arm are no mistakes of their own.
  if (pattern.owner === undefined) env.cx.bind(env.scope, { name: word, node: pattern, type: unknown });
  return any;
}

const fieldsOf = (shape: StructShape | "Bare"): Type[] => (shape === "Bare" ? [] : [...shape.fields.values()]);

function variantNamed(
  env: Env,
  pattern: NamePattern | VariantPattern,
  type: EnumType,
  matched: Type,
): StructShape | "Bare" | undefined {
  const { cx } = env;
  const { name: word, owner } = pattern;
  if (owner !== undefined && owner.text !== type.name) {
    cx.report("K3004", pattern.span, { pattern: `${owner.text}.${word.text}`, type: typeText(matched) });
    return undefined;
  }
  if (!type.variants.has(word.text)) {
    const more = didYouMean(word.text, word.span, type.variants.keys(), true);
    cx.report("K1015", word.span, { enum: type.name, name: word.text }, more);
    return undefined;
  }
  cx.facts.patterns.set(pattern, { type: matched, variant: word.text });
  return type.variants.get(word.text) ?? "Bare";
}

function variant(env: Env, pattern: VariantPattern, type: Type): Space {
  const inside = present(type);
  const found = inside.kind === "Enum" ? variantNamed(env, pattern, inside, type) : undefined;
  if (found === undefined || inside.kind !== "Enum") {
    if (inside.kind !== "Enum" && !isUnknown(inside)) refuse(env, pattern, `'${pattern.name.text} {…}'`, type);
    for (const field of pattern.fields) bindAnything(env, field.pattern);
    return any;
  }
  const shape: StructShape = found === "Bare" ? { kind: "Struct", fields: new Map() } : found;
  const owner: StructShape = { ...shape, name: `${inside.name}.${pattern.name.text}` };
  return wrap(type, constructor(pattern.name.text, fieldSpaces(env, pattern.fields, shape, owner)));
}

/** A space for each field of the shape, in its order. */
function fieldSpaces(env: Env, fields: readonly FieldPattern[], shape: StructShape, owner: Type): Space[] {
  const given = new Map<string, Space>();
  for (const field of fields) {
    const type = shape.fields.get(field.name.text);
    if (type === undefined) {
      unknownField(env, field.name, owner, shape.fields.keys());
      bindAnything(env, field.pattern);
      continue;
    }
    if (given.has(field.name.text)) env.cx.report("K1005", field.name.span, { what: "Field", name: field.name.text });
    given.set(field.name.text, matchPattern(env, field.pattern, type, true));
  }
  return [...shape.fields.keys()].map((field) => given.get(field) ?? any);
}

/** After an error: names are known, so that their uses are not reported too. */
function bindAnything(env: Env, pattern: Pattern): void {
  matchPattern(env, pattern, { kind: "Primitive", name: "unknown" }, true);
}
