// Operators, postfix, atoms and literals.
//
// One loop over binding powers instead of a rule for each level; operands are read at the level that is asked for.

import type { TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type {
  Argument,
  Binary,
  Block,
  Entry,
  Expression,
  Lambda,
  ListLiteral,
  Name,
  Parameter,
  Spread,
  StringLiteral,
  StructLiteral,
  TextPart,
} from "./ast.ts";
import { given } from "./given.ts";
import { TypesGrammar, type Rule } from "./grammar-types.ts";
import { Level, powers } from "./powers.ts";
import { expected } from "./problem.ts";

const verbs: ReadonlySet<TokenType> = new Set(t.verbWords.map((word) => t.soft[word]));
const userVerbs: ReadonlySet<TokenType> = new Set(t.userVerbWords.map((word) => t.soft[word]));
const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

export abstract class ExpressionsGrammar extends TypesGrammar {
  abstract form: Rule<Expression>;
  abstract control: Rule<Expression>;
  abstract block: Rule<Block>;

  /** expression = lambda | operators */
  expression: Rule<Expression> = this.RULE("expression", (): Expression =>
    this.OR([
      { GATE: () => this.isLambda(), ALT: () => this.SUBRULE(this.lambda) },
      { ALT: () => this.SUBRULE(this.operators, { ARGS: [Level.default] }) },
    ]),
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
    const start = this.start();
    const result = this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(t.hard.not);
          const operand = this.SUBRULE(this.operators, { ARGS: [Level.compare] });
          return { kind: "Unary", operator: "not", operand, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Minus);
          const operand = this.SUBRULE(this.unary);
          return { kind: "Unary", operator: "-", operand, span: this.from(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.postfix) },
    ]);
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
    return target;
  });

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
    this.CONSUME(t.RightParen);
    return list;
  });

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
    return this.OR<Expression>([
      { GATE: () => this.isVerb(), ALT: () => this.SUBRULE(this.form) },
      { ALT: () => this.SUBRULE(this.atom) },
    ]);
  });

  /** atom = literal | name | "self" | "(" expression ")" | control */
  atom = this.RULE("atom", (): Expression => {
    const start = this.start();
    return this.OR<Expression>([
      {
        ALT: () => {
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
    ]);
  });

  /** scalar = INT | FLOAT | DURATION | "true" | "false" | "none" */
  scalar = this.RULE("scalar", (): Expression => {
    const token = this.OR([
      { ALT: () => this.CONSUME(t.Int) },
      { ALT: () => this.CONSUME(t.Float) },
      { ALT: () => this.CONSUME(t.Duration) },
      { ALT: () => this.CONSUME(t.hard.true) },
      { ALT: () => this.CONSUME(t.hard.false) },
      { ALT: () => this.CONSUME(t.hard.none) },
    ]);
    return this.ACTION(() => scalarOf(token as t.Token));
  });

  /** text = '"' { TEXT | "{" expression "}" } '"' */
  text = this.RULE("text", (): StringLiteral => {
    const start = this.start();
    const open = this.CONSUME(t.TextStart);
    const parts: (TextPart | Expression)[] = [];
    this.MANY(() => parts.push(this.SUBRULE(this.textPart)));
    this.CONSUME(t.TextEnd);
    const kept = parts.filter((part) => part?.kind !== "TextPart" || part.text !== "");
    return { kind: "StringLiteral", block: open.image.length === 3, parts: kept, span: this.from(start) };
  });

  textPart = this.RULE("textPart", (): TextPart | Expression =>
    this.OR<TextPart | Expression>([
      {
        ALT: () => {
          const start = this.start();
          const { value } = this.CONSUME(t.TextPart) as t.Token;
          return { kind: "TextPart", text: value, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.HoleStart);
          const hole = this.inside(false, () => this.SUBRULE(this.expression));
          this.CONSUME(t.HoleEnd);
          return hole;
        },
      },
    ]),
  );

  /** list = "[" { expression } "]" */
  list = this.RULE("list", (): ListLiteral => {
    const start = this.start();
    const items: Expression[] = [];
    this.CONSUME(t.LeftBracket);
    this.inside(false, () =>
      this.repeat(t.RightBracket, () => {
        items.push(this.SUBRULE(this.expression));
        this.commaBefore(t.RightBracket);
      }),
    );
    this.CONSUME(t.RightBracket);
    return { kind: "ListLiteral", items, span: this.from(start) };
  });

  /** struct = "{" { entry | ".." expression } "}" */
  struct: Rule<StructLiteral> = this.RULE("struct", (): StructLiteral => {
    const start = this.start();
    const entries: (Entry | Spread)[] = [];
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        entries.push(
          this.OR<Entry | Spread>([
            { ALT: () => this.SUBRULE(this.spread) },
            { ALT: () => this.SUBRULE(this.entry) },
          ]),
        );
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    return { kind: "StructLiteral", entries, span: this.from(start) };
  });

  spread = this.RULE("spread", (): Spread => {
    const start = this.start();
    this.CONSUME(t.Spread);
    const value = this.SUBRULE(this.expression);
    return { kind: "Spread", value, span: this.from(start) };
  });

  /** entry = ( anyName | TEXT ) ":" expression */
  entry = this.RULE("entry", (): Entry => {
    const start = this.start();
    const quoted = this.is(1, t.TextStart);
    const key = this.OR([
      { ALT: () => this.SUBRULE(this.anyName) },
      { ALT: () => this.SUBRULE(this.quotedKey) },
    ]);
    if (!quoted) this.refuseShorthand(key);
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    return { kind: "Entry", key, quoted, value, span: this.from(start) };
  });

  quotedKey = this.RULE("quotedKey", (): Name => {
    const start = this.start();
    this.CONSUME(t.TextStart);
    let text = "";
    this.OPTION(() => {
      text = (this.CONSUME(t.TextPart) as t.Token).value;
    });
    this.CONSUME(t.TextEnd);
    return { kind: "Name", text, span: this.from(start) };
  });

  /** entries = "{" { entry } "}": the options and settings of a form */
  entries = this.RULE("entries", (): Entry[] => {
    const entries: Entry[] = [];
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        entries.push(this.SUBRULE(this.entry));
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    return entries;
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

  /** The `{` here opens a literal where a body could stand: see §1, Braces. */
  protected isLiteral(): boolean {
    const open = this.at(1);
    if (this.is(2, t.Spread)) return true;
    let n = this.isAnyWord(2) ? 3 : this.is(2, t.TextStart) ? this.afterText(2) : 0;
    if (n === 0 || !this.is(n, t.Colon)) return false;
    for (n += 1; this.at(n).index < open.close; n = this.afterClose(n)) {
      const token = this.at(n);
      if (token.newline || token.tokenType === t.Comma) return true;
      if (token.tokenType === t.Equals) return false;
    }
    return true;
  }

  private afterText(n: number): number {
    return this.is(n + 1, t.TextEnd) ? n + 2 : n + 3;
  }

  /** `{a, b: c}`: says how to write it. */
  protected refuseShorthand(key: Name): void {
    if (this.is(1, t.Colon) || this.RECORDING_PHASE) return;
    const ends = this.is(1, t.Comma) || this.is(1, t.RightBrace) || this.at(1).newline;
    if (!ends) throw expected(`\`:\` after '${key.text}'`, this.at(1), this.at(0));
    const { end } = key.span;
    const edits = [{ title: "name it", span: { start: end, end }, text: `: ${key.text}` }];
    const help = `there is no short form: write \`{${key.text}: ${key.text}}\``;
    throw this.problem(diagnose("K0013", key.span, { name: key.text }, { help, edits }));
  }

  private bare(name: Name): Parameter {
    return { kind: "Parameter", name, span: name?.span };
  }
}

function scalarOf(token: t.Token): Expression {
  const span = { start: token.startOffset, end: token.endOffset + 1 };
  const text = token.image.replaceAll("_", "");
  switch (token.tokenType) {
    case t.Int:
      return { kind: "IntLiteral", text: token.value.replaceAll("_", ""), span };
    case t.Float:
      return { kind: "FloatLiteral", text, span };
    case t.Duration: {
      const start = span.end - token.value.length;
      const unit: Name = { kind: "Name", text: token.value, span: { start, end: span.end } };
      const amount = token.image.slice(0, -token.value.length - 1).replaceAll("_", "");
      return { kind: "DurationLiteral", amount, unit, span };
    }
    case t.hard.none:
      return { kind: "NoneLiteral", span };
    default:
      return { kind: "BoolLiteral", value: token.tokenType === t.hard.true, span };
  }
}
