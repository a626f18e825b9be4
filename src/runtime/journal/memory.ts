// What programs remember, by program and agent. Not part of any run's journal: a run records that it remembered, and
// what it recalled. A key is written once, so remembering again after a crash changes nothing.

import type { Json } from "../../ir/kir.ts";
import type { Sql } from "./sql.ts";

/** Whose memory: the program's file and the agent's name, empty for `main`. */
export interface Owner {
  readonly program: string;
  readonly agent: string;
}

export interface Memory {
  readonly key: string;
  readonly value: Json;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Memories {
  put(owner: Owner, memory: Memory): void;
  /** Everything an owner remembers, newest first. */
  of(owner: Owner): readonly Memory[];
  drop(keys: readonly string[]): void;
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly at: number;
}

export function openMemories(sql: Sql): Memories {
  const insert = sql.prepare(
    "insert into memory (key, program, agent, value, at) values (?, ?, ?, ?, ?) on conflict do nothing",
  );
  const select = sql.prepare<Row>("select key, value, at from memory where program = ? and agent = ? order by id desc");
  const remove = sql.prepare("delete from memory where key = ?");
  return {
    put: ({ program, agent }, { key, value, at }) => void insert.run(key, program, agent, JSON.stringify(value), at),
    of: ({ program, agent }) =>
      select.all(program, agent).map(({ key, value, at }) => ({ key, at, value: JSON.parse(value) as Json })),
    drop: (keys) => keys.forEach((key) => void remove.run(key)),
  };
}
