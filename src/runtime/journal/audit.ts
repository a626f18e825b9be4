// Whether what is remembered of a run is what was written, event by event: from a store or from an exported file. The
// hashes are computed anew from what lies there; what is stored beside it is compared with them and never believed.
//
// What no chain can show: that its end was cut off and the head adjusted, or that all of it was written anew. For that
// an earlier tip is needed, which somebody kept elsewhere; the chain must lead through it.

import { blobsIn, plainName } from "./blobs.ts";
import { linkDigest, origin, sha256 } from "./chain.ts";

/** An event as an audit sees it. */
export interface Link {
  readonly seq: number;
  /** The hash that is kept with it; a store keeps none of a pruned event. */
  readonly hash: Uint8Array | undefined;
  readonly content: Content;
}

/** The text that was hashed, or what pruning left of it. */
export type Content =
  { readonly kind: "Whole"; readonly text: string } | { readonly kind: "Pruned"; readonly digest: Uint8Array };

/** What events name by hash: whether it is there, and says what its name says. */
export interface Holds {
  /** By a name of `blobsIn`: a part of a list with all that it names in turn. */
  blob(name: string): boolean;
  program(hash: string): boolean;
}

/** What does not fit, the first of a run. */
export type Finding =
  | { readonly kind: "Changed"; readonly seq: number }
  | { readonly kind: "Gap"; readonly seq: number }
  | { readonly kind: "Blob"; readonly seq: number; readonly name: string }
  | { readonly kind: "Program"; readonly seq: number }
  /** The last events are missing: `seq` is the first of them, `counted` how many there should be. */
  | { readonly kind: "Cut"; readonly seq: number; readonly counted: number }
  | { readonly kind: "Head"; readonly part: string }
  /** The chain does not lead through an earlier tip. */
  | { readonly kind: "Tip" }
  | { readonly kind: "Gone" }
  | { readonly kind: "Line"; readonly line: number; readonly why: string }
  | { readonly kind: "Signature" }
  | { readonly kind: "Key"; readonly why: string }
  | { readonly kind: "Unsound"; readonly what: string };

export interface Walk {
  /** How many events fit, pruned ones included. */
  readonly events: number;
  readonly pruned: number;
  /** The hash of the last of them. */
  readonly tip: Uint8Array;
  /** The program that was named last. */
  readonly program: string | undefined;
  /** Whether it led through the tip that was asked for. */
  readonly met: boolean;
  readonly finding?: Finding;
}

/** Follows a chain from its first event as far as it holds. */
export function walk(run: string, links: Iterable<Link>, holds: Holds, through?: Uint8Array): Walk {
  let so: Walk = { events: 0, pruned: 0, tip: origin, program: undefined, met: through === undefined };
  for (const link of links) {
    const { content } = link;
    const seq = so.events + 1;
    const tip = linkDigest(so.tip, content.kind === "Pruned" ? content.digest : sha256(content.text));
    const parts = content.kind === "Pruned" ? undefined : partsOf(content.text);
    const finding =
      chainMisfit(seq, link, tip) ?? (content.kind === "Pruned" ? undefined : misfit(run, seq, parts, holds));
    if (finding !== undefined) return { ...so, finding };
    so = {
      events: seq,
      pruned: so.pruned + (content.kind === "Pruned" ? 1 : 0),
      tip,
      program: parts?.program ?? so.program,
      met: so.met || (through !== undefined && same(through, tip)),
    };
  }
  return so;
}

function chainMisfit(seq: number, link: Link, hash: Uint8Array): Finding | undefined {
  if (link.seq !== seq) return { kind: "Gap", seq };
  return link.hash === undefined || same(link.hash, hash) ? undefined : { kind: "Changed", seq };
}

function misfit(run: string, seq: number, parts: Parts | undefined, holds: Holds): Finding | undefined {
  if (parts === undefined || parts.run !== run || parts.seq !== String(seq)) return { kind: "Changed", seq };
  const missing = parts.blobs.find((name) => !holds.blob(name));
  if (missing !== undefined) return { kind: "Blob", seq, name: plainName(missing) };
  return parts.program === undefined || holds.program(parts.program) ? undefined : { kind: "Program", seq };
}

/** What an audit reads in a stored text. */
export interface Parts {
  readonly run: string;
  readonly seq: string;
  /** The blobs that its body names, in order, each once, as `blobsIn` gives them. */
  readonly blobs: readonly string[];
  /** The program that an event of the run names. */
  readonly program: string | undefined;
}

const head = 9;

/** Undefined where it is no text of an event. */
export function partsOf(text: string): Parts | undefined {
  const fields = text.split("\n", head + 2);
  const [run, seq, , type, body] = [...fields.slice(0, 4), fields[head]];
  if (run === undefined || seq === undefined || body === undefined || fields.length > head + 1) return undefined;
  const value = objectIn(body);
  if (value === undefined) return undefined;
  const program = type?.startsWith("run.") === true ? value["program"] : undefined;
  return { run, seq, blobs: [...new Set(blobsIn(body))], program: typeof program === "string" ? program : undefined };
}

function objectIn(body: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return value as { readonly [name: string]: unknown };
  } catch {
    return undefined;
  }
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
