// What we say about a program's text. Diagnostics are data; `codes` holds their words, `render` their looks.

import type { Code } from "./codes.ts";
import type { Source, Span } from "./text.ts";

export type Severity = "error" | "warning";

/** A change of the text that would cure the diagnostic: replace `span` by `text`. */
export interface Edit {
  readonly title: string;
  readonly span: Span;
  readonly text: string;
}

/** A second place that belongs to the story (the first declaration, a step of a call path). */
export interface Related {
  readonly span: Span;
  readonly message: string;
  /** The file it stands in, where that is another than the diagnostic's. */
  readonly source?: Source;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** The file it stands in, where that is one that the program uses. Its edits are of this file. */
  readonly source?: Source;
  readonly help?: string;
  readonly related?: readonly Related[];
  readonly edits?: readonly Edit[];
}
