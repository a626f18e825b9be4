// The file that `keel audit export` writes, JSON Lines in UTF-8 (docs/cli/audit.md): a header, the events in order, each
// with the program and the long texts that no event before it named, and a tip. A line is what JSON.stringify makes of
// these, member for member, so that no two files say the same.
//
// What is signed is the UTF-8 of three lines: `keel journal 1`, the SHA-256 of the header's line (without its line
// feed), the hash of the last event; both hashes in hex. So whoever replaces events by their digests keeps the signature.

import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import type { Json } from "../../ir/kir.ts";
import { partsOf, type Walk } from "./audit.ts";
import type { Evidence } from "./audit-store.ts";
import { linkDigest, origin, sha256 } from "./chain.ts";

export const exportFormat = 1;

export type ExportLine = Header | WholeEvent | PrunedEvent | Tip;

export interface Header {
  readonly kind: "header";
  readonly format: number;
  readonly run: string;
  /** The version that wrote the file. */
  readonly keel: string;
  readonly exported_at: string;
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
}

/** The lines of a run that was found intact. */
export function* exportLines(evidence: Evidence, { events, tip }: Walk, { keel, at, key }: Occasion): Iterable<string> {
  const header = lineOf({ kind: "header", format: exportFormat, run: evidence.run, keel, exported_at: at });
  yield header;
  const known = new Set<string>();
  let hash = origin;
  for (const { seq, content } of evidence.links()) {
    hash = linkDigest(hash, content.kind === "Pruned" ? content.digest : sha256(content.text));
    if (content.kind === "Pruned") {
      yield lineOf({ kind: "event", seq, pruned: true, digest: hex(content.digest), hash: hex(hash) });
    } else {
      const texts = namedBy(content.text, known).map((name) => [name, textOf(evidence, name)] as const);
      yield lineOf({ kind: "event", seq, stored: content.text, texts: Object.fromEntries(texts), hash: hex(hash) });
    }
  }
  const digest = hex(sha256(header));
  const signed = key === undefined ? { public_key: null, signature: null } : signatureOf(digest, hex(tip), key);
  yield lineOf({ kind: "tip", events, hash: hex(tip), header: digest, ...signed });
}

/** What an event is the first to name, in order; from then on it is `known`. */
export function namedBy(stored: string, known: Set<string>): readonly string[] {
  const { program, blobs } = partsOf(stored) ?? { program: undefined, blobs: [] };
  const fresh = [...(program === undefined ? [] : [program]), ...blobs].filter((name) => !known.has(name));
  for (const name of fresh) known.add(name);
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

const isTexts = (value: Json | undefined): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isText);

type Members = { readonly [member: string]: (value: Json | undefined) => boolean };

const optional = (is: (value: Json | undefined) => boolean) => (value: Json | undefined) => value === null || is(value);
const forms: { readonly [K in ExportLine["kind"]]: readonly Members[] } = {
  header: [{ format: isCount, run: isText, keel: isText, exported_at: isText }],
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
