// The names of a Maildir's files (https://cr.yp.to/proto/maildir.html): a unique part, then in `cur` the flags,
// `1700000000.M1P2.host:2,FS`. The unique part stays the same while a mail moves and gets flags; flags are kept in
// ASCII order, as the format demands.

export interface MailFile {
  /** `new` or `cur`; what is in `new` no mail program has seen yet. */
  readonly box: "new" | "cur";
  readonly name: string;
  readonly unique: string;
  readonly flags: string;
}

export function mailFile(box: "new" | "cur", name: string): MailFile {
  const at = name.indexOf(":2,");
  if (at < 0) return { box, name, unique: name.split(":", 1)[0] ?? name, flags: "" };
  return { box, name, unique: name.slice(0, at), flags: name.slice(at + 3) };
}

export function isUnread(file: MailFile): boolean {
  return file.box === "new" || !file.flags.includes("S");
}

/** The name in `cur` that this mail has with its own flags and `more`. */
export function curName(file: MailFile, more = ""): string {
  const flags = [...new Set(file.flags + more)].sort().join("");
  return `${file.unique}:2,${flags}`;
}

/** The time of delivery that a unique part begins with, in ms. */
export function deliveredAt(unique: string): number | undefined {
  const seconds = /^(\d{9,10})\./.exec(unique)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
