// A store as an audit reads it: read-only, row by row, believing no more than it has computed. All that is read of one
// run is of one moment, so another process may write meanwhile.

import type Database from "better-sqlite3";
import { isDeepStrictEqual } from "node:util";
import { Bug, invariant } from "../../source/invariant.ts";
import { same, walk, type Content, type Finding, type Holds, type Link, type Walk } from "./audit.ts";
import { blobsIn, openBlobs, plainName, type Blobs } from "./blobs.ts";
import { openHeads, type Heads } from "./cells.ts";
import { sha256, storedText } from "./chain.ts";
import { openDatabase, sqlOf } from "./database.ts";
import type { Recorded } from "./event.ts";
import { fold, type Head } from "./fold.ts";
import type { StepName } from "./names.ts";
import { storeError } from "./problems.ts";
import { openPrograms, type Programs } from "./programs.ts";
import { storedOf, toEvent, type ChainedRow } from "./rows.ts";
import type { Sql } from "./sql.ts";
import { StoreError } from "./store.ts";
import { openSummaries } from "./summaries.ts";

export interface Auditor {
  /** All runs there are, whatever is wrong with them. */
  runs(): readonly string[];
  /** The run of this id or unique beginning of one; the newest without an argument. */
  find(prefix?: string): string | undefined;
  /** What is wrong with the file itself, or with what belongs to no run. */
  unsound(): Finding | undefined;
  /** Gives what stands there about a run. Throws StoreError. */
  read<T>(run: string, work: (evidence: Evidence) => T): T;
  close(): void;
}

export interface Evidence {
  readonly run: string;
  /** Its events in order, in pages. */
  links(): Iterable<Link>;
  /** What a blob says; undefined where it is missing or cannot be unpacked. */
  blob(name: string): Uint8Array | undefined;
  /** The JSON of a program. */
  program(hash: string): Uint8Array | undefined;
  /** Whether the run is said to end where its events end, and to be what its events made of it. */
  ends(walk: Walk): Finding | undefined;
  /** The newest state of the agents of a run that was found intact. */
  states(): Head["states"];
}

/** Opens the journal in a directory. Throws StoreError. */
export function openAuditor(directory: string): Auditor {
  return openDatabase(directory, { readonly: true }, auditorOf);
}

/** All of a run that an audit looks at; it stops at what does not fit. */
export function auditRun(evidence: Evidence, through?: Uint8Array): Walk {
  const walked = walk(evidence.run, evidence.links(), holdsOf(evidence), through);
  const finding = walked.finding ?? evidence.ends(walked) ?? (walked.met ? undefined : { kind: "Tip" });
  return finding === undefined ? walked : { ...walked, finding };
}

function holdsOf({ blob, program }: Evidence): Holds {
  const known = new Set<string>();
  const holds = (name: string, content: Uint8Array | undefined, form: "base64url" | "hex"): boolean => {
    if (content === undefined || sha256(content).toString(form) !== name) return false;
    known.add(name);
    return true;
  };
  const holdsBlob = (name: string): boolean => {
    if (known.has(name)) return true;
    const content = blob(plainName(name));
    if (!holds(plainName(name), content, "base64url")) return false;
    if (!name.startsWith("[")) return true;
    known.add(name);
    return blobsIn(Buffer.from(content ?? "").toString()).every(holdsBlob);
  };
  return {
    blob: holdsBlob,
    program: (hash) => known.has(hash) || holds(hash, program(hash), "hex"),
  };
}

/** The auditor of a journal that is open. */
export function auditorOf(db: Database.Database, file: string): Auditor {
  const sql = sqlOf(db);
  const blobs = openBlobs(sql);
  const parts: Parts = { blobs, rows: openRows(sql, blobs), heads: openHeads(sql, blobs), programs: openPrograms(sql) };
  const summaries = openSummaries(sql);
  const names = sql.prepare<{ readonly name: string }>("select name from runs order by started desc, id desc");
  const strays = sql.prepare<{ readonly run: number }>(
    "select id >> 32 as run from (select id from events union all select id from pruned) where id >> 32 not in (select id from runs) limit 1",
  );
  const guarded = <T>(work: () => T): T => {
    try {
      return db.transaction(work)();
    } catch (error) {
      throw storeError(error, file);
    }
  };
  return {
    runs: () => guarded(() => names.all().map(({ name }) => name)),
    find: (prefix) => guarded(() => (prefix === undefined ? summaries.newest() : summaries.find(prefix))),
    unsound: () =>
      guarded(() => {
        const what = String(db.pragma("integrity_check(1)", { simple: true }));
        if (what !== "ok") return { kind: "Unsound", what };
        const stray = strays.get();
        return stray && { kind: "Unsound", what: `it holds events of a run (${stray.run}) that it does not list` };
      }),
    read: (run, work) => guarded(() => work(evidenceOf(run, requireId(run, summaries.id(run)), parts))),
    close: () => db.close(),
  };
}

