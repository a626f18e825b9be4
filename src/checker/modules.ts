// The files of a program: its own, and those that `use` names, each parsed once however often it is used. The checker
// keeps spans, so the files are laid out one after the other in one text: a span says which file it is of. Nothing is
// read here; who compiles gives a way to load.

import type { Program, UseDeclaration } from "../parser/ast.ts";
import { parse } from "../parser/parse.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { invariant } from "../source/invariant.ts";
import { Source, type Span } from "../source/text.ts";

/** Loads the file that `path` names as seen from a file; `why` nobody can, in words that end a sentence. */
export type Load = (path: string, from: Source) => Source | { readonly why: string };

export interface Module {
  /** What it is called as seen from the program's own file: `triage.keel`, `lib/triage.keel`. */
  readonly path: string;
  /** What the ids of its functions begin with: nothing for the program's own file, else `triage:`, `lib.triage:`. */
  readonly prefix: string;
  readonly source: Source;
  /** Where its text begins in the text of all files. */
  readonly base: number;
  readonly program: Program;
  readonly uses: ReadonlyMap<UseDeclaration, Used>;
}

/** What a `use` leads to. `Circle`: the paths of the files, from the one that begins it back to that one. */
export type Used =
  | { readonly kind: "Module"; readonly module: Module }
  | { readonly kind: "Unread"; readonly why: string }
  | { readonly kind: "Circle"; readonly path: readonly string[] };

export interface Modules {
  /** The program's own file first, a file before those that only it uses. */
  readonly all: readonly Module[];
  readonly main: Module;
  /** All texts, one after the other; of a program of one file, that file. */
  readonly source: Source;
  /** What parsing them said, in places of the one text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A program of one file, parsed already. */
export function oneModule(program: Program, source: Source): Modules {
  const uses = new Map<UseDeclaration, Used>();
  for (const item of usesOf(program)) uses.set(item, { kind: "Unread", why: noLoader });
  const main: Module = { path: fileName(source.name), prefix: "", source, base: 0, program, uses };
  return { all: [main], main, source, diagnostics: [] };
}

const noLoader = "no other files can be read here";

export function loadModules(source: Source, load: Load = () => ({ why: noLoader })): Modules {
  const loading = new Loading(load);
  const main = loading.module(fileName(source.name), "", source);
  const { all, diagnostics } = loading;
  if (all.length === 1) return { all, main, source, diagnostics };
  return { all, main, source: new Source(source.name, all.map((each) => each.source.text).join("\n")), diagnostics };
}

/** The module that a place of the one text is in. */
export function moduleAt({ all }: Modules, offset: number): Module {
  const found = all.findLast(({ base }) => base <= offset) ?? all[0];
  invariant(found !== undefined, "a program has a file");
  return found;
}

/** A diagnostic in places of the one text, in places of its files. */
export function inItsFile(modules: Modules, diagnostic: Diagnostic): Diagnostic {
  if (modules.all.length === 1) return diagnostic;
  const { related, edits, ...rest } = diagnostic;
  const own = moduleAt(modules, diagnostic.span.start);
  const sourceOf = (module: Module) => (module === modules.main ? {} : { source: module.source });
  return {
    ...rest,
    span: moved(diagnostic.span, -own.base),
    ...sourceOf(own),
    ...(related === undefined
      ? {}
      : {
          related: related.map((other) => {
            const module = moduleAt(modules, other.span.start);
            const named = module === own ? {} : { source: module.source };
            return { message: other.message, span: moved(other.span, -module.base), ...named };
          }),
        }),
    ...(edits === undefined
      ? {}
      : {
          edits: edits
            .filter((edit) => moduleAt(modules, edit.span.start) === own)
            .map((edit) => ({ ...edit, span: moved(edit.span, -own.base) })),
        }),
  };
}

class Loading {
  readonly all: Module[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #load: Load;
  readonly #known = new Map<string, Used>();
  readonly #prefixes = new Set<string>();
  /** The files that are being loaded, each used by the one before. */
  readonly #open: string[] = [];
  #end = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  module(path: string, prefix: string, source: Source): Module {
    const base = this.#end;
    this.#end += source.text.length + 1;
    const { program, diagnostics } = parse(source);
    if (base > 0) moveTree(program, base);
    this.diagnostics.push(...diagnostics.map((each) => movedDiagnostic(each, base)));
    const uses = new Map<UseDeclaration, Used>();
    const module: Module = { path, prefix, source, base, program, uses };
    this.all.push(module);
    this.#open.push(path);
    for (const use of usesOf(program)) uses.set(use, this.#used(use, module));
    this.#open.pop();
    return module;
  }

  #used({ from }: UseDeclaration, by: Module): Used {
    const written = pathText(from);
    if (written === undefined) return { kind: "Unread", why: "a path is a text without holes" };
    if (!isRelative(written)) return { kind: "Unread", why: "a path is relative to the file that uses it" };
    const path = joined(by.path, written);
    const at = this.#open.indexOf(path);
    if (at !== -1) return { kind: "Circle", path: [...this.#open.slice(at), path] };
    let used = this.#known.get(path);
    if (used === undefined) {
      const source = this.#load(written, by.source);
      used =
        source instanceof Source
          ? { kind: "Module", module: this.module(path, this.#prefix(path), source) }
          : { kind: "Unread", why: source.why };
      this.#known.set(path, used);
    }
    return used;
  }

  /** Without a `/`: what stands before the first one in an id is an agent's name. */
  #prefix(path: string): string {
    const name = path
      .replace(/\.keel$/, "")
      .replaceAll("../", "up.")
      .replaceAll("/", ".");
    let prefix = `${name}:`;
    for (let count = 2; this.#prefixes.has(prefix); count++) prefix = `${name}#${count}:`;
    this.#prefixes.add(prefix);
    return prefix;
  }
}

function usesOf(program: Program): readonly UseDeclaration[] {
  return program.items.filter((item) => item.kind === "UseDeclaration");
}

/** The text of a path as it is written; undefined where it has holes. */
export function pathText({ parts }: UseDeclaration["from"]): string | undefined {
  const texts = parts.map((part) => (part.kind === "TextPart" ? part.text : undefined));
  return texts.every((text) => text !== undefined) ? texts.join("") : undefined;
}

function isRelative(path: string): boolean {
  return path !== "" && !/^([/\\~]|[A-Za-z]:)/.test(path);
}

const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

/** The path that `written` names in the file `from`, without `.` and with `..` in front only. */
function joined(from: string, written: string): string {
  const parts: string[] = [];
  for (const part of [...from.split("/").slice(0, -1), ...written.split("/")]) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

function movedDiagnostic(diagnostic: Diagnostic, by: number): Diagnostic {
  const move = <T extends { readonly span: Span }>(each: T): T => ({ ...each, span: moved(each.span, by) });
  const { related, edits } = diagnostic;
  return {
    ...move(diagnostic),
    ...(related === undefined ? {} : { related: related.map(move) }),
    ...(edits === undefined ? {} : { edits: edits.map(move) }),
  };
}

/** Moves every span of a tree that nobody but its maker has seen yet. */
function moveTree(root: Program, by: number): void {
  const seen = new Set<object>();
  const work: unknown[] = [root];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (typeof at !== "object" || at === null || seen.has(at)) continue;
    seen.add(at);
    if (isSpan(at)) {
      at.start += by;
      at.end += by;
    } else work.push(...Object.values(at).filter((part) => part !== undefined && part !== null));
  }
}

function isSpan(node: object): node is { start: number; end: number } {
  return "start" in node && "end" in node && typeof node.start === "number" && typeof node.end === "number";
}
