// Long texts and long lists, stored once by what they say. A packed value is its JSON, in which a text over 1 KiB stands
// as `blob:` and the SHA-256 of its UTF-8 (base64url); a text that itself begins with `blob:` stands as `blob:=` and
// itself. Of a list over 2 KiB, each next 1 KiB of elements stands as `blob:[` and the SHA-256 of these as packed JSON,
// and so on while that is long: a list that grows shares all but its end with what it was, so a conversation costs its
// new part only. Content from 4 KiB up is deflated where that makes it shorter. A text that is no well-formed Unicode
// stays in place.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Json } from "../../ir/kir.ts";
import { sha256 } from "./chain.ts";
import { damaged } from "./problems.ts";
import type { Sql } from "./sql.ts";

export interface Blobs {
  /** The JSON of a value, its long texts put away, and besides those that are in `apart`, whatever their length. */
  pack(value: Json, apart?: ReadonlySet<string>): string;
  /** The value again. Throws StoreError `corrupt`. */
  unpack(packed: string): Json;
  /** The same for an object, whose members that hold blobs are read when they are asked for. */
  unpackLazily(packed: string): { readonly [key: string]: Json };
  /** The bytes of one blob. Throws StoreError `corrupt`. */
  read(name: string): Uint8Array;
  /** Forgets which blobs are known to be stored: what was written since may have been rolled back. */
  forget(): void;
}

const mark = "blob:";
const listMark = `${mark}[`;
const limitBytes = 1024;
const deflateBytes = 4096;
const knownLimit = 10_000;
const plain = 0;
const deflated = 1;

interface BlobRow {
  readonly form: number;
  readonly content: Uint8Array;
}

export function openBlobs(sql: Sql): Blobs {
  const insert = sql.prepare("insert into blobs (digest, form, content) values (?, ?, ?) on conflict do nothing");
  const select = sql.prepare<BlobRow>("select form, content from blobs where digest = ?");
  const known = new Set<string>();

  const put = (text: string): string => {
    const bytes = Buffer.from(text);
    const digest = sha256(bytes);
    const name = digest.toString("base64url");
    if (known.has(name)) return name;
    const short = bytes.length >= deflateBytes ? deflateRawSync(bytes) : bytes;
    if (short.length < bytes.length) insert.run(digest, deflated, short);
    else insert.run(digest, plain, bytes);
    if (known.size >= knownLimit) known.clear();
    known.add(name);
    return name;
  };

  const read = (name: string): Buffer => {
    const row = select.get(Buffer.from(name, "base64url"));
    if (row === undefined) throw damaged(`the text ${name} is missing`);
    try {
      return row.form === deflated ? inflateRawSync(row.content) : Buffer.from(row.content);
    } catch {
      throw damaged(`the text ${name} cannot be unpacked`);
    }
  };

  const away = (apart: ReadonlySet<string> | undefined) => (text: string) => {
    const long = Buffer.byteLength(text) > limitBytes || apart?.has(text) === true;
    if (long && !/\p{Surrogate}/u.test(text)) return mark + put(text);
    return text.startsWith(mark) ? `${mark}=${text}` : text;
  };

  const textOf = (name: string): string => read(name).toString();

  return {
    pack(value, apart) {
      const text = JSON.stringify(value);
      if (apart === undefined && Buffer.byteLength(text) <= limitBytes && !mentions(text)) return text;
      return JSON.stringify(packWith(value, away(apart), put));
    },
    unpack: (packed) => unpackWith(packed, textOf),
    unpackLazily(packed) {
      const value = parse(packed);
      if (value === null || typeof value !== "object" || Array.isArray(value)) throw damaged("an event is no object");
      const fields = value as { readonly [key: string]: Json };
      return mentions(packed) ? lazily(fields, (json) => whole(json, textOf)) : fields;
    },
    read,
    forget: () => known.clear(),
  };
}

/** A packed value again; `read` gives the text of a blob. Throws StoreError `corrupt` for what was not packed. */
export function unpackWith(packed: string, read: (name: string) => string): Json {
  const value = parse(packed);
  return mentions(packed) ? whole(value, read) : value;
}

/** What a packed value names, in order: a text by its name, a part of a list by its name after `[`. */
export function blobsIn(packed: string): readonly string[] {
  if (!mentions(packed)) return [];
  // A key would be followed by a colon; inside a longer text the quotes have a backslash before them.
  return [...packed.matchAll(/(?<!\\)"blob:(\[?[\w-]{43})"(?!:)/g)].map(([, name]) => name ?? "");
}

/** The blob that a name of `blobsIn` means. */
export function plainName(name: string): string {
  return name.startsWith("[") ? name.slice(1) : name;
}

function packWith(value: Json, away: (text: string) => string, put: (text: string) => string): Json {
  if (typeof value === "string") return away(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return inParts(
      value.map((item: Json) => packWith(item, away, put)),
      put,
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packWith(item, away, put)]));
}

function inParts(items: readonly Json[], put: (text: string) => string): readonly Json[] {
  const texts = items.map((item) => JSON.stringify(item));
  if (texts.reduce((sum, text) => sum + text.length + 1, 0) < 2 * limitBytes) return items;
  const parts: Json[] = [];
  let [from, size] = [0, 0];
  texts.forEach((text, at) => {
    size += text.length + 1;
    if (size < limitBytes) return;
    parts.push(listMark + put(`[${texts.slice(from, at + 1).join(",")}]`));
    [from, size] = [at + 1, 0];
  });
  const shorter = [...parts, ...items.slice(from)];
  return shorter.length < items.length ? inParts(shorter, put) : shorter;
}

function whole(value: Json, read: (name: string) => string): Json {
  if (typeof value === "string") return wholeText(value, read);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.flatMap((item: Json) => wholeItems(item, read));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, whole(item, read)]));
}

/** An element of a packed list; or those that it stands for. */
function wholeItems(item: Json, read: (name: string) => string): readonly Json[] {
  if (typeof item !== "string" || !item.startsWith(listMark)) return [whole(item, read)];
  const part = parse(read(item.slice(listMark.length)));
  if (!Array.isArray(part)) throw damaged("a part of a list is none");
  return part.flatMap((inner: Json) => wholeItems(inner, read));
}

function wholeText(text: string, read: (name: string) => string): string {
  if (!text.startsWith(mark)) return text;
  return text.startsWith("=", mark.length) ? text.slice(mark.length + 1) : read(text.slice(mark.length));
}

function parse(packed: string): Json {
  try {
    return JSON.parse(packed) as Json;
  } catch {
    throw damaged("an event is not JSON");
  }
}

function mentions(packed: string): boolean {
  return packed.includes(`"${mark}`);
}

/** The object, whose members are worked out when they are first asked for. */
function lazily(
  fields: { readonly [key: string]: Json },
  work: (json: Json) => Json,
): { readonly [key: string]: Json } {
  const lazy: { [key: string]: Json } = {};
  for (const [key, packed] of Object.entries(fields)) {
    const define = (rest: PropertyDescriptor): unknown =>
      Object.defineProperty(lazy, key, { enumerable: true, configurable: true, ...rest });
    if (packed === null || (typeof packed !== "object" && typeof packed !== "string")) lazy[key] = packed;
    else {
      const get = (): Json => {
        const value = work(packed);
        define({ value, writable: false });
        return value;
      };
      define({ get });
    }
  }
  return lazy;
}
