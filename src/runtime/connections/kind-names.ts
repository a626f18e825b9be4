// The connection kinds that this version of Keel knows. Each is declared in `stdlib/connections/NAME.keel` and done by
// an entry of `kinds`; a test holds the three together.

export const kindNames = ["imap", "maildir"] as const;

export type KindName = (typeof kindNames)[number];

export function isKindName(name: string): name is KindName {
  return kindNames.some((known) => known === name);
}
