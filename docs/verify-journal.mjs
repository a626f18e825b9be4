// Verifies a file that `keel audit export` or `keel record` wrote, without Keel: Node's own library is all it needs.
//
//   node verify-journal.mjs EXPORT.jsonl [PUBLIC-KEY.pem]
//
// docs/cli/audit.md describes the file, and what it means that one is intact. Exit code 0: it is; 1: it is not.

import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const [file, keyFile] = process.argv.slice(2);
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const must = (holds, what) => {
  if (!holds) throw new Error(what);
};
const known = new Set();
let [header, tip, line, events, pruned, chain] = [undefined, undefined, 0, 0, 0, Buffer.alloc(32)];

function read(text) {
  const value = JSON.parse(text);
  must(JSON.stringify(value) === text && tip === undefined, "not as it was written");
  const form = [value.kind, ...Object.keys(value).slice(1)].join(" ");
  const isHeader = /^header format run keel exported_at( recording)?$/.test(form) && value.format === 1;
  if (isHeader && line === 1) header = value;
  else if (line === 2 && header.recording !== undefined)
    must(`${value.kind} ${sha256(text).toString("hex")}` === `recording ${header.recording}`, "not the recording");
  else if (form === "event seq stored texts hash" || form === "event seq pruned digest hash") follow(value);
  else must(form === "tip events hash header public_key signature" && (tip = value), "no line of format 1");
  if (value.pruned || tip) must(text === text.toLowerCase(), "hex with capitals");
}

function follow({ seq, stored, texts, pruned: isPruned, digest, hash }) {
  chain = sha256(chain, isPruned === true ? Buffer.from(digest, "hex") : sha256(stored));
  must(seq === (events += 1) && hash === chain.toString("hex"), `event ${events} does not fit the chain`);
  if (isPruned === true) pruned += 1;
  else readTexts(`${seq}`, stored, texts);
}

/** An event is ten fields: run, seq, at, type, …, body. Program and long texts stand beside the first that names them. */
function readTexts(seq, stored, texts) {
  const [run, place, , type, , , , , , body] = stored.split("\n");
  must(run === header.run && place === seq, "an event of another run or place");
  const program = type.startsWith("run.") ? [JSON.parse(body).program ?? []].flat() : [];
  const named = program.filter((name) => !known.has(name) && known.add(name));
  name(body, texts, named);
  must(named.join() === Object.keys(texts).join(), "not the texts that the event names");
  const holds = (name) => sha256(texts[name]).toString(name.length === 64 ? "hex" : "base64url") === name;
  must(named.every(holds), "a text was changed");
}

/** A part of a list is named with a bracket, and names texts in turn. */
function name(packed, texts, named) {
  for (const [, list, blob] of packed.matchAll(/(?<!\\)"blob:(\[?)([\w-]{43})"(?!:)/g)) {
    if (!known.has(blob)) named.push(blob);
    const isNew = list && !known.has(`[${blob}`);
    known.add(blob).add(list + blob);
    if (isNew) name(texts[blob] ?? "", texts, named);
  }
}

function signer({ public_key, signature, header, hash }) {
  if (public_key === null && signature === null && keyFile === undefined) return "not signed";
  const x = Buffer.from(public_key ?? "", "hex").toString("base64url");
  const given = keyFile && createPublicKey(readFileSync(keyFile)).export({ format: "jwk" }).x;
  must(keyFile === undefined || given === x, "not signed with the key that was given");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(`keel journal 1\n${header}\n${hash}\n`);
  must(verify(null, signed, key, Buffer.from(signature ?? "", "hex")), "the signature does not fit");
  return `signed with ${public_key}${given ? "" : " (the file says so: give the key that you know)"}`;
}

try {
  const lines = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file)).split("\n");
  for (line = 1; line < lines.length; line += 1) read(lines[line - 1]);
  must(tip !== undefined && lines.at(-1) === "", "the end was cut off");
  must(tip.events === events && tip.hash === chain.toString("hex"), "not the hash of the last event");
  must(tip.header === sha256(lines[0]).toString("hex"), "the header is another one");
  const what = `run ${header.run}, ${events} events (${pruned} pruned), tip ${tip.hash}, ${signer(tip)}`;
  process.stdout.write(`✓ ${file} is intact: ${what}\n`);
} catch (error) {
  process.stderr.write(`✗ ${file}, line ${line}: ${error.message}\n`);
  process.exitCode = 1;
}
