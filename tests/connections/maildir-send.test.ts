// Sending into a Maildir: what is written is what a mail program reads, once, whatever happens in between.

import fc from "fast-check";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { Failure } from "../../src/interp/failure.ts";
import type { Value } from "../../src/interp/value.ts";
import type { MailConnection } from "../../src/runtime/connections/mail.ts";
import { openMaildir } from "../../src/runtime/connections/maildir/maildir.ts";
import { testWorld } from "../support/world.ts";
import { fetchAll, mailFolder, message, type MailFolder } from "./mail-folder.ts";

const at = Date.UTC(2026, 4, 6, 7, 8, 9);
const send = (mail: MailConnection, value: Value, to?: Value, key = "run/main:1"): Promise<void> =>
  mail.send({ value, to, key, at });

async function sent(folder: MailFolder): Promise<Awaited<ReturnType<typeof PostalMime.parse>>> {
  const files = folder.files().filter((name) => name.startsWith(".Sent/"));
  expect(files).toHaveLength(1);
  return PostalMime.parse(readFileSync(path.join(folder.path, files[0] ?? "")));
}

const question = message(
  {
    From: "Ann <ann@x.org>",
    To: "me@here.org, other@here.org",
    Subject: "Lunch?",
    "Message-ID": "<q3@x.org>",
    References: "<q1@x.org> <q2@x.org>",
  },
  "Where?",
);

describe("what is sent", () => {
  test("a text to an address", async () => {
    const folder = mailFolder({}, "me@here.org");
    await send(folder.open(), "Hello, Bob", "bob@x.org");
    const mail = await sent(folder);
    expect(mail).toMatchObject({
      text: "Hello, Bob\n",
      from: { address: "me@here.org" },
      date: "2026-05-06T07:08:09.000Z",
    });
    expect(mail.to?.map((each) => each.address)).toEqual(["bob@x.org"]);
    expect(mail.messageId).toMatch(/^<[0-9a-f]{32}@keel\.localhost>$/);
    expect(mail.subject).toBeUndefined();
    expect(folder.files()[0]).toMatch(/^\.Sent\/cur\/[0-9a-f]{32}:2,S$/);
  });

  test("a struct to its own `to`", async () => {
    const folder = mailFolder();
    await send(folder.open(), { to: ["a@x.org", "b@x.org"], subject: "Grüße", body: "Hier." });
    const mail = await sent(folder);
    expect(mail).toMatchObject({ subject: "Grüße", text: "Hier.\n" });
    expect(mail.to?.map((each) => each.address)).toEqual(["a@x.org", "b@x.org"]);
  });

  test("a reply goes to its sender, in its thread, from whom it was sent to", async () => {
    const folder = mailFolder({ "new/1.q": question });
    const connection = folder.open();
    const [email] = (await fetchAll(connection)).emails;
    await send(connection, "At noon", email);
    expect(await sent(folder)).toMatchObject({
      subject: "Re: Lunch?",
      inReplyTo: "<q3@x.org>",
      references: "<q1@x.org> <q2@x.org> <q3@x.org>",
      from: { address: "me@here.org" },
      to: [{ address: "ann@x.org" }],
    });
  });

  test("a reply to an archived mail, in another process", async () => {
    const folder = mailFolder({ "new/1.q": question });
    await folder.open().archive("<q3@x.org>");
    await send(folder.open(), "At noon", { id: "<q3@x.org>", from: "ann@x.org", subject: "re: Lunch?" });
    expect(await sent(folder)).toMatchObject({ subject: "re: Lunch?", references: "<q1@x.org> <q2@x.org> <q3@x.org>" });
  });

  test("a reply to a mail that is gone keeps what is known of its thread", async () => {
    const folder = mailFolder();
    await send(folder.open(), "At noon", { id: "<gone@x.org>", from: "ann@x.org", subject: "Lunch?" });
    expect(await sent(folder)).toMatchObject({ inReplyTo: "<gone@x.org>", references: "<gone@x.org>" });
  });

  test("a long thread keeps its first and its newest references", async () => {
    const references = Array.from({ length: 500 }, (_, n) => `<m${n}@x.org>`).join(" ");
    const folder = mailFolder({ "new/1.q": message({ "Message-ID": "<last@x.org>", References: references }) });
    await send(folder.open(), "x", { id: "<last@x.org>", from: "ann@x.org" });
    const kept = (await sent(folder)).references?.split(/\s+/) ?? [];
    expect(kept).toHaveLength(30);
    expect([kept[0], kept.at(-2), kept.at(-1)]).toEqual(["<m0@x.org>", "<m499@x.org>", "<last@x.org>"]);
  });

  test("whatever text is sent is the text that is fetched", async () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.constantFrom(
        "From here",
        ".",
        "--",
        "> quoted",
        "=3D",
        " leading",
        "trailing ",
        "x".repeat(1200),
        "é".repeat(90),
      ),
    );
    const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n"));
    await fc.assert(
      fc.asyncProperty(text, text, async (subject, body) => {
        const folder = mailFolder();
        await send(folder.open(), { to: "a@x.org", subject, body });
        for (const box of ["cur", "new"]) mkdirSync(path.join(folder.path, ".Sent", box), { recursive: true });
        const [email] = (await fetchAll(openMaildir({ path: path.join(folder.path, ".Sent") }, testWorld()))).emails;
        expect(email?.body).toBe(body.replace(/\r\n?/g, "\n").replace(/\n+$/, ""));
        expect(email?.subject).toBe(subject.replace(/\s+/g, " ").trim());
      }),
      { numRuns: 150 },
    );
  });
});

