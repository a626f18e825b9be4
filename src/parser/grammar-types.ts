// Types, names and the parameters that carry them.

import type { TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Span } from "../source/text.ts";
import type { Expression, Name, NamedType, Parameter, StructType, TypeField, TypeNode, TypeParameter } from "./ast.ts";
import { isTypeWord } from "./foreign.ts";
import { given } from "./given.ts";
import { found } from "./problem.ts";
import { Reader } from "./reader.ts";

export type Rule<Result, Arguments extends unknown[] = []> = (...given: Arguments) => Result;

const typeStarts: readonly TokenType[] = [t.LeftBrace, t.LeftParen];

export abstract class TypesGrammar extends Reader {
  abstract expression: Rule<Expression>;

  /** name = WORD */
  name = this.RULE("name", (): Name => {
    if (this.isAnyWord(1) && !this.isWord(1)) {
      throw this.problem(diagnose("K0015", this.here(), { word: this.at(1).image }));
    }
    return this.named(this.CONSUME(t.Word));
  });

  /** anyName = WORD | RESERVED */
  anyName = this.RULE("anyName", (): Name => this.named(this.CONSUME(t.AnyWord)));

  /** type = typeAtom { "?" | "??" }; a `??` after a blank is the operator: `x as Mood ?? low` */
  type = this.RULE("type", (): TypeNode => {
    this.deeper();
    const start = this.start();
    let type = this.SUBRULE(this.typeAtom);
    this.MANY({
      GATE: () => (this.is(1, t.Default) ? !this.at(1).blank : !this.breaks(1)),
      DEF: () => {
        this.OR([{ ALT: () => this.CONSUME(t.Question) }, { ALT: () => this.CONSUME(t.Default) }]);
        if (type?.kind !== "NullableType") type = { kind: "NullableType", of: type, span: this.from(start) };
      },
    });
    this.depth -= 1;
    return type;
  });

  /** typeAtom = structType | functionType | namedType */
  typeAtom = this.RULE("typeAtom", (): TypeNode =>
    this.OR([
      { ALT: () => this.SUBRULE(this.structType) },
      { ALT: () => this.SUBRULE(this.functionType) },
      { ALT: () => this.SUBRULE(this.namedType) },
    ]),
  );

  /** namedType = ( name | "none" ) [ "[" type { "," type } "]" ] */
  namedType = this.RULE("namedType", (): NamedType => {
    const start = this.start();
    const name = this.OR([
      { ALT: () => this.named(this.CONSUME(t.hard.none)) },
      { ALT: () => this.SUBRULE(this.name) },
    ]);
    const types: TypeNode[] = [];
    this.OPTION({
      GATE: () => !this.at(1).blank,
      DEF: () => {
        this.CONSUME(t.LeftBracket);
        this.inside(false, () =>
          this.repeat(t.RightBracket, () => {
            types.push(this.SUBRULE(this.type));
            this.commaBefore(t.RightBracket);
          }),
        );
        this.CONSUME(t.RightBracket);
      },
    });
    if (!this.RECORDING_PHASE) this.refuseAngles(name);
    const span = this.from(start);
    if (types.length > 0 || !this.is(0, t.RightBracket) || name.text === "list" || name.text === "map") {
      return { kind: "NamedType", name, arguments: types, span };
    }
    return this.ACTION(() => this.listInstead(name, span));
  });

  /** `list<int>` */
  private refuseAngles(name: Name): void {
    if (this.at(1).image !== "<" || this.at(1).blank || !this.isAnyWord(2)) return;
    const help = `what a type holds stands in square brackets: \`${name.text}[${this.at(2).image}]\``;
    throw this.wanted("the end of the type", help);
  }

  /** `int[]` */
  private listInstead(name: Name, span: Span): NamedType {
    const text = `list[${name.text}]`;
    const more = { help: `a list of them is \`${text}\``, edits: [{ title: `write \`${text}\``, span, text }] };
    const { end } = span;
    this.report(diagnose("K0001", { start: name.span.end, end }, { expected: "a type", found: "`]`" }, more));
    const of: NamedType = { kind: "NamedType", name, arguments: [], span: name.span };
    return { kind: "NamedType", name: { kind: "Name", text: "list", span: name.span }, arguments: [of], span };
  }

  /** functionType = "(" [ type { "," type } ] ")" [ "->" type ]; without the arrow it only groups */
  functionType = this.RULE("functionType", (): TypeNode => {
    const start = this.start();
    const parameters: TypeNode[] = [];
    this.CONSUME(t.LeftParen);
    this.inside(false, () =>
      this.repeat(t.RightParen, () => {
        parameters.push(this.SUBRULE(this.type));
        this.commaBefore(t.RightParen);
      }),
    );
    this.CONSUME(t.RightParen);
    const [only] = parameters;
    if (only !== undefined && parameters.length === 1 && !this.is(1, t.Arrow)) return only;
    this.CONSUME(t.Arrow);
    const result = this.SUBRULE1(this.type);
    return { kind: "FunctionType", parameters, result, span: this.from(start) };
  });

