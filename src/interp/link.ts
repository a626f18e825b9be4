// Program to Code, the program made ready to run: what terms and steps are compiled against. Nothing is compiled here:
// a function is when it is first called. A constant is evaluated when it is first used and then kept, for every run of
// this Code gives the same.

import { Bug, invariant } from "../source/invariant.ts";
import type { FunctionNode, Program, StepFunction } from "../ir/kir.ts";
import type { Context, PureCode, StepCode } from "./code.ts";
import { Compiler } from "./evaluate.ts";
import { compileBody } from "./evaluate-flow.ts";
import { compileStep, returning } from "./steps.ts";
import type { Value } from "./value.ts";

export interface Code {
  readonly program: Program;
  readonly context: Context;
  pure(id: string): PureCode;
  steps(id: string): StepCode;
  /** The value of a constant, evaluated once for each Code and as if nothing had called it. */
  constant(id: string): Value;
  /** What this run was given. */
  input(name: string): Value;
}

/** `inputs` has a value for every input of the program. */
export function link(program: Program, inputs: ReadonlyMap<string, Value> = new Map()): Code {
  return new Linked(program, inputs);
}

class Linked implements Code {
  readonly context: Context = { depth: 0, machine: null };
  readonly #pure = new Map<string, PureCode>();
  readonly #steps = new Map<string, StepCode>();
  readonly #constants = new Map<string, Value>();

  constructor(
    readonly program: Program,
    readonly inputs: ReadonlyMap<string, Value>,
  ) {}

  pure(id: string): PureCode {
    const known = this.#pure.get(id);
    if (known !== undefined) return known;
    const node = this.#function(id);
    invariant(node.kind === "Pure", `${id} is called as a pure function`);
    const code: PureCode = {
      id,
      captures: node.captures,
      parameters: node.parameters,
      slots: Math.max(node.slots, node.captures + node.parameters),
      body: (slots) => {
        code.body = compileBody(node.body, new Compiler(this));
        return code.body(slots);
      },
    };
    this.#pure.set(id, code);
    return code;
  }

  steps(id: string): StepCode {
    const known = this.#steps.get(id);
    if (known !== undefined) return known;
    const node = this.#function(id);
    const operations = node.kind === "Pure" ? [returning(this.pure(id), this)] : this.#operations(node);
    const code = { id, slots: Math.max(node.slots, node.captures + node.parameters), operations };
    this.#steps.set(id, code);
    return code;
  }

  #operations(node: StepFunction): StepCode["operations"] {
    const compiler = new Compiler(this);
    return node.steps.map((step) => compileStep(step, compiler));
  }

  constant(id: string): Value {
    const known = this.#constants.get(id);
    if (known !== undefined) return known;
    const { slots, body } = this.pure(id);
    const { depth } = this.context;
    this.context.depth = 0;
    const value = body(Array.from({ length: slots }, () => null));
    this.context.depth = depth;
    this.#constants.set(id, value);
    return value;
  }

  input(name: string): Value {
    const value = this.inputs.get(name);
    if (value === undefined) throw new Bug(`no value for the input ${name}`);
    return value;
  }

  #function(id: string): FunctionNode {
    const node = Object.hasOwn(this.program.functions, id) ? this.program.functions[id] : undefined;
    if (node === undefined) throw new Bug(`no function ${id}`);
    return node;
  }
}
