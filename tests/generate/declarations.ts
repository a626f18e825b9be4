// What stands at the top of a generated program: types, constants, tasks.

import type { Choices } from "./choices.ts";
import { block } from "./control.ts";
import { expression } from "./expressions.ts";
import { freshName, type Effects, type Making, type Parameter, type Place, type Task, withValues } from "./place.ts";
import { anyType } from "./some-type.ts";
import {
  type EnumType,
  type Field,
  fieldsText,
  functionText,
  int,
  listOf,
  nullable,
  type StructType,
  type Type,
  typeText,
  type Variant,
} from "./types.ts";

/** Names that are also words of the language, or members that the host's objects have. */
const fieldNames = ["name", "size", "from", "to", "state", "constructor", "toString", "__proto__", "first", "count"];
const variantNames = ["low", "mid", "high", "reply", "archive", "none_of_it", "constructor", "user", "to"];

/** Two or three enums, one of them without fields, and as many structs. */
export function types(making: Making): readonly string[] {
  const { choices, enums, structs } = making;
  const lines: string[] = [];
  for (let left = 2 + choices.below(2); left > 0; left -= 1) {
    const made = enumType(making, left > 1);
    lines.push(enumText(made));
    enums.push(made);
  }
  for (let left = 2 + choices.below(2); left > 0; left -= 1) {
    const name = freshName(making, "S");
    const made: StructType = { kind: "Struct", name, fields: fields(making) };
    lines.push(`type ${name} { ${fieldsText(made.fields)} }`);
    structs.push(made);
  }
  return [...lines, ...genericTypes(making)];
}

function genericTypes(making: Making): readonly string[] {
  const [box, opt] = [freshName(making, "G"), freshName(making, "G")];
  const boxed = (of: Type): readonly Field[] => [
    { name: "one", type: of },
    { name: "rest", type: listOf(of) },
    { name: "other", type: nullable(of) },
  ];
  const full = (of: Type): Variant => ({ name: `full${opt}`, fields: [{ name: "v", type: of }] });
  making.generics.push(
    (of) => ({ kind: "Struct", name: `${box}[${typeText(of)}]`, fields: boxed(of) }),
    (of) => ({
      kind: "Enum",
      name: `${opt}[${typeText(of)}]`,
      variants: [full(of), { name: `nothing${opt}`, fields: [] }],
    }),
  );
  return [
    `type ${box}[T] { one: T, rest: list[T], other: T? }`,
    `type ${opt}[T] = | full${opt} { v: T } | nothing${opt}`,
  ];
}

function enumType(making: Making, isPlain: boolean): EnumType {
  const { choices } = making;
  const names = some(making, variantNames, 2 + choices.below(3));
  const variants = names.map((name): Variant => ({
    name,
    fields: isPlain || choices.percent(40) ? [] : fields(making),
  }));
  return { kind: "Enum", name: freshName(making, "E"), variants };
}

function enumText({ name, variants }: EnumType): string {
  const all = variants.map((each) => each.name + (each.fields.length === 0 ? "" : ` { ${fieldsText(each.fields)} }`));
  return `type ${name} = ${all.join(" | ")}`;
}

function fields(making: Making): readonly Field[] {
  const names = some(making, fieldNames, 1 + making.choices.below(3));
  return names.map((name) => ({ name, type: anyType({ making }, 1) }));
}

/** So many of them, in their order from a place of chance. */
function some(making: Making, all: readonly string[], count: number): readonly string[] {
  const start = making.choices.below(all.length);
  return Array.from({ length: count }, (_, index) => all[(start + index) % all.length] ?? "name");
}

export function constants(making: Making): readonly string[] {
  return Array.from({ length: making.choices.below(3) }, () => {
    const type = anyType({ making });
    const text = freshName(making, "c");
    const value = expression({ ...placeIn(making), depth: 3 }, type, false);
    making.constants.push({ text, type });
    return `${text} = ${value}`;
  });
}

export function newMaking(choices: Choices): Making {
  return {
    choices,
    enums: [],
    structs: [],
    generics: [],
    constants: [],
    tasks: [],
    probes: false,
    names: 0,
    spent: 0,
    selfCalls: 0,
  };
}

