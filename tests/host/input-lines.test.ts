// Lines from a pipe, one for each question.

import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputLines } from "../../src/runtime/host/input-lines.ts";

const never = new AbortController().signal;

test("one line a request, none lost in between, whatever the chunks", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 })), async (lines, cuts) => {
      const stream = new PassThrough();
      const input = new InputLines(stream);
      let bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
      for (const cut of cuts) {
        stream.write(bytes.subarray(0, cut));
        bytes = bytes.subarray(cut);
      }
      stream.end(bytes);
      const got: (string | undefined)[] = [];
      for (let n = 0; n <= lines.length; n += 1) got.push(await input.next(never));
      expect(got).toEqual([...lines, undefined]);
    }),
    { numRuns: 200 },
  );
});

test("a last line without a break counts, \\r\\n is one break", async () => {
  const stream = new PassThrough();
  const input = new InputLines(stream);
  stream.end("a\r\nb");
  expect([await input.next(never), await input.next(never), await input.next(never)]).toEqual(["a", "b", undefined]);
});

test("a request that is taken back takes no line", async () => {
  const stream = new PassThrough();
  const input = new InputLines(stream);
  const controller = new AbortController();
  const taken = input.next(controller.signal);
  controller.abort();
  expect(await taken).toBeUndefined();
  stream.write("kept\n");
  expect(await input.next(never)).toBe("kept");
});

test("two requests at once get two lines", async () => {
  const stream = new PassThrough();
  const input = new InputLines(stream);
  const both = Promise.all([input.next(never), input.next(never)]);
  stream.write("a\n");
  stream.write("b\n");
  expect((await both).toSorted()).toEqual(["a", "b"]);
});
