// Connections: their settings as functions, and which of them are secret. `email` is there without a declaration.

import type { Connection } from "../checker/checked.ts";
import type { ConnectDeclaration, Expression, SettingField } from "../parser/ast.ts";
import { Body } from "./body.ts";
import { isStable } from "./evaluate-all.ts";
import type { ConnectionNode, Term } from "./kir.ts";
import { none } from "./literal.ts";
import { plainDefault } from "./lower-functions.ts";
import type { Unit } from "./unit.ts";

/** Where a program does not connect `email`. */
const predeclaredEmail = { host: "IMAP_HOST", user: "EMAIL_USER", pass: "EMAIL_PASS" } as const;

/** The connections it declares, and the predeclared ones it uses. */
export function lowerConnections(unit: Unit): { readonly [name: string]: ConnectionNode } {
  const used = unit.checked.connections.filter(({ name, node }) => node !== undefined || unit.connections.has(name));
  return Object.fromEntries(used.map((connection) => [connection.name, lowerConnection(unit, connection)]));
}

function lowerConnection(unit: Unit, { name, via, node }: Connection): ConnectionNode {
  const settings = unit.stdlib.kinds.find((kind) => kind.name.text === via)?.settings ?? [];
  const secrets = settings.filter(isSecret).map((setting) => setting.name.text);
  return { name, via, settings: settingsFunction(unit, name, node, settings), secrets };
}

function isSecret(setting: SettingField): boolean {
  return setting.type.kind === "NamedType" && setting.type.name.text === "secret";
}

function settingsFunction(
  unit: Unit,
  name: string,
  node: ConnectDeclaration | undefined,
  settings: readonly SettingField[],
): string {
  const id = `${name}/settings`;
  unit.ask(id, () => {
    const f = new Body(unit, id, { form: "Steps", agent: undefined });
    const given = node === undefined ? predeclared(f) : declared(f, node);
    const names = new Set(given.map(([setting]) => setting));
    const missing = settings.filter((setting) => !names.has(setting.name.text) && setting.value !== undefined);
    const defaults = missing.map((setting): readonly [string, Term] => [setting.name.text, defaultOf(unit, setting)]);
    f.emit({ kind: "Return", value: { kind: "Struct", fields: [...given, ...defaults] } });
    f.finish();
  });
  return id;
}

type Fields = readonly (readonly [string, Term])[];

function declared(f: Body, node: ConnectDeclaration): Fields {
  return node.settings.map(({ key, value: setting }) => {
    const term = f.value(setting);
    return [key.text, isStable(term) ? term : f.spill(term)];
  });
}

function predeclared(f: Body): Fields {
  return Object.entries(predeclaredEmail).map(([setting, name]) => {
    const slot = f.slot();
    f.unit.environment.add(name);
    f.performHidden(
      `env:${name.toLowerCase().replace("_", "-")}`,
      { kind: "Env", name, noneSafe: false, given: {} },
      slot,
    );
    return [setting, { kind: "Slot", slot }];
  });
}

function defaultOf(unit: Unit, setting: SettingField): Term {
  const { name, value: of, span } = setting;
  const parameter = { kind: "Parameter", span, name, ...(of === undefined ? {} : { value: of }) } as const;
  return plainDefault(unit, parameter) ?? none;
}

const secretWords = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL/i;

/** Whether what an environment variable holds is to be kept out of the journal. */
export function secretVariables(unit: Unit): ReadonlySet<string> {
  const names = new Set([...unit.environment].filter((name) => secretWords.test(name)));
  for (const node of secretNodes(unit)) {
    if (node.kind === "Member" && unit.checked.members.get(node)?.kind === "Env") names.add(node.name.text);
  }
  return names;
}

/** What fills the secret settings of connections: the parts of a chain of `??` are each one. */
export function secretNodes(unit: Unit): readonly Expression[] {
  return unit.checked.connections.flatMap(({ via, node }) => {
    const kind = unit.stdlib.kinds.find(({ name }) => name.text === via);
    return (kind?.settings.filter(isSecret) ?? []).flatMap((setting) => {
      const entry = node?.settings.find(({ key }) => key.text === setting.name.text);
      return entry === undefined ? [] : alternatives(entry.value);
    });
  });
}

function alternatives(node: Expression): readonly Expression[] {
  return node.kind === "Logical" ? [...alternatives(node.left), ...alternatives(node.right)] : [node];
}
