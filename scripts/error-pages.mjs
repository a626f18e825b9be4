// Turns docs/errors/ into src/generated/errors.ts: a page for each code, for `keel explain`, which must find them in the
// bundle. What a page has to look like is held by tests/errors/pages.test.ts.

import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "src/generated/errors.ts");

export async function generateErrorPages() {
  const folder = path.join(root, "docs/errors");
  const names = (await readdir(folder)).filter((name) => /^K\d{4}\.md$/.test(name)).sort();
  const pages = await Promise.all(
    names.map(async (name) => [path.basename(name, ".md"), await readFile(path.join(folder, name), "utf8")]),
  );
  const text =
    `// From docs/errors/ by scripts/error-pages.mjs.\n\n` +
    `/** The page of each code, as Markdown. */\n` +
    `export const errorPages: { readonly [code: string]: string } = ${JSON.stringify(Object.fromEntries(pages))};\n`;
  if ((await readFile(target, "utf8").catch(() => "")) === text) return;
  await mkdir(path.dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, target);
}
