// Terms to closures over slots (closure generation: Feeley and Lapalme, "Using Closures for Code Generation", 1987).
// Compiled once; what is known beforehand (operators, positions, how many arguments) is decided then, so a running
// term only evaluates. The families of terms stand in the files beside this one; here is the table and the two ways
// a child is compiled: `operand` in the middle of an expression, `flow` where an Exit may be handed on.

import { Bug } from "../source/invariant.ts";
import type { Term } from "../ir/kir.ts";
import { cast } from "./cast.ts";
import { tied } from "./recursive-shape.ts";
import type { Evaluate } from "./code.ts";
import type { Code } from "./link.ts";
import { calls } from "./evaluate-calls.ts";
import { data } from "./evaluate-data.ts";
import { flows } from "./evaluate-flow.ts";
import { operators } from "./evaluate-operators.ts";
import { Exits, catching, throwing } from "./exit.ts";

export type TermOf<K extends Term["kind"]> = Extract<Term, { readonly kind: K }>;

/** How each kind of a family is compiled. */
export type Family<K extends Term["kind"]> = {
  readonly [Kind in K]: (term: TermOf<Kind>, compiler: Compiler) => Evaluate;
};

const table: Family<Term["kind"]> = {
  ...data,
  ...operators,
  ...calls,
  ...flows,
  Cast: (term, compiler) => {
    const of = compiler.operand(term.of);
    const shape = term.type.kind === "recursive" ? tied(term.type) : term.type;
    return (slots) => cast(of(slots), shape) ?? null;
  },
};

export class Compiler {
  readonly #exits = new Exits();
  /** Whether what was compiled since it was last cleared may throw an Exit. */
  #throws = false;

  constructor(readonly code: Code) {}

  /** A term whose value is needed at once. */
  operand(term: Term): Evaluate {
    const evaluate = this.#evaluate(term);
    if (this.#exits.of(term) === 0) return evaluate;
    this.#throws = true;
    return throwing(evaluate);
  }

  operands(terms: readonly Term[]): readonly Evaluate[] {
    return terms.map((term) => this.operand(term));
  }

  /** A term that may give an Exit, which is handed on. */
  flow(term: Term): Evaluate {
    return this.#evaluate(term);
  }

  /** The body of a function or a loop: whatever Exit leaves it, it gives. */
  scope(term: Term): Evaluate {
    const outer = this.#throws;
    this.#throws = false;
    const body = this.#evaluate(term);
    const evaluate = this.#throws ? catching(body) : body;
    this.#throws = outer;
    return evaluate;
  }

  exits(term: Term): boolean {
    return this.#exits.of(term) !== 0;
  }

  #evaluate(term: Term): Evaluate {
    const compile = table[term.kind] as ((term: Term, compiler: Compiler) => Evaluate) | undefined;
    if (compile === undefined) throw new Bug(`a term of kind ${term.kind}`);
    return compile(term, this);
  }
}
