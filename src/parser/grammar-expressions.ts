// Operators, postfix and atoms.
//
// One loop over binding powers instead of a rule for each level; operands are read at the level that is asked for.

import type { IOrAlt, TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Argument, Binary, Block, Expression, Lambda, Name, Parameter } from "./ast.ts";
import { given } from "./given.ts";
import { LiteralsGrammar } from "./grammar-literals.ts";
import type { Rule } from "./grammar-types.ts";
import { Level, powers } from "./powers.ts";

const verbs: ReadonlySet<TokenType> = new Set(t.verbWords.map((word) => t.soft[word]));
const userVerbs: ReadonlySet<TokenType> = new Set(t.userVerbWords.map((word) => t.soft[word]));
const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

export abstract class ExpressionsGrammar extends LiteralsGrammar {
  /** Alternatives of the rules that every value goes through: made once, not at every value. */
  private expressions: IOrAlt<Expression>[] | undefined;
  private unaries: IOrAlt<Expression>[] | undefined;
  private primaries: IOrAlt<Expression>[] | undefined;
  private atoms: IOrAlt<Expression>[] | undefined;

  abstract form: Rule<Expression>;
  abstract control: Rule<Expression>;
  abstract block: Rule<Block>;

  /** expression = lambda | operators */
  expression: Rule<Expression> = this.RULE("expression", (): Expression =>
    this.OR(
      (this.expressions ??= [
        { GATE: () => this.isLambda(), ALT: () => this.SUBRULE(this.lambda) },
        { ALT: () => this.SUBRULE(this.operators, { ARGS: [Level.default] }) },
      ]),
    ),
  );

