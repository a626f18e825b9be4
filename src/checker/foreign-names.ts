// Names that people bring along from other languages: values, functions, types, fields and methods; and what Keel has
// instead. Asked only where a name is not there, so each of them can be a name of the program.

import type { Type } from "./type.ts";

function table(entries: { readonly [words: string]: string }): ReadonlyMap<string, string> {
  return new Map(Object.entries(entries).flatMap(([words, help]) => words.split(" ").map((word) => [word, help])));
}

const values = table({
  "null nil undefined None NULL Null nothing": "the value that is not there is `none`",
  "True TRUE": "write `true`",
  "False FALSE": "write `false`",
  "print println printf echo puts log console": 'write `notify user "…"`',
  "len length size count": "write `list.count`, or `text.length`",
  "str string String to_string": 'write `value.to_str()`, or put it into a text: `"{value}"`',
  "int Integer parseInt parse_int": "write `text.to_int()`, or `number.round()`",
  "float double Number parseFloat parse_float": "write `text.to_float()`, or `number.to_float()`",
  "max min": "write `list.max()`, `list.min()`, or `list.max_by(x => …)`",
  sum: "write `list.sum()`",
  "sorted sort": "write `list.sort_by(x => x)`",
  "abs Math math": "numbers have methods: `x.abs()`, `x.round()`, `x.floor()`, `x.ceil()`",
  JSON: "write `parse_json(text)`, and `value.to_json()`",
  "dict Dict Map object": 'write `map_of([["key", value]])`, or a struct: `{key: value}`',
  "list List Array array": "write `[1, 2]`",
  "this me": "an agent's state is `self.field`",
  sleep: "write `wait 5.seconds`",
  "input prompt readline gets": 'write `ask user "…"`',
  "time date Date datetime today": "the time is `now`",
  "enumerate xrange": "write `range(list.count)`",
  "error Exception": 'an error is raised with `fail "message"`',
  "pass noop": "a body can be empty: `{ }`",
  "second seconds minute minutes hour hours day days daily week weeks":
    'a duration has a number: `1.day`, `5.minutes`; for a time of day `every 1.day at "09:00"`',
  "filter map reduce":
    "lists have methods: `list.map(x => …)`, `list.filter(x => …)`, `list.reduce(start, (a, x) => …)`",
});

export const foreignValue = (name: string): string | undefined => values.get(name);

const types: ReadonlyMap<string, string> = table({
  "string String text Text char varchar": "str",
  "boolean Boolean Bool": "bool",
  "number Number integer Integer long Int i32 i64": "int",
  "double Double real decimal Float f64": "float",
  "Array array List vec Vec Set set": "list",
  "Map dict Dict dictionary object Object Record hash HashMap": "map",
  "void null nil undefined None unit Unit": "none",
  "any Any unknown JSON": "json",
  "date Date time Time DateTime timestamp": "datetime",
});

/** What Keel calls a type; a list and a map say in brackets what they hold. */
export function foreignType(name: string): string | undefined {
  return types.get(name);
}

const lists = table({
  "length len size": "`count`",
  "push add push_back": "`append(item)`, which gives a new list",
  "extend addAll append_all": "`concat(other)`",
  "includes has include in": "`contains(item)`",
  "forEach each for_each": "`for x in list { … }`",
  "sort sorted order_by sortBy": "`sort_by(x => x)`",
  "get at nth": "an index: `list[0]`",
  "select where": "`filter(x => …)`",
  collect: "`map(x => …)`",
  "findIndex find_index position indexOf": "`index_of(item)`",
  some: "`any(x => …)`",
  every: "`all(x => …)`",
  "fold inject": "`reduce(start, (total, x) => …)`",
  "pop removeLast": "`last`, and `slice(0, -1)` for the rest",
  shift: "`first`, and `drop(1)` for the rest",
  "remove delete": "`filter(x => x != …)`",
  "distinct uniq dedup": "`unique()`",
  head: "`first`",
  tail: "`drop(1)`",
  limit: "`take(n)`",
  skip: "`drop(n)`",
  "empty isEmpty": "`is_empty`",
  reversed: "`reverse()`",
  "flatten flat": "`flat_map(x => x)`",
  "average avg mean": "`sum()` and `count`",
  "enumerate with_index": "`range(list.count)`, and an index: `list[i]`",
  "filter_none filter_some filterNotNull filter_map filterMap": "`compact()`, which drops what is `none`",
});

const floats = table({
  "toFixed to_fixed format": "`round()`, which gives an int: count money in cents",
});

const texts = table({
  "count len size": "`length`",
  "append add concat plus": '`+`, or a text with holes: `"{a}{b}"`',
  "to_upper toUpperCase toUpper upcase uppercase to_uppercase": "`upper()`",
  "to_lower toLowerCase toLower downcase lowercase to_lowercase": "`lower()`",
  "substring substr": "`slice(start, end)`",
  "includes has include": "`contains(part)`",
  "to_i parse_int toInt parseInt": "`to_int()`",
  "to_f parse_float toFloat parseFloat": "`to_float()`",
  "strip trimmed": "`trim()`",
  "indexOf find": "`index_of(part)`",
  "replaceAll replace_all gsub sub": "`replace(old, new)`",
  "chars split_chars": '`split("")`',
  "empty isEmpty": "`is_empty`",
  "match test": "`matches(pattern)`",
  format: 'a text with holes: `"… {value} …"`',
});

const maps = table({
  "length len size": "`count`",
  "items pairs": "`entries`",
  "containsKey has_key contains includes": "`has(key)`",
  "put add insert": "`set(key, value)`, which gives a new map",
  delete: "`remove(key)`",
  "forEach each for_each": "`for e in map.entries { … }`",
  "map map_values mapValues": "`map_of(map.entries.map(e => {key: e.key, value: …}))`",
  "filter find any all": "`entries`, a list: `map_of(map.entries.filter(e => …))`",
  "sort sort_by": "`entries`, a list: `map.entries.sort_by(e => e.key)`",
  "empty isEmpty": "`is_empty`",
});

const structs = table({
  "keys values entries items": "the fields of a struct are known: read `x.field`; what has keys of its own is a `map`",
});

const anything = table({
  "toString to_string to_s str": '`to_str()`, or a text with a hole: `"{value}"`',
  "toJSON toJson json stringify": "`to_json()`",
});

const units = ["ms", "second", "minute", "hour", "day", "week"];

/** What Keel has in the place of a field or a method of a type. */
export function foreignMember(type: Type, name: string): string | undefined {
  if (type.kind === "Struct") return structs.get(name) ?? sayWrite(anything.get(name));
  const unit = units.find((one) => name === one || name === `${one}s`);
  if (unit !== undefined && type.kind === "Primitive" && type.name === "int") {
    return `a unit stands behind a written number; for any other write \`1.${unit} * n\``;
  }
  const known =
    type.kind === "List"
      ? lists
      : type.kind === "Map"
        ? maps
        : type.kind === "Primitive" && (type.name === "str" || type.name === "datetime")
          ? texts
          : type.kind === "Primitive" && type.name === "float"
            ? floats
            : undefined;
  return sayWrite(known?.get(name) ?? anything.get(name));
}

const sayWrite = (what: string | undefined): string | undefined =>
  what === undefined ? undefined : `Keel has ${what}`;
