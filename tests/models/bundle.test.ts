// The lazy imports as they are shipped: in a split bundle a CommonJS package has no named exports, so what works from the
// sources can fail there.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import type { loadDecoder } from "../../src/runtime/models/structured.ts";

it("the decoder loads from a bundle", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "keel-bundle-"));
  try {
    await build({
      entryPoints: [path.join(import.meta.dirname, "../../src/runtime/models/structured.ts")],
      outdir: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      banner: {
        js: 'import{createRequire as keelRequire}from"node:module";const require=keelRequire(import.meta.url);',
      },
    });
    await writeFile(path.join(folder, "package.json"), '{"type": "module"}');
    const bundled = (await import(pathToFileURL(path.join(folder, "structured.js")).href)) as {
      readonly loadDecoder: typeof loadDecoder;
    };
    const decode = await bundled.loadDecoder();
    expect(decode("{value: [1, 2]}", { kind: "list", of: { kind: "int" } })).toStrictEqual({
      kind: "Value",
      value: [1, 2],
      mends: ["syntax"],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
