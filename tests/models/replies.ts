// Replies as models write them, and what each must come to: the value as JSON, or that there is none. One line a case.

import type { Json, Shape } from "../../src/ir/kir.ts";

const str: Shape = { kind: "str" };
const int: Shape = { kind: "int" };

function enumOf(name: string, ...variants: readonly string[]): Shape {
  return { kind: "enum", name, variants: variants.map((variant) => ({ name: variant })) };
}

export const urgency = enumOf("Urgency", "low", "medium", "high", "critical");
export const level = enumOf("Level", "high", "very_high", "none_at_all");
export const answer = enumOf("Answer", "no", "yes");

export const contact: Shape = {
  kind: "struct",
  fields: [
    { name: "name", shape: str },
    { name: "age", shape: { kind: "nullable", of: int } },
    { name: "tags", shape: { kind: "list", of: str } },
  ],
};

export const mail: Shape = {
  kind: "struct",
  fields: [
    { name: "urgency", shape: urgency },
    { name: "action_items", shape: { kind: "nullable", of: { kind: "list", of: str } } },
  ],
};

const loose: Shape = {
  kind: "struct",
  fields: [
    { name: "a", shape: { kind: "nullable", of: str } },
    { name: "b", shape: { kind: "nullable", of: str } },
  ],
};

const action: Shape = {
  kind: "enum",
  name: "Action",
  variants: [{ name: "reply", fields: [{ name: "to", shape: str }] }, { name: "archive" }],
};

export const none = Symbol("no value");

