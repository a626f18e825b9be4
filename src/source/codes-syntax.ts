// Area 0: text and syntax.

import type { CodeEntry } from "./codes.ts";

export const syntaxCodes = {
  K0001: { severity: "error", title: "Syntax error", message: "Expected {expected}, found {found}" },
  K0002: {
    severity: "error",
    title: "Syntax error",
    message: "This is not text: {what}",
    help: "a Keel program is a text file in UTF-8",
  },
  K0003: { severity: "error", title: "Syntax error", message: "Unexpected {what}" },
  K0004: {
    severity: "error",
    title: "Syntax error",
    message: "This text does not end on its line",
    help: 'close it with `"`, or write `"""` around a text of several lines',
  },
  K0005: {
    severity: "error",
    title: "Syntax error",
    message: "This `{` opens a hole that does not end on its line",
    help: "close the hole with `}`, or write `\\{` for a brace",
  },
  K0006: {
    severity: "error",
    title: "Syntax error",
    message: "Unknown escape `{escape}`",
    help: 'a text knows \\n \\t \\r \\\\ \\" \\{ \\} and \\u{1F600}; write `\\\\` for a backslash',
  },
  K0007: { severity: "error", title: "Syntax error", message: "`{text}` is neither a number nor a name" },
  K0008: { severity: "error", title: "Syntax error", message: "This `{bracket}` is never closed" },
  K0009: {
    severity: "error",
    title: "Syntax error",
    message: "This `{bracket}` closes nothing",
    help: "remove it, or add the bracket that it should close",
  },
  K0010: {
    severity: "error",
    title: "Syntax error",
    message: "This is nested too deeply",
    help: "give a part of it a name of its own",
  },
  K0011: {
    severity: "error",
    title: "Syntax error",
    message: "Expected the end of the statement, found {found}",
    help: "a statement ends with its line",
  },
  K0012: { severity: "error", title: "Syntax error", message: "Expected `,` or a new line, found {found}" },
  K0013: { severity: "error", title: "Syntax error", message: "The field '{name}' has no value" },
  K0014: {
    severity: "error",
    title: "Syntax error",
    message: "`=` binds a name; a condition compares with `==`",
  },
  K0015: {
    severity: "error",
    title: "Syntax error",
    message: "`{word}` is a word of the language and cannot be a name",
    help: "choose another name; only a field may be called so",
  },
  K0016: {
    severity: "error",
    title: "Syntax error",
    message: "Expected {expected}; here `{` opens the body",
    help: "put parentheses around a literal: `({ … })`",
  },
  K0017: {
    severity: "error",
    title: "Syntax error",
    message: "Comparisons do not chain",
    help: "compare twice and join with `and`: `a < b and b < c`",
  },
  K0018: {
    severity: "error",
    title: "Syntax error",
    message: "The right of `|>` is the name of a task or a call, found {found}",
    help: "write `a |> f`, `a |> f(x: 1)`, or put parentheses around what stands left and right",
  },
  K0019: {
    severity: "error",
    title: "Syntax error",
    message: "`confirm … then` has no `else`",
    help: "write `if confirm user … { … } else { … }`",
  },
  K0020: { severity: "error", title: "Syntax error", message: "Expected `:` between '{name}' and its type" },
  K0021: { severity: "error", title: "Syntax error", message: "An agent has no '{word}'" },
  K0022: { severity: "error", title: "Syntax error", message: "… and {count} more errors" },
  K0023: {
    severity: "error",
    title: "Syntax error",
    message: "{what} is declared at the top level, not inside a body",
  },
  K0024: {
    severity: "error",
    title: "Syntax error",
    message: "The file is too large: {size}, at most {limit}",
    help: "put a part of it into a file of its own and `use` it",
  },
  K0900: { severity: "error", title: "Not supported yet", message: "{what} is not supported yet" },
} as const satisfies { readonly [code: string]: CodeEntry };
