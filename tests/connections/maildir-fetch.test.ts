// Reading a Maildir: what comes through, in which order, and what is said of what does not.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Failure } from "../../src/interp/failure.ts";
import { openMaildir } from "../../src/runtime/connections/maildir/maildir.ts";
import { testWorld } from "../support/world.ts";
import { fetchAll, mailFolder, message, temporaryFolder } from "./mail-folder.ts";

const subjects = async (mail: ReturnType<typeof mailFolder>): Promise<readonly string[]> =>
  (await fetchAll(mail.open())).emails.map((email) => email.subject);

describe("what is fetched", () => {
  test("new and cur, in the order of the dates, then of the names", async () => {
    const folder = mailFolder({
      "new/1700000300.b.host": message({ Subject: "same, second", Date: "Tue, 2 Jan 2024 10:00:00 +0000" }),
      "new/1700000200.a.host": message({ Subject: "same, first", Date: "Tue, 2 Jan 2024 11:00:00 +0100" }),
      "cur/1700000900.c.host:2,": message({ Subject: "oldest", Date: "Mon, 1 Jan 2024 00:00:00 +0000" }),
      "new/1700000100.d.host": message({ Subject: "no date, by its name" }),
    });
    expect(await subjects(folder)).toEqual(["no date, by its name", "oldest", "same, first", "same, second"]);
  });

  test("unread is what is in new, or in cur without S", async () => {
    const folder = mailFolder({
      "new/1.a": message({ Subject: "new" }),
      "cur/2.b:2,": message({ Subject: "cur" }),
      "cur/3.c:2,F": message({ Subject: "flagged" }),
      "cur/4.d:2,FS": message({ Subject: "seen" }),
      "cur/5.e": message({ Subject: "no flags at all" }),
    });
    const { emails } = await fetchAll(folder.open());
    const unread = emails.filter((email) => email.unread).map((email) => email.subject);
    expect(new Set(unread)).toEqual(new Set(["new", "cur", "flagged", "no flags at all"]));
    expect(emails).toHaveLength(5);
  });

  test("dot files and folders are no mails", async () => {
    const folder = mailFolder({ "new/.gitkeep": "", "cur/.dotfile": "x", "new/1.a": message({ Subject: "one" }) });
    mkdirSync(path.join(folder.path, "cur", "folder"));
    expect(await subjects(folder)).toEqual(["one"]);
  });

  test("only what the program keeps, at most as many as it wants", async () => {
    const mails = Object.fromEntries([1, 2, 3, 4].map((n) => [`new/170000000${n}.m`, message({ Subject: `${n}` })]));
    const connection = mailFolder(mails).open();
    const signal = new AbortController().signal;
    const keep = (email: { subject: string }): boolean => email.subject !== "2";
    const emails = await connection.fetch({ keep, limit: 2, signal, report: () => undefined });
    expect(emails.map((email) => email.subject)).toEqual(["1", "3"]);
  });

  test("a copy of a mail has an id of its own", async () => {
    const copy = message({ "Message-ID": "<same@x>", Subject: "copy" });
    const connection = mailFolder({ "new/1.a": copy, "new/2.b": copy }).open();
    expect((await fetchAll(connection)).emails.map((email) => email.id)).toEqual(["<same@x>", "2.b"]);
  });

  test("a mail whose file changed is read anew, others are not", async () => {
    const folder = mailFolder({ "new/1.a": message({ Subject: "before" }) });
    const connection = folder.open();
    await fetchAll(connection);
    folder.put("new/1.a", message({ Subject: "after, and longer" }));
    expect((await fetchAll(connection)).emails[0]?.subject).toBe("after, and longer");
  });

  test("thousands of mails", async () => {
    const mails = Object.fromEntries(
      Array.from({ length: 2000 }, (_, n) => [`new/${1_700_000_000 + n}.m`, message({ Subject: `${n}` }, "text")]),
    );
    const connection = mailFolder(mails).open();
    const { emails } = await fetchAll(connection);
    expect(emails.map((email) => email.subject)).toEqual(Array.from({ length: 2000 }, (_, n) => `${n}`));
    for (const email of emails.slice(0, 300)) await connection.settle(email.id);
    expect((await fetchAll(connection, (email) => email.unread)).emails).toHaveLength(1700);
  });
});

