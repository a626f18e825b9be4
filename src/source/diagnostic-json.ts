// A diagnostic as data for other programs: `--json`. Lines and columns count from 1, columns in code points; offsets are
// UTF-16 code units. Fields are only ever added.

import type { Diagnostic } from "./diagnostic.ts";
import type { Source, Span } from "./text.ts";

export interface PlaceJson {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface DiagnosticJson extends PlaceJson {
  readonly file: string;
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly help: string | null;
  readonly related: readonly (PlaceJson & { readonly message: string })[];
  readonly edits: readonly (PlaceJson & { readonly title: string; readonly text: string })[];
}

export function diagnosticJson(source: Source, diagnostic: Diagnostic): DiagnosticJson {
  const { code, severity, message, span, help, related = [], edits = [] } = diagnostic;
  return {
    file: source.name,
    ...place(source, span),
    code,
    severity,
    message,
    help: help ?? null,
    related: related.map((other) => ({ ...place(source, other.span), message: other.message })),
    edits: edits.map((edit) => ({ ...place(source, edit.span), title: edit.title, text: edit.text })),
  };
}

function place(source: Source, span: Span): PlaceJson {
  return { ...source.position(span.start), start: span.start, end: span.end };
}