  /** structType = "{" { typeField } "}" */
  structType = this.RULE("structType", (): StructType => {
    const start = this.start();
    const fields = this.SUBRULE(this.typeFields);
    return { kind: "StructType", fields, span: this.from(start) };
  });

  typeFields = this.RULE("typeFields", (): TypeField[] => {
    const fields: TypeField[] = [];
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        fields.push(this.SUBRULE(this.typeField));
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    return fields;
  });

  /** typeField = anyName ":" type */
  typeField = this.RULE("typeField", (): TypeField => {
    const { doc, startOffset } = this.at(1);
    const name = this.SUBRULE(this.anyName);
    this.colonAfter(name);
    const type = this.SUBRULE(this.type);
    return { kind: "TypeField", name, type, ...given({ doc }), span: this.from(startOffset) };
  });

  /** typeParameters = "[" name [ ":" name ] { "," … } "]" */
  typeParameters = this.RULE("typeParameters", (): TypeParameter[] => {
    const parameters: TypeParameter[] = [];
    this.CONSUME(t.LeftBracket);
    this.inside(false, () =>
      this.repeat(t.RightBracket, () => {
        parameters.push(this.SUBRULE(this.typeParameter));
        this.commaBefore(t.RightBracket);
      }),
    );
    this.CONSUME(t.RightBracket);
    return parameters;
  });

  typeParameter = this.RULE("typeParameter", (): TypeParameter => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    const constraint = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE1(this.name);
    });
    return { kind: "TypeParameter", name, ...given({ constraint }), span: this.from(start) };
  });

  /** parameters = "(" { parameter } ")"; a lambda's may leave out their types */
  parameters = this.RULE("parameters", (typed: boolean): Parameter[] => {
    const parameters: Parameter[] = [];
    this.CONSUME(t.LeftParen);
    this.inside(false, () =>
      this.repeat(t.RightParen, () => {
        parameters.push(this.SUBRULE(this.parameter, { ARGS: [typed] }));
        this.commaBefore(t.RightParen);
      }),
    );
    this.CONSUME(t.RightParen);
    return parameters;
  });

  /** parameter = name [ ":" type ] [ "=" expression ] */
  parameter = this.RULE("parameter", (typed: boolean): Parameter => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    if (typed) this.colonAfter(name, true);
    const type = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    const value = this.OPTION1(() => {
      this.CONSUME(t.Equals);
      return this.SUBRULE(this.expression);
    });
    return { kind: "Parameter", name, ...given({ type, value }), span: this.from(start) };
  });

  // ── between things ──

  /** A `,` or the closing bracket. */
  protected commaBefore(close: TokenType): void {
    this.OPTION9(() => this.CONSUME9(t.Comma));
    if (this.RECORDING_PHASE || this.is(0, t.Comma) || this.is(1, close)) return;
    throw this.wanted(`\`,\` or ${close.LABEL ?? close.name}`);
  }

  /** A `,`, a new line or the closing brace. */
  protected separatorBefore(close: TokenType): void {
    this.OPTION9(() => this.CONSUME9(t.Comma));
    if (this.RECORDING_PHASE || this.is(0, t.Comma) || this.is(1, close) || this.at(1).newline) return;
    const problem = diagnose("K0012", this.here(), { found: found(this.at(1)) }, this.insertComma());
    if (!this.isAnyWord(1) || !this.is(2, t.Colon)) throw this.problem(problem);
    this.report(problem);
  }

  protected insertComma(): { readonly edits: [{ title: string; span: { start: number; end: number }; text: string }] } {
    const end = this.at(0).endOffset + 1;
    return { edits: [{ title: "insert `,`", span: { start: end, end }, text: "," }] };
  }

  /** The `:` between a name and its type; `x int` is told apart from the rest. */
  protected colonAfter(name: Name, later = false): void {
    if (!this.RECORDING_PHASE && !this.is(1, t.Colon)) {
      const isType = !this.at(1).newline && (this.isWord(1) || typeStarts.includes(this.at(1).tokenType));
      if (!isType) throw this.wanted(`\`:\` and a type after '${name.text}'`);
      const { end } = name.span;
      const isTurned = isTypeWord(name.text) && this.isWord(1);
      const edits = isTurned ? [] : [{ title: "insert `:`", span: { start: end, end }, text: ":" }];
      const [first, second] = isTurned ? [this.at(1).image, name.text] : [name.text, this.at(1).image];
      const text = `write \`${first}: ${second}\``;
      throw this.problem(diagnose("K0020", this.here(), { name: name.text }, { help: text, edits }));
    }
    if (!later) this.CONSUME9(t.Colon);
  }
}