describe("awkward mails", () => {
  test("one that the parser refuses is reported once and stays", async () => {
    let nested = "x";
    for (let depth = 0; depth < 300; depth += 1) {
      nested = `Content-Type: multipart/mixed; boundary="b${depth}"\n\n--b${depth}\n${nested}\n--b${depth}--\n`;
    }
    const folder = mailFolder({ "new/1.deep": nested, "new/2.fine": message({ Subject: "fine" }) });
    const connection = folder.open();
    const first = await fetchAll(connection);
    expect(first.emails.map((email) => email.subject)).toEqual(["fine"]);
    expect(first.reports).toHaveLength(1);
    expect(first.reports[0]).toContain("1.deep");
    expect((await fetchAll(connection)).reports).toEqual([]);
    expect(folder.files()).toContain("new/1.deep");
  });

  test("an empty file, only a body, only garbage: all come through", async () => {
    const folder = mailFolder({
      "new/1.empty": "",
      "new/2.body": "\njust a body\n",
      "new/3.garbage": Uint8Array.from({ length: 3000 }, (_, n) => (n * 7919) % 256),
    });
    const { emails, reports } = await fetchAll(folder.open());
    expect(emails).toHaveLength(3);
    expect(emails.map((email) => email.body)).toContain("just a body");
    expect(reports).toEqual([]);
  });

  test("addresses without their names, groups as their members", async () => {
    const folder = mailFolder({
      "new/1.a": message({ From: '"Doe, Jane" <jane@x.org>', To: "Team: a@x.org, B <b@x.org>;, c@x.org" }),
      "new/2.b": message({ From: "no address here" }),
      "new/3.c": message({ Subject: "nobody" }),
    });
    const { emails } = await fetchAll(folder.open());
    expect(emails.map((email) => email.from)).toEqual(["jane@x.org", "no address here", ""]);
    expect(emails[0]?.to).toEqual(["a@x.org", "b@x.org", "c@x.org"]);
  });

  test.each(["Thu, 99 Foo 12345", "Mon, 1 Jan 99999 00:00:00 +0000", ""])(
    "the date %j falls back to the name",
    async (date) => {
      const folder = mailFolder({ "new/1700000000.a": message({ Date: date, Subject: "x" }) });
      const { emails } = await fetchAll(folder.open());
      expect(emails[0]?.received_at).toBe("2023-11-14T22:13:20.000Z");
    },
  );

  test("a subject is one line, whatever its encoding says", async () => {
    const folder = mailFolder({ "new/1.a": message({ Subject: "=?utf-8?Q?two=0D=0AFrom:_evil?= lines" }) });
    expect((await fetchAll(folder.open())).emails[0]?.subject).toBe("two From: evil lines");
  });
});

describe("a mailbox that is none", () => {
  const refused = async (target: string): Promise<string> => {
    const error: unknown = await fetchAll(openMaildir({ path: target }, testWorld())).catch(
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Failure)) throw new Error("expected a Failure");
    expect(error.error.name).toBe("MailError");
    return error.message;
  };

  test("nothing there", async () => {
    const missing = path.join(temporaryFolder(), "nothing");
    expect(await refused(missing)).toBe(`there is no folder ${missing}; set the connection's path to a Maildir`);
    expect(existsSync(missing)).toBe(false);
  });

  test("a file", async () => {
    const file = path.join(temporaryFolder(), "mbox");
    writeFileSync(file, "From x");
    expect(await refused(file)).toContain("is a file and not a Maildir");
    expect(await refused(path.join(file, "deeper"))).toContain("a part of the path is not a folder");
  });

  test("a folder without cur or new", async () => {
    const folder = temporaryFolder();
    expect(await refused(folder)).toContain("it has no folder cur");
    mkdirSync(path.join(folder, "cur"));
    writeFileSync(path.join(folder, "new"), "");
    expect(await refused(folder)).toContain("it has no folder new");
  });
});
