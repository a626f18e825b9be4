// What an audit finds, in the words of the catalogue.

import type { Finding } from "../runtime/journal/audit.ts";
import { words, type Words } from "../source/codes.ts";
import { unreachable } from "../source/invariant.ts";

export function findingWords(finding: Finding): Words {
  switch (finding.kind) {
    case "Changed":
      return words("K6101", { seq: finding.seq });
    case "Gap":
      return words("K6102", { seq: finding.seq });
    case "Blob":
      return words("K6103", { seq: finding.seq, name: finding.name });
    case "Program":
      return words("K6104", { seq: finding.seq });
    case "Cut":
      return words("K6105", { seq: finding.seq, counted: finding.counted });
    case "Head":
      return words("K6106", { part: finding.part });
    case "Tip":
      return words("K6107", {});
    case "Gone":
      return words("K6108", {});
    case "Line":
      return words("K6109", { line: finding.line, why: finding.why });
    case "Signature":
      return words("K6110", {});
    case "Key":
      return words("K6111", { why: finding.why });
    case "Unsound":
      return words("K6112", { what: finding.what });
    default:
      return unreachable(finding);
  }
}

/** The event at which it is, where it is at one. */
export function eventOf(finding: Finding): number | undefined {
  return "seq" in finding ? finding.seq : undefined;
}
