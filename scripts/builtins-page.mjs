// Prints docs/language/builtins.md: what the declarations in stdlib/ say about themselves, in their doc comments.
//
//     node scripts/builtins-page.mjs > docs/language/builtins.md
//
// It reads the files as text: a comment on top whose first sentence is the title, then `##` lines above each declaration.
// A line of `##     EXPRESSION  # VALUE` is an example; tests/stdlib holds that it is true. tests/docs/builtins.test.ts
// holds that nothing of the library is left out and that the page is what this prints.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const library = fileURLToPath(new URL("../stdlib/", import.meta.url));

/** From what every program needs to what few do; a file that is not named here comes last. */
const order = ["values", "strings", "numbers", "lists", "maps", "functions", "types"];

const head = `# Built-ins

What every program knows without declaring it. They are declared in Keel, under \`stdlib/\`, and this page is made of those
files by \`scripts/builtins-page.mjs\`; the examples run as tests. Part of [the reference](README.md#the-reference).

\`T\`, \`U\`, \`K\`, \`V\` and \`N\` stand for any type, but for what is said behind a colon: \`ordered\` are \`int\`, \`float\`, \`str\`, \`duration\` and
\`datetime\`, \`number\` are \`int\` and \`float\`, \`key\` are \`str\`, \`int\` and enums, \`some\` is a type that may be \`none\`. What is written
without parentheses is a property. All of it is immutable: what changes a value gives a new one.

Not in this list, because they belong to the language: [\`.values\` and \`.from(…)\` of an enum](types.md#enums-and-variants),
[\`now\`](people-and-time.md#now), [\`env\`](world.md#the-environment), [\`random()\`](world.md#chance).
`;

process.stdout.write(page([head, ...filesOf(library).flatMap(section), ...connections()]));

/** Parts apart by an empty line, but for the entries of a list. */
function page(parts) {
  const isEntry = (part) => part?.startsWith("- ") === true;
  const apart = (part, index) => index > 0 && !(isEntry(part) && isEntry(parts[index - 1]));
  return parts.map((part, index) => (apart(part, index) ? `\n${part}` : part)).join("");
}

function filesOf(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".keel"));
  const rank = (name) => order.findIndex((each) => name === `${each}.keel`);
  const ranked = names.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const known = ranked.filter((name) => rank(name) !== -1);
  const others = ranked.filter((name) => rank(name) === -1);
  return [...known, ...others].map((name) => readFileSync(path.join(folder, name), "utf8"));
}

function section(text) {
  const [, title, rest = ""] = /^# ([^.]*)\. ?(.*)$/m.exec(text) ?? [];
  const items = declarations(text).map(({ doc, declaration }) =>
    declaration.startsWith("type ")
      ? `\`\`\`keel\n${doc.map((line) => `## ${line}\n`).join("")}${declaration}\n\`\`\`\n`
      : entry(declaration.replace("extern ", ""), doc),
  );
  return [`## ${title}\n`, ...(rest === "" ? [] : [`${rest}\n`]), ...items];
}

/** A declaration with what its comment says and shows. */
function entry(signature, doc) {
  const words = doc.filter((line) => !line.startsWith("    "));
  const examples = doc.flatMap((line) => {
    const [, expression, value] = /^ {4}(\S.*?) {2}# (\S.*)$/.exec(line) ?? [];
    return expression === undefined ? [] : [`\`${expression}\` is \`${value}\`.`];
  });
  return `- \`${signature}\`${doc.length === 0 ? "" : `\\\n  ${[...words, ...examples].join(" ")}`}\n`;
}

/** The `##` lines and the declaration below them: up to its closing brace, or as long as its lines are indented. */
function declarations(text) {
  const lines = text.split("\n");
  const found = [];
  let doc = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.startsWith("##")) doc.push(line.slice(3));
    else if (/^(extern|type) /.test(line)) {
      let end = at + 1;
      if (line.endsWith("{")) end = lines.indexOf("}", at) + 1;
      else while (/^\s+\S/.test(lines[end] ?? "")) end++;
      found.push({ doc, declaration: lines.slice(at, end).join("\n") });
      doc = [];
      at = end - 1;
    } else doc = [];
  }
  return found;
}

function connections() {
  const kinds = filesOf(path.join(library, "connections")).flatMap(declarations);
  return ["## Connections\n", "What `connect NAME via KIND { … }` takes.\n", ...kinds.flatMap(kind)];
}

/** A kind of connection: its settings, then its operations. */
function kind({ doc, declaration }) {
  const [first = "", ...body] = declaration.split("\n").slice(0, -1);
  // A setting is read as if it were a type, so that one reader finds both.
  const inside = body.map((line) => line.slice(2).replace(/^(?!extern |##|$)/, "type "));
  const all = declarations(inside.join("\n"));
  const of = (word) =>
    all
      .filter((each) => each.declaration.startsWith(word))
      .map((each) => entry(each.declaration.slice(word.length), each.doc));
  const name = first.replace("extern connection ", "").replace(" {", "");
  return [`### ${name}\n`, `${doc.join(" ")}\n`, "Settings:\n", ...of("type "), "Operations:\n", ...of("extern ")];
}
