// What the journal needs of a database connection: statements over plain values. `sqlite` gives it, over the package.

export type Bound = string | number | Uint8Array | null;

/** In order, or by name. */
export type Given = readonly Bound[] | readonly [{ readonly [name: string]: Bound }];

export interface Statement<Row> {
  run(...values: Given): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: Given): Row | undefined;
  all(...values: Given): Row[];
}

export interface Sql {
  /** A statement whose rows are `Row`s: the reader of the text vouches for it. */
  prepare<Row = never>(text: string): Statement<Row>;
}
