// Reads the mails of a Maildir and remembers what it read, so that an inbox that is looked at every few minutes is not
// parsed anew each time. A mail is parsed again only if its file changed; at most `cacheCharacters` of text are kept.

import { open, readFile, stat } from "node:fs/promises";
import { codeOf, reasonOf } from "../problem.ts";
import { deliveredAt, type MailFile } from "./file-name.ts";
import type { Mailbox } from "./mailbox.ts";
import { parseMail, type ParsedMail } from "./parse.ts";

const cacheCharacters = 32 * 1024 * 1024;
const largestMail = 64 * 1024 * 1024;
const largestHeader = 256 * 1024;

export type ReadMail =
  | { readonly kind: "Mail"; readonly mail: ParsedMail; readonly receivedAt: number }
  /** Another program took it away meanwhile. */
  | { readonly kind: "Gone" }
  | { readonly kind: "Unreadable"; readonly why: string };

interface Kept {
  readonly version: string;
  readonly read: ReadMail;
  readonly size: number;
}

export class Reader {
  readonly #kept = new Map<string, Kept>();
  #size = 0;
  /** Message-IDs read from headers alone, by folder and unique part. */
  readonly #messageIds = new Map<string, string | undefined>();

  async read(mailbox: Mailbox, file: MailFile): Promise<ReadMail> {
    try {
      const path = mailbox.pathOf(file);
      const { size, mtimeMs } = await stat(path);
      const version = `${size}:${mtimeMs}`;
      const kept = this.#kept.get(file.unique);
      if (kept?.version === version) return kept.read;
      const read = size > largestMail ? tooLarge : await parse(path, file, mtimeMs);
      this.#keep(file.unique, version, read);
      return read;
    } catch (error) {
      const code = codeOf(error);
      if (code === "ENOENT") return { kind: "Gone" };
      if (code === "EACCES" || code === "EPERM" || code === "EIO") return { kind: "Unreadable", why: reasonOf(error) };
      throw error;
    }
  }

  #keep(unique: string, version: string, read: ReadMail): void {
    this.#size -= this.#kept.get(unique)?.size ?? 0;
    this.#kept.delete(unique);
    const size = 500 + (read.kind === "Mail" ? read.mail.body.length + read.mail.subject.length : 0);
    if (size > cacheCharacters / 4) return;
    this.#kept.set(unique, { version, read, size });
    this.#size += size;
    for (const [oldest, { size: freed }] of this.#kept) {
      if (this.#size <= cacheCharacters) return;
      this.#kept.delete(oldest);
      this.#size -= freed;
    }
  }

  /** The Message-ID of a mail, from the beginning of its file, read once. */
  async messageId(mailbox: Mailbox, file: MailFile): Promise<string | undefined> {
    const key = `${mailbox.path}/${file.unique}`;
    if (!this.#messageIds.has(key)) this.#messageIds.set(key, await messageIdIn(mailbox.pathOf(file)));
    return this.#messageIds.get(key);
  }
}

const tooLarge: ReadMail = { kind: "Unreadable", why: "it is larger than 64 MB" };

async function parse(path: string, file: MailFile, mtimeMs: number): Promise<ReadMail> {
  const bytes = await readFile(path);
  try {
    const mail = await parseMail(bytes);
    return { kind: "Mail", mail, receivedAt: mail.date ?? deliveredAt(file.unique) ?? Math.trunc(mtimeMs) };
  } catch (error) {
    return { kind: "Unreadable", why: error instanceof Error ? error.message : String(error) };
  }
}

/** As the whole mail would give it: by the same parser. */
async function messageIdIn(path: string): Promise<string | undefined> {
  try {
    return (await parseMail(await readHeader(path))).messageId;
  } catch (error) {
    if (codeOf(error) === undefined || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The bytes up to the first empty line, or the first 256 KB. */
async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    let header: Buffer = Buffer.alloc(0);
    while (header.length < largestHeader) {
      const chunk = Buffer.alloc(8192);
      const { bytesRead } = await file.read(chunk, 0, chunk.length, header.length);
      header = Buffer.concat([header, chunk.subarray(0, bytesRead)]);
      const end = /\r?\n\r?\n/.exec(header.toString("latin1"))?.index;
      if (end !== undefined) return header.subarray(0, end);
      if (bytesRead === 0) break;
    }
    return header;
  } finally {
    await file.close();
  }
}
