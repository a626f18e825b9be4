// A draft as the bytes of a message (RFC 5322), by the mail library's composer. The Message-ID is made of the effect's
// key, so a message can be looked for after a crash; nothing else in it is drawn, so the same draft, key and time give
// the same bytes.

import { createHash } from "node:crypto";
import type { Draft } from "./draft.ts";

/** The unique part of the file name, and the left side of the Message-ID, of the message that this effect sends. */
export function sentName(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

export function messageIdOf(key: string): string {
  return `<${sentName(key)}@keel.localhost>`;
}

export async function compose(draft: Draft, key: string, at: number): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const message = new MailComposer({
    from: { name: "", address: draft.from },
    to: draft.to.map((address) => ({ name: "", address })),
    subject: draft.subject,
    text: draft.body,
    messageId: messageIdOf(key),
    date: new Date(at),
    inReplyTo: draft.inReplyTo,
    references: [...draft.references],
    newline: "linux",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return message.compile().build();
}
