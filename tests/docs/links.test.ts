// Every relative link of the documents leads to a file, and with `#` to a heading of it; every page of the language can
// be reached from its index.

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pagesIn, read } from "./documents.ts";

const root = path.join(import.meta.dirname, "../..");
const others = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];
const documents = [...others, ...["docs", "tests", "src", "examples"].flatMap(pagesIn)];

interface Link {
  /** From the root of the repository, with slashes. */
  readonly file: string;
  readonly anchor: string | undefined;
  readonly written: string;
}

/** Links to other files and headings, not to the network. Code is no link. */
function linksOf(page: string): readonly Link[] {
  const prose = read(page)
    .replace(/^\s*(`{3,})[\s\S]*?^\s*\1$/gm, "")
    .replace(/`[^`\n]*`/g, "``");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, written = ""]) => written)
    .filter((written) => !/^[a-z]+:/.test(written))
    .map((written) => {
      const [file = "", anchor] = written.split("#");
      const target = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURI(file));
      return { file: target, anchor, written };
    });
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const prose = read(page).replace(/^\s*(`{3,})[\s\S]*?^\s*\1$/gm, "");
  const titles = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => title);
  const slugs = new Set<string>();
  for (const title of titles) {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let unique = slug;
    for (let count = 1; slugs.has(unique); count++) unique = `${slug}-${count}`;
    slugs.add(unique);
  }
  return slugs;
}

function fault({ file, anchor, written }: Link): string | undefined {
  const found = path.join(root, file);
  if (!existsSync(found)) return `${written}: there is no ${file}`;
  if (anchor === undefined) return undefined;
  if (statSync(found).isDirectory() || !file.endsWith(".md")) return `${written}: only a page has headings`;
  return anchorsOf(file).has(anchor) ? undefined : `${written}: ${file} has no such heading`;
}

test("there are links", () => {
  expect(documents.flatMap(linksOf).length).toBeGreaterThan(100);
});

test("every link leads somewhere", () => {
  const faults = documents.flatMap((page) =>
    linksOf(page)
      .flatMap((link) => fault(link) ?? [])
      .map((why) => `${page}: ${why}`),
  );
  expect(faults).toEqual([]);
});

test("the index of the language leads to each of its pages", () => {
  const linked = linksOf("docs/language/README.md").map(({ file }) => file);
  expect(pagesIn("docs/language").filter((page) => !linked.includes(page) && !page.endsWith("README.md"))).toEqual([]);
});

test("the index of the specification leads to each of its pages", () => {
  const linked = linksOf("tests/lang/README.md").map(({ file }) => file);
  expect(pagesIn("tests/lang").filter((page) => !linked.includes(page) && !page.endsWith("README.md"))).toEqual([]);
});
