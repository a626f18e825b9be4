// What makes a journal impossible to change unnoticed (after Schneier and Kelsey, "Secure Audit Logs", 1999).
//
//   digest = SHA-256(stored bytes)        hash = SHA-256(previous hash ‖ digest)        before the first: 32 zero bytes
//
// The stored bytes of an event are the UTF-8 of these ten, joined by line feeds; what an event does not have is empty:
//
//   run id, seq, at, type, activation, n, step, effect, args (hex as in the event), body
//
// The numbers are decimal, the body is the column as it lies in the row, byte for byte. No field before the body holds
// a line feed, so the bytes are read in one way only. A text that lies in a blob is in the body as `blob:` and its
// SHA-256, so the blob is covered too, and so is the program through the hash in run.started.

import { hash } from "node:crypto";
import { invariant } from "../../source/invariant.ts";

export interface Stored {
  readonly run: string;
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly activation: string | null;
  readonly n: number | null;
  readonly step: string | null;
  readonly effect: string | null;
  readonly args: string | null;
  readonly body: string;
}

/** The hash before a run's first event. */
export const origin: Uint8Array = new Uint8Array(32);

/** The stored bytes, as text. */
export function storedText(s: Stored): string {
  return headOf(s) + s.body;
}

/** What stored bytes say; undefined for what is no text of an event. */
export function parseStored(text: string): Stored | undefined {
  const [run, seq, at, type, activation, n, step, effect, args, body, more] = text.split("\n", 11);
  if (run === undefined || type === undefined || body === undefined || more !== undefined) return undefined;
  const named = (name: string | undefined): string | null => (name === undefined || name === "" ? null : name);
  const head = { run, seq: Number(seq), at: Number(at), type, activation: named(activation) };
  const number = named(n);
  const of = { n: number === null ? null : Number(number), step: named(step), effect: named(effect) };
  return { ...head, ...of, args: named(args), body };
}

function headOf(s: Stored): string {
  return `${s.run}\n${s.seq}\n${s.at}\n${s.type}\n${s.activation ?? ""}\n${s.n ?? ""}\n${s.step ?? ""}\n${s.effect ?? ""}\n${s.args ?? ""}\n`;
}

/** What is left of an event when it is pruned. */
export function digestOf(stored: Stored): Uint8Array {
  const head = headOf(stored);
  invariant(lineFeeds(head) === 9, "the names of an event hold no line feeds");
  return sha256(head + stored.body);
}

/** The hash of an event that follows one with the hash `previous`. */
export function link(previous: Uint8Array, stored: Stored): Uint8Array {
  return linkDigest(previous, digestOf(stored));
}

export function linkDigest(previous: Uint8Array, digest: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([previous, digest]));
}

export function sha256(content: string | Uint8Array): Buffer {
  return hash("sha256", content, "buffer");
}

function lineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
