// The stdlib for tests, parsed from its files, so that a test needs no build.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Stdlib } from "../../src/checker/prelude.ts";
import type { Item, KindDeclaration } from "../../src/parser/ast.ts";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";

const root = fileURLToPath(new URL("../../stdlib/", import.meta.url));

let loaded: Stdlib | undefined;

export function loadStdlib(): Stdlib {
  loaded ??= load();
  return loaded;
}

function load(): Stdlib {
  const items = files("").flatMap((name) => itemsOf(name));
  const kinds = files("connections/")
    .flatMap((name) => itemsOf(name))
    .filter((item): item is KindDeclaration => item.kind === "KindDeclaration");
  const prompts: { [operation: string]: string } = {};
  for (const name of list("prompts/", ".md")) {
    prompts[name.slice("prompts/".length, -".md".length)] = readFileSync(root + name, "utf8");
  }
  return { program: { kind: "Program", items, span: { start: 0, end: 0 } }, kinds, prompts };
}

const files = (folder: string): string[] => list(folder, ".keel");

function list(folder: string, ending: string): string[] {
  try {
    const names = readdirSync(root + folder).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => folder + name);
  } catch {
    return [];
  }
}

function itemsOf(name: string): readonly Item[] {
  const { program, diagnostics } = parse(new Source(name, readFileSync(root + name, "utf8")));
  const first = diagnostics[0];
  if (first !== undefined) throw new Error(`stdlib/${name}: ${first.message}`);
  return program.items;
}
