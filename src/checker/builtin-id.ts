// The name of a built-in, as the checker and the IR write it: `list.map`, `str.trim`, `any.to_str`, `range`.

/** `owner` is the type the member belongs to (`any` for every value), undefined for a function. */
export function builtinId(owner: string | undefined, name: string): string {
  return owner === undefined ? name : `${owner}.${name}`;
}
