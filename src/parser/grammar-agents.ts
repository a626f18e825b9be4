// Tasks, and agents with their members.

import type { TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import { suggest } from "../source/suggest.ts";
import type { AgentMember, Declaration, Name, OnMember, StateField, TaskDeclaration } from "./ast.ts";
import { given } from "./given.ts";
import { StatementsGrammar } from "./grammar-statements.ts";
import { Level } from "./powers.ts";

const { soft } = t;
const memberWords: readonly string[] = [...t.memberWords, "task", "at", "after"];
const members: ReadonlySet<TokenType> = new Set(memberWords.map((word) => t.wordType(word)));

export abstract class AgentsGrammar extends StatementsGrammar {
  /** task = "task" name [ typeParameters ] parameters [ "->" type ] block */
  task = this.RULE("task", (): TaskDeclaration => {
    const { doc, startOffset } = this.at(1);
    this.CONSUME(soft.task);
    const name = this.SUBRULE(this.name);
    const typeParameters = this.OPTION(() => this.SUBRULE(this.typeParameters)) ?? [];
    const parameters = this.SUBRULE(this.parameters, { ARGS: [true] });
    const result = this.OPTION1(() => {
      this.CONSUME(t.Arrow);
      return this.SUBRULE(this.type);
    });
    if (result === undefined && this.is(1, t.Colon) && this.isAnyWord(2)) {
      throw this.wanted("`->` or `{`", `the type of the result stands behind an arrow: \`-> ${this.at(2).image}\``);
    }
    const body = this.SUBRULE(this.block);
    const head = { name, typeParameters, parameters, ...given({ result }) };
    return { kind: "TaskDeclaration", ...head, body, ...given({ doc }), span: this.from(startOffset) };
  });

  /** agent = "agent" name "{" { member } "}" */
  agent = this.RULE("agent", (): Declaration => {
    const { doc, startOffset } = this.at(1);
    this.CONSUME(soft.agent);
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.LeftBrace);
    const list = this.inside(true, () => this.SUBRULE(this.members));
    this.CONSUME(t.RightBrace);
    return { kind: "AgentDeclaration", name, members: list, ...given({ doc }), span: this.from(startOffset) };
  });

  members = this.RULE("members", (): AgentMember[] =>
    this.readItems(
      t.RightBrace,
      () => this.SUBRULE(this.member),
      (member) => this.endStatement(member),
    ),
  );

  member = this.RULE("member", (): AgentMember => {
    this.refuseMember();
    return this.OR<AgentMember>([
      { ALT: () => this.SUBRULE(this.valueMember) },
      { ALT: () => this.SUBRULE(this.listMember) },
      { ALT: () => this.SUBRULE(this.memory) },
      { ALT: () => this.SUBRULE(this.state) },
      { ALT: () => this.SUBRULE(this.entriesMember) },
      { ALT: () => this.SUBRULE(this.task) },
      { ALT: () => this.SUBRULE(this.every) },
      { ALT: () => this.SUBRULE(this.timed) },
      { ALT: () => this.SUBRULE(this.on) },
    ]);
  });

  private refuseMember(): void {
    const { tokenType, image } = this.at(1);
    if (this.RECORDING_PHASE || members.has(tokenType)) return;
    if (!this.isAnyWord(1)) throw this.wanted(`one of ${memberWords.map((word) => `\`${word}\``).join(", ")}`);
    const near = suggest(image, memberWords);
    const help = near === undefined ? `it has ${memberWords.join(", ")}` : `did you mean \`${near}\`?`;
    throw this.problem(diagnose("K0021", this.here(), { word: image }, { help }));
  }

  /** valueMember = ( "role" | "model" | "rules" ) expression */
  valueMember = this.RULE("valueMember", (): AgentMember => {
    const start = this.start();
    const { tokenType } = this.OR([
      { ALT: () => this.CONSUME(soft.role) },
      { ALT: () => this.CONSUME(soft.model) },
      { ALT: () => this.CONSUME(soft.rules) },
    ]);
    if (this.is(1, t.Colon) || this.is(1, t.Equals)) {
      throw this.wanted("an expression", `the value stands right behind the word: \`${this.at(0).image} …\``);
    }
    const value = this.SUBRULE(this.expression);
    const kind = tokenType === soft.role ? "RoleMember" : tokenType === soft.model ? "ModelMember" : "RulesMember";
    return { kind, value, span: this.from(start) };
  });

  /** listMember = ( "tools" | "team" ) "[" { name } "]" */
  listMember = this.RULE("listMember", (): AgentMember => {
    const start = this.start();
    const { tokenType } = this.OR([{ ALT: () => this.CONSUME(soft.tools) }, { ALT: () => this.CONSUME(soft.team) }]);
    const names: Name[] = [];
    this.CONSUME(t.LeftBracket);
    this.inside(false, () =>
      this.repeat(t.RightBracket, () => {
        names.push(this.SUBRULE(this.name));
        this.commaBefore(t.RightBracket);
      }),
    );
    this.CONSUME(t.RightBracket);
    return { kind: tokenType === soft.tools ? "ToolsMember" : "TeamMember", names, span: this.from(start) };
  });

  /** memory = "memory" anyName */
  memory = this.RULE("memory", (): AgentMember => {
    const start = this.start();
    this.CONSUME(soft.memory);
    const mode = this.SUBRULE(this.anyName);
    return { kind: "MemoryMember", mode, span: this.from(start) };
  });

  /** state = "state" "{" { anyName ":" type "=" expression } "}" */
  state = this.RULE("state", (): AgentMember => {
    const start = this.start();
    const fields: StateField[] = [];
    this.CONSUME(soft.state);
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        fields.push(this.SUBRULE(this.stateField));
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    return { kind: "StateMember", fields, span: this.from(start) };
  });

  stateField = this.RULE("stateField", (): StateField => {
    const start = this.start();
    const name = this.SUBRULE(this.anyName);
    this.colonAfter(name);
    const type = this.SUBRULE(this.type);
    if (!this.RECORDING_PHASE && !this.is(1, t.Equals)) {
      throw this.wanted("`=` and the first value", "every field of the state has a first value");
    }
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return { kind: "StateField", name, type, value, span: this.from(start) };
  });

  /** entriesMember = ( "config" | "limits" ) entries */
  entriesMember = this.RULE("entriesMember", (): AgentMember => {
    const start = this.start();
    const token = this.OR([{ ALT: () => this.CONSUME(soft.config) }, { ALT: () => this.CONSUME(soft.limits) }]);
    const entries = this.SUBRULE(this.entries);
    const span = this.from(start);
    if (token.tokenType === soft.config) return { kind: "ConfigMember", entries, span };
    this.ACTION(() => {
      const word = { start, end: start + token.image.length };
      this.report(diagnose("K0900", word, { what: "`limits`" }));
    });
    return { kind: "LimitsMember", entries, span };
  });

  /** every = "every" operand [ "at" operand ] block */
  every = this.RULE("every", (): AgentMember => {
    const start = this.start();
    this.CONSUME(soft.every);
    const interval = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.default] }));
    const at = this.OPTION(() => {
      this.CONSUME(soft.at);
      return this.inHead(() => this.SUBRULE1(this.operators, { ARGS: [Level.default] }));
    });
    const body = this.SUBRULE(this.block);
    return { kind: "EveryMember", interval, ...given({ at }), body, span: this.from(start) };
  });

  /** timed = ( "at" | "after" ) operand block */
  timed = this.RULE("timed", (): AgentMember => {
    const start = this.start();
    const isAt = this.is(1, soft.at);
    this.OR([{ ALT: () => this.CONSUME(soft.at) }, { ALT: () => this.CONSUME(soft.after) }]);
    const when = this.inHead(() => this.SUBRULE(this.operators, { ARGS: [Level.default] }));
    const body = this.SUBRULE(this.block);
    const span = this.from(start);
    return isAt ? { kind: "AtMember", time: when, body, span } : { kind: "AfterMember", delay: when, body, span };
  });

  /** on = "on" anyName [ "(" parameter ")" ] block */
  on = this.RULE("on", (): OnMember => {
    const start = this.start();
    this.CONSUME(soft.on);
    const event = this.SUBRULE(this.anyName);
    const parameter = this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      const one = this.inside(false, () => this.SUBRULE(this.parameter, { ARGS: [true] }));
      this.CONSUME(t.RightParen);
      return one;
    });
    const body = this.SUBRULE(this.block);
    return { kind: "OnMember", event, ...given({ parameter }), body, span: this.from(start) };
  });
}
