// The program: declarations and statements in any order; agents and their members; what the built-ins are declared with.

import type { TokenType } from "chevrotain";
import type { Lexed } from "../lexer/lex.ts";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import { suggest } from "../source/suggest.ts";
import type {
  AgentMember,
  Declaration,
  EnumBody,
  Expression,
  ExternDeclaration,
  ExternOwner,
  Item,
  KindDeclaration,
  Name,
  OnMember,
  SettingField,
  StateField,
  TaskDeclaration,
  TypeDeclaration,
  TypeNode,
  VariantNode,
} from "./ast.ts";
import { given } from "./given.ts";
import { StatementsGrammar } from "./grammar-statements.ts";
import { Level } from "./powers.ts";

const { soft } = t;
const memberWords: readonly string[] = [...t.memberWords, "task", "at", "after"];
const members: ReadonlySet<TokenType> = new Set(memberWords.map((word) => t.wordType(word)));

/** One item and what makes it risky for passes that walk the tree recursively. */
export interface ParsedItem {
  readonly item: Item;
  /** Operators and suffixes, each of which can make the tree one level deeper. */
  readonly links: number;
}

export class Grammar extends StatementsGrammar {
  private readonly parsed: ParsedItem[] = [];

  constructor(skipValidations = true) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** The items of a text that is lexed already, and what is wrong with them. */
  read(source: Source, { tokens, broken }: Lexed): { items: readonly ParsedItem[]; diagnostics: Diagnostic[] } {
    this.begin(source, tokens, broken);
    this.parsed.length = 0;
    this.program();
    return { items: [...this.parsed], diagnostics: this.diagnostics };
  }

  /** program = { declaration | statement } */
  program = this.RULE("program", (): void => {
    this.readItems(
      t.HoleEnd,
      () => {
        this.links = 0;
        const item = this.SUBRULE(this.item);
        this.ACTION(() => this.parsed.push({ item, links: this.links }));
      },
      () => this.endStatement(),
    );
  });

