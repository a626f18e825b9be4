// Values that the session keeps. In the text of an input's program a kept value is a constant, the call of a task with
// the value's type and no body worth the name; in the compiled program that task's body is the value itself. So a value
// is never computed twice, tasks and agents see it, and the program is closed: a run of it can be resumed.

import { typeText, type Type } from "../../checker/type.ts";
import type { Json, Program } from "../../ir/kir.ts";
import { INPUT_TASK } from "./wrapping.ts";

export interface Kept {
  readonly name: string;
  readonly type: Type;
  /** As the codec writes it. */
  readonly value: Json;
}

const taskOf = (name: string): string => `repl_kept_${name}`;

export function keptText({ name, type }: Kept): string {
  return `task ${taskOf(name)}() -> ${typeText(type)} { fail "" }\n${name} = ${taskOf(name)}()\n`;
}

/** The program of an input: what it runs is the input's task, and kept values stand where they are read. */
export function inputProgram(program: Program, kept: Iterable<Kept>): Program {
  const { [program.main]: _, ...functions } = program.functions;
  const values: { [id: string]: Program["functions"][string] } = {};
  for (const { name, value } of kept) {
    const id = taskOf(name);
    if (!Object.hasOwn(functions, id)) continue;
    values[id] = { kind: "Pure", captures: 0, parameters: 0, slots: 0, body: { kind: "Literal", value } };
  }
  return { ...program, main: INPUT_TASK, functions: { ...functions, ...values } };
}

/** Whether the type can be written in a program, so that its values can be kept. */
export function isWritable(type: Type): boolean {
  switch (type.kind) {
    case "Primitive":
      return type.name !== "never" && type.name !== "unknown";
    case "List":
    case "Nullable":
      return isWritable(type.of);
    case "Map":
      return isWritable(type.key) && isWritable(type.value);
    case "Struct":
      return type.name !== undefined || [...type.fields.values()].every(isWritable);
    case "Enum":
      return (type.arguments ?? []).every(isWritable);
    case "Function":
    case "Variable":
      return false;
  }
}

/** The names of all declared types that a type is made of. */
export function typeNames(type: Type): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<Type>();
  const stack: Type[] = [type];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (at.kind === "List" || at.kind === "Nullable") stack.push(at.of);
    else if (at.kind === "Map") stack.push(at.key, at.value);
    else if (at.kind === "Function") stack.push(...at.parameters, at.result);
    else if (at.kind === "Struct") {
      for (const name of at.name?.match(/\p{L}[\p{L}\p{N}_]*/gu) ?? []) names.add(name);
      stack.push(...at.fields.values());
    } else if (at.kind === "Enum") {
      names.add(at.name);
      stack.push(...(at.arguments ?? []));
      for (const fields of at.variants.values()) if (fields !== undefined) stack.push(fields);
    }
  }
  return names;
}
