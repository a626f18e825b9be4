// A mail's bytes as what a program sees of it. Lenient, as mail is: a header that is missing or malformed leaves its
// field empty, an unknown charset is read as best it can; only what the MIME parser refuses outright (nesting or headers
// beyond its limits) throws.

import PostalMime, { type Address, type Email as MimeMail } from "postal-mime";
import { plainText } from "./plain-text.ts";

export interface ParsedMail {
  /** With its angle brackets. */
  readonly messageId: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** What the Date header says, in ms, where it says a date. */
  readonly date: number | undefined;
  /** The Message-IDs of the mails before it in its thread, oldest first. */
  readonly references: readonly string[];
}

export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  const mail = await PostalMime.parse(raw);
  return {
    messageId: ids(mail.messageId)[0],
    from: addresses(mail.from === undefined ? [] : [mail.from])[0] ?? "",
    to: addresses(mail.to ?? []),
    subject: (mail.subject ?? "").replace(/\s+/g, " ").trim(),
    body: body(mail),
    date: instant(mail.date),
    references: mail.references === undefined ? ids(mail.inReplyTo) : ids(mail.references),
  };
}

/** The Message-IDs in a header's text. */
export function ids(text: string | undefined): readonly string[] {
  return text?.match(/<[^<>\s]+>/g) ?? [];
}

/** Bare addresses; where a header holds a name and no address, the name. */
function addresses(list: readonly Address[]): readonly string[] {
  const found = list.flatMap((each) => (each.group === undefined ? [each] : each.group));
  return found.map((each) => (each.address === "" ? each.name : each.address)).filter((text) => text !== "");
}

function body(mail: MimeMail): string {
  const text = mail.text ?? "";
  const chosen = text.trim() === "" && mail.html !== undefined ? plainText(mail.html) : text;
  const lines = chosen.replace(/\r\n?/g, "\n");
  let end = lines.length;
  while (end > 0 && lines[end - 1] === "\n") end -= 1;
  return lines.slice(0, end);
}

function instant(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) || new Date(at).toISOString().length > 24 ? undefined : at;
}
