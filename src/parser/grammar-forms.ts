// The forms that begin with a verb: AI operations, people, time, the world, agents.
//
// Which clauses each takes stands in the table; `grammar-clauses` reads them.

import type { IOrAlt, TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Expression, TypeNode } from "./ast.ts";
import { given } from "./given.ts";
import { ClausesGrammar, operation } from "./grammar-clauses.ts";
import type { Rule } from "./grammar-types.ts";
import { Level } from "./powers.ts";

const { soft, hard } = t;
const always = [soft.fallback, soft.using];
const taken = {
  classify: new Set([...always, soft.as, soft.considering]),
  summarize: new Set([...always, hard.in, soft.format]),
  draft: new Set([...always, t.LeftBrace]),
  extract: new Set([...always, soft.from]),
  translate: new Set([...always, soft.to]),
  prompt: new Set([...always, t.LeftBrace, soft.as]),
  ask: new Set([soft.timeout]),
  confirm: new Set([soft.timeout, soft.then]),
  until: new Set([soft.timeout]),
  fetch: new Set([soft.where, soft.with, soft.limit]),
  search: new Set([soft.limit]),
  recall: new Set([soft.limit, soft.as]),
  delegate: new Set([soft.fallback]),
} satisfies { readonly [form: string]: ReadonlySet<TokenType> };

export abstract class FormsGrammar extends ClausesGrammar {
  private forms: IOrAlt<Expression>[] | undefined;

  form: Rule<Expression> = this.RULE("form", (): Expression =>
    this.OR(
      (this.forms ??= [
        { ALT: () => this.SUBRULE(this.classify) },
        { ALT: () => this.SUBRULE(this.summarize) },
        { ALT: () => this.SUBRULE(this.draft) },
        { ALT: () => this.SUBRULE(this.extract) },
        { ALT: () => this.SUBRULE(this.translate) },
        { ALT: () => this.SUBRULE(this.decide) },
        { ALT: () => this.SUBRULE(this.prompt) },
        { ALT: () => this.SUBRULE(this.question) },
        { ALT: () => this.SUBRULE(this.statementForm) },
        { ALT: () => this.SUBRULE(this.wait) },
        { ALT: () => this.SUBRULE(this.fetch) },
        { ALT: () => this.SUBRULE(this.search) },
        { ALT: () => this.SUBRULE(this.recall) },
        { ALT: () => this.SUBRULE(this.agentForm) },
        { ALT: () => this.SUBRULE(this.delegate) },
        { ALT: () => this.SUBRULE(this.retry) },
      ]),
    ),
  );

  abstract retry: Rule<Expression>;

  // ── AI operations ──

