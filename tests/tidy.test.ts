// The order of the house, held by a test: which folder may import which, where each package lives, how files are
// called and how long they get, that every module is reached and every folder explains itself.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** A folder imports only from itself and from folders to its left. */
const order = "source lexer parser checker ir compile.ts interp runtime tui viewer lsp cli".split(" ");
/** The running half knows a program only as a graph. */
const frontEnd = ["lexer", "parser", "checker", "compile.ts"];
const pure = ["source", "lexer", "parser", "checker", "ir", "compile.ts", "interp"];
/** What `scripts/stdlib.mjs` writes: data, handed to `compile` by those who call it. */
const usesGenerated = ["tui", "viewer", "lsp", "cli"];

const homes: { readonly [name: string]: string } = {
  chevrotain: "lexer|parser",
  "better-sqlite3": "runtime/journal",
  ajv: "runtime/models",
  jsonrepair: "runtime/models",
  "@anthropic-ai/sdk": "runtime/models",
  ollama: "runtime/models",
  imapflow: "runtime/connections",
  nodemailer: "runtime/connections",
  "postal-mime": "runtime/connections",
  undici: "runtime/(connections|effects|models)",
  croner: "runtime/engine",
  "string-width": "source|interp|tui|cli",
  picocolors: "tui|cli",
  commander: "cli",
  "@inquirer/core": "tui",
};
const maxLines = 500;
/** A closed union stands in one file, however many kinds it has. */
const unions = ["parser/ast.ts", "ir/kir.ts"];
const vague = /^(utils?|helpers?|common|misc|index|shared)$/;

interface Module {
  /** From `src/`, with slashes. */
  readonly name: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const root = path.join(import.meta.dirname, "..");
const files = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => /\.tsx?$/.test(name))
    .sort();
const modules = files("src")
  .filter((name) => !name.startsWith("generated/"))
  .map((name) => read("src", name));
const tests = files("tests").map((name) => read("tests", name));

function read(base: string, name: string): Module {
  const text = readFileSync(path.join(root, base, name), "utf8");
  const found = text.matchAll(
    /^import\b[^"';]*"([^"]+)"|^export (?:type )?[*{][^"';]*from "([^"]+)"|\bimport\(\s*"([^"]+)"/gm,
  );
  const imports = [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  return { name, folder: name.split("/")[0] ?? "", text, imports };
}

/** The module an import means, from `src/`; undefined for a package and for what lies outside. */
function target(from: Module, base: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const found = path.posix.join(base, path.posix.dirname(from.name), specifier);
  return found.startsWith("src/") ? found.slice("src/".length) : undefined;
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Every import of every module that `wrong` has something to say about. */
function faults(
  wrong: (from: Module, specifier: string, to: string | undefined) => string | undefined | false,
): string[] {
  return modules.flatMap((from) =>
    from.imports.flatMap((specifier) => {
      const fault = wrong(from, specifier, target(from, "src", specifier));
      return fault ? [`${from.name}: ${specifier}: ${fault}`] : [];
    }),
  );
}

test("there is something to look at", () => {
  expect(modules.length).toBeGreaterThan(20);
  expect(modules.flatMap((module) => module.imports).length).toBeGreaterThan(50);
});

test("every folder of src/ has its place in the order", () => {
  expect(modules.filter((module) => !order.includes(module.folder)).map((module) => module.name)).toEqual([]);
});

test("a folder imports only from folders to its left", () => {
  const wrong = faults((from, _, to) => {
    if (to === undefined) return undefined;
    const folder = to.split("/")[0] ?? "";
    if (folder === "generated")
      return !usesGenerated.includes(from.folder) && "generated data is handed over by a face";
    return order.indexOf(folder) > order.indexOf(from.folder) && `${folder} lies to the right of ${from.folder}`;
  });
  expect(wrong).toEqual([]);
});

test("the running half imports nothing of the front end", () => {
  const running = ["interp", "runtime"];
  const isFrontEnd = (to: string | undefined): boolean => frontEnd.includes(to?.split("/")[0] ?? "");
  expect(faults((from, _, to) => running.includes(from.folder) && isFrontEnd(to) && "front end")).toEqual([]);
});

test("the pure folders know no host", () => {
  const host = (specifier: string): boolean => specifier.startsWith("node:");
  expect(faults((from, specifier) => pure.includes(from.folder) && host(specifier) && "a pure folder")).toEqual([]);
  const waiting = modules.filter((module) => pure.includes(module.folder) && /\basync\b|\bawait\b/.test(code(module)));
  expect(waiting.map((module) => module.name)).toEqual([]);
});

test("each package has one home", () => {
  const wrong = faults((from, specifier, to) => {
    if (to !== undefined || specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
    const home = homes[packageOf(specifier)];
    if (home === undefined) return "a package without a home in tests/tidy.test.ts";
    return !new RegExp(`^(${home})/`).test(from.name) && `its home is ${home}`;
  });
  expect(wrong).toEqual([]);
});

test("files are short, and their names say what they hold", () => {
  const all = [...modules, ...tests];
  const long = all.filter(({ name, text }) => text.split("\n").length - 1 > maxLines && !unions.includes(name));
  expect(long.map((module) => module.name)).toEqual([]);
  const parts = (name: string): string[] => name.split("/").map((part) => part.replace(/(\.test)?\.tsx?$/, ""));
  const odd = all.filter(({ name }) => parts(name).some((part) => vague.test(part) || !/^[a-z0-9-]+$/.test(part)));
  expect(odd.map((module) => module.name)).toEqual([]);
});

test("every file begins with what it is for", () => {
  expect(modules.filter((module) => !/^(#!.*\n)?\/\/ /.test(module.text)).map((module) => module.name)).toEqual([]);
});

test("no `any`, no re-exports, no default exports", () => {
  const any = /(?::|<|\bas|\|)\s*any\b(?!\s*:)/;
  const barrel = /^export\s+(\*|\{[^}]*\}|type\s+\{[^}]*\})\s+from\b|^export default\b/m;
  const wrong = modules.filter((module) => any.test(code(module)) || barrel.test(module.text));
  expect(wrong.map((module) => module.name)).toEqual([]);
});

test("every module is reached from the command line or from a test", () => {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    const module = modules.find((candidate) => candidate.name === name);
    for (const specifier of module?.imports ?? []) {
      const to = module && target(module, "src", specifier);
      if (to !== undefined) visit(to);
    }
  };
  visit("cli/entry.ts");
  for (const from of tests)
    for (const specifier of from.imports) {
      const to = target(from, "tests", specifier);
      if (to !== undefined) visit(to);
    }
  expect(modules.map((module) => module.name).filter((name) => !reached.has(name))).toEqual([]);
});

test("every folder of src/ explains itself", () => {
  const folders = order.filter((folder) =>
    modules.some((module) => module.folder === folder && module.name !== folder),
  );
  const silent = folders.filter((folder) => !readdirSync(path.join(root, "src", folder)).includes("README.md"));
  expect(silent).toEqual([]);
});

/** The text of a module without comments, strings and templates (good enough to look for a word in). */
function code(module: Module): string {
  return module.text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, '""');
}
