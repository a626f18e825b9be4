// Areas 3 and 4: matching; effects and capabilities.

import type { CodeEntry } from "./codes.ts";

const error = "error";
const warning = "warning";

export const matchingCodes = {
  K3001: {
    severity: error,
    title: "Type error",
    message: "Non-exhaustive match on {type}: missing {missing}",
    help: "add the missing arms, or `_` for the rest",
  },
  K3002: {
    severity: warning,
    title: "Unreachable",
    message: "This arm is never reached: {pattern} is matched above",
    help: "remove the arm",
  },
  K3003: {
    severity: warning,
    title: "Unreachable",
    message: "This pattern is never reached: {pattern} is matched above",
    help: "remove the pattern",
  },
  K3004: { severity: error, title: "Type error", message: "The pattern {pattern} does not match {type}" },
  K3005: { severity: warning, title: "Unreachable", message: "This `catch` is never reached: {error} is caught above" },
  K3006: {
    severity: error,
    title: "Type error",
    message: "This `when` is too large to be checked",
    help: "split it, or add `_` for the rest",
  },
  K4001: {
    severity: error,
    title: "Not allowed",
    message: "Agent '{agent}' may not use '{connection}': {path}",
    help: "add the connection to the agent's `tools [...]`",
  },
  K4002: {
    severity: error,
    title: "Not allowed",
    message: "Agent '{agent}' may not delegate to '{other}': {path}",
    help: "add the other agent to its `team [...]`",
  },
  K4003: {
    severity: error,
    title: "Never ends",
    message: "These agents wait for each other: {path}",
    help: "`send` a message instead of one `delegate`: it does not wait",
  },
  K4004: { severity: error, title: "Not pure", message: "{what} must have no effects" },
  K4005: {
    severity: error,
    title: "Not allowed",
    message: "Agent '{agent}' has `memory none`: it cannot `{verb}`",
    help: "remove `memory none`, or write `memory persistent` to keep it beyond the run",
  },
} as const satisfies { readonly [code: string]: CodeEntry };
