// What a page shows of a shell: blocks called `console`, in which a line that begins with `$ ` is typed and the lines
// below it are what it prints. `# exit code N` at its end says how it ends, where that is not 0. The files that commands
// read are the blocks above with a `file=` of their own.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fences, fileOf, type Fence, type PageFile } from "./documents.ts";

export interface Command {
  readonly line: number;
  readonly typed: string;
  readonly code: number;
  readonly printed: string;
  /** What a reader saves before. */
  readonly files: readonly PageFile[];
}

/** What a reader of the page types, in order. */
export function commandsIn(page: string): readonly Command[] {
  let files: PageFile[] = [];
  return fences(page).flatMap((fence) => {
    const file = fileOf(fence);
    if (file !== undefined) files.push(file);
    if (fence.info !== "console") return [];
    const typed = commandsOf(fence).map((command, index) => ({ ...command, files: index === 0 ? files : [] }));
    files = [];
    return typed;
  });
}

function commandsOf({ body, line }: Fence): readonly Omit<Command, "files">[] {
  const starts = body.flatMap((text, index) => (text.startsWith("$ ") ? [index] : []));
  if (starts[0] !== 0) throw new Error(`line ${line}: a console begins with a command, \`$ …\``);
  return starts.map((start, index) => {
    const typed = (body[start] ?? "").slice(2);
    return {
      line: line + start,
      typed,
      code: Number(/# exit code (\d+)$/.exec(typed)?.[1] ?? 0),
      printed: tidy(body.slice(start + 1, starts[index + 1]).join("\n")),
    };
  });
}

/** A folder in which the commands of one page are typed, one after the other. */
export interface Shell {
  /** Saves the files first. Gives what both streams said, with the names that the page has for its runs. */
  type(command: Command): { readonly printed: string; readonly code: number | null };
}

export function shellIn(folder: string, commandFolder: string): Shell {
  // Else a store of a folder above would be found.
  mkdirSync(path.join(folder, ".keel"));
  /** What the page calls a run, and what it is called here. */
  const names = new Map<string, string>();
  return {
    type({ typed, printed, files }) {
      for (const { name, text } of files) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      const line = typed.replace(runName, (name) => names.get(name) ?? name);
      const { stdout, status } = spawnSync("sh", ["-c", `{ ${line}\n} 2>&1`], {
        cwd: folder,
        encoding: "utf8",
        timeout: 30_000,
        env: {
          PATH: `${commandFolder}:${process.env["PATH"] ?? ""}`,
          HOME: folder,
          TZ: "UTC",
          LANG: "C.UTF-8",
          NO_COLOR: "1",
        },
      });
      const real = stdout.match(runName) ?? [];
      (printed.match(runName) ?? []).forEach((shown, index) => {
        const found = real[index];
        if (found !== undefined && !names.has(shown)) names.set(shown, found);
      });
      const shownAs = new Map([...names].map(([shown, found]) => [found, shown]));
      return { printed: tidy(stdout.replace(runName, (name) => shownAs.get(name) ?? name)), code: status };
    },
  };
}

const runName = /\br[0-9a-f]{8}\b/g;

/** Instants and the hashes of programs are others each time; how long something took too. */
export function settled(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "‹instant›")
    .replace(/ *\+\d+\.\d{3}s/g, " ‹later›")
    .replace(/\bprogram [0-9a-f]{12}\b/g, "program ‹hash›");
}

function tidy(text: string): string {
  return text.replace(/[ \t]+$/gm, "").replace(/^\n+|\n+$/g, "");
}