  item = this.RULE("item", (): Item => {
    if (this.isDeclaration() && this.is(1, soft.test)) throw this.unsupported("`test`");
    return this.OR<Item>([
      { GATE: () => this.isDeclaration(), ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.statement) },
    ]);
  });

  declaration = this.RULE("declaration", (): Declaration =>
    this.OR<Declaration>([
      { ALT: () => this.SUBRULE(this.use) },
      { ALT: () => this.SUBRULE(this.connect) },
      { ALT: () => this.SUBRULE(this.inputDeclaration) },
      { ALT: () => this.SUBRULE(this.typeDeclaration) },
      { ALT: () => this.SUBRULE(this.task) },
      { ALT: () => this.SUBRULE(this.agent) },
      {
        GATE: () => this.is(2, soft.connection) && this.is(3, t.Identifier),
        ALT: () => this.SUBRULE(this.kind),
      },
      { ALT: () => this.SUBRULE(this.extern) },
    ]),
  );

  /** use = "use" "{" name { "," name } "}" "from" TEXT */
  use = this.RULE("use", (): Declaration => {
    const start = this.start();
    this.CONSUME(soft.use);
    this.CONSUME(t.LeftBrace);
    const names: Name[] = [];
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        names.push(this.SUBRULE(this.name));
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    this.CONSUME(soft.from);
    const from = this.SUBRULE(this.text);
    return { kind: "UseDeclaration", names, from, span: this.from(start) };
  });

  /** connect = "connect" name "via" name [ entries ] */
  connect = this.RULE("connect", (): Declaration => {
    const start = this.start();
    this.CONSUME(soft.connect);
    const name = this.SUBRULE(this.name);
    this.CONSUME(soft.via);
    const via = this.SUBRULE1(this.name);
    const settings = this.OPTION({ GATE: () => !this.breaks(1), DEF: () => this.SUBRULE(this.entries) }) ?? [];
    return { kind: "ConnectDeclaration", name, via, settings, span: this.from(start) };
  });

  /** input = "input" name ":" type [ "=" expression ] */
  inputDeclaration = this.RULE("inputDeclaration", (): Declaration => {
    const start = this.start();
    this.CONSUME(soft.input);
    const name = this.SUBRULE(this.name);
    this.colonAfter(name);
    const type = this.SUBRULE(this.type);
    const value = this.SUBRULE(this.defaultValue);
    return { kind: "InputDeclaration", name, type, ...given({ value }), span: this.from(start) };
  });

  defaultValue = this.RULE("defaultValue", (): Expression | undefined =>
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      return this.SUBRULE(this.expression);
    }),
  );

  // ── types ──

  /** typeDeclaration = "type" name [ typeParameters ] ( "=" ( enum | type ) | structType ) */
  typeDeclaration = this.RULE("typeDeclaration", (): TypeDeclaration => {
    const { doc, startOffset } = this.at(1);
    this.CONSUME(soft.type);
    const name = this.SUBRULE(this.name);
    const parameters = this.OPTION(() => this.SUBRULE(this.typeParameters)) ?? [];
    const body = this.SUBRULE(this.typeBody);
    const names = this.ACTION(() => parameters.map((parameter) => parameter.name));
    const span = this.from(startOffset);
    return { kind: "TypeDeclaration", name, parameters: names, body, ...given({ doc }), span };
  });

  typeBody = this.RULE("typeBody", (): EnumBody | TypeNode =>
    this.OR<EnumBody | TypeNode>([
      { ALT: () => this.SUBRULE(this.structType) },
      {
        ALT: () => {
          this.CONSUME(t.Equals);
          return this.OR1<EnumBody | TypeNode>([
            { GATE: () => this.isEnum(), ALT: () => this.SUBRULE(this.enum) },
            { ALT: () => this.SUBRULE(this.type) },
          ]);
        },
      },
    ]),
  );

  private isEnum(): boolean {
    if (this.is(1, t.Bar)) return true;
    return this.isAnyWord(1) && this.is(this.is(2, t.LeftBrace) ? this.afterClose(2) : 2, t.Bar);
  }

  /** enum = [ "|" ] variant { "|" variant } */
  enum = this.RULE("enum", (): EnumBody => {
    const start = this.start();
    this.OPTION(() => this.CONSUME(t.Bar));
    const variants = [this.SUBRULE(this.variant)];
    this.MANY(() => {
      this.CONSUME1(t.Bar);
      variants.push(this.SUBRULE1(this.variant));
    });
    return { kind: "EnumBody", variants, span: this.from(start) };
  });

  /** variant = name [ "{" { typeField } "}" ] */
  variant = this.RULE("variant", (): VariantNode => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    const fields =
      this.OPTION({ GATE: () => !this.breaks(1), DEF: () => this.SUBRULE(this.typeFields) }) ?? [];
    return { kind: "VariantNode", name, fields, span: this.from(start) };
  });

  // ── tasks ──

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
    const body = this.SUBRULE(this.block);
    const head = { name, typeParameters, parameters, ...given({ result }) };
    return { kind: "TaskDeclaration", ...head, body, ...given({ doc }), span: this.from(startOffset) };
  });

  // ── agents ──

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
      () => this.endStatement(),
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
    const value = this.SUBRULE(this.expression);
    const kind = tokenType === soft.role ? "RoleMember" : tokenType === soft.model ? "ModelMember" : "RulesMember";
    return { kind, value, span: this.from(start) };
  });

  /** listMember = ( "tools" | "team" ) "[" { name } "]" */
  listMember = this.RULE("listMember", (): AgentMember => {
    const start = this.start();
    const { tokenType } = this.OR([
      { ALT: () => this.CONSUME(soft.tools) },
      { ALT: () => this.CONSUME(soft.team) },
    ]);
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
    const token = this.OR([
      { ALT: () => this.CONSUME(soft.config) },
      { ALT: () => this.CONSUME(soft.limits) },
    ]);
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

  // ── built-ins ──

  /** extern = "extern" [ owner "." ] name [ typeParameters ] [ parameters ] ( "->" | ":" ) type */
  extern = this.RULE("extern", (): ExternDeclaration => {
    const { doc, startOffset } = this.at(1);
    this.CONSUME(soft.extern);
    const first = this.SUBRULE(this.externOwner);
    const member = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.SUBRULE1(this.externOwner);
    });
    const last = member ?? first;
    const owner = member === undefined ? undefined : first;
    const parameters = this.OPTION1(() => this.SUBRULE(this.parameters, { ARGS: [true] }));
    this.OR([{ ALT: () => this.CONSUME(t.Arrow) }, { ALT: () => this.CONSUME(t.Colon) }]);
    const result = this.SUBRULE(this.type);
    const what = { ...given({ owner }), name: last?.name, typeParameters: last?.parameters };
    const span = this.from(startOffset);
    return { kind: "ExternDeclaration", ...what, ...given({ parameters }), result, ...given({ doc }), span };
  });

  externOwner = this.RULE("externOwner", (): ExternOwner => {
    const start = this.start();
    const name = this.SUBRULE(this.anyName);
    const parameters = this.OPTION(() => this.SUBRULE(this.typeParameters)) ?? [];
    return { kind: "ExternOwner", name, parameters, span: this.from(start) };
  });

  /** kind = "extern" "connection" name "{" { setting | extern } "}" */
  kind = this.RULE("kind", (): KindDeclaration => {
    const { doc, startOffset } = this.at(1);
    this.CONSUME(soft.extern);
    this.CONSUME(soft.connection);
    const name = this.SUBRULE(this.name);
    const settings: SettingField[] = [];
    const operations: ExternDeclaration[] = [];
    this.CONSUME(t.LeftBrace);
    this.inside(true, () =>
      this.repeat(t.RightBrace, () => {
        this.OR([
          {
            GATE: () => this.is(1, soft.extern) && !this.is(2, t.Colon),
            ALT: () => operations.push(this.SUBRULE(this.extern)),
          },
          { ALT: () => settings.push(this.SUBRULE(this.setting)) },
        ]);
        this.separatorBefore(t.RightBrace);
      }),
    );
    this.CONSUME(t.RightBrace);
    return { kind: "KindDeclaration", name, settings, operations, ...given({ doc }), span: this.from(startOffset) };
  });

  /** setting = anyName ":" type [ "=" expression ] */
  setting = this.RULE("setting", (): SettingField => {
    const { doc, startOffset } = this.at(1);
    const name = this.SUBRULE(this.anyName);
    this.colonAfter(name);
    const type = this.SUBRULE(this.type);
    const value = this.SUBRULE(this.defaultValue);
    return { kind: "SettingField", name, type, ...given({ value, doc }), span: this.from(startOffset) };
  });
}
