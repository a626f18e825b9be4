// Operators. Their types are settled when a program is compiled, so each is one closure; the ones that loops and
// recursion are made of answer for small ints at once, and sooner still for a slot and a literal (`n - 1`, `n < 2`).

import type { Operator } from "../ir/kir.ts";
import type { Evaluate } from "./code.ts";
import { compare } from "./compare.ts";
import { datetimeText, instantOf } from "./datetime.ts";
import { equal } from "./equal.ts";
import type { Family, TermOf } from "./evaluate.ts";
import { arithmeticError } from "./failure.ts";
import * as numbers from "./numbers.ts";
import { decode } from "./codec.ts";
import type { Value } from "./value.ts";
import { Duration, Float } from "./value.ts";

export const operators: Family<"Unary" | "Binary" | "And" | "Or" | "Coalesce"> = {
  Unary: (term, compiler) => {
    const of = compiler.operand(term.of);
    return unary[term.operator](of);
  },
  Binary: (term, compiler) => {
    const quick = slotAndLiteral(term);
    if (quick !== undefined) return quick;
    return binary[term.operator](compiler.operand(term.left), compiler.operand(term.right));
  },
  And: (term, compiler) => {
    const left = compiler.operand(term.left);
    const right = compiler.flow(term.right);
    return (slots) => (left(slots) === true ? right(slots) : false);
  },
  Or: (term, compiler) => {
    const left = compiler.operand(term.left);
    const right = compiler.flow(term.right);
    return (slots) => (left(slots) === true ? true : right(slots));
  },
  Coalesce: (term, compiler) => {
    const left = compiler.operand(term.left);
    const right = compiler.flow(term.right);
    return (slots) => {
      const value = left(slots);
      return value === null ? right(slots) : value;
    };
  },
};

const unary: { readonly [K in TermOf<"Unary">["operator"]]: (of: Evaluate) => Evaluate } = {
  not: (of) => (slots) => of(slots) !== true,
  "int.neg": (of) => (slots) => numbers.negateInt(of(slots)),
  "float.neg": (of) => (slots) => new Float(-numbers.asDouble(of(slots))),
  "number.neg": (of) => (slots) => {
    const value = of(slots);
    return value instanceof Float ? new Float(-value.value) : numbers.negateInt(value);
  },
  "duration.neg": (of) => (slots) => duration(0 - msOf(of(slots))),
};

type Compile = (left: Evaluate, right: Evaluate) => Evaluate;

const binary: { readonly [K in Operator]: Compile } = {
  "int.add": (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    if (typeof a === "number" && typeof b === "number") {
      const sum = a + b;
      if (Number.isSafeInteger(sum)) return sum;
    }
    return numbers.addInt(a, b);
  },
  "int.sub": (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    if (typeof a === "number" && typeof b === "number") {
      const difference = a - b;
      if (Number.isSafeInteger(difference)) return difference;
    }
    return numbers.subtractInt(a, b);
  },
  "int.mul": (left, right) => (slots) => numbers.multiplyInt(left(slots), right(slots)),
  "int.div": (left, right) => (slots) => numbers.divideInt(left(slots), right(slots)),
  "int.mod": (left, right) => (slots) => numbers.remainderInt(left(slots), right(slots)),
  "float.add": floats((a, b) => numbers.floatResult(a + b)),
  "float.sub": floats((a, b) => numbers.floatResult(a - b)),
  "float.mul": floats((a, b) => numbers.floatResult(a * b)),
  "float.div": floats(numbers.divideFloat),
  "float.mod": floats(numbers.remainderFloat),
  "number.add": either(numbers.addInt, (a, b) => numbers.floatResult(a + b)),
  "number.sub": either(numbers.subtractInt, (a, b) => numbers.floatResult(a - b)),
  "number.mul": either(numbers.multiplyInt, (a, b) => numbers.floatResult(a * b)),
  "number.div": either(numbers.divideInt, numbers.divideFloat),
  "number.mod": either(numbers.remainderInt, numbers.remainderFloat),
  "str.concat": (left, right) => (slots) => (left(slots) as string) + (right(slots) as string),
  "list.concat": (left, right) => (slots) => (left(slots) as readonly Value[]).concat(right(slots) as readonly Value[]),
  "duration.add": (left, right) => (slots) => duration(msOf(left(slots)) + msOf(right(slots))),
  "duration.sub": (left, right) => (slots) => duration(msOf(left(slots)) - msOf(right(slots))),
  "duration.mul": (left, right) => (slots) => scale(left(slots), right(slots)),
  "duration.div": (left, right) => (slots) => share(msOf(left(slots)), numbers.asCount(right(slots))),
  "datetime.add": (left, right) => (slots) => shift(left(slots), right(slots), 1),
  "datetime.sub": (left, right) => (slots) => shift(left(slots), right(slots), -1),
  "datetime.diff": (left, right) => (slots) => duration(instantOf(left(slots)) - instantOf(right(slots))),
  eq: (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    return a === b || equal(a, b);
  },
  ne: (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    return a !== b && !equal(a, b);
  },
  lt: (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    return typeof a === "number" && typeof b === "number" ? a < b : compare(a, b) < 0;
  },
  le: (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    return typeof a === "number" && typeof b === "number" ? a <= b : compare(a, b) <= 0;
  },
  gt: (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    return typeof a === "number" && typeof b === "number" ? a > b : compare(a, b) > 0;
  },
  ge: (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    return typeof a === "number" && typeof b === "number" ? a >= b : compare(a, b) >= 0;
  },
};

