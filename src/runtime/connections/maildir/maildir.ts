// The kind `maildir`: local mail in a folder. The inbox is the Maildir itself; archived mail is moved to its Maildir++
// folder `.Archive`, sent mail written into `.Sent`.
// Invariants: an id names the same mail for as long as it lies in the inbox or the archive; each operation looks before
// it acts, so doing it twice is doing it once; a mail that cannot be read is reported and stays where it is.

import { join } from "node:path";
import type { Struct } from "../../../interp/value.ts";
import type { Settled } from "../../effects/handler.ts";
import type { World } from "../../world.ts";
import type { Email, FetchRequest, MailConnection, SendRequest } from "../mail.ts";
import { absolutePath } from "../path.ts";
import { codeOf, mailAttempt, mailProblem } from "../problem.ts";
import { compose, messageIdOf, sentName } from "./compose.ts";
import { answeredId, draft, type Thread } from "./draft.ts";
import { isUnread, type MailFile } from "./file-name.ts";
import { Mailbox } from "./mailbox.ts";
import { Reader } from "./reader.ts";

export function openMaildir(values: Struct, world: World): MailConnection {
  const { path, address } = values;
  if (typeof path !== "string" || path === "") throw mailProblem("the maildir connection has no path");
  return new Maildir(absolutePath(path, world.directory), typeof address === "string" ? address : undefined);
}

/** A mail and the folder it lies in. */
interface Located {
  readonly mailbox: Mailbox;
  readonly file: MailFile;
}

class Maildir implements MailConnection {
  readonly #inbox: Mailbox;
  readonly #archive: Mailbox;
  readonly #sent: Mailbox;
  readonly #address: string | undefined;
  readonly #reader = new Reader();
  /** From the id that a program knows to the unique part of the file's name. */
  readonly #uniques = new Map<string, string>();
  readonly #reported = new Set<string>();

  constructor(path: string, address: string | undefined) {
    this.#inbox = new Mailbox(path);
    this.#archive = new Mailbox(join(path, ".Archive"));
    this.#sent = new Mailbox(join(path, ".Sent"));
    this.#address = address;
  }

  async fetch(request: FetchRequest): Promise<readonly Email[]> {
    await this.#inbox.check();
    const emails: { readonly email: Email; readonly unique: string }[] = [];
    const taken = new Set<string>();
    for (const file of await this.#attempt("read", () => this.#inbox.list())) {
      if (request.signal.aborted) throw mailProblem("reading the mailbox was interrupted");
      const email = await this.#attempt("read", () => this.#email(file, taken, request));
      if (email !== undefined && request.keep(email)) emails.push({ email, unique: file.unique });
    }
    emails.sort((a, b) => order(a.email.received_at, b.email.received_at) || order(a.unique, b.unique));
    return emails.slice(0, request.limit).map((each) => each.email);
  }

  async #email(file: MailFile, taken: Set<string>, request: FetchRequest): Promise<Email | undefined> {
    const read = await this.#reader.read(this.#inbox, file);
    if (read.kind === "Gone") return undefined;
    if (read.kind === "Unreadable") {
      if (!this.#reported.has(file.unique)) request.report(`⚠ left out the mail ${file.unique}: ${read.why}`);
      this.#reported.add(file.unique);
      return undefined;
    }
    const { mail, receivedAt } = read;
    // A copy of a mail has the same Message-ID; the second one goes by its file's name.
    const id = mail.messageId !== undefined && !taken.has(mail.messageId) ? mail.messageId : file.unique;
    taken.add(id);
    this.#uniques.set(id, file.unique);
    const received_at = new Date(receivedAt).toISOString();
    const { from, to, subject, body } = mail;
    return { id, from, to, subject, body, unread: isUnread(file), received_at };
  }

