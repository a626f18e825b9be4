// From what a program sends to what stands in the message: to whom, about what, in which thread. Pure, so the same
// effect gives the same draft on every attempt. A field that is needed and missing is a MailError that names it.
// A reply goes to the `from` that the program sees, never to a Reply-To that it does not.

import { nullError } from "../../../interp/failure.ts";
import type { Struct, Value } from "../../../interp/value.ts";
import { field, isStruct, missing, optionalText, requiredText } from "../item.ts";
import { mailProblem } from "../problem.ts";
import type { ParsedMail } from "./parse.ts";

export interface Draft {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string | undefined;
  readonly body: string;
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
}

/** The mail that a send answers, as far as its mailbox still has it. */
export interface Thread {
  readonly id: string;
  readonly original: ParsedMail | undefined;
}

/** The id of the mail that a send with this `to` answers; undefined where it answers none. */
export function answeredId(to: Value | undefined): string | undefined {
  return to !== undefined && isStruct(to) ? requiredText(to, "id", "cannot send a reply to this value") : undefined;
}

export function draft(
  value: Value,
  to: Value | undefined,
  thread: Thread | undefined,
  address: string | undefined,
): Draft {
  const content = contentOf(value);
  if (to === null) throw nullError("cannot send to none");
  const reply = to !== undefined && isStruct(to) ? to : undefined;
  const receivers = reply === undefined ? receiversOf(value, to) : [requiredText(reply, "from", "cannot send a reply")];
  const references = thread === undefined ? [] : chain(thread);
  return {
    from: address ?? ownAddress(reply, thread),
    to: receivers.map(checkedAddress),
    subject: content.subject ?? (reply === undefined ? undefined : replySubject(reply, thread)),
    body: content.body,
    inReplyTo: references.at(-1),
    references,
  };
}

function contentOf(value: Value): { readonly subject: string | undefined; readonly body: string } {
  if (value === null) throw nullError("cannot send none");
  if (typeof value === "string") return { subject: undefined, body: value };
  if (!isStruct(value))
    throw mailProblem('cannot send this value: it is neither a text nor a struct with a field "body"');
  const doing = "cannot send this value";
  return { subject: optionalText(value, "subject", doing), body: requiredText(value, "body", doing) };
}

function receiversOf(value: Value, to: Value | undefined): readonly string[] {
  if (typeof to === "string") return [to];
  if (to !== undefined)
    throw mailProblem('cannot send to this value: it is neither an address nor a struct with a field "from"');
  const own = value !== null && isStruct(value) ? field(value, "to") : undefined;
  if (typeof own === "string") return [own];
  if (!Array.isArray(own) || own.length === 0) throw missing("cannot send this value", "to");
  const texts = own.filter((each): each is string => typeof each === "string");
  if (texts.length < own.length) throw mailProblem('cannot send this value: its field "to" holds what is no address');
  return texts;
}

/** One address and nothing that a mail header would read as more than one. */
function checkedAddress(text: string): string {
  const address = text.trim();
  if (/^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/u.test(address)) return address;
  throw mailProblem(`cannot send to ${JSON.stringify(text)}: it is no mail address`);
}

/** The address that the answered mail came to: who is written to answers. */
function ownAddress(reply: Struct | undefined, thread: Thread | undefined): string {
  const listed = reply === undefined ? undefined : field(reply, "to");
  const seen: readonly Value[] = Array.isArray(listed) ? listed : (thread?.original?.to ?? []);
  const first = seen[0];
  return typeof first === "string" && first.includes("@") ? first : "keel@localhost";
}

function replySubject(reply: Struct, thread: Thread | undefined): string {
  const subject = optionalText(reply, "subject", "cannot send a reply") ?? thread?.original?.subject ?? "";
  return /^re:/iu.test(subject) ? subject : `Re: ${subject}`.trim();
}

const longestChain = 30;

/** RFC 5322, 3.6.4: the references of the answered mail, then its own Message-ID. */
function chain(thread: Thread): readonly string[] {
  const own = thread.original?.messageId ?? (/^<[^<>\s]+>$/u.test(thread.id) ? thread.id : undefined);
  const before = thread.original?.references ?? [];
  const all = own === undefined ? before : [...before.filter((id) => id !== own), own];
  return all.length <= longestChain ? all : [...all.slice(0, 1), ...all.slice(1 - longestChain)];
}
