// Methods of maps, and the indexing of JSON, whose objects are maps. Order is that of insertion.

import { asCount, isInt } from "../numbers.ts";
import type { Value } from "../value.ts";
import { KeelMap } from "../value.ts";
import { asMap } from "./receive.ts";
import type { Builtins } from "./table.ts";

export const maps: Builtins = {
  "map.count": (map) => asMap(map).size,
  "map.is_empty": (map) => asMap(map).size === 0,
  "map.keys": (map) => Array.from(asMap(map).entries(), ([key]) => key),
  "map.values": (map) => Array.from(asMap(map).entries(), ([, item]) => item),
  "map.entries": (map) => Array.from(asMap(map).entries(), ([key, value]) => ({ key, value })),
  "map.get": (map, key) => asMap(map).get(key) ?? null,
  "map.has": (map, key) => asMap(map).get(key) !== undefined,
  "map.set": (map, key, item) => new KeelMap([...asMap(map).entries(), [key, item]]),
  "map.remove": (map, key) => {
    const kept = asMap(map);
    const found = kept.get(key);
    if (found === undefined) return kept;
    const gone = new KeelMap([[key, null]]);
    return new KeelMap([...kept.entries()].filter(([each]) => gone.get(each) === undefined));
  },
  "map.merge": (map, other) => new KeelMap([...asMap(map).entries(), ...asMap(other).entries()]),
  "json.at": (json, key) => jsonAt(json, key),
};

/** `j["k"]`, `j[0]`: none where the value is no object or list, or has no such key or place. */
function jsonAt(json: Value, key: Value): Value {
  if (Array.isArray(json)) return isInt(key) ? ((json as readonly Value[]).at(asCount(key)) ?? null) : null;
  return json instanceof KeelMap && typeof key === "string" ? (json.get(key) ?? null) : null;
}
