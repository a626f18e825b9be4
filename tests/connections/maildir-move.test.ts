// Archiving and marking: what a crash may repeat changes nothing more, and a mail is found wherever it lies by then.

import fc from "fast-check";
import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fetchAll, mailFolder, message, type MailFolder } from "./mail-folder.ts";

const one = message({ "Message-ID": "<one@x>", Subject: "one" });
const two = message({ Subject: "two, without an id" });
const happened = { kind: "Happened" };

const folderOfTwo = (): MailFolder => mailFolder({ "new/1.one": one, "cur/2.two:2,F": two });

describe("archive", () => {
  test("moves the file, its flags and content as they are", async () => {
    const folder = folderOfTwo();
    const mail = folder.open();
    await fetchAll(mail);
    await mail.archive("<one@x>");
    await mail.archive("2.two");
    expect(folder.files()).toEqual([".Archive/cur/1.one:2,", ".Archive/cur/2.two:2,F"]);
    expect(readFileSync(path.join(folder.path, ".Archive/cur/1.one:2,"), "utf8")).toBe(one);
  });

  test("twice, in this process and in the next, is once", async () => {
    const folder = folderOfTwo();
    const mail = folder.open();
    await mail.archive("<one@x>");
    await mail.archive("<one@x>");
    await folder.open().archive("<one@x>");
    await folder.open().archive("2.two");
    await folder.open().archive("2.two");
    expect(folder.files()).toEqual([".Archive/cur/1.one:2,", ".Archive/cur/2.two:2,F"]);
  });

  test("in doubt: absent while in the inbox, happened once archived, unknown where it is nowhere", async () => {
    const folder = folderOfTwo();
    expect(await folder.open().archived("<one@x>")).toEqual({ kind: "Absent" });
    await folder.open().archive("<one@x>");
    expect(await folder.open().archived("<one@x>")).toMatchObject(happened);
    rmSync(path.join(folder.path, ".Archive/cur/1.one:2,"));
    expect(await folder.open().archived("<one@x>")).toMatchObject({ kind: "Unknown" });
    await expect(folder.open().archive("<one@x>")).rejects.toThrow(
      "cannot archive the mail <one@x>: it is no longer in",
    );
  });

  test("a name that is taken in the archive writes over nothing", async () => {
    const folder = folderOfTwo();
    await folder.open().archive("<one@x>");
    folder.put("new/1.one", message({ "Message-ID": "<third@x>" }));
    const mail = folder.open();
    await mail.archive("<third@x>");
    await mail.settle("<third@x>");
    expect(folder.files()).toEqual([".Archive/cur/1.one-1:2,S", ".Archive/cur/1.one:2,", "cur/2.two:2,F"]);
    expect(readFileSync(path.join(folder.path, ".Archive/cur/1.one:2,"), "utf8")).toBe(one);
  });

  test("a mail that another program marked meanwhile is found", async () => {
    const folder = folderOfTwo();
    const mail = folder.open();
    await fetchAll(mail);
    renameSync(path.join(folder.path, "new/1.one"), path.join(folder.path, "cur/1.one:2,RS"));
    await mail.archive("<one@x>");
    expect(folder.files()).toContain(".Archive/cur/1.one:2,RS");
  });
});

describe("settle", () => {
  test("marks as seen, once", async () => {
    const folder = folderOfTwo();
    expect(await folder.open().settled("<one@x>")).toEqual({ kind: "Absent" });
    for (let n = 0; n < 2; n += 1) {
      await folder.open().settle("<one@x>");
      await folder.open().settle("2.two");
    }
    expect(folder.files()).toEqual(["cur/1.one:2,S", "cur/2.two:2,FS"]);
    expect(await folder.open().settled("<one@x>")).toMatchObject(happened);
  });

  test("also what was archived before; what is gone has nothing to mark", async () => {
    const folder = folderOfTwo();
    const mail = folder.open();
    await mail.archive("<one@x>");
    expect(await folder.open().settled("<one@x>")).toEqual({ kind: "Absent" });
    await mail.settle("<one@x>");
    expect(folder.files()).toEqual([".Archive/cur/1.one:2,S", "cur/2.two:2,F"]);
    await mail.settle("<nowhere@x>");
    expect(await mail.settled("<nowhere@x>")).toMatchObject(happened);
  });
});

test("a copy of a mail is marked and archived by itself", async () => {
  const folder = mailFolder({ "new/1.a": one, "new/2.b": one });
  const mail = folder.open();
  const [first, second] = (await fetchAll(mail)).emails;
  await mail.archive(first?.id ?? "");
  await mail.settle(first?.id ?? "");
  await mail.settle(second?.id ?? "");
  expect(folder.files()).toEqual([".Archive/cur/1.a:2,S", "cur/2.b:2,S"]);
});

test("whatever is done, however often and in whichever process: no mail is lost or changed", async () => {
  const action = fc.record({
    verb: fc.constantFrom("archive" as const, "settle" as const, "fetch" as const),
    mail: fc.nat(3),
    restart: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
      const mails = [0, 1, 2, 3].map((n) =>
        message(n < 2 ? { "Message-ID": `<${n}@x>` } : { Subject: `${n}` }, `${n}`),
      );
      const folder = mailFolder(Object.fromEntries(mails.map((text, n) => [`new/${n}.m`, text])));
      let mail = folder.open();
      const archived = new Set<number>();
      const seen = new Set<number>();
      for (const { verb, mail: n, restart } of actions) {
        if (restart) mail = folder.open();
        if (verb === "fetch") await fetchAll(mail);
        else await mail[verb](n < 2 ? `<${n}@x>` : `${n}.m`);
        if (verb === "archive") archived.add(n);
        if (verb === "settle") seen.add(n);
      }
      const expected = mails.map((_, n) => {
        const flags = seen.has(n) ? "S" : "";
        if (archived.has(n)) return `.Archive/cur/${n}.m:2,${flags}`;
        return seen.has(n) ? `cur/${n}.m:2,S` : `new/${n}.m`;
      });
      expect(folder.files()).toEqual(expected.toSorted());
      for (const [n, name] of expected.entries())
        expect(readFileSync(path.join(folder.path, name), "utf8")).toBe(mails[n]);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["two Message-IDs", "Message-ID: <first@x>\nMessage-ID: <second@x>\n\n"],
  ["a folded one", "Message-ID:\n <folded@x>\n\n"],
  ["one with a comment", "Message-ID: (by hand) <comment@x> (really)\n\n"],
  ["one without brackets", "Message-ID: bare@x\n\n"],
  ["one after a broken header", "no header\nMessage-ID: <after@x>\n\n"],
  ["one that stands in the body only", "Subject: x\n\nMessage-ID: <body@x>\n"],
  ["DOS line breaks", "Subject: x\r\nMessage-ID: <dos@x>\r\n\r\nbody\r\n"],
])("the id that is fetched is the id that is found: %s", async (_, text) => {
  const folder = mailFolder({ "new/1.m": text });
  const [email] = (await fetchAll(folder.open())).emails;
  await folder.open().archive(email?.id ?? "");
  expect(folder.files()).toEqual([".Archive/cur/1.m:2,"]);
});
