// One folder of a Maildir on the disk: listing, finding, moving, writing. Knows files, not their content.
// Invariants: a mail is never written over (a name that is taken gets a suffix); a move is one rename; a message is
// complete on the disk (fsync) before it has its name in `cur`. Dot files are not mails.

import { mkdir, open, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, mailAttempt, mailProblem } from "../problem.ts";
import { curName, mailFile, type MailFile } from "./file-name.ts";

export class Mailbox {
  /** Where each mail was seen last, by unique part. A hint: other programs change a Maildir too. */
  readonly #seen = new Map<string, MailFile>();

  constructor(readonly path: string) {}

  /** The mails, by their unique part. */
  async list(): Promise<readonly MailFile[]> {
    this.#seen.clear();
    // A mail that another program moves meanwhile goes from `new` to `cur`: read in this order none is missed.
    for (const box of ["new", "cur"] as const) {
      for (const name of await this.#names(box)) this.#note(mailFile(box, name));
    }
    return [...this.#seen.values()].sort((a, b) => (a.unique < b.unique ? -1 : a.unique > b.unique ? 1 : 0));
  }

  async #names(box: "new" | "cur"): Promise<readonly string[]> {
    const entries = await readdir(join(this.path, box), { withFileTypes: true });
    return entries.filter((each) => each.isFile() && !each.name.startsWith(".")).map((each) => each.name);
  }

  #note(file: MailFile): void {
    this.#seen.set(file.unique, file);
  }

  /** A mail that lies where it was seen last. */
  async recall(unique: string): Promise<MailFile | undefined> {
    const file = this.#seen.get(unique);
    return file !== undefined && (await exists(this.pathOf(file))) ? file : undefined;
  }

  /** A mail wherever it is in this folder now. */
  async find(unique: string): Promise<MailFile | undefined> {
    const recalled = await this.recall(unique);
    return recalled ?? (await this.list()).find((file) => file.unique === unique);
  }

  pathOf(file: MailFile): string {
    return join(this.path, file.box, file.name);
  }

  /** Into `cur`, with these flags added to its own. */
  async flag(file: MailFile, flags: string): Promise<void> {
    const flagged = mailFile("cur", curName(file, flags));
    if (file.box === "cur" && file.name === flagged.name) return;
    await rename(this.pathOf(file), this.pathOf(flagged));
    this.#note(flagged);
  }

  /** Moves a mail into another folder's `cur`, which is made where it is missing. Gives its unique part there. */
  async move(file: MailFile, target: Mailbox): Promise<string> {
    await target.make();
    const moved = await target.#free(file);
    await rename(this.pathOf(file), target.pathOf(moved));
    this.#seen.delete(file.unique);
    target.#note(moved);
    await syncFolder(join(target.path, "cur"));
    return moved.unique;
  }

  async #free(file: MailFile): Promise<MailFile> {
    for (let n = 0; ; n += 1) {
      const unique = n === 0 ? file.unique : `${file.unique}-${n}`;
      if ((await this.find(unique)) === undefined) return mailFile("cur", curName({ ...file, unique }));
    }
  }

  /** Writes a message, seen already. Again with the same unique part and content it changes nothing. */
  async write(unique: string, bytes: Uint8Array): Promise<void> {
    await this.make();
    const temporary = join(this.path, "tmp", unique);
    const written = mailFile("cur", `${unique}:2,S`);
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.pathOf(written));
    this.#note(written);
    await syncFolder(join(this.path, "cur"));
  }

  /** A Maildir++ folder: the three folders and the mark that it is not a mailbox of its own. */
  async make(): Promise<void> {
    for (const box of ["cur", "new", "tmp"]) await mkdir(join(this.path, box), { recursive: true });
    await writeFile(join(this.path, "maildirfolder"), "", { flag: "a" });
  }

  async exists(): Promise<boolean> {
    return (await exists(join(this.path, "cur"))) && (await exists(join(this.path, "new")));
  }

  /** Throws a MailError that says what is wrong with the path, unless it is a Maildir. */
  async check(): Promise<void> {
    const what = await mailAttempt(`cannot read the mailbox ${this.path}`, () => kindOf(this.path));
    const like = "a Maildir is a folder with the folders cur, new and tmp";
    if (what === "nothing")
      throw mailProblem(`there is no folder ${this.path}; set the connection's path to a Maildir`);
    if (what === "file") throw mailProblem(`${this.path} is a file and not a Maildir; ${like}`);
    for (const box of ["cur", "new"]) {
      const inside = await mailAttempt(`cannot read the mailbox ${this.path}`, () => kindOf(join(this.path, box)));
      if (inside !== "folder") throw mailProblem(`${this.path} is not a Maildir: it has no folder ${box}; ${like}`);
    }
  }
}

async function kindOf(path: string): Promise<"folder" | "file" | "nothing"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await kindOf(path)) !== "nothing";
}

/** Makes a rename durable, where the file system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || !["EINVAL", "ENOTSUP", "EPERM"].includes(code)) throw error;
  } finally {
    await folder.close();
  }
}
