// Runs the pages beside it. README.md says how a page is read.

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { describePage } from "../support/page-suite.ts";

const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".md") && name !== "README.md");

test("there are pages", () => expect(pages.length).toBeGreaterThan(10));

for (const page of pages) describePage(`tests/lang/${page}`);
