// The file that `keel audit export` writes, JSON Lines in UTF-8 (docs/cli/audit.md): a header, the events in order, each
// with the program and the long texts that no event before it named, and a tip. A line is what JSON.stringify makes of
// these, member for member, so that no two files say the same. The file of `keel record` is the same with one line more,
// after the header: what shows a person what is found in it (docs/cli/record.md).
//
// What is signed is the UTF-8 of three lines: `keel journal 1`, the SHA-256 of the header's line (without its line
// feed), the hash of the last event; both hashes in hex. So whoever replaces events by their digests keeps the signature.

import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import type { Json, Places } from "../../ir/kir.ts";
import { partsOf, type Walk } from "./audit.ts";
import type { Evidence } from "./audit-store.ts";
import { blobsIn, plainName } from "./blobs.ts";
import { linkDigest, origin, sha256 } from "./chain.ts";
import type { Head } from "./fold.ts";

export const exportFormat = 1;

export type ExportLine = Header | RecordingLine | WholeEvent | PrunedEvent | Tip;

export interface Header {
  readonly kind: "header";
  readonly format: number;
  readonly run: string;
  /** The version that wrote the file. */
  readonly keel: string;
  readonly exported_at: string;
  /** The SHA-256 of the second line, in hex, where that is what a recording holds besides. */
  readonly recording?: string;
}

export interface RecordingLine {
  readonly kind: "recording";
  /** Of the program that the run has now. */
  readonly places: Places;
  /** The text of its files, by the names that the places have for them; none where they are not what was run. */
  readonly sources: { readonly [name: string]: string };
  /** The newest state of the agents, where events were pruned: what is left of them begins with a part of it. */
  readonly states: Head["states"];
}

export interface WholeEvent {
  readonly kind: "event";
  readonly seq: number;
  /** The text that was hashed. */
  readonly stored: string;
  /** The program and the blobs that it is the first to name: by SHA-256, of a program in hex, of a blob in base64url. */
  readonly texts: { readonly [name: string]: string };
  readonly hash: string;
}

export interface PrunedEvent {
  readonly kind: "event";
  readonly seq: number;
  readonly pruned: true;
  readonly digest: string;
  readonly hash: string;
}

export interface Tip {
  readonly kind: "tip";
  readonly events: number;
  readonly hash: string;
  /** The SHA-256 of the header's line. */
  readonly header: string;
  /** The 32 bytes of an Ed25519 key, and the 64 of its signature, in hex. */
  readonly public_key: string | null;
  readonly signature: string | null;
}

// ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Occasion {
  readonly keel: string;
  readonly at: string;
  readonly key?: KeyObject;
  readonly recording?: Omit<RecordingLine, "kind">;
}

/** The lines of a run that was found intact. */
export function* exportLines(evidence: Evidence, { events, tip }: Walk, occasion: Occasion): Iterable<string> {
  const { keel, at, key, recording } = occasion;
  const second = recording === undefined ? undefined : lineOf({ kind: "recording", ...recording });
  const more = second === undefined ? {} : { recording: hex(sha256(second)) };
  const header = lineOf({ kind: "header", format: exportFormat, run: evidence.run, keel, exported_at: at, ...more });
  yield header;
  if (second !== undefined) yield second;
  const known = new Set<string>();
  let hash = origin;
  for (const { seq, content } of evidence.links()) {
    hash = linkDigest(hash, content.kind === "Pruned" ? content.digest : sha256(content.text));
    if (content.kind === "Pruned") {
      yield lineOf({ kind: "event", seq, pruned: true, digest: hex(content.digest), hash: hex(hash) });
    } else {
      const read = (name: string): string => textOf(evidence, name);
      const texts = namedBy(content.text, known, read).map((name) => [name, read(name)] as const);
      yield lineOf({ kind: "event", seq, stored: content.text, texts: Object.fromEntries(texts), hash: hex(hash) });
    }
  }
  const digest = hex(sha256(header));
  const signed = key === undefined ? { public_key: null, signature: null } : signatureOf(digest, hex(tip), key);
  yield lineOf({ kind: "tip", events, hash: hex(tip), header: digest, ...signed });
}

/** What an event is the first to name, in order, a part of a list before what it names; from then on it is `known`. */
export function namedBy(stored: string, known: Set<string>, read: (name: string) => string): readonly string[] {
  const { program, blobs } = partsOf(stored) ?? { program: undefined, blobs: [] };
  const fresh: string[] = [];
  const visit = (name: string): void => {
    const plain = plainName(name);
    if (!known.has(plain)) fresh.push(plain);
    known.add(plain);
    if (plain === name || known.has(name)) return;
    known.add(name);
    blobsIn(read(plain)).forEach(visit);
  };
  [...(program === undefined ? [] : [program]), ...blobs].forEach(visit);
  return fresh;
}

