// Who may write to a run. A lease has an epoch that grows with every holder; every write checks it in its own
// transaction, so a holder that was declared dead and wakes up again writes nothing. A holder is dead at once where
// this host knows it (no such process, one that started later, a start of the machine since, a store that was closed);
// else after ten seconds without a heartbeat; an event written is a heartbeat too.

import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { randomUUID } from "node:crypto";
import type { Sql } from "./sql.ts";
import { StoreError, type Lease } from "./store.ts";

export const patienceMs = 10_000;
/** A sign of life is given for all runs of a store at once, and no more often than this. */
const beatMs = 1_000;

/** A process, so described that another one with its number is told from it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Of this start of the machine; empty where the host does not say. */
  readonly boot: string;
  /** The space of process numbers. */
  readonly space: string;
  /** When the process started, in the host's own count; empty where it does not say. */
  readonly born: string;
  /** The store within the process. */
  readonly store: string;
}

interface LeaseRow {
  readonly epoch: number;
  readonly holder: string | null;
  readonly beat: number;
}

export interface Leases {
  /** For a run that is just made. */
  grant(run: number, name: string, at: number): Lease;
  /** Throws StoreError `held`. */
  take(run: number, name: string, at: number): Lease;
  /** Throws StoreError `lost`. */
  beat(run: number, lease: Lease, at: number): void;
  release(run: number, lease: Lease): void;
  /** Throws StoreError `lost`. */
  check(run: number, lease: Lease): void;
  isHeld(run: number, now: number): boolean;
  /** Releases everything that this store holds. */
  close(): void;
}

/** The stores that are open in this process. */
const openStores = new Set<string>();

export function openLeases(sql: Sql): Leases {
  const insert = sql.prepare("insert into leases (run, epoch, holder, beat) values (?, 1, ?, ?)");
  const select = sql.prepare<LeaseRow>(
    "select epoch, holder, max(beat, at) as beat from leases join heads using (run) where run = ?",
  );
  const update = sql.prepare("update leases set epoch = ?, holder = ?, beat = ? where run = ?");
  const beat = sql.prepare("update leases set beat = max(beat, ?) where run = ? and epoch = ? and holder is not null");
  const epochOf = sql.prepare<{ readonly epoch: number }>("select epoch from leases where run = ?");
  const release = sql.prepare("update leases set holder = null where run = ? and epoch = ?");
  const releaseAll = sql.prepare("update leases set holder = null where holder = ?");
  const store = randomUUID();
  openStores.add(store);
  /** The epochs of what this store holds, by run. */
  const mine = new Map<number, number>();
  let beatenAt = -Infinity;
  const me = JSON.stringify(thisProcess(store));
  let granted = false;

  return {
    grant(run, name, at) {
      granted = true;
      mine.set(run, 1);
      insert.run(run, me, at);
      return { run: name, epoch: 1 };
    },
    take(run, name, at) {
      const row = select.get(run);
      if (row === undefined) throw lost(name);
      if (row.holder !== null) refuseAlive(name, parseHolder(row.holder), at - row.beat);
      granted = true;
      mine.set(run, row.epoch + 1);
      update.run(row.epoch + 1, me, at, run);
      return { run: name, epoch: row.epoch + 1 };
    },
    beat(run, lease, at) {
      const row = select.get(run);
      if (row?.epoch !== lease.epoch || row.holder === null) throw lost(lease.run);
      if (at < beatenAt + beatMs) return;
      beatenAt = at;
      for (const [each, epoch] of mine) if (beat.run(at, each, epoch).changes === 0) mine.delete(each);
    },
    release(run, lease) {
      if (mine.get(run) === lease.epoch) mine.delete(run);
      release.run(run, lease.epoch);
    },
    check(run, lease) {
      if (epochOf.get(run)?.epoch !== lease.epoch) throw lost(lease.run);
    },
    isHeld(run, now) {
      const row = select.get(run);
      return row !== undefined && row.holder !== null && mayLive(parseHolder(row.holder), now - row.beat);
    },
    close() {
      openStores.delete(store);
      if (granted) releaseAll.run(me);
    },
  };
}

function refuseAlive(run: string, holder: Holder, silentMs: number): void {
  if (!mayLive(holder, silentMs)) return;
  const where = holder.host === hostname() ? "" : ` on ${holder.host}`;
  throw new StoreError(
    "held",
    `run ${run} is being executed by process ${holder.pid}${where}`,
    `wait until it ends, or stop that process first; a run whose process has vanished is free after ${patienceMs / 1000} seconds`,
  );
}

export function lost(run: string): StoreError {
  return new StoreError(
    "lost",
    `run ${run} was taken over by another process, because this one gave no sign of life for ${patienceMs / 1000} seconds`,
    `nothing was written twice. See how it goes with \`keel show ${run}\``,
  );
}

function mayLive(holder: Holder, silentMs: number): boolean {
  return silentMs < patienceMs && !isDead(holder);
}

/** The holders of many runs at one moment: this host is asked about each once. */
export interface Holders {
  /** False also for a holder that makes no sense: whoever takes the run then finds out why. */
  mayLive(holder: string, beat: number): boolean;
}

export function holdersAt(now: number): Holders {
  const known = new Map<string, boolean>();
  const asked = (text: string): boolean => {
    try {
      return isDead(parseHolder(text));
    } catch {
      return true;
    }
  };
  return {
    mayLive(text, beat) {
      if (now - beat >= patienceMs) return false;
      const dead = known.get(text) ?? asked(text);
      known.set(text, dead);
      return !dead;
    },
  };
}

// ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether a holder is known to live no more; false where this host cannot tell. */
function isDead(holder: Holder): boolean {
  const here = thisProcess("");
  if (holder.host !== here.host) return false;
  if (holder.boot !== "" && here.boot !== "" && holder.boot !== here.boot) return true;
  if (holder.space !== here.space) return false;
  if (holder.pid === process.pid && holder.born === here.born) return !openStores.has(holder.store);
  if (!exists(holder.pid)) return true;
  const born = bornOf(holder.pid);
  return born !== "" && holder.born !== "" && born !== holder.born;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function thisProcess(store: string): Holder {
  const boot = read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
  const space = read(() => readlinkSync("/proc/self/ns/pid"));
  return { pid: process.pid, host: hostname(), boot, space, born: bornOf(process.pid), store };
}

/** When a process started (`starttime` of proc(5)); `zombie` for one that ended and was not yet buried. */
function bornOf(pid: number): string {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? "zombie" : (fields[19] ?? "");
}

function read(what: () => string): string {
  try {
    return what().trim();
  } catch {
    return "";
  }
}

function parseHolder(text: string): Holder {
  return JSON.parse(text) as Holder;
}
