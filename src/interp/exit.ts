// How `return`, `break` and `continue` leave a term. Where only blocks, conditions and loops stand between, the term
// *gives* an Exit and each of them hands it on; from the middle of an expression it is thrown to the nearest loop body
// or function that has such a case. Terms without exits know nothing of either.

import type { Term } from "../ir/kir.ts";
import type { Evaluate } from "./code.ts";
import { children } from "./terms.ts";
import type { Value } from "./value.ts";

export class Exit {
  constructor(
    readonly kind: "Return" | "Break" | "Continue",
    readonly value: Value,
  ) {}
}

export const BREAK = new Exit("Break", null);
export const CONTINUE = new Exit("Continue", null);

/** An Exit in a value's place: the one point where the type says less than the truth. */
export function asValue(exit: Exit): Value {
  return exit as unknown as Value;
}

export function isExit(value: unknown): value is Exit {
  return value instanceof Exit;
}

/** Which exits can leave a term: bits of RETURN and LOOP. */
export const RETURN = 1;
export const LOOP = 2;

/** Remembers what it found, so that asking at every level costs once. */
export class Exits {
  readonly #found = new Map<Term, number>();

  of(term: Term): number {
    const known = this.#found.get(term);
    if (known !== undefined) return known;
    const found = this.#look(term);
    this.#found.set(term, found);
    return found;
  }

  #look(term: Term): number {
    if (term.kind === "Return") return RETURN | this.of(term.value);
    if (term.kind === "Break" || term.kind === "Continue") return LOOP;
    let found = 0;
    for (const child of children(term)) {
      const own = term.kind === "For" && child === term.body ? RETURN : RETURN | LOOP;
      found |= this.of(child) & own;
    }
    return found;
  }
}

/** Throws an Exit that the term gives. */
export function throwing(evaluate: Evaluate): Evaluate {
  return (slots) => {
    const value = evaluate(slots);
    if (isExit(value)) throw value;
    return value;
  };
}

/** Gives an Exit that was thrown inside the term. */
export function catching(evaluate: Evaluate): Evaluate {
  return (slots) => {
    try {
      return evaluate(slots);
    } catch (thrown) {
      if (isExit(thrown)) return asValue(thrown);
      throw thrown;
    }
  };
}
