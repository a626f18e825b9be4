// Patterns: what stands left of the `=>` of an arm.

import * as t from "../lexer/tokens.ts";
import type { Expression, FieldPattern, LiteralPattern, Pattern } from "./ast.ts";
import { FormsGrammar } from "./grammar-forms.ts";
import type { Rule } from "./grammar-types.ts";

export abstract class PatternsGrammar extends FormsGrammar {
  /** pattern = "_" | literal | name [ "." name ] [ fieldPatterns ] | fieldPatterns */
  pattern: Rule<Pattern> = this.RULE("pattern", (): Pattern => {
    this.deeper();
    const start = this.start();
    const pattern = this.OR<Pattern>([
      { ALT: () => this.SUBRULE(this.namePattern) },
      {
        ALT: () => {
          const fields = this.SUBRULE(this.fieldPatterns);
          return { kind: "StructPattern", fields, span: this.from(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.literalPattern) },
    ]);
    this.depth -= 1;
    return pattern;
  });

  namePattern = this.RULE("namePattern", (): Pattern => {
    const start = this.start();
    const first = this.SUBRULE(this.name);
    if (first?.text === "_") return { kind: "WildcardPattern", span: this.from(start) };
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.SUBRULE1(this.name);
    });
    const names = second === undefined ? { name: first } : { name: second, owner: first };
    const fields = this.OPTION1(() => this.SUBRULE(this.fieldPatterns));
    const span = this.from(start);
    if (fields === undefined) return { kind: "NamePattern", ...names, span };
    return { kind: "VariantPattern", ...names, fields, span };
  });

  fieldPatterns = this.RULE("fieldPatterns", (): FieldPattern[] => {
    const fields: FieldPattern[] = [];
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        fields.push(this.SUBRULE(this.fieldPattern));
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    return fields;
  });

  fieldPattern = this.RULE("fieldPattern", (): FieldPattern => {
    const start = this.start();
    const name = this.SUBRULE(this.anyName);
    const pattern = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.pattern);
    });
    const span = this.from(start);
    return { kind: "FieldPattern", name, pattern: pattern ?? { kind: "NamePattern", name, span }, span };
  });

  literalPattern = this.RULE("literalPattern", (): Pattern => {
    const start = this.start();
    const value = this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(t.Minus);
          const operand = this.SUBRULE(this.scalar);
          return { kind: "Unary", operator: "-", operand, span: this.from(start) };
        },
      },
      { ALT: () => this.SUBRULE1(this.scalar) },
      { ALT: () => this.SUBRULE(this.text) },
    ]);
    return { kind: "LiteralPattern", value: value as LiteralPattern["value"], span: this.from(start) };
  });
}
