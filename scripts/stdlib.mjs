// Turns stdlib/ into src/generated/stdlib.ts: the built-ins and connection kinds as syntax trees, the prompt templates
// as text. The front end is pure and reads no file, so what it knows of the standard library must be a module. Called as
// a command it makes all of src/generated/, the pages of the diagnostics too.
//
// The parser that a program meets is bundled in memory and parses these files too; any diagnostic fails the build.
// Nothing is done where the module was made from the same bytes (its first line holds their hash).

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { generateErrorPages } from "./error-pages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "src/generated/stdlib.ts");

export async function generateStdlib() {
  const library = await read("stdlib", ".keel");
  const connections = await read("stdlib/connections", ".keel");
  const prompts = await read("stdlib/prompts", ".md");
  const readers = await Promise.all(["src/source", "src/lexer", "src/parser"].map((folder) => read(folder, ".ts")));
  const stamp = `// From stdlib/ by scripts/stdlib.mjs, ${hashOf([library, connections, prompts, ...readers])}.`;
  if ((await readFile(target, "utf8").catch(() => "")).startsWith(stamp)) return;

  const parseFile = await bundleParser();
  const items = library.flatMap((file) => parseFile(file).items);
  const kinds = connections.flatMap((file) => parseFile(file).items);
  const stray = kinds.find((item) => item.kind !== "KindDeclaration");
  if (stray !== undefined)
    throw new Error(`stdlib/connections holds a ${stray.kind}; only connection kinds belong there`);

  const program = { kind: "Program", span: { start: 0, end: 0 }, items };
  const operations = prompts.map((file) => [path.basename(file.name, ".md"), file.text]);
  const data = JSON.stringify({ program, kinds, prompts: Object.fromEntries(operations) });
  await replace(
    target,
    `${stamp}\n\nimport type { Stdlib } from "../checker/prelude.ts";\n\n` +
      `export const stdlib = JSON.parse(${JSON.stringify(data)}) as Stdlib;\n`,
  );
}

/** The files of one folder with this ending, in the order of their names. */
async function read(folder, ending) {
  const entries = await readdir(path.join(root, folder)).catch(() => []);
  const names = entries.filter((name) => name.endsWith(ending)).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: `${folder}/${name}`,
      text: await readFile(path.join(root, folder, name), "utf8"),
    })),
  );
}

function hashOf(groups) {
  return createHash("sha256").update(JSON.stringify(groups)).digest("hex").slice(0, 32);
}

/** The parser's own modules as one module in memory: a function from a file to its tree, which throws on a diagnostic. */
async function bundleParser() {
  const { outputFiles } = await build({
    stdin: {
      contents: [
        `export { parse } from "./src/parser/parse.ts";`,
        `export { Source } from "./src/source/text.ts";`,
      ].join("\n"),
      resolveDir: root,
    },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "warning",
  });
  const text = Buffer.from(outputFiles[0].contents).toString("base64");
  const { parse, Source } = await import(`data:text/javascript;base64,${text}`);
  return ({ name, text }) => {
    const source = new Source(name, text);
    const { program, diagnostics } = parse(source);
    if (diagnostics.length === 0) return program;
    throw new Error(diagnostics.map(({ code, message, span }) => said(source, code, message, span)).join("\n"));
  };
}

function said(source, code, message, span) {
  const { line, column } = source.position(span.start);
  return `${source.name}:${line}:${column}: ${code}: ${message}`;
}

/** Written beside and moved into place, so that a reader at the same time sees the old file or the new one. */
async function replace(file, text) {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await Promise.all([generateStdlib(), generateErrorPages()]).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
