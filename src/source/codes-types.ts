// Area 2: types and nullability.

import type { CodeEntry } from "./codes.ts";

export const typeCodes = {
  K2001: { severity: "error", title: "Type error", message: "Expected {expected}, got {got}" },
} as const satisfies { readonly [code: string]: CodeEntry };
