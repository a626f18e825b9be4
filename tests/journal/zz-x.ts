import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readSync, writeSync, closeSync, existsSync, mkdirSync, rmSync, cpSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openStore } from "/work/main/src/runtime/journal/sqlite.ts";
import { openAuditor, auditRun } from "/work/main/src/runtime/journal/audit-store.ts";
import { programHash } from "/work/main/src/runtime/journal/programs.ts";
const folder = mkdtempSync(path.join(tmpdir(), "cpx-"));
const program: any = { keel: 1, semantics: 1, main: "main", functions: {}, agents: {}, connections: {}, prompts: {}, env: [], models: [] };
const started: any = { type: "run.started", program: programHash(program), file: "a", directory: "/", seed: "00", zone: "UTC", env: {}, inputs: {}, models: { kind: "mock" }, connect: {}, keel: "0" };
const s = openStore(folder); s.create("r1", program, { file: "a", steps: {} } as any, started, Date.now()); s.close();
const child = fork("/work/main/tests/journal/child.ts", ["work", folder], { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
let last = 0; child.on("message", (m) => { last = Number(m); });
await once(child, "message");
const tally = new Map<string, number>();
const t0 = Date.now();
function slow(from: string, to: string, piece: number) {
  if (!existsSync(from)) return;
  const a = openSync(from, "r"), b = openSync(to, "w"); const buf = Buffer.alloc(piece);
  for (let n = readSync(a, buf); n > 0; n = readSync(a, buf)) writeSync(b, buf, 0, n);
  closeSync(a); closeSync(b);
}
for (let i = 0; Date.now() - t0 < 40000; i++) {
  const copy = path.join(folder, `copy${i}`); mkdirSync(copy);
  const order = [["journal.db", "journal.db-wal"], ["journal.db-wal", "journal.db"]][i % 2]!;
  for (const f of order) { slow(path.join(folder, f), path.join(copy, f), 4096); if (i % 4 < 2) await new Promise(r => setTimeout(r, (i%5)*30)); }
  let what: string;
  try { const st = openStore(copy); st.head("r1"); st.close(); what = "opened; "; } catch (e) { what = "open: " + (e as Error).message.replace(/\/tmp\S+/, "F") + "; "; }
  try { const a = openAuditor(copy); try { const u = a.unsound(); const w = a.read("r1", (e) => auditRun(e)); what += (u ? "unsound " + (u as any).what.slice(0,60) + "; " : "") + (w.finding ? w.finding.kind + " " + JSON.stringify((w.finding as any).part ?? "").slice(0,20): "intact"); } finally { a.close(); } } catch (e) { what += "audit: " + (e as Error).message.replace(/\/tmp\S+/, "F"); }
  tally.set(`${i%2} ${what}`, (tally.get(`${i%2} ${what}`) ?? 0) + 1);
  rmSync(copy, { recursive: true });
}
console.log(tally, last, statSync(path.join(folder, "journal.db")).size);
child.kill("SIGKILL"); rmSync(folder, { recursive: true }); process.exit(0);
