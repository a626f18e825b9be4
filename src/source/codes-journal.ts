// Area 6: journals. K61xx is what an audit finds in one; none of these has a place in a program's text.

import type { CodeEntry } from "./codes.ts";

const error = "error";
const title = "Not intact";

export const journalCodes = {
  K6101: { severity: error, title, message: "Event {seq} does not fit the chain: it, or one before it, was changed" },
  K6102: { severity: error, title, message: "Event {seq} is missing" },
  K6103: { severity: error, title, message: "A text of event {seq} is missing or was changed: {name}" },
  K6104: { severity: error, title, message: "The program of event {seq} is missing or was changed" },
  K6105: {
    severity: error,
    title,
    message: "The journal ends before event {seq}, and its head counts {counted}",
    help: "its end was cut off, or this is a copy that was made while a run wrote to the store",
  },
  K6106: {
    severity: error,
    title,
    message: "The run's head does not say what its events say: {part}",
    help: "the head was changed, or this is a copy that was made while a run wrote to the store",
  },
  K6107: {
    severity: error,
    title,
    message: "The journal does not lead through the tip that was given",
    help: "its end was cut off or written anew after that tip was taken",
  },
  K6108: {
    severity: error,
    title,
    message: "The run is not in the store any more",
    help: "it was exported from here, and has been removed since",
  },
  K6109: {
    severity: error,
    title,
    message: "Line {line} is not as it was written: {why}",
    help: "ask for the file again, or export the run again",
  },
  K6110: { severity: error, title, message: "The signature does not fit the file" },
  K6111: {
    severity: error,
    title,
    message: "The file is not signed with the key that was given: {why}",
    help: "ask whoever made the file which key it was",
  },
  K6112: {
    severity: error,
    title,
    message: "The store is not sound: {what}",
    help: "keep a copy of the folder; then put a backup in its place",
  },
  K6113: {
    severity: error,
    title,
    message: "The store was copied or moved, and run {run} in it is not what was written",
    help: "if a run wrote to the store while it was copied, copy it again",
  },
} as const satisfies { readonly [code: string]: CodeEntry };
