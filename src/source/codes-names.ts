// Area 1: names.

import type { CodeEntry } from "./codes.ts";

export const nameCodes = {
  K1001: { severity: "error", title: "Name error", message: "Unknown name '{name}'" },
} as const satisfies { readonly [code: string]: CodeEntry };
