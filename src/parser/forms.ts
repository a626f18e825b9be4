// The kinds of expression that ask something of the world, by family: the one list that the passes share.

import type { Expression } from "./ast.ts";

/** The AI operations: the forms that take a `fallback` and `using`. */
export const operationKinds = [
  "Classify",
  "Summarize",
  "Draft",
  "Extract",
  "Translate",
  "Decide",
  "Prompt",
] as const satisfies readonly Expression["kind"][];

/** The verbs that reach people, time, the world and agents. */
export const verbKinds = [
  "Ask",
  "Confirm",
  "Notify",
  "Show",
  "Remind",
  "Wait",
  "WaitUntil",
  "After",
  "Fetch",
  "Send",
  "Archive",
  "Search",
  "Remember",
  "Recall",
  "Forget",
  "Run",
  "Stop",
  "Delegate",
] as const satisfies readonly Expression["kind"][];
