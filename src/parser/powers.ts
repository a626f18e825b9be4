// How tightly operators bind, loosest first, and which of them may begin a line. Forms read their operands at one of
// these levels: `draft "a" ?? "b"` is `(draft "a") ?? "b"`, `notify user a ?? "b"` is `notify user (a ?? "b")`.

import type { TokenType } from "chevrotain";
import { hard, marks, soft } from "../lexer/tokens.ts";
import type { BinaryOperator, Logical } from "./ast.ts";

export const Level = {
  default: 1,
  pipe: 2,
  or: 3,
  and: 4,
  compare: 6,
  cast: 7,
  sum: 8,
  product: 9,
} as const;

export interface Power {
  readonly level: number;
  /** The level of its right operand. */
  readonly right: number;
  /** A line that begins with it goes on with the one before. */
  readonly leads: boolean;
  readonly operator: Logical["operator"] | BinaryOperator | "|>" | "as";
}

function power(level: number, operator: Power["operator"], leads = false, right = level + 1): Power {
  return { level, right, leads, operator };
}

const byMark: readonly Power[] = [
  power(Level.default, "??", true, Level.default),
  power(Level.pipe, "|>", true),
  ...(["==", "!=", "<", "<=", ">", ">="] as const).map((operator) => power(Level.compare, operator)),
  ...(["+", "-"] as const).map((operator) => power(Level.sum, operator)),
  ...(["*", "/", "%"] as const).map((operator) => power(Level.product, operator)),
];

function typeOf(mark: string): TokenType | undefined {
  return marks.find(([text]) => text === mark)?.[1];
}

export const powers: ReadonlyMap<TokenType | undefined, Power> = new Map([
  ...byMark.map((entry) => [typeOf(entry.operator), entry] as const),
  [hard.or, power(Level.or, "or", true)],
  [hard.and, power(Level.and, "and", true)],
  [soft.as, power(Level.cast, "as")],
]);
