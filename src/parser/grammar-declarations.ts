// The program: declarations and statements in any order, and what the built-ins are declared with.

import type { Lexed } from "../lexer/lex.ts";
import * as t from "../lexer/tokens.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import type {
  Declaration,
  EnumBody,
  Expression,
  ExternDeclaration,
  ExternOwner,
  Item,
  KindDeclaration,
  Name,
  SettingField,
  TypeDeclaration,
  TypeNode,
  VariantNode,
} from "./ast.ts";
import { given } from "./given.ts";
import { declares } from "./foreign.ts";
import { AgentsGrammar } from "./grammar-agents.ts";
import { isName } from "./reader.ts";

const { soft } = t;

/** One item and what makes it risky for passes that walk the tree recursively. */
export interface ParsedItem {
  readonly item: Item;
  /** Operators and suffixes, each of which can make the tree one level deeper. */
  readonly links: number;
}

export interface Read {
  readonly items: readonly ParsedItem[];
  /** Names of declarations that could not be read. */
  readonly lost: readonly string[];
  readonly diagnostics: Diagnostic[];
  /** False: take another grammar for the next text. */
  readonly usable: boolean;
}

export class Grammar extends AgentsGrammar {
  private parsed: readonly ParsedItem[] = [];
  private lost: string[] = [];

  constructor(skipValidations = true) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** The items of a text that is lexed already, and what is wrong with them. */
  read(source: Source, { tokens, broken }: Lexed): Read {
    this.begin(source, tokens, broken);
    this.parsed = [];
    this.lost = [];
    try {
      this.program();
    } catch (error) {
      if (this.overflow === undefined) throw error;
      return { items: [], lost: [], diagnostics: [diagnose("K0010", this.overflow, {})], usable: false };
    }
    return { items: this.parsed, lost: this.lost, diagnostics: this.diagnostics, usable: true };
  }

  /** program = { declaration | statement } */
  program = this.RULE("program", (): void => {
    this.parsed = this.readItems<ParsedItem>(
      t.HoleEnd,
      () => {
        this.links = 0;
        const item = this.SUBRULE(this.item);
        return { item, links: this.links };
      },
      ({ item }) => this.endStatement(item),
      (first) => this.lostItem(first),
    );
  });

  private lostItem(first: t.Token): ParsedItem | undefined {
    const item = this.lostBinding(first);
    if (item !== undefined) return { item, links: 0 };
    const name = this.behind(first);
    if (name !== undefined && isName(name) && declares(first)) this.lost.push(name.image);
    return undefined;
  }

  item = this.RULE("item", (): Item => {
    if (this.isDeclaration() && this.is(1, soft.test)) throw this.unsupported("`test`");
    this.refuseOperator();
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
    const fields = this.OPTION({ GATE: () => !this.breaks(1), DEF: () => this.SUBRULE(this.typeFields) }) ?? [];
    return { kind: "VariantNode", name, fields, span: this.from(start) };
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
