// An exported file, verified line by line: it may be larger than memory. docs/verify-journal.mjs verifies the same and
// shares no code with this.

import { closeSync, openSync, readSync } from "node:fs";
import { walk, type Finding, type Holds, type Link, type Walk } from "./audit.ts";
import { blobsIn, plainName } from "./blobs.ts";
import { sha256 } from "./chain.ts";
import {
  exportFormat,
  isProgram,
  isSigned,
  namedBy,
  newerFormat,
  parseLine,
  type ExportLine,
  type Header,
  type PrunedEvent,
  type RecordingLine,
  type Tip,
  type WholeEvent,
} from "./export-format.ts";

export interface ReadExport {
  /** Missing where the file does not begin with one. */
  readonly header?: Header;
  /** What a recording holds besides. */
  readonly recording?: RecordingLine;
  /** How far it is intact; missing where a line is none of an export. */
  readonly walk?: Walk;
  readonly finding?: Finding;
  /** The public key whose signature fits, in hex. */
  readonly signedBy?: string;
}

export interface Wanted {
  /** A tip that the chain must lead through. */
  readonly through?: Uint8Array;
  /** The key that must have signed it, in hex. */
  readonly key?: string;
  /** Is given each event that was not pruned, before it is verified. */
  readonly see?: (event: WholeEvent) => void;
}

/** Verifies a file. Throws what the host throws where it cannot be read. */
export function readExport(file: string, { through, key, see }: Wanted): ReadExport {
  const fd = openSync(file, "r");
  const reading = new Reading(linesOf(fd), see);
  try {
    const walked = walk(reading.begin().run, reading.links(), reading, through);
    const finding = walked.finding ?? reading.end(walked, key) ?? (walked.met ? undefined : ({ kind: "Tip" } as const));
    const signedBy = finding === undefined ? reading.signedBy() : undefined;
    return {
      ...reading.known(),
      walk: walked,
      ...(finding === undefined ? {} : { finding }),
      ...(signedBy === undefined ? {} : { signedBy }),
    };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ...reading.known(), finding: { kind: "Line", line: error.line, why: error.message } };
  } finally {
    closeSync(fd);
  }
}

class Malformed extends Error {
  constructor(
    readonly line: number,
    why: string,
  ) {
    super(why);
  }
}

interface Line {
  readonly number: number;
  readonly text: string;
  readonly value: ExportLine;
}

/** A file on its way: what of it is known so far. */
class Reading implements Holds {
  readonly #lines: Iterator<Line>;
  readonly #see: Wanted["see"];
  #header: (Line & { readonly value: Header }) | undefined;
  #recording: RecordingLine | undefined;
  #tip: (Line & { readonly value: Tip }) | undefined;
  /** The programs and texts that say what their names say. */
  readonly #held = new Set<string>();
  /** What the texts name that may be parts of lists. */
  readonly #parts = new Map<string, readonly string[]>();
  /** Those that an event has named. */
  readonly #named = new Set<string>();

  constructor(lines: Iterator<Line>, see: Wanted["see"]) {
    this.#lines = lines;
    this.#see = see;
  }

  begin(): Header {
    const first = this.#lines.next();
    if (first.done === true) throw new Malformed(1, "the file is empty");
    const { value } = first.value;
    if (value.kind !== "header") throw new Malformed(1, "it is no header of an exported journal");
    if (value.format !== exportFormat) throw new Malformed(1, otherFormat(value.format));
    this.#header = { ...first.value, value };
    return value;
  }

