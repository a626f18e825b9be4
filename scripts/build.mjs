// Builds what `npx keel` runs: src/cli/entry.ts and all it needs as one split bundle in dist/. Splitting keeps every
// `import()` of a command lazy, so `keel --version` loads little more than its option parser.
//
// better-sqlite3 stays outside: it is native, and is loaded only where a journal is opened.

import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { generateErrorPages } from "./error-pages.mjs";
import { generateStdlib } from "./stdlib.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.join(root, "dist");
const entry = path.join(dist, "cli/main.js");

/** CommonJS packages inside the bundle ask for Node's own modules with `require`, which an ES module does not have. */
const requireBanner = `import{createRequire as keelRequire}from"node:module";const require=keelRequire(import.meta.url);`;

async function bundle() {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { "cli/main": "src/cli/entry.ts" },
    outdir: dist,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    treeShaking: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["better-sqlite3"],
    define: { KEEL_VERSION: JSON.stringify(version), KEEL_BUILD: JSON.stringify(await sourceHash()) },
    write: false,
    logLevel: "warning",
  });
  await Promise.all(outputFiles.map(({ path: file }) => mkdir(path.dirname(file), { recursive: true })));
  // Chunks first: whoever runs the old entry meanwhile still finds everything it names.
  const chunks = outputFiles.filter((file) => file.path !== entry);
  await Promise.all(chunks.map((file) => writeFile(file.path, withRequire(file.text))));
  for (const file of outputFiles)
    if (file.path === entry) await writeFile(entry, `#!/usr/bin/env node\n${withRequire(file.text)}`);
  await chmod(entry, 0o755);
  await removeStale(new Set(outputFiles.map((file) => file.path)));
}

/** Of all that the compiler is made of: results of compiling are kept under it. */
async function sourceHash() {
  const hash = createHash("sha256");
  for (const folder of ["src", "stdlib"]) {
    const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name));
    for (const file of files.sort()) hash.update(path.relative(root, file)).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

function withRequire(text) {
  const code = text.replace(/^#!.*\n/, "");
  return /\brequire\b/.test(code) ? requireBanner + code : code;
}

/** Takes away what an earlier build left; other folders of dist/ are not the bundle's. */
async function removeStale(current) {
  for (const folder of ["cli", "chunks"]) {
    const names = await readdir(path.join(dist, folder)).catch(() => []);
    const files = names.map((name) => path.join(dist, folder, name));
    await Promise.all(files.filter((file) => !current.has(file)).map((file) => rm(file)));
  }
}

/** npm links no package's own command; with this `npx keel` runs the clone's, and asks no registry. */
async function link() {
  const bin = path.join(root, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await rm(path.join(bin, "keel"), { force: true });
  await symlink(path.relative(bin, entry), path.join(bin, "keel"));
}

try {
  await Promise.all([generateStdlib(), generateErrorPages()]);
  await bundle();
  await link();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
