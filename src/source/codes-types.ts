// Area 2: types and nullability, and the rules of what may stand where. K2033 and K2039 are no longer in use.

import type { CodeEntry } from "./codes.ts";

const error = "error";
const warning = "warning";
const title = "Type error";

export const typeCodes = {
  K2001: { severity: error, title, message: "Expected {expected}, got {got}" },
  K2002: { severity: error, title, message: "Argument '{parameter}' of {callee}: expected {expected}, got {got}" },
  K2003: { severity: error, title, message: "Argument '{parameter}' of {callee} is missing" },
  K2004: { severity: error, title, message: "Too many arguments: {callee} takes {count}, got {got}" },
  K2005: { severity: error, title, message: "There is no parameter '{name}' in {callee}" },
  K2006: { severity: error, title, message: "Argument '{name}' of {callee} is given twice" },
  K2007: {
    severity: error,
    title,
    message: "'{member}' of a value that may be none: it is {type}",
    help: "use `?.` to go on only where it is not none, `??` to give a default, or `!` to insist",
  },
  K2008: { severity: error, title, message: "Field '{field}' of {type} is missing" },
  K2009: { severity: error, title, message: "`{operator}` does not take {left} and {right}" },
  K2010: { severity: error, title, message: "`{operator}` does not take {type}" },
  K2011: { severity: error, title, message: "{first} and {second} have no type in common" },
  K2012: {
    severity: error,
    title,
    message: "An `if` that gives a value needs an `else`",
    help: "add `else { … }` with the value for the other case",
  },
  K2013: { severity: error, title, message: "{what} cannot be called" },
  K2014: { severity: error, title, message: "`for` runs over a list, got {type}" },
  K2015: { severity: error, title, message: "{type} has no elements to index" },
  K2016: {
    severity: error,
    title,
    message: "The type of parameter '{name}' is not known here",
    help: "annotate it, for example `(x: int) => …`",
  },
  K2017: {
    severity: error,
    title,
    message: "Task '{name}' calls itself, so its result type must be written",
    help: "write `-> T` after its parameters",
  },
  K2018: {
    severity: error,
    title,
    message: "A function cannot be {where}",
    help: "functions are arguments, parameters and local bindings",
  },
  K2019: {
    severity: error,
    title,
    message: "`prompt` needs `as Type`: the type of its result",
    help: "write `prompt {…} as T`",
  },
  K2020: { severity: error, title, message: "`classify` needs an enum without fields, got {type}" },
  K2021: { severity: error, title, message: "{text} does not fit a 64-bit integer" },
  K2022: {
    severity: error,
    title,
    message: "Unknown unit of time '{unit}'",
    help: "units are ms, seconds, minutes, hours, days and weeks",
  },
  K2023: { severity: error, title, message: "Agent '{name}' has no role", help: 'add `role "…"`: who the agent is' },
  K2024: { severity: error, title, message: "Agent '{agent}' has two `{member}`" },
  K2025: { severity: error, title, message: "Only `self.field` can be assigned" },
  K2026: { severity: error, title, message: "`{word}` stands in no loop" },
  K2027: { severity: error, title, message: "{type} takes {expected} type arguments, got {got}" },
  K2028: { severity: error, title, message: "Type '{name}' refers to itself without end" },
  K2029: { severity: error, title, message: "{type} cannot be {what}" },
  K2030: { severity: error, title, message: "{left} and {right} can never be equal" },
  K2031: { severity: error, title, message: "Setting '{name}' of {kind} is missing" },
  K2032: { severity: error, title, message: "{what} takes constants, `env` and inputs only" },
  K2034: { severity: error, title, message: "{agent} takes no messages", help: "add `on message(m: T) { … }` to it" },
  K2035: { severity: error, title, message: "`{word}` stands in no task" },
  K2036: { severity: error, title, message: "'{name}' is a property", help: "write it without `()`" },
  K2037: { severity: error, title, message: "'{name}' is a method", help: "call it: write `(…)` behind it" },
  K2038: { severity: error, title, message: "`send` needs an address: write `send … to …`" },
  K2101: { severity: warning, title: "Never needed", message: "The value left of `??` is never none: it is {type}" },
  K2102: { severity: warning, title: "Never needed", message: "This is never none: it is {type}" },
  K2103: { severity: warning, title: "Unused value", message: "Nobody uses this value" },
  K2104: {
    severity: warning,
    title: "Unused value",
    message: "Nobody uses this value: was the line above meant to go on?",
    help: "put the operator at the end of the line above, or the whole into parentheses",
  },
  K2105: {
    severity: warning,
    title: "May be none",
    message: "Sending none raises NullError: this is {type}",
    help: "give a default with `??`, or `confirm` it first",
  },
  K2106: {
    severity: warning,
    title: "Secret",
    message: "This prints the secret {name} as it is",
  },
} as const satisfies { readonly [code: string]: CodeEntry };