  /** The events; what stands between them is looked at on the way. */
  *links(): Generator<Link> {
    let last = 1;
    for (let next = this.#lines.next(); next.done !== true; next = this.#lines.next()) {
      const { number, value } = next.value;
      last = number;
      if (this.#tip !== undefined) throw new Malformed(number, "it stands after the tip");
      this.#requireRecording(next.value);
      switch (value.kind) {
        case "header":
          throw new Malformed(number, "it is a second header");
        case "recording":
          this.#recording = value;
          break;
        case "event":
          yield* this.#event(number, value);
          break;
        case "tip":
          this.#tip = { ...next.value, value };
          break;
      }
    }
    if (this.#tip === undefined) throw new Malformed(last + 1, "the file ends without a tip: its end was cut off");
  }

  /** What the header says stands after it, and nowhere else. */
  #requireRecording({ number, text, value }: Line): void {
    const named = number === 2 ? this.#header?.value.recording : undefined;
    const isThere = value.kind === "recording";
    if (isThere ? named === hex(sha256(text)) : named === undefined) return;
    throw new Malformed(number, isThere ? "the header has another hash of it" : "it is not what the header announces");
  }

  *#event(line: number, event: WholeEvent | PrunedEvent): Generator<Link> {
    const { seq } = event;
    const hash = Buffer.from(event.hash, "hex");
    if ("pruned" in event) {
      yield { seq, hash, content: { kind: "Pruned", digest: Buffer.from(event.digest, "hex") } };
      return;
    }
    for (const [name, text] of Object.entries(event.texts)) {
      if (sha256(text).toString(isProgram(name) ? "hex" : "base64url") !== name) continue;
      this.#held.add(name);
      if (!isProgram(name) && text.startsWith("[")) this.#parts.set(name, blobsIn(text));
    }
    this.#see?.(event);
    yield { seq, hash, content: { kind: "Whole", text: event.stored } };
    // Whoever walks the chain has said what is missing; here is only seen whether there is more.
    if (
      namedBy(event.stored, this.#named, (name) => event.texts[name] ?? "").join() !== Object.keys(event.texts).join()
    ) {
      throw new Malformed(line, "its texts are not those that it names");
    }
  }

  blob(name: string): boolean {
    const plain = plainName(name);
    if (!this.#held.has(plain)) return false;
    return plain === name || (this.#parts.get(plain) ?? []).every((inner) => this.blob(inner));
  }

  program(hash: string): boolean {
    return this.#held.has(hash);
  }

  /** Whether the tip says what the lines before it say. */
  end({ events, tip }: Walk, key: string | undefined): Finding | undefined {
    if (this.#tip === undefined || this.#header === undefined) return undefined;
    const { number: line, value } = this.#tip;
    const { public_key, signature } = value;
    if (value.events !== events)
      return { kind: "Line", line, why: `it counts ${value.events} events, and there are ${events}` };
    if (value.hash !== hex(tip)) return { kind: "Line", line, why: "its hash is not that of the last event" };
    if (value.header !== hex(sha256(this.#header.text)))
      return { kind: "Line", line: 1, why: "the tip has the hash of another header" };
    if ((public_key !== null || signature !== null) && !isSigned(value)) return { kind: "Signature" };
    if (key === undefined || key === public_key) return undefined;
    return { kind: "Key", why: public_key === null ? "it is not signed" : `its key is ${public_key}` };
  }

  known(): Pick<ReadExport, "header" | "recording"> {
    return {
      ...(this.#header === undefined ? {} : { header: this.#header.value }),
      ...(this.#recording === undefined ? {} : { recording: this.#recording }),
    };
  }

  signedBy(): string | undefined {
    return this.#tip?.value.public_key ?? undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const chunkBytes = 64 * 1024;
const lineFeed = 0x0a;

function* linesOf(fd: number): Generator<Line> {
  let number = 0;
  let pieces: Buffer[] = [];
  const line = (): Line => {
    number += 1;
    const text = decoded(Buffer.concat(pieces));
    pieces = [];
    const value = text === undefined ? undefined : parseLine(text);
    if (text === undefined || value === undefined) throw new Malformed(number, noLine(number, text));
    return { number, text, value };
  };
  for (;;) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const read = readSync(fd, chunk, 0, chunkBytes, null);
    if (read === 0) break;
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1 && end < read; end = chunk.indexOf(lineFeed, from)) {
      pieces.push(chunk.subarray(from, end));
      yield line();
      from = end + 1;
    }
    pieces.push(chunk.subarray(from, read));
  }
  if (pieces.some((piece) => piece.length > 0)) throw new Malformed(number + 1, "its end was cut off");
}

function noLine(number: number, text = ""): string {
  const format = number === 1 ? newerFormat(text) : undefined;
  return format === undefined ? "it is no line of an exported journal" : otherFormat(format);
}

function otherFormat(format: number): string {
  return `this Keel reads format ${exportFormat}, not ${format}`;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
