// Areas 3 and 4: matching; effects and capabilities.

import type { CodeEntry } from "./codes.ts";

export const matchingCodes = {
  K3001: {
    severity: "error",
    title: "Type error",
    message: "Non-exhaustive match on {type}: missing {missing}",
    help: "add the missing arms, or `_` for the rest",
  },
} as const satisfies { readonly [code: string]: CodeEntry };
