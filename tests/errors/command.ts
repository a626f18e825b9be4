// The `keel` command, bundled as the build does, for tests that call it as a person does: arguments in; exit code and
// output out.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";

const root = path.join(import.meta.dirname, "../..");

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Command {
  /** An empty folder for the test's own files, in which the command runs. */
  readonly folder: string;
  write(files: { readonly [name: string]: string | Buffer }): void;
  run(args: readonly string[], input?: string): Said;
  remove(): void;
}

export async function command(): Promise<Command> {
  const base = mkdtempSync(path.join(tmpdir(), "keel-command-"));
  await build({
    absWorkingDir: root,
    entryPoints: { main: "src/cli/entry.ts" },
    outdir: path.join(base, "dist"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["better-sqlite3", "./repl.ts"],
    define: { KEEL_VERSION: '"0.0.0"', KEEL_BUILD: '"test"' },
    banner: { js: `import{createRequire as keelRequire}from"node:module";const require=keelRequire(import.meta.url);` },
    logLevel: "error",
  });
  const folder = path.join(base, "work");
  mkdirSync(folder);
  return {
    folder,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
    },
    run: (args, input = "") => {
      const env = { ...process.env, XDG_CACHE_HOME: path.join(base, "cache"), NO_COLOR: "1" };
      const argv = [path.join(base, "dist/main.mjs"), ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
        cwd: folder,
        input,
        env,
        encoding: "utf8",
      });
      return { code: status, out: stdout, err: stderr };
    },
    remove: () => rmSync(base, { recursive: true }),
  };
}
