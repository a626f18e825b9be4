// Nothing of a journal can be changed unnoticed: every column of a real file is tampered with, and the chain tells where.

import Database from "better-sqlite3";
import { createHash } from "node:crypto";
import path from "node:path";
import { expect, test } from "vitest";
import { begun, completed, of, open, start, temporary } from "./sample.ts";

const events = 6;

/** A run of six events, tampered with; the seq at which the chain breaks. */
function verifiedAfter(...statements: readonly string[]): number | undefined {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.append(lease, [completed(1, "value ".repeat(2)), completed(2, "long ".repeat(1_000))], start + 2);
  store.append(lease, [completed(3, 3, "Search"), { type: "timer.set", ...of("main", 4, "Wait"), due: 9 }], start + 3);
  expect(store.verify("r1")).toBeUndefined();
  store.close();
  const db = new Database(path.join(folder, "journal.db"));
  db.pragma("foreign_keys = off");
  db.transaction(() =>
    statements.forEach((statement) => expect(db.prepare(statement).run().changes).toBeGreaterThan(0)),
  )();
  db.close();
  return open(folder, { readonly: true }).verify("r1");
}

const seq = (n: number): string => `where id & 4294967295 = ${n}`;

test.each<[string, string, number]>([
  ["the time", `update events set at = at + 1 ${seq(3)}`, 3],
  ["the type", `update events set type = 'step.failed' ${seq(3)}`, 3],
  ["the activation", `update events set activation = 2 ${seq(3)}`, 3],
  ["the activation's name", "update activations set name = 'other'", 2],
  ["the number", `update events set n = 7 ${seq(3)}`, 3],
  ["the step", `update events set step = 2 ${seq(3)}`, 3],
  ["the step's name", "update steps set step = 'x' where effect = 'Search'", 5],
  ["the effect", "update steps set effect = 'x' where effect = 'Search'", 5],
  ["the arguments", `update events set args = x'0123456789abcdee' ${seq(3)}`, 3],
  ["the body", `update events set body = replace(body, 'value', 'VALUE') ${seq(3)}`, 3],
  ["a blank in the body", `update events set body = body || ' ' ${seq(3)}`, 3],
  ["the hash", `update events set hash = zeroblob(32) ${seq(3)}`, 3],
  ["the text in a blob", "update blobs set content = x'00', form = 0", 4],
  ["a blob that cannot be unpacked", "update blobs set content = x'00'", 4],
  ["a blob that is gone", "delete from blobs", 4],
  ["the program", "update programs set program = x'00'", 1],
  ["the program's name", "update programs set hash = 'x'", 1],
  ["the run's id", "update runs set name = 'r1 '", 0],
  ["an event that is gone", `delete from events ${seq(4)}`, 4],
  ["the last event that is gone", `delete from events ${seq(events)}`, events],
  ["the whole end, with the head's count", `delete from events ${seq(events)}`, events],
])("tampering with %s", (what, statement, expected) => {
  if (what === "the run's id") return expect(() => verifiedAfter(statement)).toThrow("there is no run r1");
  const more = what.startsWith("the whole end") ? [`update heads set seq = ${events - 1}`] : [];
  return expect(verifiedAfter(statement, ...more)).toBe(what.startsWith("the whole end") ? events - 1 : expected);
});

test("an independent computation of the chain", () => {
  const folder = temporary();
  begun(folder);
  const db = new Database(path.join(folder, "journal.db"), { readonly: true });
  const [first, second] = db.prepare("select at, body, hash from events order by id").all() as {
    at: number;
    body: string;
    hash: Buffer;
  }[];
  db.close();
  const sha = (...parts: (string | Buffer)[]): Buffer =>
    createHash("sha256")
      .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
      .digest();
  const one = sha(Buffer.alloc(32), sha(`r1\n1\n${first?.at}\nrun.started\n\n\n\n\n\n${first?.body}`));
  expect(first?.hash.equals(one)).toBe(true);
  expect(
    second?.hash.equals(sha(one, sha(`r1\n2\n${second.at}\nactivation.started\nmain\n\n\n\n\n${second.body}`))),
  ).toBe(true);
});
