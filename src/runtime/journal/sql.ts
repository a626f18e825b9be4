// What the journal needs of a database connection: statements over plain values. `sqlite` gives it, over the package.

export type Bound = string | number | Uint8Array | null;

export interface Statement<Row> {
  run(...values: readonly Bound[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: readonly Bound[]): Row | undefined;
  all(...values: readonly Bound[]): Row[];
}

export interface Sql {
  /** A statement whose rows are `Row`s: the reader of the text vouches for it. */
  prepare<Row = never>(text: string): Statement<Row>;
}
