// The store in SQLite: one file, WAL, `synchronous=FULL`. Invariants: a call that writes is one transaction, durable
// when it returns; it checks the lease's epoch inside; events, head and inbox change together or not at all. Every
// error of the host or of the database leaves as a StoreError.

import type Database from "better-sqlite3";
import { statSync } from "node:fs";
import { invariant } from "../../source/invariant.ts";
import type { Places, Program } from "../../ir/kir.ts";
import { openCopies, type Copies } from "./audit-copy.ts";
import { auditorOf, auditRun } from "./audit-store.ts";
import { openBlobs, type Blobs } from "./blobs.ts";
import { openHeads, type Heads, type Tip } from "./cells.ts";
import { link, origin, type Stored } from "./chain.ts";
import { openDatabase, sqlOf, type DatabaseOptions } from "./database.ts";
import type { Event, Recorded, RunStarted, RunUpgraded } from "./event.ts";
import { openEvents, type Events } from "./events.ts";
import { noTotals, type Head } from "./fold.ts";
import { openMemories, type Memories, type Memory, type Owner } from "./memory.ts";
import { openNames, type Names } from "./names.ts";
import { openPrunes, type Prunable, type Prunes } from "./prune.ts";
import { openInbox, type Inbox } from "./inbox.ts";
import { holdersAt, openLeases, type Leases } from "./lease.ts";
import { storeError } from "./problems.ts";
import { openPending, type Pending } from "./pending.ts";
import { openPrograms, pressed, programHash, type Programs } from "./programs.ts";
import type { Statement } from "./sql.ts";
import {
  StoreError,
  type InboxItem,
  type Lease,
  type PendingRun,
  type Posted,
  type RunSummary,
  type Sealed,
  type Store,
  type Waiting,
} from "./store.ts";
import { openSummaries, type Summaries } from "./summaries.ts";
import { toStored } from "./rows.ts";
import { openWaiting, type WaitingList } from "./waiting.ts";

/** Read-only, every call that writes throws StoreError `readonly`. */
export interface StoreOptions extends DatabaseOptions {
  /** The time by which a holder on another host counts as silent, in `runs`. */
  readonly now?: () => number;
}

/** How many events one transaction prunes: others write in between. */
const pruneRows = 5_000;

/** Opens the journal in a directory; makes both where they do not exist. Throws StoreError. */
export function openStore(directory: string, options: StoreOptions = {}): Store {
  return openDatabase(directory, options, (db, file) => new SqliteStore(db, file, options));
}

class SqliteStore implements Store {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #inode: number;
  readonly #now: () => number;
  readonly #writing: (work: () => void) => void;
  readonly #reading: (work: () => void) => void;
  readonly #blobs: Blobs;
  readonly #names: Names;
  readonly #prunes: Prunes;
  readonly #events: Events;
  readonly #heads: Heads;
  readonly #leases: Leases;
  readonly #copies: Copies;
  readonly #inbox: Inbox;
  readonly #programs: Programs;
  readonly #summaries: Summaries;
  readonly #pending: Pending;
  readonly #waiting: WaitingList;
  readonly #memories: Memories;
  readonly #dataVersion: Statement<{ readonly data_version: number }>;
  #version: number | undefined;
  readonly #runIds = new Map<string, number>();

  constructor(db: Database.Database, file: string, options: StoreOptions) {
    const sql = sqlOf(db);
    this.#db = db;
    this.#dataVersion = sql.prepare("pragma data_version");
    this.#file = file;
    this.#inode = statSync(file).ino;
    this.#now = options.now ?? Date.now;
    const transaction = db.transaction((work: () => void) => work());
    this.#writing = transaction.immediate;
    this.#reading = transaction.deferred;
    this.#blobs = openBlobs(sql);
    this.#names = openNames(sql);
    this.#prunes = openPrunes(sql, this.#blobs, this.#names.stepOf);
    this.#events = openEvents(sql, this.#blobs, this.#names);
    this.#heads = openHeads(sql, this.#blobs);
    this.#leases = openLeases(sql);
    this.#copies = openCopies(sql, db, file);
    this.#inbox = openInbox(sql);
    this.#programs = openPrograms(sql);
    this.#summaries = openSummaries(sql);
    this.#pending = openPending(sql);
    this.#waiting = openWaiting(sql, this.#blobs);
    this.#memories = openMemories(sql);
  }

  // ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────

