// One recording, verified: whether the file is what was written, and whether a program does what it says: the recorded
// one byte for byte, another one in its decisions and effects. No key, no network, no store.

import type { Program } from "../ir/kir.ts";
import { journalFrom, type Journal } from "../runtime/engine/rehearse-journal.ts";
import { rehearse } from "../runtime/engine/rehearse.ts";
import { rehearseChange } from "../runtime/engine/rehearse-change.ts";
import type { AtHand } from "../runtime/engine/rehearse-world.ts";
import type { Finding, Rehearsal } from "../runtime/engine/rehearsal.ts";
import { readRecording, type Recording } from "../runtime/journal/recording.ts";
import type { Decoder } from "../runtime/models/structured.ts";
import type { Words } from "../source/codes.ts";
import { unreachable } from "../source/invariant.ts";
import { findingWords } from "./audit-words.ts";
import { reason } from "./source-file.ts";
import type { Sides } from "./finding-text.ts";
import { placesWith, type StepPlaces } from "./step-places.ts";

export type Verdict = Unreadable | Damaged | Followed;

/** No recording, or none that this Keel can follow. */
export interface Unreadable {
  readonly kind: "Unreadable";
  readonly file: string;
  readonly why: string;
  readonly help: string;
}

/** Not what was written. */
export interface Damaged {
  readonly kind: "Damaged";
  readonly file: string;
  readonly words: Words;
}

export interface Followed {
  readonly kind: "Followed";
  readonly file: string;
  readonly run: string;
  /** The version that made the run. */
  readonly keel: string;
  readonly rehearsal: Rehearsal;
  /** What it finds but for steps that only stand at another place: those do the same. */
  readonly differences: readonly Finding[];
  readonly moved: number;
  readonly sides: Sides;
}

/** The program of today that is put in the recorded one's place. */
export interface Today {
  readonly file: string;
  readonly program: Program;
  readonly places: StepPlaces;
}

export interface Means {
  readonly decoder: Decoder;
  readonly env: AtHand["env"];
  readonly against?: Today;
}

export function verifyRecording(file: string, means: Means): Verdict {
  const read = readOr(file);
  switch (read.kind) {
    case "Unreadable":
      return read;
    case "Foreign":
      return unreadable(
        file,
        read.why,
        "`keel record RUN -o FILE` writes a recording; a newer Keel reads those of its own",
      );
    case "Damaged":
      return { kind: "Damaged", file, words: findingWords(read.finding) };
    case "Recording":
      return followed(file, read, means);
    default:
      return unreachable(read);
  }
}

function unreadable(file: string, why: string, help: string): Unreadable {
  return { kind: "Unreadable", file, why, help };
}

function readOr(file: string): ReturnType<typeof readRecording> | Unreadable {
  try {
    return readRecording(file);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    return unreadable(file, reason(error), "check the path, and that you may read the file");
  }
}

function followed(file: string, recording: Recording, { decoder, env, against }: Means): Verdict {
  const { run, events, programs, pruned, more } = recording;
  if (pruned > 0 && more === undefined) {
    const why = "events of it were pruned, and the state that the rest begins with is not in it";
    return unreadable(file, why, "it was exported for an audit: `keel record RUN -o FILE` writes what is needed");
  }
  const journal = journalFrom(events, programs, more?.states);
  const [started] = events;
  const found = rehearsed(journal, decoder, { env, inputs: {} }, against?.program);
  if (typeof found === "string" || started?.type !== "run.started") {
    const why = `its hashes fit, and it is no run all the same: ${String(found)}`;
    return unreadable(file, why, "record the run again");
  }
  const recorded = recordedPlaces(recording, against);
  const differences = found.findings.filter(({ kind }) => kind !== "MovedStep");
  return {
    kind: "Followed",
    file,
    run,
    keel: started.keel,
    rehearsal: found,
    differences,
    moved: found.findings.length - differences.length,
    sides: { recorded, attempted: against?.places ?? recorded },
  };
}

/** Or why it cannot be: whoever writes a whole file can write what no run does. */
function rehearsed(journal: Journal, decoder: Decoder, atHand: AtHand, program?: Program): Rehearsal | string {
  try {
    return program === undefined
      ? rehearse(journal, decoder, atHand)
      : rehearseChange(program, journal, decoder, atHand);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const nowhere: StepPlaces = { nameOf: () => undefined, find: () => undefined };

/** Where today's program stands beside it, both may be called the same. */
function recordedPlaces({ more }: Recording, against: Today | undefined): StepPlaces {
  if (more === undefined) return nowhere;
  return placesWith(more, (name) => (against === undefined ? name : `recorded ${name}`));
}