  /** classify = "classify" operand "as" type [ considering ] */
  classify = this.RULE("classify", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.classify);
    const value = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { type, hints = [], ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.classify] });
    this.require(type, "`as` and the enum to classify into");
    return { kind: "Classify", value, type: type as TypeNode, hints, ...operation(rest), span: this.from(start) };
  });

  /** summarize = "summarize" operand [ "in" COUNT UNIT ] [ "format" WORD ] */
  summarize = this.RULE("summarize", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.summarize);
    const value = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { count, unit, format, ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.summarize] });
    const clauses = { ...given({ count, unit, format }), ...operation(rest) };
    return { kind: "Summarize", value, ...clauses, span: this.from(start) };
  });

  /** draft = "draft" operand [ options ] */
  draft = this.RULE("draft", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.draft);
    const description = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { options = [], ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.draft] });
    return { kind: "Draft", description, options, ...operation(rest), span: this.from(start) };
  });

  /** extract = "extract" type "from" operand */
  extract = this.RULE("extract", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.extract);
    const type = this.SUBRULE(this.type);
    const { from, ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.extract] });
    this.require(from, "`from` and what to extract it from");
    return { kind: "Extract", type, from: from as Expression, ...operation(rest), span: this.from(start) };
  });

  /** translate = "translate" operand "to" ( operand | list ) */
  translate = this.RULE("translate", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.translate);
    const value = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { to, ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.translate] });
    this.require(to, "`to` and a language");
    const many = to?.kind === "ListLiteral";
    const targets = to?.kind === "ListLiteral" ? to.items : to === undefined ? [] : [to];
    return { kind: "Translate", value, many, targets, ...operation(rest), span: this.from(start) };
  });

  /** decide = "decide" operand options */
  decide = this.RULE("decide", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.decide);
    const value = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { options, ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.draft] });
    this.require(options, "`{ options: […] }`");
    return { kind: "Decide", value, options: options ?? [], ...operation(rest), span: this.from(start) };
  });

  /** prompt = "prompt" options [ "as" type ] */
  prompt = this.RULE("prompt", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.prompt);
    const { options, type, ...rest } = this.SUBRULE(this.clauses, { ARGS: [taken.prompt] });
    this.require(options, '`{ system: "…", user: "…" }`');
    const clauses = { ...given({ type }), ...operation(rest) };
    return { kind: "Prompt", options: options ?? [], ...clauses, span: this.from(start) };
  });

  // ── people ──

  /** question = ( "ask" | "confirm" ) "user" operand [ timeout ] [ then ] */
  question = this.RULE("question", (): Expression => {
    const start = this.start();
    const isAsk = this.is(1, soft.ask);
    this.OR([{ ALT: () => this.CONSUME(soft.ask) }, { ALT: () => this.CONSUME(soft.confirm) }]);
    this.CONSUME(soft.user);
    const question = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { timeout, then } = this.SUBRULE(this.clauses, { ARGS: [isAsk ? taken.ask : taken.confirm] });
    if (then !== undefined && this.is(1, hard.else)) throw this.problem(diagnose("K0019", this.here(), {}));
    const span = this.from(start);
    if (isAsk) return { kind: "Ask", question, ...given({ timeout }), span };
    return { kind: "Confirm", question, ...given({ timeout, then }), span };
  });

  // ── forms that take one operand and have no value ──

  statementForm = this.RULE("statementForm", (): Expression => {
    const start = this.start();
    const verb = this.SUBRULE(this.plainVerb);
    const value = this.SUBRULE(this.operators, { ARGS: [Level.default] });
    const to = this.OPTION({
      GATE: () => verb === "send" && this.isClause(soft.to),
      DEF: () => {
        this.CONSUME(soft.to);
        return this.SUBRULE1(this.operators, { ARGS: [Level.default] });
      },
    });
    const span = this.from(start);
    switch (verb) {
      case "send":
        return { kind: "Send", value, ...given({ to }), span };
      case "notify":
        return { kind: "Notify", value, span };
      case "show":
        return { kind: "Show", value, span };
      case "remind":
        return { kind: "Remind", value, span };
      case "archive":
        return { kind: "Archive", value, span };
      case "remember":
        return { kind: "Remember", value, span };
      case "forget":
        return { kind: "Forget", query: value, span };
      default:
        return { kind: "Fail", value, span };
    }
  });

  /** The verb of a form with one operand: "send", … or "notify" "user", … */
  plainVerb = this.RULE("plainVerb", (): string =>
    this.OR([
      { ALT: () => this.CONSUME(soft.send).image },
      { ALT: () => this.CONSUME(soft.archive).image },
      { ALT: () => this.CONSUME(soft.remember).image },
      { ALT: () => this.CONSUME(soft.forget).image },
      { ALT: () => this.CONSUME(soft.fail).image },
      { ALT: () => this.SUBRULE(this.toldVerb) },
    ]),
  );

  toldVerb = this.RULE("toldVerb", (): string => {
    const { image } = this.OR([
      { ALT: () => this.CONSUME(soft.notify) },
      { ALT: () => this.CONSUME(soft.show) },
      { ALT: () => this.CONSUME(soft.remind) },
    ]);
    this.CONSUME(soft.user);
    return image;
  });

  // ── time ──

  /** wait = "wait" ( operand | "until" condition [ timeout ] ) */
  wait = this.RULE("wait", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.wait);
    if (this.is(1, hard.for) && this.is(2, soft.event)) {
      throw this.problem(diagnose("K0900", this.here(), { what: "`wait for event`" }));
    }
    return this.OR<Expression>([
      {
        GATE: () => this.is(1, soft.until) && this.isOperandAnywhere(2),
        ALT: () => {
          this.CONSUME(soft.until);
          const condition = this.SUBRULE(this.operators, { ARGS: [Level.or] });
          const { timeout } = this.SUBRULE(this.clauses, { ARGS: [taken.until] });
          return { kind: "WaitUntil", condition, ...given({ timeout }), span: this.from(start) };
        },
      },
      {
        ALT: () => {
          const duration = this.SUBRULE1(this.operators, { ARGS: [Level.sum] });
          return { kind: "Wait", duration, span: this.from(start) };
        },
      },
    ]);
  });

  /** As an operand, but a bracket may be attached and a `-` may lead: after a word that is no name here. */
  private isOperandAnywhere(n: number): boolean {
    const type = this.at(n).tokenType;
    return this.isOperand(n) || (!this.at(n).newline && (type === t.LeftParen || type === t.Minus));
  }

  // ── the world ──

  /** fetch = "fetch" operand [ where ] [ with ] [ limit ] */
  fetch = this.RULE("fetch", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.fetch);
    const source = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const clauses = this.SUBRULE(this.clauses, { ARGS: [taken.fetch] });
    const { where, with: options, limit } = clauses ?? {};
    return { kind: "Fetch", source, ...given({ where, with: options, limit }), span: this.from(start) };
  });

  search = this.RULE("search", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.search);
    const query = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { limit } = this.SUBRULE(this.clauses, { ARGS: [taken.search] });
    return { kind: "Search", query, ...given({ limit }), span: this.from(start) };
  });

  recall = this.RULE("recall", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.recall);
    const query = this.SUBRULE(this.operators, { ARGS: [Level.sum] });
    const { limit, type } = this.SUBRULE(this.clauses, { ARGS: [taken.recall] });
    return { kind: "Recall", query, ...given({ limit, type }), span: this.from(start) };
  });

  // ── agents ──

  /** agentForm = "run" name [ "in" "background" ] | "stop" name */
  agentForm = this.RULE("agentForm", (): Expression => {
    const start = this.start();
    const isRun = this.is(1, soft.run);
    this.OR([{ ALT: () => this.CONSUME(soft.run) }, { ALT: () => this.CONSUME(soft.stop) }]);
    const agent = this.SUBRULE(this.name);
    let background = false;
    this.OPTION({
      GATE: () => isRun && !this.breaks(1),
      DEF: () => {
        this.CONSUME(hard.in);
        this.CONSUME(soft.background);
        background = true;
      },
    });
    const span = this.from(start);
    return isRun ? { kind: "Run", agent, background, span } : { kind: "Stop", agent, span };
  });

  /** delegate = "delegate" name arguments "to" name [ "fallback" operand ] */
  delegate = this.RULE("delegate", (): Expression => {
    const start = this.start();
    this.CONSUME(soft.delegate);
    const task = this.SUBRULE(this.name);
    const list = this.SUBRULE(this.arguments);
    this.CONSUME(soft.to);
    const to = this.SUBRULE1(this.name);
    const { fallback } = this.SUBRULE(this.clauses, { ARGS: [taken.delegate] });
    return { kind: "Delegate", task, arguments: list, to, ...given({ fallback }), span: this.from(start) };
  });
}
