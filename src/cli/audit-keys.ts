// Ed25519 keys from PEM files: what signs an export, and what a signature is compared with.

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { rawOf } from "../runtime/journal/export-format.ts";
import { UsageError } from "./door.ts";
import { readText } from "./source-file.ts";

const make = "make one with `openssl genpkey -algorithm ed25519 -out key.pem`";

/** Throws UsageError. */
export function readSigningKey(file: string): KeyObject {
  const pem = readText(file, "a private key in PEM");
  if (/ENCRYPTED/.test(pem)) {
    throw new UsageError(
      `the key in ${file} is encrypted, which is not supported yet`,
      "write it without a passphrase to a place that is safe: `openssl pkey -in FILE -out PLAIN.pem`",
    );
  }
  return ed25519(file, "private", () => createPrivateKey(pem));
}

/** The 32 bytes of a public key, in hex. Throws UsageError. */
export function readPublicKey(file: string): string {
  const pem = readText(file, "a public key in PEM");
  if (pem.includes("PRIVATE KEY")) {
    throw new UsageError(
      `${file} holds a private key, and the public one is asked for`,
      "`openssl pkey -in FILE -pubout -out PUBLIC.pem` makes it; keep the private one to yourself",
    );
  }
  return rawOf(ed25519(file, "public", () => createPublicKey(pem)));
}

function ed25519(file: string, sort: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch {
    throw new UsageError(`${file} holds no ${sort} key in PEM`, make);
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new UsageError(`the key in ${file} is of the kind ${key.asymmetricKeyType}, not ed25519`, make);
}
