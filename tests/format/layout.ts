// The places of a generated program where its layout is free, and one choice for each of them. Comments are numbered, so
// that a test can tell that each came through, and in which order.

import fc from "fast-check";

/** A blank or a line break. */
export const sp = "\u0001";
/** Nothing or a line break. */
export const gap = "\u0002";
/** A line break. */
export const nl = "\u0003";
/** A line on which doc comments may stand, or nothing. */
export const doc = "\u0004";

type Fill = (comment: () => string) => string;

const spaces: readonly Fill[] = [
  () => " ",
  () => "  ",
  () => " ",
  () => "\n",
  () => "\n    ",
  (comment) => ` ${comment()}\n`,
  (comment) => `\n${comment()}\n`,
  (comment) => ` ${comment()}\n  ${comment()}\n\n${comment()}\n`,
];
const breaks: readonly Fill[] = [
  () => "\n",
  () => "\n",
  () => "\n  ",
  () => "\n\n",
  () => "\n\n\n\n",
  (comment) => `  ${comment()}\n`,
  (comment) => `\n${comment()}\n`,
  (comment) => ` ${comment()}\n\n\n  ${comment()}\n\n${comment()}\n\n`,
];
const docs: readonly Fill[] = [
  () => "",
  () => "",
  () => "",
  () => "",
  () => "",
  (comment) => `\n#${comment()}\n`,
  (comment) => `\n#${comment()}\n  #${comment()}\n`,
  (comment) => `\n${comment()}\n\n#${comment()}\n`,
];
const fills: { readonly [place: string]: readonly Fill[] } = {
  [sp]: spaces,
  [gap]: ["", "", "", ...spaces.slice(3)].map((fill) => (typeof fill === "string" ? () => fill : fill)),
  [nl]: breaks,
  [doc]: docs,
};

export interface LayoutOptions {
  readonly comments: boolean;
}

/** Texts with free places → texts. */
export function laidOut(texts: fc.Arbitrary<string>, options: LayoutOptions): fc.Arbitrary<string> {
  const choices = fc.array(fc.nat(options.comments ? 7 : 4), { minLength: 1, maxLength: 40, size: "max" });
  return fc.tuple(texts, choices).map(([text, chosen]) => fill(text, chosen));
}

function fill(text: string, chosen: readonly number[]): string {
  let at = 0;
  let comments = 0;
  const comment = (): string => `# ${(comments += 1)}`;
  return text.replace(/[\u0001-\u0004]/g, (place) => {
    const choice = chosen[at % chosen.length] ?? 0;
    at += 1;
    return fills[place]?.[choice]?.(comment) ?? " ";
  });
}
