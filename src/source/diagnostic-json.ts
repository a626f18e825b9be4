// A diagnostic as data for other programs: `--json`. Lines and columns count from 1, columns in code points; offsets
// count UTF-16 code units from 0. A span ends before its end. Fields are only ever added.

import type { Diagnostic } from "./diagnostic.ts";
import type { Source, Span } from "./text.ts";

export interface PlaceJson {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface SpanJson {
  readonly start: PlaceJson;
  readonly end: PlaceJson;
}

export interface DiagnosticJson {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do, where something can be said. */
  readonly help?: string;
  /** The file that `span` and the edits are of, where that is one that the program uses. */
  readonly file?: string;
  readonly span: SpanJson;
  /** `file`, where it is another than the diagnostic's. */
  readonly related: readonly { readonly message: string; readonly file?: string; readonly span: SpanJson }[];
  /** Each cures the diagnostic by itself: the text of `span` is replaced by `text`. */
  readonly edits: readonly { readonly title: string; readonly span: SpanJson; readonly text: string }[];
}

/** `main` is the program's own file. */
export function diagnosticJson(main: Source, diagnostic: Diagnostic): DiagnosticJson {
  const { code, severity, message, help, related = [], edits = [] } = diagnostic;
  const own = diagnostic.source ?? main;
  return {
    code,
    severity,
    message,
    ...(help === undefined ? {} : { help }),
    ...fileOf(diagnostic.source),
    span: spanJson(own, diagnostic.span),
    related: related.map(({ message: said, source, span }) => {
      return { message: said, ...fileOf(source), span: spanJson(source ?? own, span) };
    }),
    edits: edits.map(({ title, span, text }) => ({ title, span: spanJson(own, span), text })),
  };
}

const fileOf = (source: Source | undefined): { file?: string } => (source === undefined ? {} : { file: source.name });

function spanJson(source: Source, { start, end }: Span): SpanJson {
  return { start: place(source, start), end: place(source, end) };
}

function place(source: Source, offset: number): PlaceJson {
  return { ...source.position(offset), offset };
}