export function placeIn(making: Making): Place {
  return {
    making,
    values: [],
    hidden: [],
    functions: [],
    depth: 5,
    isLine: false,
    weight: 1,
    inLoop: false,
    mayStop: false,
    returns: undefined,
    recursion: undefined,
    effects: undefined,
  };
}

/** A task with a body of chance, which later ones may call. */
export function task(making: Making, effects?: Effects): string {
  const { choices } = making;
  const isRecursive = choices.percent(25);
  const result = anyType({ making });
  const name = freshName(making, "t");
  const written = parameters(making, isRecursive);
  const made: Task = {
    name,
    parameters: written.map(({ parameter }) => parameter),
    result,
    cost: 1,
    hasEffects: effects !== undefined || making.probes,
    isRecursive,
  };
  const isExpected = isRecursive || choices.percent(75);
  const before = making.spent;
  const body = taskBody({ ...inside(making, made), effects }, made, isExpected);
  const cost = (making.spent - before) * (isRecursive ? 15 : 1);
  making.spent = before;
  making.tasks.push({ ...made, cost });
  const head = `task ${name}(${written.map(({ text }) => text).join(", ")})`;
  return `${head}${isExpected ? ` -> ${typeText(result)}` : ""} ${body}`;
}

function inside(making: Making, made: Task): Place {
  const place = placeIn(making);
  making.selfCalls = 0;
  const values = made.parameters.flatMap(({ name, type }) => ("kind" in type ? [{ text: name, type }] : []));
  const functions = made.parameters.flatMap(({ name, type }) => ("kind" in type ? [] : [{ name, type }]));
  return { ...withValues(place, ...values), functions };
}

function taskBody(place: Place, made: Task, isExpected: boolean): string {
  const returns = { type: made.result, isExpected };
  if (!made.isRecursive) return block({ ...place, returns }, made.result, isExpected);
  const base = expression({ ...place, depth: 2 }, made.result);
  const rest = block({ ...place, returns, recursion: made }, made.result, isExpected);
  return `{\nif n <= 0 { return ${base} }\n${rest.slice(1)}`;
}

function parameters(making: Making, isRecursive: boolean): readonly { parameter: Parameter; text: string }[] {
  const { choices } = making;
  const first = isRecursive ? [{ parameter: { name: "n", type: int, hasDefault: false }, text: "n: int" }] : [];
  const length = choices.below(4);
  let defaults = false;
  const rest = Array.from({ length }, () => {
    const name = freshName(making, "a");
    if (!defaults && choices.percent(15)) {
      const type = { parameters: [anyType({ making }, 1)], result: anyType({ making }, 1) };
      return { parameter: { name, type, hasDefault: false }, text: `${name}: ${functionText(type)}` };
    }
    const type = anyType({ making });
    defaults ||= choices.percent(20);
    const value = defaults ? ` = ${defaultOf(making, type)}` : "";
    return { parameter: { name, type, hasDefault: defaults }, text: `${name}: ${typeText(type)}${value}` };
  });
  return [...first, ...rest];
}

/** Without an effect, so without a probe. */
function defaultOf(making: Making, type: Type): string {
  const { probes } = making;
  making.probes = false;
  const text = expression({ ...placeIn(making), depth: 2, isLine: true }, type);
  making.probes = probes;
  return text;
}

/** What every program has: tasks with type parameters, among them ones that take functions. */
export const generics = `task same[T](x: T) -> T { x }
task choose[T](c: bool, a: T, b: T) -> T { if c { a } else { b } }
task apply[T, U](f: (T) -> U, x: T) -> U { f(x) }
task give[T, U](x: T, f: (T) -> U) -> U { f(x) }
task twice[T](f: (T) -> T, x: T) -> T { f(f(x)) }
task maybe[T](x: T) -> T? { x }
task or_else[T](x: T?, y: T) -> T { x ?? y }
task larger[T: ordered](a: T, b: T) -> T { if a > b { a } else { b } }
task both[N: number](a: N, b: N) -> N { -(a + b * a) - b }
task down(n: int, x: int = n * 2) -> int { if n <= 0 { x } else { down(n - 1) + 1 } }
task later(n: int, f: (int) -> int) -> int { if n <= 0 { f(n) } else { later(n - 1, m => f(m) + 1) } }`;
