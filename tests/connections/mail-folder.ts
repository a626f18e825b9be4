// Maildirs in temporary folders, for tests: made with the mails that a test names, removed at its end.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Email, MailConnection } from "../../src/runtime/connections/mail.ts";
import { openMaildir } from "../../src/runtime/connections/maildir/maildir.ts";
import { testWorld } from "../support/world.ts";

export interface MailFolder {
  readonly path: string;
  /** A connection as a new process would open it. */
  open(): MailConnection;
  put(name: string, content: string | Uint8Array): void;
  /** Every mail's path from the Maildir, sorted. */
  files(): readonly string[];
}

/** `mails`: `new/NAME` or `cur/NAME:2,FLAGS` → content. */
export function mailFolder(mails: { readonly [name: string]: string | Uint8Array } = {}, address?: string): MailFolder {
  const folder = temporaryFolder();
  for (const box of ["cur", "new", "tmp"]) mkdirSync(path.join(folder, box));
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(path.join(folder, name), content);
  for (const [name, content] of Object.entries(mails)) put(name, content);
  const values = { path: folder, ...(address === undefined ? {} : { address }) };
  return {
    path: folder,
    open: () => openMaildir(values, testWorld()),
    put,
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "maildirfolder" && !entry.name.startsWith("."))
        .map((entry) => path.join(path.relative(folder, entry.parentPath), entry.name))
        .sort(),
  };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "keel-mail-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Fetched {
  readonly emails: readonly Email[];
  readonly reports: readonly string[];
}

export async function fetchAll(mail: MailConnection, keep: (email: Email) => boolean = () => true): Promise<Fetched> {
  const reports: string[] = [];
  const report = (text: string): void => void reports.push(text);
  const emails = await mail.fetch({ keep, limit: undefined, signal: new AbortController().signal, report });
  return { emails, reports };
}

/** A plain mail with these headers. */
export function message(headers: { readonly [name: string]: string }, body = ""): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join("\n")}\n\n${body}`;
}
