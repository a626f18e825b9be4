// Calls: of functions, function values, constants and built-ins. A call is one array of slots and one host call; its
// depth is counted by a number that goes up and down, and that whoever catches an error puts back.

import { invariant } from "../source/invariant.ts";
import type { Builtin } from "./builtins/table.ts";
import { builtins } from "./builtins/table.ts";
import type { Fold } from "./builtins/folds.ts";
import { folds } from "./builtins/folds.ts";
import type { Context, Evaluate, PureCode, Slots } from "./code.ts";
import type { Code } from "./link.ts";
import type { Compiler, Family, TermOf } from "./evaluate.ts";
import type { Failure } from "./failure.ts";
import { limitError, toolError } from "./failure.ts";
import { own } from "./fields.ts";
import { MAX_CALL_DEPTH } from "./limits.ts";
import type { Value } from "./value.ts";
import { FunctionValue } from "./value.ts";

export const calls: Family<"Builtin" | "Constant" | "Input" | "Call" | "CallValue"> = {
  Builtin: compileBuiltin,
  Constant: (term, { code }) => {
    return () => code.constant(term.function);
  },
  Input: (term, { code }) => {
    return () => code.input(term.name);
  },
  Call: compileCall,
  CallValue: (term, compiler) => {
    const callee = compiler.operand(term.callee);
    const given = compiler.operands(term.arguments);
    const { code } = compiler;
    return (slots) => {
      const called = callee(slots);
      return callValue(code, called, evaluateAll(given, slots));
    };
  },
};

function compileCall(term: TermOf<"Call">, compiler: Compiler): Evaluate {
  const { context } = compiler.code;
  const target = compiler.code.pure(term.function);
  const { slots: size } = target;
  const given = compiler.operands(term.arguments);
  const [first = none, second = none] = given;
  if (given.length === 1) return (slots) => enter(context, target, openOne(first(slots), size));
  if (given.length === 2) return (slots) => enter(context, target, openTwo(first(slots), second(slots), size));
  return (slots) => enter(context, target, widen(evaluateAll(given, slots), size));
}

const none: Evaluate = () => null;

/** The values of terms, left to right. */
export function evaluateAll(terms: readonly Evaluate[], slots: Slots): Value[] {
  const values: Value[] = [];
  for (let index = 0; index < terms.length; index++) values.push((terms[index] as Evaluate)(slots));
  return values;
}

function enter(context: Context, target: PureCode, slots: Slots): Value {
  if (++context.depth > MAX_CALL_DEPTH) throw tooDeep();
  const value = target.body(slots);
  context.depth--;
  return value;
}

export function tooDeep(): Failure {
  return limitError("calls nest more than 1,000 deep");
}

/** Slots for a call: literals of the host up to a few, so that most calls allocate exactly what they need. */
function openOne(first: Value, size: number): Slots {
  if (size === 1) return [first];
  if (size === 2) return [first, null];
  if (size === 3) return [first, null, null];
  if (size === 4) return [first, null, null, null];
  return widen([first, null, null, null], size);
}

function openTwo(first: Value, second: Value, size: number): Slots {
  if (size === 2) return [first, second];
  if (size === 3) return [first, second, null];
  if (size === 4) return [first, second, null, null];
  return widen([first, second, null, null], size);
}

export function widen(slots: Slots, size: number): Slots {
  while (slots.length < size) slots.push(null);
  return slots;
}

/** Calls a function value whose function is pure. */
export function callValue(code: Code, callee: Value, given: readonly Value[]): Value {
  invariant(callee instanceof FunctionValue, "a function was expected");
  const target = code.pure(callee.id);
  return enter(code.context, target, widen([...callee.captures, ...given], target.slots));
}

type Caller = (first: Value, second: Value) => Value;

/**
 * A function value made ready to be called once an element, with one argument or two. All its calls share their slots:
 * no value keeps a function's slots, and a call is over before the next one begins.
 */
function caller(code: Code, callee: FunctionValue): Caller {
  const { context } = code;
  const target = code.pure(callee.id);
  const at = callee.captures.length;
  const slots = widen([...callee.captures, null, null], target.slots);
  if (target.parameters === 2) {
    return (first, second) => {
      slots[at] = first;
      slots[at + 1] = second;
      return enter(context, target, slots);
    };
  }
  return (first) => {
    slots[at] = first;
    return enter(context, target, slots);
  };
}

function compileBuiltin(term: TermOf<"Builtin">, compiler: Compiler): Evaluate {
  const given = compiler.operands(term.arguments);
  const fold = own(folds, term.id);
  if (fold !== undefined) return compileFold(fold, given, compiler.code);
  const builtin = own(builtins, term.id);
  if (builtin !== undefined) return applied(builtin, given);
  return () => {
    throw toolError(`${term.id} is not supported yet`);
  };
}

function applied(builtin: Builtin, given: readonly Evaluate[]): Evaluate {
  const [first = none, second = none, third = none, fourth = none] = given;
  if (given.length <= 1) return (slots) => builtin(first(slots), null, null, null);
  if (given.length === 2) return (slots) => builtin(first(slots), second(slots), null, null);
  return (slots) => builtin(first(slots), second(slots), third(slots), fourth(slots));
}

/** The driver for functions that are pure; `execute` has the one for those that may have effects. */
function compileFold(fold: Fold, given: readonly Evaluate[], code: Code): Evaluate {
  return (slots) => {
    const values = evaluateAll(given, slots);
    const list = values[0] as readonly Value[];
    const call = caller(code, calleeOf(values));
    const state = fold.start(values);
    for (let index = 0; index < list.length; index++) {
      const item = list[index] as Value;
      const result = fold.running === undefined ? call(item, null) : call(fold.running(state), item);
      if (fold.take(state, item, result)) break;
    }
    return fold.done(state);
  };
}

/** The function among a collection method's arguments. */
export function calleeOf(given: readonly Value[]): FunctionValue {
  const callee = given.find((each) => each instanceof FunctionValue);
  invariant(callee instanceof FunctionValue, "a collection method without a function");
  return callee;
}
