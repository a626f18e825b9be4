// The events as rows: written once, read by run, by activation and by seq, and verified against their chain.

import type { Blobs } from "./blobs.ts";
import { link, linkDigest, origin, type Stored } from "./chain.ts";
import type { EventType, Recorded } from "./event.ts";
import type { Names } from "./names.ts";
import type { Pruned } from "./prune.ts";
import { argsColumn, storedOf, toEvent, type ChainedRow, type EventRow, type Named } from "./rows.ts";
import type { Sql } from "./sql.ts";
import type { Sealed } from "./store.ts";

export interface Events {
  insert(run: number, stored: Stored, hash: Uint8Array): void;
  /** The next events after a seq; none where there are no more. */
  page(run: number, after: number): readonly Recorded[];
  activation(run: number, name: string, after: number): readonly Sealed[];
  event(run: number, seq: number): Recorded | undefined;
  /** The seq of the first event that does not fit the chain up to `end`. */
  verify(run: number, name: string, end: ChainEnd, programs: ProgramsOfRun): number | undefined;
}

/** Whether a program that an event names is what its hash says, and whether it is the one that the run has now. */
export interface ProgramsOfRun {
  holds(hash: string): boolean;
  isCurrent(hash: string): boolean;
}

/** The digests of a run's pruned events between two seqs. */
export type Digests = (run: number, after: number, before: number) => readonly Pruned[];

export interface ChainEnd {
  readonly seq: number;
  readonly hash: Uint8Array;
}

const seqBits = 2 ** 32;
const pageRows = 500;

/** Bytes of `args` are read as hex: a buffer a row costs more than all else of it. */
const columns = `
  events.id & 4294967295 as seq, at, type, n, step,
  case typeof(args) when 'blob' then lower(hex(args)) else args end as args, body`;

const named = "activations.name as activation";
const withNames = "from events left join activations on activations.id = events.activation";

export function openEvents(sql: Sql, blobs: Blobs, names: Names, digests: Digests): Events {
  const insert = sql.prepare(
    "insert into events (id, at, type, activation, n, step, args, body, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const byRun = sql.prepare<ChainedRow>(
    `select ${columns}, ${named}, hash ${withNames} where events.id > ? and events.id < ? order by events.id limit ${pageRows}`,
  );
  const byActivation = sql.prepare<EventRow>(
    `select ${columns} from events where events.activation = ? and events.id > ? order by events.id`,
  );
  const byId = sql.prepare<EventRow & Named>(`select ${columns}, ${named} ${withNames} where events.id = ?`);
  const rowsAfter = (run: number, after: number): ChainedRow[] => byRun.all(run * seqBits + after, (run + 1) * seqBits);

  class SealedRow implements Sealed {
    readonly #row: EventRow;
    readonly #activation: string;

    constructor(row: EventRow, activation: string) {
      this.#row = row;
      this.#activation = activation;
    }

    get type(): EventType {
      return this.#row.type;
    }

    get n(): number | null {
      return this.#row.n;
    }

    open(): Recorded {
      return toEvent(this.#row, this.#activation, names.stepOf, blobs.unpackLazily);
    }
  }

  /** Follows the digests of pruned events up to the event before a seq; gives where it came to. */
  const follow = (run: number, from: ChainEnd, before: number): ChainEnd => {
    if (from.seq + 1 >= before) return from;
    const next = (last: ChainEnd, { seq, digest }: Pruned): ChainEnd =>
      seq === last.seq + 1 ? { seq, hash: linkDigest(last.hash, digest) } : last;
    return digests(run, from.seq, before).reduce(next, from);
  };

  return {
    insert(run, stored, hash) {
      const { seq, at, type, activation, n, step, effect, args, body } = stored;
      const activationId = activation === null ? null : names.activation(run, activation);
      const stepId = step === null || effect === null ? null : names.step(step, effect);
      insert.run(run * seqBits + seq, at, type, activationId, n, stepId, argsColumn(args), body, hash);
    },
    page: (run, after) => rowsAfter(run, after).map((row) => toEvent(row, row.activation, names.stepOf, blobs.unpack)),
    activation(run, name, after) {
      const id = names.knownActivation(run, name);
      if (id === undefined) return [];
      return byActivation.all(id, run * seqBits + after).map((row) => new SealedRow(row, name));
    },
    event(run, seq) {
      const row = byId.get(run * seqBits + seq);
      return row === undefined ? undefined : toEvent(row, row.activation, names.stepOf, blobs.unpack);
    },
    verify(run, name, end, programs) {
      let program = "";
      let last: ChainEnd = { seq: 0, hash: origin };
      for (let rows = rowsAfter(run, 0); rows.length > 0; rows = rowsAfter(run, last.seq)) {
        for (const row of rows) {
          const { seq, hash: previous } = follow(run, last, row.seq);
          const hash = link(previous, storedOf(name, row, names.stepOf));
          if (row.seq !== seq + 1 || !same(hash, row.hash) || !blobs.intact(row.body)) return seq + 1;
          const named = programOf(row);
          if (named !== undefined && !programs.holds(named)) return row.seq;
          program = named ?? program;
          last = { seq: row.seq, hash };
        }
      }
      last = follow(run, last, end.seq + 1);
      if (last.seq !== end.seq) return Math.min(last.seq, end.seq) + 1;
      return same(last.hash, end.hash) && programs.isCurrent(program) ? undefined : last.seq;
    },
  };

  /** The program that an event names. */
  function programOf(row: ChainedRow): string | undefined {
    if (row.type !== "run.started" && row.type !== "run.upgraded") return undefined;
    const event = toEvent(row, row.activation, names.stepOf, blobs.unpack);
    return "program" in event ? event.program : "";
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
