// Area 1: names. What is not known, known twice, or known but not to be used there.

import type { CodeEntry } from "./codes.ts";

const error = "error";
const warning = "warning";
const title = "Name error";

export const nameCodes = {
  K1001: { severity: error, title, message: "Unknown name '{name}'" },
  K1002: { severity: error, title, message: "Unknown type '{name}'" },
  K1003: { severity: error, title, message: "Unknown agent '{name}'" },
  K1004: { severity: error, title, message: "Unknown connection '{name}'" },
  K1005: { severity: error, title, message: "{what} '{name}' is declared twice" },
  K1006: { severity: error, title, message: "Agent '{agent}' has no task '{name}'" },
  K1007: { severity: error, title, message: "{type} has no field '{name}'" },
  K1008: { severity: error, title, message: "{type} has no method '{name}'" },
  K1009: {
    severity: error,
    title,
    message: "'{name}' is a variant of {enums}",
    help: "write the enum's name in front, or annotate the type",
  },
  K1010: {
    severity: error,
    title,
    message: "`self` is known only in the tasks and handlers of an agent",
    help: "give the value as a parameter, or move the task into the agent",
  },
  K1011: {
    severity: error,
    title,
    message: "This '{name}' ends with its block, but its value reads the '{name}' outside",
  },
  K1012: { severity: error, title, message: "'{name}' is not visible here: {reason}" },
  K1013: { severity: error, title, message: "Agent '{agent}' has no state field '{name}'" },
  K1014: { severity: error, title, message: "Unknown kind of connection '{name}'" },
  K1015: { severity: error, title, message: "{enum} has no variant '{name}'" },
  K1016: { severity: error, title, message: "'{name}' is {what}, not a value" },
  K1017: { severity: error, title, message: "A connection via {kind} has no setting '{name}'" },
  K1018: { severity: error, title, message: "Connection '{name}' cannot {operation}" },
  K1019: { severity: error, title, message: "Unknown {what} '{name}'" },
  K1020: { severity: error, title, message: "'{name}' is no type of error" },
  K1021: { severity: error, title, message: "Cannot use '{path}': {reason}" },
  K1022: { severity: error, title, message: "'{path}' declares no '{name}'" },
  K1023: { severity: error, title, message: "Files use each other in a circle: {path}" },
  K1024: { severity: error, title, message: "'{name}' of '{path}' cannot be used: {reason}" },
  K1025: { severity: error, title, message: "The default of input '{name}' reads input '{other}'" },
  K1026: { severity: error, title, message: "Input '{name}' cannot be a secret: {reason}" },
  K1101: {
    severity: warning,
    title: "Unused name",
    message: "'{name}' is never used",
    help: "begin the name with `_` if that is meant",
  },
  K1102: { severity: warning, title: "Naming", message: "{what} '{name}' should be written {style}" },
  K1103: { severity: warning, title: "Unused name", message: "'{name}' of '{path}' is never used here" },
} as const satisfies { readonly [code: string]: CodeEntry };