  create(run: string, program: Program, places: Places, started: RunStarted, at: number): Lease {
    return this.#write(() => {
      const lease = this.#make(run, program, places, started, at);
      this.#put(this.#id(run), run, [started], at);
      return lease;
    });
  }

  branch(run: string, program: Program, places: Places, events: readonly Recorded[], at: number): Lease {
    return this.#write(() => {
      const [started] = events;
      invariant(started?.type === "run.started", "a journal begins with run.started");
      const lease = this.#make(run, program, places, started, at);
      const id = this.#id(run);
      for (const { seq: _, at: time, ...event } of events) this.#put(id, run, [event], time);
      return lease;
    });
  }

  #make(run: string, program: Program, places: Places, started: RunStarted, at: number): Lease {
    const json = JSON.stringify(program);
    invariant(started.program === programHash(program), "a run is started with the hash of its program");
    const id = this.#summaries.create({
      name: run,
      file: started.file,
      program: this.#programs.put(started.program, json),
      places: pressed(JSON.stringify(places)),
      started: at,
    });
    this.#heads.create(id, { ...noTotals, tip: origin });
    const lease = this.#leases.grant(id, run, at);
    this.#copies.settle(id);
    return lease;
  }

  upgrade(lease: Lease, program: Program, places: Places, event: RunUpgraded, at: number): void {
    invariant(event.program === programHash(program), "a run is upgraded to the hash of its program");
    this.#write(() => {
      const run = this.#id(lease.run);
      const id = this.#programs.put(event.program, JSON.stringify(program));
      this.#summaries.upgrade(run, id, pressed(JSON.stringify(places)));
      this.#append(lease, [event], at);
    });
  }

  acquire(run: string, at: number): Lease {
    this.#read(() => this.#copies.prove(this.#id(run), run));
    return this.#write(() => {
      const lease = this.#leases.take(this.#id(run), run, at);
      this.#copies.settle(this.#id(run));
      return lease;
    });
  }

  heartbeat(lease: Lease, at: number): void {
    this.#requirePresent();
    this.#write(() => this.#leases.beat(this.#id(lease.run), lease, at));
  }

  release(lease: Lease): void {
    this.#write(() => this.#leases.release(this.#id(lease.run), lease));
  }

  append(lease: Lease, events: readonly Event[], at: number): readonly Recorded[] {
    return this.#write(() => this.#append(lease, events, at));
  }

  drain(lease: Lease, ids: readonly number[], events: readonly Event[], at: number): readonly Recorded[] {
    return this.#write(() => {
      const recorded = this.#append(lease, events, at);
      this.#inbox.take(this.#id(lease.run), ids);
      return recorded;
    });
  }

  post(run: string, item: InboxItem, at: number): void {
    this.#write(() => this.#inbox.put(this.#id(run), item, at));
  }

  remember(owner: Owner, memory: Memory): void {
    this.#write(() => this.#memories.put(owner, memory));
  }

  memories(owner: Owner): readonly Memory[] {
    return this.#read(() => this.#memories.of(owner));
  }

  forget(keys: readonly string[]): void {
    this.#write(() => this.#memories.drop(keys));
  }

  prunable(run: string, before: number): Prunable {
    return this.#read(() => this.#prunes.count(this.#id(run), before));
  }

  prune(lease: Lease, before: number): number {
    const { run } = lease;
    for (let sum = 0; ;) {
      const some = this.#write(() => {
        this.#leases.check(this.#id(run), lease);
        return this.#prunes.prune(this.#id(run), run, before, pruneRows);
      });
      sum += some;
      if (some < pruneRows) return sum;
    }
  }

  drop(lease: Lease): void {
    this.#write(() => {
      this.#leases.check(this.#id(lease.run), lease);
      this.#prunes.drop(this.#id(lease.run));
      this.#forget();
    });
  }

  sweep(): void {
    this.#write(() => {
      this.#prunes.sweep();
      this.#forget();
    });
    try {
      this.#db.exec("vacuum");
      this.#db.pragma("wal_checkpoint(truncate)");
    } catch (error) {
      // Somebody reads: the pages that are free now are used again by what is written next.
      const problem = storeError(error, this.#file);
      if (problem instanceof StoreError && problem.problem === "full") throw problem;
    }
  }

  #append(lease: Lease, events: readonly Event[], at: number): readonly Recorded[] {
    const run = this.#id(lease.run);
    this.#leases.check(run, lease);
    return events.length === 0 ? [] : this.#put(run, lease.run, events, at);
  }

  #put(run: number, name: string, events: readonly Event[], at: number): readonly Recorded[] {
    const from = this.#tip(run, name);
    invariant(!isOver(from), `nothing follows the end of run ${name}`);
    // Recorded time never goes back, whatever the clock does.
    const time = Math.max(at, from.at);
    let { tip, seq } = from;
    const recorded = events.map((event): Recorded => {
      const stored: Stored = toStored(name, event, (seq += 1), time, this.#blobs);
      tip = link(tip, stored);
      this.#events.insert(run, stored, tip);
      return { ...event, seq, at: time };
    });
    this.#heads.advance(run, from, recorded, tip);
    return recorded;
  }

  // ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

  head(run: string): Head {
    return this.#read(() => {
      const id = this.#id(run);
      return this.#heads.read(id, this.#tip(id, run));
    });
  }

  program(run: string): { readonly hash: string; readonly program: Program; readonly places: Places } {
    return this.#read(() => this.#programs.of(this.#id(run)));
  }

  programNamed(hash: string): Program {
    return this.#read(() => JSON.parse(Buffer.from(this.#programs.text(hash)).toString()) as Program);
  }

  *events(run: string): Iterable<Recorded> {
    const id = this.#read(() => this.#id(run));
    // In pages, so that the journal may be written to while it is read.
    for (let after = 0; ;) {
      const page = this.#read(() => this.#events.page(id, after));
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.seq;
    }
  }

  activation(run: string, activation: string, after = 0): readonly Sealed[] {
    return this.#read(() => this.#events.activation(this.#id(run), activation, after));
  }

  begun(run: string, activation: string): boolean {
    return this.#read(() => this.#names.knownActivation(this.#id(run), activation) !== undefined);
  }

  event(run: string, seq: number): Recorded | undefined {
    return this.#read(() => this.#events.event(this.#id(run), seq));
  }

  runs(): readonly RunSummary[] {
    return this.#read(() => this.#summaries.all((run) => this.#leases.isHeld(run, this.#now())));
  }

  pending(): readonly PendingRun[] {
    return this.#read(() => this.#pending.all(holdersAt(this.#now())));
  }

  waiting(): readonly Waiting[] {
    return this.#read(() => this.#waiting.all(holdersAt(this.#now())));
  }

  version(): number {
    this.#requirePresent();
    return this.#read(() => this.#dataVersion.get()?.data_version ?? 0);
  }

  find(prefix?: string): string | undefined {
    return this.#read(() => (prefix === undefined ? this.#summaries.newest() : this.#summaries.find(prefix)));
  }

  inbox(run: string): readonly Posted[] {
    return this.#read(() => this.#inbox.list(this.#id(run)));
  }

  verify(run: string): number | undefined {
    const { events, finding } = auditorOf(this.#db, this.#file).read(run, (evidence) => auditRun(evidence));
    if (finding === undefined) return undefined;
    return "seq" in finding ? finding.seq : events;
  }

  close(): void {
    try {
      if (!this.#db.readonly) this.#leases.close();
    } catch {
      // What holds on to a lease that cannot be given back any more is a closed store: dead at once for everyone here.
    } finally {
      this.#db.close();
    }
  }

  // ── transactions ──────────────────────────────────────────────────────────────────────────────────────────────

  #write<T>(work: () => T): T {
    try {
      if (this.#db.readonly) throw Object.assign(new Error("opened read-only"), { code: "SQLITE_READONLY" });
      return resultOf(this.#writing, () => {
        this.#noticeOthers();
        return work();
      });
    } catch (error) {
      this.#forget();
      throw storeError(error, this.#file);
    }
  }

  /** What is known of the tables holds while nobody else writes to them. */
  #noticeOthers(): void {
    const version = this.#dataVersion.get()?.data_version;
    if (version === this.#version) return;
    this.#version = version;
    this.#forget();
  }

  /** Ids and blobs that were given in a transaction that failed were never given; others may have pruned the rest. */
  #forget(): void {
    this.#names.forget();
    this.#blobs.forget();
    this.#runIds.clear();
  }

  /** What several statements read is of one moment. */
  #read<T>(work: () => T): T {
    try {
      return resultOf(this.#reading, () => {
        this.#noticeOthers();
        return work();
      });
    } catch (error) {
      throw storeError(error, this.#file);
    }
  }

  /** A file that was deleted or replaced can still be written to, and nobody would ever see it. */
  #requirePresent(): void {
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino === this.#inode) return;
    throw new StoreError(
      "io",
      `${this.#file} was moved or deleted while a run wrote to it`,
      "put it back if you have it; what was recorded since is lost with it",
    );
  }

  #id(run: string): number {
    const known = this.#runIds.get(run);
    if (known !== undefined) return known;
    const id = this.#summaries.id(run);
    if (id === undefined) throw new StoreError("missing", `there is no run ${run}`, "`keel ls` lists the runs");
    this.#runIds.set(run, id);
    return id;
  }

  #tip(id: number, run: string): Tip {
    const tip = this.#heads.tip(id);
    invariant(tip !== undefined, `run ${run} has a head`);
    return tip;
  }
}

function resultOf<T>(transaction: (work: () => void) => void, work: () => T): T {
  const results: T[] = [];
  transaction(() => void results.push(work()));
  return results[0] as T;
}

function isOver(head: Tip): boolean {
  return head.seq > 0 && (head.status === "completed" || head.status === "cancelled");
}