describe("once", () => {
  test("sending twice with one key writes one mail, byte for byte the same", async () => {
    const folder = mailFolder({}, "me@here.org");
    await send(folder.open(), "Hello", "bob@x.org");
    const [name = ""] = folder.files();
    const bytes = readFileSync(path.join(folder.path, name), "latin1");
    await send(folder.open(), "Hello", "bob@x.org");
    expect(folder.files()).toEqual([name]);
    expect(readFileSync(path.join(folder.path, name), "latin1")).toBe(bytes);
    const other = mailFolder({}, "me@here.org");
    await send(other.open(), "Hello", "bob@x.org");
    expect(readFileSync(path.join(other.path, other.files()[0] ?? ""), "latin1")).toBe(bytes);
  });

  test("two keys are two mails", async () => {
    const folder = mailFolder();
    const connection = folder.open();
    await send(connection, "Hello", "bob@x.org", "run/main:1");
    await send(connection, "Hello", "bob@x.org", "run/main:2");
    expect(folder.files()).toHaveLength(2);
  });

  test("in doubt: absent before, happened after, also where another program renamed the file", async () => {
    const folder = mailFolder();
    expect(await folder.open().sent("run/main:1")).toEqual({ kind: "Absent" });
    await send(folder.open(), "Hello", "bob@x.org");
    expect(await folder.open().sent("run/main:1")).toMatchObject({ kind: "Happened" });
    expect(await folder.open().sent("run/main:2")).toEqual({ kind: "Absent" });
    renameSync(
      path.join(folder.path, folder.files()[0] ?? ""),
      path.join(folder.path, ".Sent/cur/1700000000.moved:2,RS"),
    );
    expect(await folder.open().sent("run/main:1")).toMatchObject({ kind: "Happened" });
    await send(folder.open(), "Hello", "bob@x.org");
    expect(folder.files()).toHaveLength(1);
  });

  test("a crash while writing leaves half a file in tmp, which is no mail", async () => {
    const folder = mailFolder();
    await send(folder.open(), "Hello", "bob@x.org");
    const [name = ""] = folder.files();
    const unique = path.basename(name).replace(":2,S", "");
    renameSync(path.join(folder.path, name), path.join(folder.path, ".Sent/tmp", unique));
    writeFileSync(path.join(folder.path, ".Sent/tmp", unique), "half");
    expect(await folder.open().sent("run/main:1")).toEqual({ kind: "Absent" });
    await send(folder.open(), "Hello", "bob@x.org");
    expect((await sent(folder)).text).toBe("Hello\n");
  });
});

describe("what cannot be sent", () => {
  const refusals: readonly (readonly [value: Value, to: Value | undefined, error: string, message: string])[] = [
    [{ body: "x" }, undefined, "MailError", 'cannot send this value: it has no field "to"'],
    [{ to: "a@x.org" }, undefined, "MailError", 'cannot send this value: it has no field "body"'],
    ["x", undefined, "MailError", 'cannot send this value: it has no field "to"'],
    [{ to: [], body: "x" }, undefined, "MailError", 'cannot send this value: it has no field "to"'],
    ["x", { id: "<a@b>" }, "MailError", 'cannot send a reply: it has no field "from"'],
    ["x", { from: "a@x.org" }, "MailError", 'cannot send a reply to this value: it has no field "id"'],
    [{ to: "a@x.org", body: 3 }, undefined, "MailError", 'cannot send this value: its field "body" is not a text'],
    ["x", "bob", "MailError", 'cannot send to "bob": it is no mail address'],
    ["x", "a@x.org, b@x.org", "MailError", 'cannot send to "a@x.org, b@x.org": it is no mail address'],
    ["x", "a@x.org\nBcc: b@x.org", "MailError", 'cannot send to "a@x.org\\nBcc: b@x.org": it is no mail address'],
    ["x", 3, "MailError", 'cannot send to this value: it is neither an address nor a struct with a field "from"'],
    [null, "a@x.org", "NullError", "cannot send none"],
  ];
  test.each(refusals)("%j to %j", async (value, to, name, text) => {
    const folder = mailFolder();
    const error: unknown = await send(folder.open(), value, to).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ message: text, error: { name } });
    expect(folder.files()).toEqual([]);
  });

  test("into a folder that is a file", async () => {
    const folder = mailFolder();
    writeFileSync(path.join(folder.path, ".Sent"), "");
    await expect(send(folder.open(), "x", "a@x.org")).rejects.toThrow(/^cannot (read|write to) the mailbox /);
  });
});
