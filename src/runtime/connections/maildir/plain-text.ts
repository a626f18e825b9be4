// HTML mail bodies as plain text, modestly: blocks become lines, links keep their words, what is not shown is left out.
// One pass over the text, in linear time, whatever the HTML: a mail's sender is nobody we trust.

/** Their beginning and end leave an empty line; those of the others begin a new one. */
const paragraphs = new Set("blockquote dl h1 h2 h3 h4 h5 h6 ol p pre table ul".split(" "));
const blocks = new Set([
  ...paragraphs,
  ..."address article aside br dd div dt footer header hr li main section tr".split(" "),
]);
const hidden = new Set(["head", "script", "style", "title", "template"]);

export function plainText(html: string): string {
  const out: string[] = [];
  // Letter by letter, so that places in it are places in the text.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    out.push(words(html.slice(at, open < 0 ? undefined : open)));
    if (open < 0) break;
    if (html.startsWith("<!--", open)) {
      at = after(html, "-->", open);
      continue;
    }
    if (!/[a-z/!?]/i.test(html[open + 1] ?? "")) {
      out.push("<");
      at = open + 1;
      continue;
    }
    const tag = /^<\/?([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 40))?.[1]?.toLowerCase();
    at = after(html, ">", open);
    if (tag === undefined) continue;
    if (blocks.has(tag)) out.push(paragraphs.has(tag) ? "\n\n" : "\n");
    if (tag === "td" || tag === "th") out.push(" ");
    if (hidden.has(tag) && html[open + 1] !== "/") at = after(html, ">", skipTo(lower, `</${tag}`, at));
  }
  return tidied(out.join(""));
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function skipTo(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

/** Blanks at the ends of lines go; of empty lines one stays where a paragraph ends, none between other blocks. */
function tidied(text: string): string {
  const out: string[] = [];
  let empty = 0;
  for (const line of text.split("\n").map((each) => each.replace(/ +/g, " ").trim())) {
    if (line === "") {
      empty += 1;
      continue;
    }
    if (out.length > 0 && empty >= 2) out.push("");
    out.push(line);
    empty = 0;
  }
  return out.join("\n");
}

const entities: { readonly [name: string]: string } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  shy: "",
  zwnj: "",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  bull: "•",
  middot: "·",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  copy: "©",
  reg: "®",
  trade: "™",
  euro: "€",
  pound: "£",
  deg: "°",
  times: "×",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
};

/** Text between tags: white space is one blank, entities are what they stand for, unknown ones stay. */
function words(text: string): string {
  return text.replace(/\s+/g, " ").replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole;
    const hex = name[1] === "x" || name[1] === "X";
    const point = hex ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    const printable = point >= 32 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    return printable ? String.fromCodePoint(point) : " ";
  });
}
