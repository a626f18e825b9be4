// Bodies and what stands in them: binding and control.

import type { IOrAlt, TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { suggest } from "../source/suggest.ts";
import type { AgentMember, Arm, Block, Catch, DestructureField, Expression, If, Item, Name } from "./ast.ts";
import { beforeName, beginning, follower } from "./foreign.ts";
import { given } from "./given.ts";
import { PatternsGrammar } from "./grammar-patterns.ts";
import type { Rule } from "./grammar-types.ts";
import { Level, powers } from "./powers.ts";
import { found, SyntaxProblem } from "./problem.ts";
import { isName } from "./reader.ts";

const { soft, hard } = t;
const declarations: ReadonlySet<TokenType> = new Set(t.declarationWords.map((word) => soft[word]));
const members: ReadonlySet<TokenType> = new Set([...t.memberWords.map((word) => soft[word]), soft.at]);

const userVerbs: ReadonlySet<TokenType> = new Set(t.userVerbWords.map((word) => soft[word]));

/** Forms that arrive later: the word, what must follow it, and what it is called. */
const later: ReadonlyMap<TokenType, readonly TokenType[]> = new Map([
  [soft.parallel, [t.LeftBrace]],
  [soft.within, [t.Duration, t.Identifier]],
  [soft.once, [t.TextStart]],
  [soft.emit, [t.TextStart, t.Identifier]],
]);

export abstract class StatementsGrammar extends PatternsGrammar {
  private statements: IOrAlt<Expression>[] | undefined;

  /** block = "{" { statement } "}" | a literal, where it can only be one */
  block: Rule<Block> = this.RULE("block", (): Block => {
    const start = this.start();
    return this.OR<Block>([
      {
        GATE: () => this.is(1, t.LeftBrace) && this.isLiteral(),
        ALT: () => {
          const literal = this.SUBRULE(this.struct);
          return { kind: "Block", body: [literal], span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBrace);
          this.deeper(2);
          const body = this.inside(true, () => this.SUBRULE(this.body));
          this.depth -= 2;
          this.CONSUME(t.RightBrace);
          return { kind: "Block", body, span: this.from(start) };
        },
      },
    ]);
  });

  /** body = { statement NEWLINE } */
  body = this.RULE("body", (): Item[] =>
    this.readItems(
      t.RightBrace,
      () => {
        this.refuseDeclaration();
        this.refuseOperator();
        return this.SUBRULE(this.statement);
      },
      (item) => this.endStatement(item),
      (first) => this.lostBinding(first) ?? this.missing(first),
    ),
  );

  /** statement = destructure | bind | after | expression [ "=" expression ] */
  statement: Rule<Expression> = this.RULE("statement", (): Expression => {
    this.refuseLater();
    this.refuseReserved();
    this.skipForeignWord();
    return this.OR(
      (this.statements ??= [
        { GATE: () => this.isDestructure(), ALT: () => this.SUBRULE(this.destructure) },
        { GATE: () => this.is(1, soft.after) && this.isOperand(2), ALT: () => this.SUBRULE(this.after) },
        { GATE: () => this.isBinding(), ALT: () => this.SUBRULE(this.bind) },
        { ALT: () => this.SUBRULE(this.assign) },
      ]),
    );
  });

  /** What may follow `=>` of an arm and `then`: a body or one statement. */
  bodyOrStatement: Rule<Expression> = this.RULE("bodyOrStatement", (): Expression => {
    this.deeper(2);
    const result = this.OR<Expression>([
      {
        GATE: () => this.is(1, t.LeftBrace) && !this.isLiteral() && !this.isDestructure(),
        ALT: () => this.SUBRULE(this.block),
      },
      { ALT: () => this.SUBRULE(this.statement) },
    ]);
    this.depth -= 2;
    return result;
  });

  /** bind = name [ ":" type ] "=" expression */
  bind = this.RULE("bind", (): Expression => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    const type = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.type);
    });
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return { kind: "Bind", name, ...given({ type }), value, span: this.from(start) };
  });

  /** destructure = "{" { anyName [ ":" name ] } "}" "=" expression */
  destructure = this.RULE("destructure", (): Expression => {
    const start = this.start();
    const fields: DestructureField[] = [];
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        fields.push(this.SUBRULE(this.destructureField));
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return { kind: "Destructure", fields, value, span: this.from(start) };
  });

  destructureField = this.RULE("destructureField", (): DestructureField => {
    const start = this.start();
    const field = this.SUBRULE(this.anyName);
    const name = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.name);
    });
    return { kind: "DestructureField", field, name: name ?? field, span: this.from(start) };
  });

  /** assign = expression [ "=" expression ] */
  assign = this.RULE("assign", (): Expression => {
    const start = this.start();
    const target = this.SUBRULE(this.expression);
    const value = this.OPTION({
      GATE: () => !this.at(1).newline,
      DEF: () => {
        this.CONSUME(t.Equals);
        return this.SUBRULE1(this.expression);
      },
    });
    return value === undefined ? target : { kind: "Assign", target, value, span: this.from(start) };
  });

  /** after = "after" operand block */
  after = this.RULE("after", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.after);
    const delay = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.default] }));
    const body = this.SUBRULE(this.block);
    return { kind: "After", delay, body, span: this.from(start) };
  });

  // ── control ──

  control: Rule<Expression> = this.RULE("control", (): Expression =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.if) },
      { ALT: () => this.SUBRULE(this.when) },
      { ALT: () => this.SUBRULE(this.for) },
      { ALT: () => this.SUBRULE(this.try) },
      { ALT: () => this.SUBRULE(this.return) },
      { ALT: () => this.SUBRULE(this.leave) },
    ]),
  );

  /** if = "if" condition block { "else" "if" condition block } [ "else" block ] */
  if = this.RULE("if", (): If => {
    const start = this.start();
    this.CONSUME(hard.if);
    const condition = this.SUBRULE(this.condition);
    const then = this.SUBRULE(this.block);
    const otherwise = this.OPTION(() => {
      this.CONSUME(hard.else);
      return this.OR<Block | If>([
        {
          ALT: () => {
            this.deeper();
            const chained = this.SUBRULE(this.if);
            this.depth -= 1;
            return chained;
          },
        },
        { ALT: () => this.SUBRULE1(this.block) },
      ]);
    });
    return { kind: "If", condition, then, ...given({ otherwise }), span: this.from(start) };
  }) as Rule<If>;

  /** condition = operators; a `=` is taken for `==` and reported */
  condition = this.RULE("condition", (): Expression => {
    const start = this.start();
    const left = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.default] }));
    const right = this.OPTION(() => {
      const equals = this.CONSUME(t.Equals) as t.Token;
      const span = { start: equals.startOffset, end: equals.endOffset + 1 };
      const edits = [{ title: "compare", span, text: "==" }];
      this.ACTION(() => this.report(diagnose("K0014", span, {}, { help: "write `==`", edits })));
      return this.inHead(() => this.SUBRULE1(this.operators, { ARGS: [Level.default] }));
    });
    if (right === undefined) return left;
    return { kind: "Binary", operator: "==", left, right, span: this.from(start) };
  });

  /** when = "when" operand "{" { arm } "}" */
  when = this.RULE("when", (): Expression => {
    const start = this.start();
    this.CONSUME(hard.when);
    const subject = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.default] }));
    this.CONSUME(t.LeftBrace);
    const arms = this.inside(true, () => this.SUBRULE(this.arms));
    this.CONSUME(t.RightBrace);
    return { kind: "When", subject, arms, span: this.from(start) };
  });

  arms = this.RULE("arms", (): Arm[] =>
    this.readItems(
      t.RightBrace,
      () => this.SUBRULE(this.arm),
      () => this.endArm(),
      (first) => this.lostArm(first),
    ),
  );

  /** arm = pattern { "," pattern } [ "where" condition ] "=>" bodyOrStatement */
  arm = this.RULE("arm", (): Arm => {
    const start = this.start();
    const patterns = [this.SUBRULE(this.pattern)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      patterns.push(this.SUBRULE1(this.pattern));
    });
    const guard = this.OPTION(() => {
      this.CONSUME(soft.where);
      return this.SUBRULE(this.operators, { ARGS: [Level.or] });
    });
    this.CONSUME(t.FatArrow);
    const body = this.SUBRULE(this.bodyOrStatement);
    this.OPTION1(() => this.CONSUME1(t.Comma));
    return { kind: "Arm", patterns, ...given({ guard }), body, span: this.from(start) };
  });

  /** for = "for" name "in" operand [ "where" condition ] block */
  for = this.RULE("for", (): Expression => {
    const start = this.start();
    this.CONSUME(hard.for);
    const name = this.SUBRULE(this.name);
    this.CONSUME(hard.in);
    const list = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.default] }));
    const where = this.OPTION(() => {
      this.CONSUME(soft.where);
      return this.inHead(() => this.SUBRULE1(this.operators, { ARGS: [Level.or] }));
    });
    if (this.is(1, soft.parallel)) throw this.unsupported("`parallel`");
    const body = this.SUBRULE(this.block);
    return { kind: "For", name, list, ...given({ where }), body, span: this.from(start) };
  });

  /** try = "try" block { catch } [ "finally" block ] */
  try = this.RULE("try", (): Expression => {
    const start = this.start();
    this.CONSUME(hard.try);
    const body = this.SUBRULE(this.block);
    const catches: Catch[] = [];
    this.MANY(() => catches.push(this.SUBRULE(this.catch)));
    const last = this.OPTION(() => {
      const { startOffset: at, image } = this.CONSUME(hard.finally);
      const span = { start: at, end: at + image.length };
      this.ACTION(() => this.report(diagnose("K0900", span, { what: "`finally`" })));
      return this.SUBRULE1(this.block);
    });
    return { kind: "Try", body, catches, ...given({ finally: last }), span: this.from(start) };
  });

  /** catch = "catch" [ name [ ":" name { "," name } ] ] block */
  catch = this.RULE("catch", (): Catch => {
    const start = this.start();
    const types: Name[] = [];
    this.CONSUME(hard.catch);
    const name = this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => {
      this.CONSUME(t.Colon);
      types.push(this.SUBRULE1(this.name));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        types.push(this.SUBRULE2(this.name));
      });
    });
    const body = this.SUBRULE(this.block);
    return { kind: "Catch", ...given({ name }), types, body, span: this.from(start) };
  });

  /** retry = "retry" operand "times" [ "with" "backoff" ] block */
  retry: Rule<Expression> = this.RULE("retry", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.retry);
    const count = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.sum] }));
    this.CONSUME(soft.times);
    let backoff = false;
    this.OPTION(() => {
      this.CONSUME(soft.with);
      this.CONSUME(soft.backoff);
      backoff = true;
    });
    const body = this.SUBRULE(this.block);
    return { kind: "Retry", count, backoff, body, span: this.from(start) };
  });

  /** return = "return" [ operand on its own line ] */
  return = this.RULE("return", (): Expression => {
    const start = this.start();
    this.CONSUME(hard.return);
    const value = this.OPTION({
      GATE: () => !this.at(1).newline,
      DEF: () => this.SUBRULE(this.operators, { ARGS: [Level.default] }),
    });
    return { kind: "Return", ...given({ value }), span: this.from(start) };
  });

  leave = this.RULE("leave", (): Expression => {
    const start = this.start();
    const isBreak = this.is(1, hard.break);
    this.OR([{ ALT: () => this.CONSUME(hard.break) }, { ALT: () => this.CONSUME(hard.continue) }]);
    return { kind: isBreak ? "Break" : "Continue", span: this.from(start) };
  });

  // ── decisions and refusals ──

  private isDestructure(): boolean {
    return this.is(1, t.LeftBrace) && this.is(this.afterClose(1), t.Equals);
  }

  private isBinding(): boolean {
    if (!this.isAnyWord(1) || this.at(2).newline) return false;
    if (this.is(2, t.Equals)) return true;
    return this.is(2, t.Colon);
  }

  /** At the top level: the word begins a declaration. */
  protected isDeclaration(): boolean {
    const type = this.at(1).tokenType;
    if (!declarations.has(type) || this.at(2).newline) return false;
    return this.isAnyWord(2) || this.is(2, t.TextStart) || (type === soft.use && this.is(2, t.LeftBrace));
  }

  private refuseDeclaration(): void {
    if (!this.isDeclaration() || this.is(2, hard.in)) return;
    throw this.problem(diagnose("K0023", this.here(), { what: `\`${this.at(1).image}\`` }));
  }

  protected unsupported(what: string): Error {
    return this.problem(diagnose("K0900", this.here(), { what }));
  }

  private refuseLater(): void {
    const { tokenType, image } = this.at(1);
    const next = this.at(2);
    if (later.get(tokenType)?.includes(next.tokenType) === true && !next.newline && next.blank) {
      throw this.unsupported(`\`${image}\``);
    }
  }

  /** `for = 3` */
  private refuseReserved(): void {
    if (!this.isAnyWord(1) || this.isWord(1) || !this.is(2, t.Equals) || this.at(2).newline) return;
    throw this.problem(diagnose("K0015", this.here(), { word: this.at(1).image }));
  }

  /** `⏎ + 2`: a line that begins with an operator does not go on with the one above. */
  protected refuseOperator(): void {
    const first = this.at(1);
    const { tokenType } = first;
    if (!powers.has(tokenType) || tokenType === t.Minus || tokenType === soft.as) return;
    const help = "put the operator at the end of the line above, or the whole into parentheses";
    throw this.problem(diagnose("K0001", this.here(), { expected: "a statement", found: found(first) }, { help }));
  }

  /** `let x = 1`: said once, and read as the binding that it is. */
  private skipForeignWord(): void {
    if (!this.is(1, t.Identifier) || this.at(2).newline || !this.isWord(2) || this.at(3).newline) return;
    if (!this.is(3, t.Equals) && !this.is(3, t.Colon)) return;
    const [word, name] = [this.at(1), this.at(2)];
    const help = beforeName(word, name);
    if (help === undefined) return;
    const span = { start: word.startOffset, end: name.startOffset };
    const edits = [{ title: `remove \`${word.image}\``, span, text: "" }];
    this.report(diagnose("K0003", this.here(), { what: `\`${word.image}\`` }, { help, edits }));
    this.CONSUME(t.Identifier);
  }

  /** What could not be read would have bound a name: uses of it are no mistakes of their own. */
  protected lostBinding(first: t.Token): Expression | undefined {
    const second = this.behind(first)?.tokenType;
    if (!isName(first) || (second !== t.Equals && second !== t.Colon)) return undefined;
    const name = this.named(first);
    return { kind: "Bind", name, value: { kind: "Missing", span: name.span }, span: name.span };
  }

  /** An arm without patterns: nobody knows what it would have matched. */
  private lostArm(first: t.Token): Arm {
    const body = this.missing(first);
    return { kind: "Arm", patterns: [], body, span: body.span };
  }

  /** What could not be read may have had any value. */
  private missing({ startOffset, endOffset }: t.Token): Expression {
    return { kind: "Missing", span: { start: startOffset, end: endOffset + 1 } };
  }

  /** A statement has ended: the next one stands on a line of its own. */
  protected endStatement(item: Item | AgentMember): void {
    const next = this.at(1);
    if (next.newline || this.is(1, t.RightBrace)) return;
    this.refuseForeignStatement(item);
    if (this.is(1, soft.undo) && this.is(2, t.LeftBrace)) throw this.unsupported("`undo`");
    const last = this.at(0);
    if (next.tokenType === t.Comma && last.depth > 0 && this.at(-1).tokenType === t.LeftBrace) {
      this.refuseShorthand({
        kind: "Name",
        text: last.image,
        span: { start: last.startOffset, end: last.endOffset + 1 },
      });
    }
    const foreign = follower(last, next);
    const help = foreign ?? this.helpFor(last, next);
    const more = help === undefined ? {} : { help, ...this.userEdit(last) };
    const problem = diagnose("K0011", this.here(), { found: found(next) }, more);
    throw new SyntaxProblem(problem, next.synthetic, item.kind === "Reference" || foreign !== undefined);
  }

  /** `while a { … }`: what was read is a word of another language, and the rest of its statement is skipped with it. */
  private refuseForeignStatement(item: Item | AgentMember): void {
    const word = item.kind === "Call" ? item.callee : item;
    const help = word.kind === "Reference" ? beginning(word.name) : undefined;
    if (word.kind !== "Reference" || help === undefined) return;
    throw new SyntaxProblem(diagnose("K0003", word.span, { what: `\`${word.name}\`` }, { help }), false, true);
  }

  /** `notify "x"` */
  private userEdit(verb: t.Token): Pick<Diagnostic, "edits"> {
    if (!userVerbs.has(verb.tokenType)) return {};
    const at = verb.endOffset + 1;
    return { edits: [{ title: "insert `user`", span: { start: at, end: at }, text: " user" }] };
  }

  private helpFor(last: t.Token, next: t.Token): string | undefined {
    if (members.has(last.tokenType)) return `\`${last.image}\` stands in the body of an agent`;
    if (next.tokenType === t.Equals)
      return "a name is bound with `name = value`, state is set with `self.field = value`";
    if (next.tokenType === t.Comma)
      return "bind each name on a line of its own; `{a, b} = value` takes fields of a struct";
    const isWord = last.tokenType === t.Identifier && /[\w"{]/.test(next.image.charAt(0));
    const near = isWord ? suggest(last.image, knownWords) : undefined;
    return near === undefined ? undefined : `did you mean \`${near}\`?`;
  }

  private endArm(): void {
    if (this.at(1).newline || this.is(1, t.RightBrace) || this.is(0, t.Comma)) return;
    const more = { help: "arms are separated by `,` or a new line", ...this.insertComma() };
    const problem = diagnose("K0012", this.here(), { found: found(this.at(1)) }, more);
    if (!this.is(2, t.FatArrow)) throw this.problem(problem);
    this.report(problem);
  }
}

const knownWords: readonly string[] = [
  ...t.hardWords,
  ...t.verbWords,
  ...t.userVerbWords,
  ...t.declarationWords,
  ...t.memberWords,
];
