// The events as rows: written once, read by run, by activation and by seq. `audit-store` reads them anew to verify them.

import type { Blobs } from "./blobs.ts";
import type { Stored } from "./chain.ts";
import type { EventType, Recorded } from "./event.ts";
import type { Names } from "./names.ts";
import { argsColumn, toEvent, type EventRow, type Named } from "./rows.ts";
import type { Sql } from "./sql.ts";
import type { Sealed } from "./store.ts";

export interface Events {
  insert(run: number, stored: Stored, hash: Uint8Array): void;
  /** The next events after a seq; none where there are no more. */
  page(run: number, after: number): readonly Recorded[];
  activation(run: number, name: string, after: number): readonly Sealed[];
  event(run: number, seq: number): Recorded | undefined;
}

const seqBits = 2 ** 32;
const pageRows = 500;

/** Bytes of `args` are read as hex: a buffer a row costs more than all else of it. */
const columns = `
  events.id & 4294967295 as seq, at, type, n, step,
  case typeof(args) when 'blob' then lower(hex(args)) else args end as args, body`;

const named = "activations.name as activation";
const withNames = "from events left join activations on activations.id = events.activation";

export function openEvents(sql: Sql, blobs: Blobs, names: Names): Events {
  const insert = sql.prepare(
    "insert into events (id, at, type, activation, n, step, args, body, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const byRun = sql.prepare<EventRow & Named>(
    `select ${columns}, ${named} ${withNames} where events.id > ? and events.id < ? order by events.id limit ${pageRows}`,
  );
  const byActivation = sql.prepare<EventRow>(
    `select ${columns} from events where events.activation = ? and events.id > ? order by events.id`,
  );
  const byId = sql.prepare<EventRow & Named>(`select ${columns}, ${named} ${withNames} where events.id = ?`);
  const rowsAfter = (run: number, after: number): readonly (EventRow & Named)[] =>
    byRun.all(run * seqBits + after, (run + 1) * seqBits);

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
  };
}
