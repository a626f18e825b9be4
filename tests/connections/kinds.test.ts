// Connection kinds: the declarations in Keel, the names, the table and `--connect` say the same.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Failure } from "../../src/interp/failure.ts";
import { unsupportedMail } from "../../src/runtime/connections/imap.ts";
import { kindNames } from "../../src/runtime/connections/kind-names.ts";
import { kinds } from "../../src/runtime/connections/kinds.ts";
import { parseConnect, parseConnectOption } from "../../src/runtime/connections/override.ts";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";
import { temporaryFolder } from "./mail-folder.ts";
import { testWorld } from "../support/world.ts";

const folder = path.join(import.meta.dirname, "../../stdlib/connections");
const declared = readdirSync(folder).filter((name) => name.endsWith(".keel"));

test("each kind is declared in a file of its name", () => {
  expect(declared.sort()).toEqual(kindNames.map((name) => `${name}.keel`).sort());
});

test.each(kindNames)("%s does what it declares", (name) => {
  const text = readFileSync(path.join(folder, `${name}.keel`), "utf8");
  const { program, diagnostics } = parse(new Source(`${name}.keel`, text));
  expect(diagnostics).toEqual([]);
  const [kind] = program.items;
  if (kind?.kind !== "KindDeclaration") throw new Error("expected a connection kind");
  expect(kind.name.text).toBe(name);
  const done: object = name === "imap" ? unsupportedMail : kinds[name]({ path: temporaryFolder() }, testWorld());
  for (const operation of kind.operations) expect(operation.name.text in done).toBe(true);
});

test("imap says what to do instead", async () => {
  await expect(unsupportedMail.archive("x")).rejects.toThrow(
    "connection kind imap is not supported yet; run with --connect email=maildir:PATH",
  );
  await expect(unsupportedMail.archive("x")).rejects.toMatchObject({ error: { name: "MailError" } });
});

describe("--connect", () => {
  test("a path from where the command is given", () => {
    expect(parseConnectOption("email=maildir:mail", "/home/ann")).toEqual({
      kind: "Connect",
      name: "email",
      target: "maildir:/home/ann/mail",
    });
    expect(parseConnect("maildir:/with:colon")).toEqual({ via: "maildir", values: { path: "/with:colon" } });
  });

  test.each([
    ["email", "is not of the form NAME=KIND:PATH"],
    ["email=maildir", "is not of the form NAME=KIND:PATH"],
    ["email=maildir:", "is not of the form NAME=KIND:PATH"],
    ["=maildir:x", "is not of the form NAME=KIND:PATH"],
    ["email=pop3:x", "there is no connection kind pop3"],
    ["email=imap:x", "a path does not describe a connection of kind imap"],
  ])("%s", (text, problem) => {
    const option = parseConnectOption(text, "/");
    expect(option).toMatchObject({ kind: "Problem", message: expect.stringContaining(problem) as string });
  });

  test.each(["maildir", "maildir:", ":x", "imap:x", ""])("the recorded target %j is refused", (target) => {
    expect(() => parseConnect(target)).toThrow(Failure);
  });
});
