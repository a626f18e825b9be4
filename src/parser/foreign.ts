// What people bring along from other languages, and what Keel has instead. Looked at only where something is wrong
// already: none of these words and marks is refused as a name of the program.

import type { TokenType } from "chevrotain";
import type { Token } from "../lexer/tokens.ts";
import * as t from "../lexer/tokens.ts";

const binding = "a name is bound without a word in front: `x = 1`";
const task = "a task is declared with `task name(x: int) -> int { … }`";
const loop =
  "a loop runs over a list: `for x in list { … }`; to wait, `wait until …`; again and again, an agent's `every`";
const choice = "write `when x { a => …, _ => … }`";
const modules = 'write `use { name } from "./file.keel"`';
const structs = "write `type Name { field: str }`";
const elseIf = "write `else if`";
const telling = "write `notify user …`";
const visible = "other files can use what a file declares as it is";

/** Words that begin a statement elsewhere. */
const beginnings: ReadonlyMap<string, string> = new Map([
  ...each(binding, ["let", "const", "var", "val", "mut", "auto", "global", "local"]),
  ...each(task, ["def", "fn", "func", "function", "fun", "proc", "sub"]),
  ...each(loop, ["while", "until", "loop", "do", "foreach"]),
  ...each(choice, ["switch", "match", "case", "select"]),
  ...each('an error is raised with `fail "message"`', ["throw", "raise", "panic"]),
  ...each(modules, ["import", "include", "require", "from", "using"]),
  ...each(structs, ["class", "struct", "interface", "record", "data"]),
  ...each("write `type Name = one | two`", ["enum"]),
  ...each(elseIf, ["elif", "elseif", "elsif"]),
  ...each("write `if not … { … }`", ["unless"]),
  ...each(telling, ["print", "println", "printf", "echo", "puts", "say", "log"]),
  ...each("write `wait 5.seconds`", ["sleep", "delay"]),
  ...each("write `for n in range(3) { … }`; `retry 3 times { … }` begins again after an error", ["repeat"]),
  ...each("a statement is done before the next one begins: nothing is awaited", ["async", "await"]),
  ...each(visible, ["export", "public", "private", "static"]),
  ...each("the value of a `for` is the list of what its body gives", ["yield"]),
  ...each("a struct is written `{field: value}`, a variant `Name.variant(field: value)`", ["new"]),
  ...each("a function is written `n => n + 1`", ["lambda"]),
  ...each('write `if … { fail "message" }`', ["assert"]),
]);

/** Words and marks that stand behind something elsewhere. */
const followers: ReadonlyMap<string, string> = new Map([
  ...each(elseIf, ["elif", "elseif", "elsif"]),
  ...each("write `catch err { … }`", ["except", "rescue"]),
  ...each("write `if c { a } else { b }`", ["?", "then", "if"]),
  ...each("compare with `==` and `!=`: `x == none`, `x != none`", ["is"]),
  ...each("`list.contains(x)` says whether a list holds a value", ["in"]),
  ...each("write `and`", ["AND"]),
  ...each("write `or`", ["OR"]),
  ...each("a function is written with `=>`: `n => n + 1`", ["->"]),
  ...each("numbers in a row are `range(0, 3)`", [".."]),
  ...each("what is done with each element is `list.map(x => …)`, or a `for` as a value", ["for"]),
]);

const userVerbs: ReadonlySet<TokenType> = new Set(t.userVerbWords.map((word) => t.soft[word]));
const units = [
  "ms",
  "second",
  "seconds",
  "sec",
  "minute",
  "minutes",
  "min",
  "hour",
  "hours",
  "day",
  "days",
  "week",
  "weeks",
];
const types: ReadonlySet<string> = new Set([
  "int",
  "float",
  "str",
  "bool",
  "string",
  "boolean",
  "number",
  "list",
  "map",
  "duration",
  "datetime",
  "json",
]);

export const isTypeWord = (word: string): boolean => types.has(word);

function each(help: string, words: readonly string[]): readonly (readonly [string, string])[] {
  return words.map((word) => [word, help]);
}

/** What to write instead of a word that begins a statement elsewhere. */
export const beginning = (word: string): string | undefined => beginnings.get(word);

const declaring: ReadonlySet<string> = new Set(["task", "type", "agent", "input", "connect"]);
const foreignlyDeclaring: ReadonlySet<string> = new Set([task, structs, "write `type Name = one | two`"]);

/** The word in front of a name that is declared, here or elsewhere. */
export const declares = ({ image }: Token): boolean =>
  declaring.has(image) || foreignlyDeclaring.has(beginnings.get(image) ?? "");

/** Words before a name that is bound: `let x = 1`, `str x = "a"`. */
export function beforeName(word: Token, name: Token): string | undefined {
  if (word.tokenType !== t.Identifier) return undefined;
  const isType = isTypeWord(word.image) || /^[A-Z]/.test(word.image);
  return isType ? `the type stands behind the name: \`${name.image}: ${word.image} = …\`` : binding;
}

const isOperand = ({ tokenType, image }: Token): boolean => tokenType === t.TextStart || /^[\w({[]/.test(image);

/** What to do where `found` stands behind `last` and something else was wanted. */
export function follower(last: Token, found: Token): string | undefined {
  if (found.newline) return undefined;
  if (last.tokenType === t.Int && units.includes(found.image)) {
    return `a duration is written \`${last.image}.${found.image}\``;
  }
  if (found.tokenType === t.TextStart && !found.blank && /^[a-zA-Z]{1,2}$/.test(last.image)) {
    return 'every text can have holes: `"… {value} …"`';
  }
  if (found.tokenType === t.LeftParen && last.tokenType === t.hard.for) return "write `for x in list { … }`";
  if (found.tokenType === t.LeftParen && last.tokenType === t.hard.catch) return "write `catch err { … }`";
  if (found.tokenType === t.Minus && last.tokenType === t.hard.else) return elseIf;
  if (userVerbs.has(last.tokenType) && isOperand(found)) return `say whom: \`${last.image} user …\``;
  if (last.tokenType === t.Identifier && isOperand(found)) return beginning(last.image) ?? followers.get(found.image);
  return followers.get(found.image);
}