  /** lambda = ( name | parameters ) "=>" ( block | expression ) */
  lambda = this.RULE("lambda", (): Lambda => {
    this.deeper();
    const start = this.start();
    const parameters = this.OR([
      { ALT: () => this.SUBRULE(this.parameters, { ARGS: [false] }) },
      { ALT: () => [this.bare(this.SUBRULE(this.name))] },
    ]);
    this.CONSUME(t.FatArrow);
    const body = this.OR1([
      { GATE: () => this.is(1, t.LeftBrace) && !this.isLiteral(), ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
    this.depth -= 1;
    return { kind: "Lambda", parameters, body, span: this.from(start) };
  });

  /** operators(level) = unary { infix operators | "as" type } */
  operators: Rule<Expression, [number]> = this.RULE("operators", (level: number): Expression => {
    const start = this.start();
    let left = this.SUBRULE(this.unary);
    let compared: Expression | undefined;
    this.MANY({
      GATE: () => this.isInfix(level),
      DEF: () => {
        this.links += 1;
        left = this.OR([
          { ALT: () => this.SUBRULE(this.cast, { ARGS: [start, left] }) },
          { ALT: () => this.SUBRULE(this.joined, { ARGS: [start, left, left === compared] }) },
        ]);
        if (left?.kind === "Binary" && comparisons.has(left.operator)) compared = left;
      },
    });
    return left;
  });

  cast = this.RULE("cast", (start: number, value: Expression): Expression => {
    this.CONSUME(t.soft.as);
    const type = this.SUBRULE(this.type);
    return { kind: "Cast", value, type, span: this.from(start) };
  });

  joined = this.RULE("joined", (start: number, left: Expression, compared: boolean): Expression => {
    const token = this.OR([
      { ALT: () => this.CONSUME(t.Infix) },
      { ALT: () => this.CONSUME(t.hard.and) },
      { ALT: () => this.CONSUME(t.hard.or) },
    ]);
    const power = powers.get(token.tokenType);
    const operator = power?.operator ?? "+";
    if (compared && comparisons.has(operator)) {
      throw this.problem(diagnose("K0017", { start: token.startOffset, end: (token.endOffset ?? 0) + 1 }, {}));
    }
    this.deeper();
    const right = this.SUBRULE(this.operators, { ARGS: [power?.right ?? 0] });
    this.depth -= 1;
    return this.ACTION(() => this.combine(start, left, operator, right));
  });

  private combine(start: number, left: Expression, operator: string, right: Expression): Expression {
    const span = this.from(start);
    if (operator === "and" || operator === "or" || operator === "??") {
      return { kind: "Logical", operator, left, right, span };
    }
    if (operator !== "|>") return { kind: "Binary", operator: operator as Binary["operator"], left, right, span };
    const isStage = right.kind === "Reference" || right.kind === "Call" || right.kind === "Missing";
    if (isStage && !this.is(1, t.FatArrow)) return { kind: "Pipe", left, right, span };
    const what = this.is(1, t.FatArrow) ? "a function" : "another expression";
    throw this.problem(diagnose("K0018", right.span, { found: what }));
  }

  /** unary = ( "not" | "-" ) operand | postfix */
  unary: Rule<Expression> = this.RULE("unary", (): Expression => {
    this.deeper();
    const result = this.OR(
      (this.unaries ??= [
        {
          ALT: () => {
            const start = this.start();
            this.CONSUME(t.hard.not);
            const operand = this.SUBRULE(this.operators, { ARGS: [Level.compare] });
            return { kind: "Unary", operator: "not", operand, span: this.from(start) };
          },
        },
        {
          ALT: () => {
            const start = this.start();
            this.CONSUME(t.Minus);
            const operand = this.SUBRULE(this.unary);
            return { kind: "Unary", operator: "-", operand, span: this.from(start) };
          },
        },
        { ALT: () => this.SUBRULE(this.postfix) },
      ]),
    );
    this.depth -= 1;
    return result;
  });

  /** postfix = primary { "." anyName | "?." anyName | "!" | "[" expression "]" | "(" arguments ")" } */
  postfix = this.RULE("postfix", (): Expression => {
    const start = this.start();
    let target = this.SUBRULE(this.primary);
    this.MANY({
      GATE: () => this.is(1, t.Dot) || this.is(1, t.SafeDot) || !this.breaks(1),
      DEF: () => {
        this.links += 1;
        target = this.SUBRULE(this.suffix, { ARGS: [start, target] });
      },
    });
    if (this.is(1, t.Question)) this.refuseSafeIndex();
    return target;
  });

  /** `y?["k"]` */
  private refuseSafeIndex(): void {
    if (!this.is(2, t.LeftBracket) || this.at(1).blank || this.at(2).blank) return;
    const help = "index what is there: `(value ?? [])[0]`, or in `if value != none { … }`";
    throw this.problem(diagnose("K0003", this.here(), { what: "`?`" }, { help }));
  }

  suffix = this.RULE("suffix", (start: number, target: Expression): Expression =>
    this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          const name = this.SUBRULE(this.anyName);
          return { kind: "Member", target, safe: false, name, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.SafeDot);
          const name = this.SUBRULE1(this.anyName);
          return { kind: "Member", target, safe: true, name, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Bang);
          return { kind: "Assert", target, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          const index = this.inside(false, () => this.SUBRULE(this.expression));
          this.CONSUME(t.RightBracket);
          return { kind: "Index", target, index, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          const list = this.SUBRULE(this.arguments);
          return { kind: "Call", callee: target, arguments: list, span: this.from(start) };
        },
      },
    ]),
  );

  /** arguments = "(" { [ anyName ":" ] expression } ")" */
  arguments = this.RULE("arguments", (): Argument[] => {
    const list: Argument[] = [];
    this.CONSUME(t.LeftParen);
    this.inside(false, () =>
      this.repeat(t.RightParen, () => {
        list.push(this.SUBRULE(this.argument));
        this.commaBefore(t.RightParen);
      }),
    );
    const close = this.CONSUME(t.RightParen) as t.Token;
    // What is missing here is said already: the bracket is not closed.
    if (close.synthetic) list.push(this.cutArgument());
    return list;
  });

  private cutArgument(): Argument {
    const span = this.from(this.at(0).endOffset + 1);
    return { kind: "Argument", value: { kind: "Missing", span }, span };
  }

  argument = this.RULE("argument", (): Argument => {
    const start = this.start();
    const name = this.OPTION({
      GATE: () => this.is(2, t.Colon),
      DEF: () => {
        const word = this.SUBRULE(this.anyName);
        this.CONSUME(t.Colon);
        return word;
      },
    });
    const value = this.SUBRULE(this.expression);
    return { kind: "Argument", ...given({ name }), value, span: this.from(start) };
  });

  /** primary = form (a verb and its operand) | atom */
  primary = this.RULE("primary", (): Expression => {
    if (this.head && this.is(1, t.LeftBrace)) {
      throw this.problem(diagnose("K0016", this.here(), { expected: "an expression" }));
    }
    // `x = ⏎ y = 1`: what stands there is the next statement.
    if (this.at(1).newline && this.isWord(1) && this.is(2, t.Equals)) throw this.wanted("an expression");
    return this.OR(
      (this.primaries ??= [
        { GATE: () => this.isVerb(), ALT: () => this.SUBRULE(this.form) },
        { ALT: () => this.SUBRULE(this.atom) },
      ]),
    );
  });

  /** atom = literal | name | "self" | "(" expression ")" | control */
  atom = this.RULE("atom", (): Expression => {
    return this.OR(
      (this.atoms ??= [
        {
          ALT: () => {
            const start = this.start();
            const { image } = this.CONSUME(t.Word);
            return { kind: "Reference", name: image, span: this.from(start) };
          },
        },
        { ALT: () => this.SUBRULE(this.text) },
        { ALT: () => this.SUBRULE(this.scalar) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.struct) },
        {
          ALT: () => {
            const start = this.start();
            this.CONSUME(t.hard.self);
            return { kind: "Self", span: this.from(start) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LeftParen);
            const inner = this.inside(false, () => this.SUBRULE(this.expression));
            this.CONSUME(t.RightParen);
            return inner;
          },
        },
        { ALT: () => this.SUBRULE(this.control) },
      ]),
    );
  });

  // ── decisions ──

  private isInfix(level: number): boolean {
    const power = powers.get(this.at(1).tokenType);
    return power !== undefined && power.level >= level && (power.leads || !this.breaks(1));
  }

  private isLambda(): boolean {
    if (this.isWord(1)) return this.is(2, t.FatArrow);
    return this.is(1, t.LeftParen) && this.is(this.afterClose(1), t.FatArrow);
  }

  /** The word here is a verb and not a name: what follows on its line is its operand. */
  protected isVerb(): boolean {
    const type = this.at(1).tokenType;
    if (userVerbs.has(type)) return this.is(2, t.soft.user) && !this.at(2).newline;
    return verbs.has(type) && this.isOperand(2);
  }

  private bare(name: Name): Parameter {
    return { kind: "Parameter", name, span: name?.span };
  }
}
