// `connect NAME via KIND { settings }`: the settings against what the kind declares.

import type { ConnectDeclaration, Entry, KindDeclaration } from "../parser/ast.ts";
import { preludeTypes, resolveType } from "./annotations.ts";
import type { Context } from "./context.ts";
import { check, infer } from "./expressions.ts";
import { didYouMean } from "./missing.ts";
import { onlyConstants, pureEnv } from "./pure.ts";
import { canBeNone } from "./type.ts";

export function checkConnections(cx: Context): void {
  for (const { declared, kind } of cx.connections.values()) {
    if (declared === undefined || cx.homeOf(declared) !== cx) continue;
    if (kind === undefined) unknownKind(cx, declared);
    else checkSettings(cx, declared, kind);
  }
}

function unknownKind(cx: Context, node: ConnectDeclaration): void {
  const { via } = node;
  cx.report("K1014", via.span, { name: via.text }, didYouMean(via.text, via.span, cx.prelude.kinds.keys(), true));
  for (const entry of node.settings) infer(pureEnv(cx), entry.value);
}

function checkSettings(cx: Context, node: ConnectDeclaration, kind: KindDeclaration): void {
  const given = new Map<string, Entry>();
  const known = new Map(kind.settings.map((setting) => [setting.name.text, setting]));
  for (const entry of node.settings) {
    const name = entry.key.text;
    const first = given.get(name);
    if (first !== undefined) {
      const related = [{ span: first.key.span, message: "first here" }];
      cx.report("K1005", entry.key.span, { what: "Setting", name }, { related });
    }
    given.set(name, entry);
    const setting = known.get(name);
    if (setting === undefined) {
      const more = didYouMean(name, entry.key.span, known.keys(), true);
      cx.report("K1017", entry.key.span, { kind: kind.name.text, name }, more);
      infer(pureEnv(cx), entry.value);
    } else {
      check(pureEnv(cx), entry.value, resolveType(preludeTypes(cx), setting.type));
      onlyConstants(cx, entry.value, "A setting");
    }
  }
  for (const [name, setting] of known) {
    if (given.has(name) || setting.value !== undefined) continue;
    if (!canBeNone(resolveType(preludeTypes(cx), setting.type))) {
      cx.report("K2031", node.name.span, { name, kind: kind.name.text });
    }
  }
}
