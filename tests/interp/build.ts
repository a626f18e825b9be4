// Small builders of KIR for these tests.

import type { FunctionNode, Json, Operator, Program, Step, StepFunction, Term } from "../../src/ir/kir.ts";
import type { Code } from "../../src/interp/link.ts";
import { encode } from "../../src/interp/codec.ts";
import type { Outcome } from "../../src/interp/effect.ts";
import type { Machine, Turn } from "../../src/interp/execute.ts";
import { advance, callPure, start } from "../../src/interp/execute.ts";
import { link } from "../../src/interp/link.ts";
import type { Struct, Value } from "../../src/interp/value.ts";
import { FunctionValue } from "../../src/interp/value.ts";

export const literal = (value: Value): Term => ({ kind: "Literal", value: encode(value) });
export const slot = (index: number): Term => ({ kind: "Slot", slot: index });
export const set = (index: number, value: Term): Term => ({ kind: "Set", slot: index, value });
export const block = (...body: Term[]): Term => ({ kind: "Do", body });
export const binary = (operator: Operator, left: Term, right: Term): Term => ({
  kind: "Binary",
  operator,
  left,
  right,
});
export const when = (test: Term, then: Term, otherwise?: Term): Term =>
  otherwise === undefined ? { kind: "If", test, then } : { kind: "If", test, then, otherwise };
export const call = (id: string, ...given: Term[]): Term => ({ kind: "Call", function: id, arguments: given });
export const builtin = (id: string, ...given: Term[]): Term => ({ kind: "Builtin", id, arguments: given });
export const closure = (id: string, ...captures: Term[]): Term => ({ kind: "Closure", function: id, captures });
export const leave = (value: Term): Term => ({ kind: "Return", value });
export const fail = (message: string): Term => ({ kind: "Fail", value: literal(message) });
export const loop = (index: number, list: Term, body: Term, collect = true): Term => ({
  kind: "For",
  list,
  slot: index,
  body,
  collect,
});

export const pure = (parameters: number, body: Term, slots = 8, captures = 0): FunctionNode => ({
  kind: "Pure",
  captures,
  parameters,
  slots,
  body,
});

export const steps = (parameters: number, list: readonly Step[], slots = 8, captures = 0): StepFunction => ({
  kind: "Steps",
  captures,
  parameters,
  slots,
  steps: list,
});

export const notify = (id: string, text: Term): Step => ({
  kind: "Perform",
  id,
  effect: { kind: "Notify", given: { text } },
});

export const ask = (id: string, question: Term, into: number): Step => ({
  kind: "Perform",
  id,
  slot: into,
  effect: { kind: "Ask", given: { question } },
});

export function program(functions: { readonly [id: string]: FunctionNode }): Program {
  return {
    keel: 1,
    semantics: 1,
    main: "main",
    functions,
    agents: {},
    connections: {},
    prompts: {},
    env: [],
    models: [],
  };
}

/** The value of a term, as the body of a function. */
export function evaluate(body: Term, functions: { readonly [id: string]: FunctionNode } = {}): Value {
  return callPure(link(program({ ...functions, it: pure(0, body, 16) })), new FunctionValue("it", []), []);
}

export function machine(functions: { readonly [id: string]: FunctionNode }, state: Struct = {}): [Code, Machine] {
  const code = link(program(functions));
  return [code, start(code, "main", [], [], state)];
}

export const value = (given: Value): Outcome => ({ kind: "Value", value: given });

/** Runs a machine to its end; `answer` gives what comes of each effect. Tells what it asked for. */
export function runThrough(
  code: Code,
  started: Machine,
  answer: (turn: Extract<Turn, { kind: "Effect" }>, nth: number) => Outcome,
): { asked: { kind: string; step: string; indices: readonly number[]; given: Json }[]; last: Turn } {
  const asked: { kind: string; step: string; indices: readonly number[]; given: Json }[] = [];
  let turn = advance(code, started);
  while (turn.kind === "Effect") {
    const { effect, place } = turn;
    asked.push({ kind: effect.kind, ...place, given: encode(effect.given) });
    turn = advance(code, started, answer(turn, asked.length - 1));
  }
  return { asked, last: turn };
}
