// Literals: scalars, texts with their holes, lists, structs; and whether a `{` opens a literal or a body.

import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Entry, Expression, ListLiteral, Name, Spread, StringLiteral, StructLiteral, TextPart } from "./ast.ts";
import { TypesGrammar, type Rule } from "./grammar-types.ts";
import { expected } from "./problem.ts";

export abstract class LiteralsGrammar extends TypesGrammar {
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
          this.OR<Entry | Spread>([{ ALT: () => this.SUBRULE(this.spread) }, { ALT: () => this.SUBRULE(this.entry) }]),
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
    const key = this.OR([{ ALT: () => this.SUBRULE(this.anyName) }, { ALT: () => this.SUBRULE(this.quotedKey) }]);
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