  async send(request: SendRequest): Promise<void> {
    await this.#inbox.check();
    if (await this.#isSent(request.key)) return;
    const id = answeredId(request.to);
    const thread = id === undefined ? undefined : await this.#thread(id);
    const message = draft(request.value, request.to, thread, this.#address);
    const bytes = await compose(message, request.key, request.at);
    await this.#attempt("write to", () => this.#sent.write(sentName(request.key), bytes));
  }

  async sent(key: string): Promise<Settled> {
    await this.#inbox.check();
    return (await this.#isSent(key)) ? happened : { kind: "Absent" };
  }

  #isSent(key: string): Promise<boolean> {
    return this.#attempt("read", async () => {
      if (!(await this.#sent.exists())) return false;
      if ((await this.#sent.find(sentName(key))) !== undefined) return true;
      // Another mail program may have given the file a name of its own.
      return (await this.#search(messageIdOf(key), [this.#sent])) !== undefined;
    });
  }

  async #thread(id: string): Promise<Thread> {
    const located = await this.#locate(id);
    if (located === undefined) return { id, original: undefined };
    const read = await this.#attempt("read", () => this.#reader.read(located.mailbox, located.file));
    return { id, original: read.kind === "Mail" ? read.mail : undefined };
  }

  async archive(id: string): Promise<void> {
    const found = await this.#act(id, async ({ mailbox, file }) => {
      if (mailbox === this.#inbox) this.#uniques.set(id, await this.#inbox.move(file, this.#archive));
    });
    if (!found) throw mailProblem(`cannot archive the mail ${id}: it is no longer in ${this.#inbox.path}`);
  }

  async archived(id: string): Promise<Settled> {
    const located = await this.#locate(id);
    if (located === undefined) return { kind: "Unknown", why: `the mail ${id} is no longer in ${this.#inbox.path}` };
    return located.mailbox === this.#archive ? happened : { kind: "Absent" };
  }

  /** A mail that is gone has nothing left to mark. */
  async settle(id: string): Promise<void> {
    await this.#act(id, ({ mailbox, file }) => mailbox.flag(file, "S"));
  }

  async settled(id: string): Promise<Settled> {
    const located = await this.#locate(id);
    return located === undefined || !isUnread(located.file) ? happened : { kind: "Absent" };
  }

  /** Does something to a mail where it lies; false where it is nowhere. */
  async #act(id: string, action: (located: Located) => Promise<void>): Promise<boolean> {
    const located = await this.#locate(id);
    if (located === undefined) return false;
    return this.#attempt("write to", async () => {
      try {
        await action(located);
        return true;
      } catch (error) {
        // Another program may have moved it since it was found: then it is found elsewhere, or gone.
        const again = codeOf(error) === "ENOENT" ? await this.#locate(id) : undefined;
        if (again === undefined || again.file.name === located.file.name) throw error;
        await action(again);
        return true;
      }
    });
  }

  /** Finds a mail in the inbox, else in the archive; first where it was seen last. */
  async #locate(id: string): Promise<Located | undefined> {
    await this.#inbox.check();
    return this.#attempt("read", async () => {
      const unique = this.#uniques.get(id) ?? id;
      const mailboxes = (await this.#archive.exists()) ? [this.#inbox, this.#archive] : [this.#inbox];
      for (const look of ["recall", "find"] as const) {
        for (const mailbox of mailboxes) {
          const file = await mailbox[look](unique);
          if (file !== undefined) return { mailbox, file };
        }
      }
      return this.#search(id, mailboxes);
    });
  }

  /** By the Message-ID in the files: for an id that another process gave out, before a resume. */
  async #search(id: string, mailboxes: readonly Mailbox[]): Promise<Located | undefined> {
    if (!id.startsWith("<")) return undefined;
    for (const mailbox of mailboxes) {
      for (const file of await mailbox.list()) {
        if ((await this.#reader.messageId(mailbox, file)) !== id) continue;
        this.#uniques.set(id, file.unique);
        return { mailbox, file };
      }
    }
    return undefined;
  }

  #attempt<T>(verb: "read" | "write to", action: () => Promise<T>): Promise<T> {
    return mailAttempt(`cannot ${verb} the mailbox ${this.#inbox.path}`, action);
  }
}

const happened: Settled = { kind: "Happened", outcome: { kind: "Value", value: null } };

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
