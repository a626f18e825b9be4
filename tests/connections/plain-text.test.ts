// HTML as plain text: what a reader would read, in linear time.

import fc from "fast-check";
import { expect, test } from "vitest";
import { plainText } from "../../src/runtime/connections/maildir/plain-text.ts";

test.each([
  ["<p>One</p><p>two</p>", "One\n\ntwo"],
  ["a<br>b<br/>c", "a\nb\nc"],
  ["<ul><li>x</li><li>y</li></ul>", "x\ny"],
  ["<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"],
  ["tom &amp; jerry &lt;3 &#x1F600; &#8211; &nosuch; &", "tom & jerry <3 😀 – &nosuch; &"],
  ["<style>p{}</style>a<script>if (1 < 2) alert('<p>')</script>b", "ab"],
  ["<!-- <p>not</p> -->seen", "seen"],
  ["  lots \n of\tspace  ", "lots of space"],
  ["5 < 6 and 7 > 6", "5 < 6 and 7 > 6"],
  ["&#0;&#xD800;&#1114112;", ""],
])("%j", (html, text) => {
  expect(plainText(html)).toBe(text);
});

test("never throws, never ends in the middle of nowhere", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "</p>",
    "<p",
    "<!--",
    "-->",
    "&",
    "&#",
    ";",
    "<script>",
    "</script",
    " ",
    "x",
    "ü",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(plainText(pieces.join(""))).not.toMatch(/^\s|\s$/);
    }),
  );
});

test.each(["<", "<!--", "<script>", "&", "<p>", "<a "])("a megabyte of %j", (piece) => {
  const start = performance.now();
  plainText(piece.repeat(1_000_000 / piece.length));
  expect(performance.now() - start).toBeLessThan(2000);
});