function requireId(run: string, id: number | undefined): number {
  if (id === undefined) throw new StoreError("missing", `there is no run ${run}`, "`keel ls` lists the runs");
  return id;
}

interface Parts {
  readonly blobs: Blobs;
  readonly rows: Rows;
  readonly heads: Heads;
  readonly programs: Programs;
}

function evidenceOf(run: string, id: number, { blobs, rows, heads, programs }: Parts): Evidence {
  return {
    run,
    links: () => rows.links(id, run),
    blob: (name) => orUndefined(() => blobs.read(name)),
    program: (hash) => orUndefined(() => programs.text(hash)),
    ends: ({ events, pruned, tip, program }) => {
      const end = heads.tip(id);
      if (end === undefined) return { kind: "Head", part: "it is missing" };
      if (end.seq > events) return { kind: "Cut", seq: events + 1, counted: end.seq };
      if (end.seq < events) return { kind: "Head", part: `it counts ${end.seq} events, and there are ${events}` };
      if (!same(end.tip, tip)) return { kind: "Head", part: "the hash of the last event" };
      if (!programs.intact(id, program ?? "")) return { kind: "Head", part: "its program" };
      // What a head is made of may be pruned, but for what a resume needs.
      const part =
        pruned > 0
          ? undefined
          : differing(
              () => heads.read(id, end),
              () => fold(rows.events(id)),
            );
      return part === undefined ? undefined : { kind: "Head", part };
    },
    states: () => {
      const end = heads.tip(id);
      invariant(end !== undefined, "a run that is intact has a head");
      return heads.read(id, end).states;
    },
  };
}

/** The first part of a head that differs from what the events make of it. */
function differing(stored: () => Head, computed: () => Head): string | undefined {
  try {
    const [head, folded] = [stored(), computed()];
    return (Object.keys(folded) as (keyof Head)[]).find((part) => !isDeepStrictEqual(head[part], folded[part]));
  } catch (error) {
    // Events that fit their chain and make no sense: somebody wrote all of it.
    if (error instanceof Bug || error instanceof TypeError) return error.message;
    if (error instanceof StoreError && error.problem === "corrupt") return error.message;
    throw error;
  }
}

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError && error.problem === "corrupt") return undefined;
    throw error;
  }
}

// ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Rows {
  links(run: number, name: string): Iterable<Link>;
  /** Those that were not pruned; what they hold is read when it is asked for. */
  events(run: number): Iterable<Recorded>;
}

interface AuditedRow extends ChainedRow {
  readonly effect: string | null;
  readonly stepName: string | null;
  readonly digest: Uint8Array | null;
}

const seqBits = 2 ** 32;
const pageRows = 500;

function openRows(sql: Sql, blobs: Blobs): Rows {
  const page = sql.prepare<AuditedRow>(`
    select events.id as id, events.id & 4294967295 as seq, at, type, activations.name as activation, n,
      events.step as step, steps.step as stepName, effect,
      case typeof(args) when 'blob' then lower(hex(args)) else args end as args, body, hash, null as digest
    from events left join activations on activations.id = events.activation left join steps on steps.id = events.step
    where events.id > :first and events.id < :last
    union all
    select id, id & 4294967295, null, null, null, null, null, null, null, null, null, null, digest
    from pruned where id > :first and id < :last
    order by 1 limit ${pageRows}`);

  function* rowsOf(run: number): Iterable<AuditedRow> {
    for (let after = 0; ;) {
      const rows = page.all({ first: run * seqBits + after, last: (run + 1) * seqBits });
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.seq;
    }
  }
  /** A step without a name makes a text that does not fit. */
  const stepOf =
    ({ stepName, effect }: AuditedRow) =>
    (): StepName => ({ step: stepName ?? "", effect: effect ?? "" });
  const contentOf = (name: string, row: AuditedRow): Content =>
    row.digest === null
      ? { kind: "Whole", text: storedText(storedOf(name, row, stepOf(row))) }
      : { kind: "Pruned", digest: row.digest };

  return {
    *links(run, name) {
      for (const row of rowsOf(run)) {
        const { seq, digest, hash } = row;
        yield { seq, hash: digest === null ? hash : undefined, content: contentOf(name, row) };
      }
    },
    *events(run) {
      for (const row of rowsOf(run)) {
        if (row.digest === null) yield toEvent(row, row.activation, stepOf(row), blobs.unpackLazily);
      }
    },
  };
}