/** shape, reply, the value as JSON or `none`. */
export const replies: readonly (readonly [shape: Shape, reply: string, expected: Json | typeof none])[] = [
  // a variant, as it was asked for
  [urgency, '{"value": "high"}', "high"],
  [urgency, '{"value":"HIGH"}', "high"],
  [urgency, '{"value": "high."}', "high"],
  [urgency, '{"value": " \\"high\\" "}', "high"],
  [urgency, '```json\n{"value": "high"}\n```', "high"],
  [urgency, 'Sure! Here it is:\n\n```json\n{"value": "high"}\n```\nAnything else?', "high"],
  [urgency, "{'value': 'high'}", "high"],
  [urgency, '{"value": "high",}', "high"],
  [urgency, "{value: high}", "high"],
  [urgency, '{"category": "critical"}', "critical"],
  [urgency, '"medium"', "medium"],
  [urgency, '["low"]', "low"],
  [urgency, '<think>It could be low or high.</think>\n{"value": "low"}', "low"],
  // a variant, in words
  [urgency, "high", "high"],
  [urgency, "High", "high"],
  [urgency, "  **High** ", "high"],
  [urgency, "`critical`", "critical"],
  [urgency, "“medium”", "medium"],
  [urgency, "low!", "low"],
  [urgency, "Urgency.high", "high"],
  [urgency, "Urgency: high", "high"],
  [urgency, "The category is high.", "high"],
  [urgency, "I would call this one critical, since a customer waits.", "critical"],
  [level, "very high", "very_high"],
  [level, "Very-High", "very_high"],
  [level, "It is very_high.", "very_high"],
  [level, "none at all", "none_at_all"],
  [level, "I think it is very high here.", "very_high"],
  [level, "It is high here.", "high"],
  [answer, "No.", "no"],
  [answer, "The answer is no", "no"],
  // never a guess between variants
  [urgency, "high or critical", none],
  [urgency, "low/medium", none],
  [urgency, "low, or perhaps medium", none],
  [urgency, '["low", "high"]', none],
  [urgency, '{"value": "high or low"}', none],
  [urgency, '{"value": "low"} {"value": "high"}', none],
  [urgency, '{"value": "urgent"}', none],
  [urgency, '{"value": "unknown", "allowed": ["low"]}', none],
  [urgency, '{"value": null}', none],
  [urgency, "not high", none],
  [urgency, "This isn't critical.", none],
  [urgency, "highest", none],
  [urgency, "high-level overview", none],
  [urgency, "I cannot help with that.", none],
  [urgency, "low medium high critical", none],
  [urgency, `${"Let me think about it. ".repeat(20)} high`, none],
  [urgency, "", none],
  [urgency, " \n\t", none],
  [urgency, "<think>high</think>", none],
  [urgency, "高い", none],
  [urgency, "😀", none],
  // a struct
  [contact, '{"name": "Ada", "age": 36, "tags": ["math"]}', { name: "Ada", age: 36, tags: ["math"] }],
  [contact, '{"name": "Ada", "tags": []}', { name: "Ada", age: null, tags: [] }],
  [contact, '{"Name": "Ada", "AGE": 36, "Tags": []}', { name: "Ada", age: 36, tags: [] }],
  [contact, '{"name": "Ada", "age": 36, "tags": [], "mood": "fine"}', { name: "Ada", age: 36, tags: [] }],
  [contact, '{"name": "Ada", "age": null, "tags": ["a",],}', { name: "Ada", age: null, tags: ["a"] }],
  [contact, "{name: 'Ada', age: None, tags: ['a']}", { name: "Ada", age: null, tags: ["a"] }],
  [contact, '{"name": "Ada" "age": 36 "tags": []}', { name: "Ada", age: 36, tags: [] }],
  [contact, '{"name": "Ada", // the first\n "age": 36, "tags": []}', { name: "Ada", age: 36, tags: [] }],
  [contact, 'Here [as asked]: {"name": "Ada", "age": 36, "tags": []}.', { name: "Ada", age: 36, tags: [] }],
  [contact, '{"name": "A \\"B\\" {C}", "age": 1, "tags": []}', { name: 'A "B" {C}', age: 1, tags: [] }],
  [contact, "{'name': 'it''s', 'tags': []}", none],
  [contact, '"{\\"name\\": \\"Ada\\", \\"tags\\": []}"', { name: "Ada", age: null, tags: [] }],
  [
    contact,
    '{"name": "Ada", "age": 36, "tags": []} {"name": "Ada", "age": 36, "tags": []}',
    { name: "Ada", age: 36, tags: [] },
  ],
  [contact, '{"name": "Ada", "age": 36, "tags": []} {"name": "Bob", "age": 1, "tags": []}', none],
  [contact, '{"name": "Ada", "age": 36, "tags": ["math"', none],
  [contact, '{"outer": {"name": "Ada", "age": 36, "tags": []}, "cut": "he', none],
  [contact, '{"name": "Ada", "age": "36", "tags": []}', none],
  [contact, '{"name": "Ada", "age": 36.5, "tags": []}', none],
  [contact, '{"age": 36, "tags": []}', none],
  [contact, '{"name": "Ada", "age": 36, "tags": "math"}', none],
  [contact, '{"name": "Ada", "age": 36, "tags": ["a", ...]}', none],
  [contact, '[{"name": "Ada", "age": 36, "tags": []}]', none],
  [contact, "Ada is 36 years old.", none],
  [contact, "null", none],
  [contact, "{}", none],
  [loose, "{}", { a: null, b: null }],
  [loose, '{"error": "nothing found"}', none],
  [loose, '{"a": {"b": "x"}, "c', none],
  [mail, '{"urgency": "High", "action-items": ["call"]}', { urgency: "high", action_items: ["call"] }],
  [mail, '{"urgency": "pressing"}', none],
  // everything else
  [int, '{"value": 42}', 42],
  [int, "42", 42],
  [int, "9223372036854775807", "9223372036854775807"],
  [int, "9223372036854775808", none],
  [int, "4.5", none],
  [int, "forty-two", none],
  [{ kind: "float" }, '{"value": 3}', 3],
  [{ kind: "float" }, '{"value": 1e999}', none],
  [{ kind: "bool" }, "True", true],
  [{ kind: "bool" }, '{"value": false}', false],
  [{ kind: "bool" }, "yes", none],
  [{ kind: "list", of: str }, '{"value": ["a", "b"]}', ["a", "b"]],
  [{ kind: "list", of: str }, 'The list:\n["a", "b"]', ["a", "b"]],
  [{ kind: "list", of: str }, "a, b", none],
  [{ kind: "nullable", of: int }, '{"value": null}', null],
  [{ kind: "map", key: str, value: int }, '{"a": 1, "__proto__": 2}', JSON.parse('{"a": 1, "__proto__": 2}') as Json],
  [{ kind: "datetime" }, '{"value": "2026-05-01T09:00:00Z"}', "2026-05-01T09:00:00.000Z"],
  [{ kind: "datetime" }, "2026-05-01T11:00:00+02:00", "2026-05-01T09:00:00.000Z"],
  [{ kind: "datetime" }, "2026-05-01", none],
  [{ kind: "datetime" }, "2026-13-41T09:00:00Z", none],
  [{ kind: "json" }, '{"a": [1, 2.5, null]}', { a: [1, 2.5, null] }],
  [action, '{"value": {"reply": {"to": "ada"}}}', { reply: { to: "ada" } }],
  [action, '{"reply": {"to": "ada"}}', { reply: { to: "ada" } }],
  [action, '{"value": "Archive"}', "archive"],
  [action, '{"value": {"archive": {}}}', "archive"],
  [action, '{"value": {"reply": {}}}', none],
  [action, '{"value": "reply"}', none],
  // text
  [str, "  Dear Ada,\n\nthank you.  ", "Dear Ada,\n\nthank you."],
  [str, "```\nDear Ada\n```", "Dear Ada"],
  [str, "<think>hm</think>Dear Ada", "Dear Ada"],
  [str, "   ", none],
  [str, '{"value": "x"}', '{"value": "x"}'],
  [str, "\ud800", "\ufffd"],
];