/** Names of programs are hex, those of blobs base64url. */
export function isProgram(name: string): boolean {
  return name.length === 64;
}

function textOf({ blob, program }: Evidence, name: string): string {
  return Buffer.from((isProgram(name) ? program(name) : blob(name)) ?? "").toString();
}

function lineOf(line: ExportLine): string {
  return JSON.stringify(line);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

const isText = (value: Json | undefined): boolean => typeof value === "string";
const isCount = (value: Json | undefined): boolean => Number.isSafeInteger(value);
const isHex = (bytes: number) => (value: Json | undefined) =>
  typeof value === "string" && value.length === bytes * 2 && /^[0-9a-f]*$/.test(value);

const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: Json | undefined): boolean => isObject(value) && Object.values(value).every(isText);

const isPlace = (value: Json): boolean =>
  Array.isArray(value) &&
  [2, 3].includes(value.length) &&
  value.slice(0, 2).every(isCount) &&
  value.slice(2).every(isText);

const isPlaces = (value: Json | undefined): boolean =>
  isObject(value) && isText(value["file"]) && isObject(value["steps"]) && Object.values(value["steps"]).every(isPlace);

const isStates = (value: Json | undefined): boolean => isObject(value) && Object.values(value).every(isObject);

type Members = { readonly [member: string]: (value: Json | undefined) => boolean };

const optional = (is: (value: Json | undefined) => boolean) => (value: Json | undefined) => value === null || is(value);
const forms: { readonly [K in ExportLine["kind"]]: readonly Members[] } = {
  header: [
    { format: isCount, run: isText, keel: isText, exported_at: isText },
    { format: isCount, run: isText, keel: isText, exported_at: isText, recording: isHex(32) },
  ],
  recording: [{ places: isPlaces, sources: isTexts, states: isStates }],
  event: [
    { seq: isCount, stored: isText, texts: isTexts, hash: isHex(32) },
    { seq: isCount, pruned: (value) => value === true, digest: isHex(32), hash: isHex(32) },
  ],
  tip: [
    {
      events: isCount,
      hash: isHex(32),
      header: isHex(32),
      public_key: optional(isHex(32)),
      signature: optional(isHex(64)),
    },
  ],
};

/** Undefined for what is no line of such a file, byte for byte. */
export function parseLine(text: string): ExportLine | undefined {
  const value = parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value) || JSON.stringify(value) !== text) return;
  const line = value as { readonly [member: string]: Json };
  const { kind } = line;
  if (typeof kind !== "string" || !Object.hasOwn(forms, kind)) return;
  const fits = forms[kind as ExportLine["kind"]].some(
    (members) =>
      Object.keys(line).join() === ["kind", ...Object.keys(members)].join() &&
      Object.entries(members).every(([member, is]) => is(line[member])),
  );
  // It has the members of its kind, and no others.
  return fits ? (line as unknown as ExportLine) : undefined;
}

/** The format that the header of a newer Keel names. */
export function newerFormat(text: string): number | undefined {
  const value = parse(text);
  const format = isObject(value) && value["kind"] === "header" ? value["format"] : undefined;
  return typeof format === "number" && format > exportFormat ? format : undefined;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

// ── signatures ──────────────────────────────────────────────────────────────────────────────────────────────────

function signedBytes(header: string, tip: string): Buffer {
  return Buffer.from(`keel journal ${exportFormat}\n${header}\n${tip}\n`);
}

function signatureOf(header: string, tip: string, key: KeyObject): Pick<Tip, "public_key" | "signature"> {
  return { public_key: rawOf(createPublicKey(key)), signature: hex(sign(null, signedBytes(header, tip), key)) };
}

/** Whether the signature is the key's. What is no key signs nothing. */
export function isSigned({ header, hash, public_key, signature }: Tip): boolean {
  if (public_key === null || signature === null) return false;
  const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(public_key, "hex").toString("base64url") };
  try {
    const key = createPublicKey({ key: jwk, format: "jwk" });
    return verify(null, signedBytes(header, hash), key, Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
}

/** The 32 bytes of an Ed25519 public key, in hex. */
export function rawOf(key: KeyObject): string {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url").toString("hex");
}
