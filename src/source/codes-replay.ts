// Area 6: K60xx is what following a journal with a program finds: a replay with the recorded one, a check with another.

import type { CodeEntry } from "./codes.ts";

const error = "error";
const title = "Not the same";

export const replayCodes = {
  K6001: { severity: error, title, message: "{activation} took another step as its effect {n}: {recorded}" },
  K6002: { severity: error, title, message: "{step} has other arguments: {difference}" },
  K6003: { severity: error, title, message: "Event {seq} ({type}) says something else: {difference}" },
  K6004: { severity: error, title, message: "{activation} ends differently: event {seq} is {recorded}" },
  K6005: { severity: error, title, message: "The model was asked something else: {difference}" },
  K6006: { severity: error, title, message: "A recorded reply is decoded differently: {difference}" },
  K6007: { severity: error, title, message: "Nothing leads to event {seq} ({type}): {why}" },
  K6008: { severity: error, title, message: "{activation} cannot be followed beyond event {seq}: {why}" },
  K6009: { severity: error, title, message: "A step that is not recorded: {attempted}" },
  K6010: { severity: error, title, message: "A recorded step is not taken: {recorded}" },
  K6011: { severity: error, title, message: "A step stands at another place: {recorded}" },
} as const satisfies { readonly [code: string]: CodeEntry };