type Quick = (slot: number, literal: number) => Evaluate;

const quick: { readonly [K in Operator]?: Quick } = {
  "int.add": (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    if (typeof a === "number") {
      const sum = a + literal;
      if (Number.isSafeInteger(sum)) return sum;
    }
    return numbers.addInt(a, literal);
  },
  "int.sub": (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    if (typeof a === "number") {
      const difference = a - literal;
      if (Number.isSafeInteger(difference)) return difference;
    }
    return numbers.subtractInt(a, literal);
  },
  "int.mul": (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    if (typeof a === "number") {
      const product = a * literal;
      if (Number.isSafeInteger(product)) return product + 0;
    }
    return numbers.multiplyInt(a, literal);
  },
  "int.mod": (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    return typeof a === "number" && literal !== 0 ? (a % literal) + 0 : numbers.remainderInt(a, literal);
  },
  eq: (slot, literal) => (slots) => slots[slot] === literal,
  ne: (slot, literal) => (slots) => slots[slot] !== literal,
  lt: (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    return typeof a === "number" ? a < literal : compare(a, literal) < 0;
  },
  le: (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    return typeof a === "number" ? a <= literal : compare(a, literal) <= 0;
  },
  gt: (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    return typeof a === "number" ? a > literal : compare(a, literal) > 0;
  },
  ge: (slot, literal) => (slots) => {
    const a = slots[slot] as Value;
    return typeof a === "number" ? a >= literal : compare(a, literal) >= 0;
  },
};

function slotAndLiteral({ operator, left, right }: TermOf<"Binary">): Evaluate | undefined {
  if (left.kind !== "Slot" || right.kind !== "Literal") return undefined;
  const literal = decode(right.value);
  return typeof literal === "number" ? quick[operator]?.(left.slot, literal) : undefined;
}

function floats(apply: (a: number, b: number) => Float): Compile {
  return (left, right) => (slots) => {
    const a = left(slots);
    return apply(numbers.asDouble(a), numbers.asDouble(right(slots)));
  };
}

/** One float makes it floats: the sum of no floats at all is an int. */
function either(ints: (a: Value, b: Value) => Value, doubles: (a: number, b: number) => Float): Compile {
  return (left, right) => (slots) => {
    const a = left(slots);
    const b = right(slots);
    const isFloat = a instanceof Float || b instanceof Float;
    return isFloat ? doubles(numbers.asDouble(a), numbers.asDouble(b)) : ints(a, b);
  };
}

function msOf(value: Value): number {
  return (value as Duration).ms;
}

function duration(ms: number): Duration {
  if (!Number.isSafeInteger(ms)) throw arithmeticError("the result does not fit into a duration");
  return new Duration(ms + 0);
}

/** A duration times an int, in either order. */
function scale(a: Value, b: Value): Duration {
  return a instanceof Duration ? duration(a.ms * numbers.asCount(b)) : duration(numbers.asCount(a) * msOf(b));
}

function share(ms: number, parts: number): Duration {
  if (parts === 0) throw arithmeticError("division by zero");
  return duration(Math.trunc(ms / parts));
}

function shift(datetime: Value, by: Value, sign: 1 | -1): string {
  return datetimeText(instantOf(datetime) + sign * msOf(by));
}
