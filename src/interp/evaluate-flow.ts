// Terms that decide what is evaluated: blocks, conditions, loops, chains, errors, and the three exits.

import type { CatchTerm, Term } from "../ir/kir.ts";
import type { Evaluate } from "./code.ts";
import type { Compiler, Family, TermOf } from "./evaluate.ts";
import { BREAK, CONTINUE, Exit, asValue, isExit } from "./exit.ts";
import type { Failure } from "./failure.ts";
import { asFailure, failureOf } from "./failure.ts";
import type { Value } from "./value.ts";

export const flows: Family<"Do" | "If" | "For" | "Chain" | "Try" | "Return" | "Break" | "Continue" | "Fail"> = {
  Do: compileDo,
  If: compileIf,
  For: compileFor,
  Chain: (term, compiler) => {
    const of = compiler.operand(term.of);
    const then = compiler.flow(term.then);
    const { slot } = term;
    return (slots) => {
      const value = of(slots);
      if (value === null) return null;
      slots[slot] = value;
      return then(slots);
    };
  },
  Try: compileTry,
  Return: (term, compiler) => {
    const value = compiler.operand(term.value);
    return (slots) => asValue(new Exit("Return", value(slots)));
  },
  Break: () => {
    return () => asValue(BREAK);
  },
  Continue: () => {
    return () => asValue(CONTINUE);
  },
  Fail: (term, compiler) => {
    const value = compiler.operand(term.value);
    return (slots) => {
      throw failureOf(value(slots));
    };
  },
};

function compileDo(term: TermOf<"Do">, compiler: Compiler): Evaluate {
  const body = term.body.map((each) => compiler.flow(each));
  if (term.body.slice(0, -1).some((each) => compiler.exits(each))) return leavingDo(body);
  const [first, second, third] = body;
  if (first === undefined) return () => null;
  if (second === undefined) return first;
  if (third === undefined) {
    return (slots) => {
      first(slots);
      return second(slots);
    };
  }
  const rest = body.slice(0, -1);
  const last = body.at(-1) ?? third;
  return (slots) => {
    for (let index = 0; index < rest.length; index++) (rest[index] as Evaluate)(slots);
    return last(slots);
  };
}

function leavingDo(body: readonly Evaluate[]): Evaluate {
  return (slots) => {
    let value: Value = null;
    for (const each of body) {
      value = each(slots);
      if (isExit(value)) return value;
    }
    return value;
  };
}

/** A chain of `else if` (what `when` is lowered to) is one closure, so its arms cost no depth of the host's stack. */
function compileIf(term: TermOf<"If">, compiler: Compiler): Evaluate {
  const arms: TermOf<"If">[] = [term];
  let rest = term.otherwise;
  for (; rest?.kind === "If"; rest = rest.otherwise) arms.push(rest);
  const tests = arms.map((arm) => compiler.operand(arm.test));
  const thens = arms.map((arm) => compiler.flow(arm.then));
  const otherwise = rest === undefined ? () => null : compiler.flow(rest);
  const [test, second] = tests;
  const [then] = thens;
  if (test !== undefined && then !== undefined && second === undefined) {
    return (slots) => (test(slots) === true ? then(slots) : otherwise(slots));
  }
  return (slots) => {
    for (let arm = 0; arm < tests.length; arm++) {
      if ((tests[arm] as Evaluate)(slots) === true) return (thens[arm] as Evaluate)(slots);
    }
    return otherwise(slots);
  };
}

function compileFor(term: TermOf<"For">, compiler: Compiler): Evaluate {
  const list = compiler.operand(term.list);
  const where = term.where && compiler.operand(term.where);
  const body = compiler.scope(term.body);
  const { slot, collect } = term;
  return (slots) => {
    const items = list(slots) as readonly Value[];
    const results: Value[] = [];
    for (let index = 0; index < items.length; index++) {
      slots[slot] = items[index] as Value;
      if (where !== undefined && where(slots) !== true) continue;
      const value = body(slots);
      if (!isExit(value)) {
        if (collect) results.push(value);
      } else if (value.kind === "Break") break;
      else if (value.kind === "Return") return value;
    }
    return collect ? results : null;
  };
}

function compileTry(term: TermOf<"Try">, compiler: Compiler): Evaluate {
  const body = compiler.flow(term.body);
  const catches = term.catches.map((each) => ({ ...each, body: compiler.flow(each.body) }));
  const { context } = compiler.code;
  return (slots) => {
    const { depth } = context;
    try {
      return body(slots);
    } catch (thrown) {
      if (isExit(thrown)) throw thrown;
      const failure = asFailure(thrown);
      context.depth = depth;
      const taken = catches.find((each) => takes(each.errors, failure));
      if (taken === undefined) throw failure;
      slots[taken.slot] = failure.error;
      return taken.body(slots);
    }
  };
}

/** Whether a catch of these errors takes a failure; none named, or `Error` itself, takes all. */
export function takes(errors: CatchTerm["errors"], failure: Failure): boolean {
  return errors.length === 0 || errors.includes("Error") || errors.includes(failure.error.name);
}

/** The body of a pure function: what it gives, or what a `return` in it gave. */
export function compileBody(body: Term, compiler: Compiler): Evaluate {
  const evaluate = compiler.scope(body);
  if (!compiler.exits(body)) return evaluate;
  return (slots) => {
    const value = evaluate(slots);
    return isExit(value) ? value.value : value;
  };
}
