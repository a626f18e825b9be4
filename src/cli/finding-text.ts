// A finding of a rehearsal as a person reads it: what differs, both steps with their places, and what to do.

import type { Json } from "../ir/kir.ts";
import type { OfStep, Recorded } from "../runtime/journal/event.ts";
import { firstDifference, type Attempt, type Difference, type End, type Finding } from "../runtime/engine/rehearsal.ts";
import { words, type Words } from "../source/codes.ts";
import { renderDiagnostic } from "../source/render.ts";
import type { Source, Span } from "../source/text.ts";
import { unreachable } from "../source/invariant.ts";
import { brief } from "./layout.ts";
import type { StepPlaces } from "./step-places.ts";

/** The places of the recorded program and of the one that follows the journal: often the same. */
export interface Sides {
  readonly recorded: StepPlaces;
  readonly attempted: StepPlaces;
}

/** Framed where the text is at hand; without a line break at its end. */
export function findingText(finding: Finding, sides: Sides, help: string, color: boolean): string {
  const told = tell(finding);
  const labels = labelsOf(finding, told.message, sides);
  const [first, ...others] = labels.flatMap(({ found, label }) => (found === undefined ? [] : [{ ...found, label }]));
  if (first === undefined || others.length + 1 < labels.length) return plainText(told, labels, help);
  const { source, span } = first;
  const related = others.map((other) => ({ span: other.span, message: other.label, source: other.source }));
  const { code } = told;
  return renderDiagnostic(source, { code, severity: "error", message: told.message, span, help, related }, { color });
}

function plainText({ code, message }: Words, labels: readonly Label[], help: string): string {
  const lines = [message, ...labels.slice(1).map(({ label }) => label)].map((text, index) => {
    const name = labels[index]?.name;
    return `    ${name === undefined ? "" : `${name}  `}${text}`;
  });
  return [`  × Not the same ${code}`, ...lines, `  help: ${help}`].join("\n");
}

interface Label {
  readonly label: string;
  readonly name: string | undefined;
  readonly found: { readonly source: Source; readonly span: Span } | undefined;
}

/** What is said where: of the recorded step first. */
function labelsOf(finding: Finding, message: string, sides: Sides): readonly Label[] {
  const recorded = "recorded" in finding ? stepIn(finding.recorded) : undefined;
  const attempt = "attempted" in finding && finding.attempted.kind === "Step" ? finding.attempted : undefined;
  const first = recorded ?? attempt?.step.step;
  if (first === undefined) return [];
  const side = recorded === undefined ? sides.attempted : sides.recorded;
  const own: Label = { label: message, name: side.nameOf(first), found: side.find(first) };
  if (recorded === undefined || attempt === undefined) return [own];
  const step = attempt.step.step;
  const name = sides.attempted.nameOf(step);
  if (name === own.name && sides.recorded === sides.attempted) return [own];
  return [own, { label: `now comes to ${attemptText(attempt)}`, name, found: sides.attempted.find(step) }];
}

function stepIn(event: Recorded): string | undefined {
  return "step" in event ? event.step : undefined;
}

// ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The catalogue's words for a finding. */
export function tell(finding: Finding): Words {
  const activation = finding.activation ?? "the run";
  switch (finding.kind) {
    case "OtherStep": {
      const { n } = finding.recorded;
      return words("K6001", { activation, n, recorded: eventText(finding.recorded) });
    }
    case "OtherArguments":
      return words("K6002", { step: placeText(finding.recorded), difference: argumentsText(finding) });
    case "OtherEvent": {
      const { seq, type } = finding.recorded;
      return words("K6003", { seq, type, difference: differenceText(finding.difference) });
    }
    case "OtherEnd": {
      const { seq } = finding.recorded;
      return words("K6004", {
        activation,
        seq,
        recorded: `${eventText(finding.recorded)}; ${endText(finding.attempted)}`,
      });
    }
    case "OtherReply": {
      const difference = differenceText(finding.difference);
      return finding.what === "request" ? words("K6005", { difference }) : words("K6006", { difference });
    }
    case "Unfit":
      return words("K6007", { seq: finding.recorded.seq, type: finding.recorded.type, why: finding.why });
    case "Lost":
      return words("K6008", { activation, seq: finding.recorded.seq, why: finding.why });
    case "AddedStep":
      return words("K6009", { attempted: attemptText(finding.attempted) });
    case "RemovedStep":
      return words("K6010", { recorded: eventText(finding.recorded) });
    case "MovedStep":
      return words("K6011", { recorded: `${eventText(finding.recorded)}, now ${placeText(finding.attempted.step)}` });
    default:
      return unreachable(finding);
  }
}

const WIDTH = 60;

/** Where a step stands: `main/notify:order[2]`. */
export function placeText({ step, indices = [] }: Pick<OfStep, "step" | "indices">): string {
  return `${step}${indices.map((each) => `[${each}]`).join("")}`;
}

/** `notify main/notify:order[2], event 12`. */
function eventText(event: Recorded): string {
  if (!("step" in event && "args" in event)) return `${event.type}, event ${event.seq}`;
  return `${event.effect.toLowerCase()} at ${placeText(event)}, event ${event.seq}`;
}

function attemptText({ step, effect }: Attempt): string {
  return `${step.effect.toLowerCase()} at ${placeText(step)} with ${brief(JSON.stringify(givenOf(effect)), WIDTH)}`;
}

function givenOf(effect: Json): Json {
  const { given = null } = effect as { readonly given?: Json };
  return given;
}

function endText(attempted: Attempt | End): string {
  switch (attempted.kind) {
    case "Step":
      return `now it goes on with ${attemptText(attempted)}`;
    case "Completed":
      return `now it is completed with ${brief(JSON.stringify(attempted.value), WIDTH)}`;
    case "Failed":
      return `now it fails: ${brief(`${attempted.error.name}: ${attempted.error.message}`, WIDTH)}`;
    default:
      return unreachable(attempted);
  }
}

function argumentsText({ given, attempted }: Extract<Finding, { kind: "OtherArguments" }>): string {
  const found = given === undefined ? undefined : firstDifference(given, attempted.effect);
  if (found !== undefined) return differenceText({ ...found, path: found.path.replace(/^given\.?/, "") });
  return `they are now ${brief(JSON.stringify(givenOf(attempted.effect)), WIDTH)}`;
}

/** `line was "a", now "b"`. */
export function differenceText({ path, recorded, derived }: Difference): string {
  const [before, after] = apart(recorded, derived);
  return `${path === "" ? "it" : path} was ${before}, now ${after}`;
}

/** Both values in few words; of long texts the part where they differ. */
function apart(recorded: Json | undefined, derived: Json | undefined): readonly [string, string] {
  if (typeof recorded !== "string" || typeof derived !== "string") return [valueText(recorded), valueText(derived)];
  const [before, after] = excerpts(recorded, derived);
  return [JSON.stringify(before), JSON.stringify(after)];
}

/** Of two texts the part where they differ. */
export function excerpts(a: string, b: string): readonly [string, string] {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const from = a.length <= WIDTH && b.length <= WIDTH ? 0 : Math.max(0, same - 20);
  const part = (text: string): string =>
    `${from > 0 ? "…" : ""}${text.slice(from, from + WIDTH)}${text.length > from + WIDTH ? "…" : ""}`;
  return [part(a), part(b)];
}

function valueText(json: Json | undefined): string {
  return json === undefined ? "nothing" : brief(JSON.stringify(json), WIDTH);
}
