// Area 0: text and syntax.

import type { CodeEntry } from "./codes.ts";

export const syntaxCodes = {
  K0001: { severity: "error", title: "Syntax error", message: "Expected {expected}, found {found}" },
  K0900: { severity: "error", title: "Not supported yet", message: "{what} is not supported yet" },
} as const satisfies { readonly [code: string]: CodeEntry };
