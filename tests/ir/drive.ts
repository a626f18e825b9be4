// Compiles a text and drives what comes of it with the machine, so that what lowering means can be seen: the effects in
// their order, and the value.

import { expect } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import type { Effect, Outcome } from "../../src/interp/effect.ts";
import { advance, start } from "../../src/interp/execute.ts";
import { Failure } from "../../src/interp/failure.ts";
import { link } from "../../src/interp/link.ts";
import { text } from "../../src/interp/text.ts";
import { FunctionValue, type Struct, type Value } from "../../src/interp/value.ts";
import type { FunctionNode, Places, Program, Step } from "../../src/ir/kir.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { Source } from "../../src/source/text.ts";

export interface Both {
  readonly program: Program;
  readonly places: Places;
}

export function build(program: string): Both {
  const source = new Source("main.keel", program);
  const compiled = compile(source, stdlib);
  const errors = compiled.diagnostics.filter(({ severity }) => severity === "error");
  if (compiled.program === undefined || compiled.places === undefined) {
    return expect.fail(errors.map((error) => renderDiagnostic(source, error, { color: false })).join("\n"));
  }
  return { program: compiled.program, places: compiled.places };
}

/** The messages of what the compiler refuses. */
export function refusals(program: string): readonly string[] {
  return compile(new Source("main.keel", program), stdlib).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

export function functionOf(program: Program, id: string): FunctionNode {
  return (
    program.functions[id] ?? expect.fail(`no function ${id}; there are ${Object.keys(program.functions).join(", ")}`)
  );
}

export function stepsOf(program: Program, id: string): readonly Step[] {
  const found = functionOf(program, id);
  return found.kind === "Steps" ? found.steps : expect.fail(`${id} is pure`);
}

/** What the world says to an effect: a value, or a Failure that is raised. */
export type Answer = (effect: Effect, nth: number) => Value | Failure | undefined;

export interface Driven {
  /** One line an effect: `Notify hello`, `Ask name?`, `Env PORT`. */
  readonly effects: readonly string[];
  readonly steps: readonly string[];
  readonly value: Value;
  readonly error?: string;
}

export interface Driving {
  readonly answer?: Answer;
  readonly function?: string;
  readonly given?: readonly Value[];
  readonly state?: Struct;
}

export function drive(program: Program, { answer, function: id, given, state }: Driving = {}): Driven {
  const code = link(program);
  const machine = start(code, id ?? program.main, [], given ?? [], state ?? {});
  const effects: string[] = [];
  const steps: string[] = [];
  let outcome: Outcome | undefined;
  for (let nth = 1; nth < 1000; nth++) {
    const turn = advance(code, machine, outcome);
    if (turn.kind === "Done") return { effects, steps, value: turn.value };
    if (turn.kind === "Failed") return { effects, steps, value: null, error: `${turn.error.name}` };
    if (turn.kind === "Yield") return expect.fail("a machine without limit gave way");
    effects.push(shown(turn.effect));
    steps.push(turn.place.step);
    const said = answer?.(turn.effect, nth) ?? null;
    outcome = said instanceof Failure ? { kind: "Failure", error: said.error } : { kind: "Value", value: said };
  }
  return expect.fail("it does not end");
}

/** Runs a text and gives the effects of `main`. */
export function effectsOf(program: string, answer?: Answer): readonly string[] {
  return drive(build(program).program, answer === undefined ? {} : { answer }).effects;
}

function shown(effect: Effect): string {
  const given = Object.values<Value>(effect.given).map((value) =>
    value instanceof FunctionValue ? value.id : text(value),
  );
  const name = "name" in effect ? [effect.name] : "agent" in effect ? [effect.agent] : [];
  return [effect.kind, ...name, ...given].join(" ");
}
