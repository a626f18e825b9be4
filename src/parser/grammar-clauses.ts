// The clauses of the forms: they come in any order, on the same line or the next. One rule reads them all; each form
// says which it takes, and a clause it does not take is left to the form around it (`send draft "x" to email`).

import type { TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import type { Entry, Expression, Hint, Name, TypeNode } from "./ast.ts";
import { given } from "./given.ts";
import { ExpressionsGrammar } from "./grammar-expressions.ts";
import type { Rule } from "./grammar-types.ts";
import { Level } from "./powers.ts";

const { soft, hard } = t;

/** What clauses were found. */
export interface Clauses {
  fallback?: Expression;
  using?: Expression;
  hints?: readonly Hint[];
  count?: Expression;
  unit?: Name;
  format?: Name;
  limit?: Expression;
  timeout?: Expression;
  with?: Expression;
  where?: Expression;
  to?: Expression;
  from?: Expression;
  type?: TypeNode;
  then?: Expression;
  options?: readonly Entry[];
}

export abstract class ClausesGrammar extends ExpressionsGrammar {
  abstract bodyOrStatement: Rule<Expression>;

  clauses = this.RULE("clauses", (allowed: ReadonlySet<TokenType>): Clauses => {
    const found: Clauses = {};
    const seen = new Set<TokenType>();
    this.MANY({
      GATE: () => this.takesClause(allowed, seen),
      DEF: () => {
        seen.add(this.at(1).tokenType);
        this.SUBRULE(this.clause, { ARGS: [found] });
      },
    });
    return found;
  });

  private takesClause(allowed: ReadonlySet<TokenType>, seen: ReadonlySet<TokenType>): boolean {
    const type = this.at(1).tokenType;
    if (!allowed.has(type) || seen.has(type)) return false;
    return type === t.LeftBrace ? !this.at(1).newline && !this.head : this.isClause(type);
  }

  clause = this.RULE("clause", (found: Clauses): void => {
    const into = found ?? {};
    this.OR([
      {
        ALT: () => {
          this.CONSUME(soft.fallback);
          into.fallback = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.using);
          into.using = this.SUBRULE1(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.considering);
          into.hints = this.SUBRULE(this.hints);
        },
      },
      {
        ALT: () => {
          this.CONSUME(hard.in);
          into.count = this.SUBRULE2(this.operators, { ARGS: [Level.sum] });
          into.unit = this.SUBRULE(this.anyName);
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.format);
          into.format = this.SUBRULE1(this.anyName);
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.limit);
          into.limit = this.SUBRULE3(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.timeout);
          into.timeout = this.SUBRULE4(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.with);
          into.with = this.SUBRULE5(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.where);
          into.where = this.SUBRULE6(this.operators, { ARGS: [Level.or] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.to);
          into.to = this.SUBRULE7(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.from);
          into.from = this.SUBRULE8(this.operators, { ARGS: [Level.sum] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.as);
          into.type = this.SUBRULE(this.type);
        },
      },
      {
        ALT: () => {
          this.CONSUME(soft.then);
          into.then = this.SUBRULE(this.bodyOrStatement);
        },
      },
      {
        ALT: () => {
          into.options = this.SUBRULE(this.entries);
        },
      },
    ]);
  });

  /** hints = "[" { operand "=>" operand } "]" */
  hints = this.RULE("hints", (): Hint[] => {
    const hints: Hint[] = [];
    this.CONSUME(t.LeftBracket);
    this.inside(false, () =>
      this.repeat(t.RightBracket, () => {
        hints.push(this.SUBRULE(this.hint));
        this.commaBefore(t.RightBracket);
      }),
    );
    this.CONSUME(t.RightBracket);
    return hints;
  });

  hint = this.RULE("hint", (): Hint => {
    const start = this.start();
    const text = this.SUBRULE(this.operators, { ARGS: [Level.default] });
    this.CONSUME(t.FatArrow);
    const variant = this.SUBRULE1(this.operators, { ARGS: [Level.default] });
    return { kind: "Hint", text, variant, span: this.from(start) };
  });

  protected require(part: unknown, what: string): void {
    if (part === undefined && !this.RECORDING_PHASE) throw this.wanted(what);
  }
}

/** The clauses that all AI operations take. */
export function operation(clauses: Clauses): { fallback?: Expression; using?: Expression } {
  return given({ fallback: clauses.fallback, using: clauses.using });
}
