// The door of the checker: a tree in, facts and diagnostics out. It never throws.

import type { Program } from "../parser/ast.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import type { Checked } from "./checked.ts";
import type { Stdlib } from "./prelude.ts";

export interface CheckResult {
  readonly checked: Checked;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(program: Program, source: Source, stdlib: Stdlib): CheckResult {
  void source;
  void stdlib;
  void program;
  throw new Error("not written yet");
}
