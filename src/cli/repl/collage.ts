// A program text that is put together from pieces of other texts, and for each place in it the piece it came from: so
// that what the compiler says about the whole is shown to a person in the text that they wrote.

import type { Places } from "../../ir/kir.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { Source, type Span } from "../../source/text.ts";

/** A part of a text that a person wrote. */
export interface Piece {
  readonly source: Source;
  readonly span: Span;
}

export function pieceText({ source, span }: Piece): string {
  return source.text.slice(span.start, span.end);
}

interface Spot {
  readonly start: number;
  readonly end: number;
  readonly piece: Piece;
}

/** A diagnostic and the text that it is about; `piece` is the part of it that the whole has, where it has one. */
export interface Said {
  readonly diagnostic: Diagnostic;
  readonly source: Source;
  readonly piece?: Piece;
}

export class Collage {
  #text = "";
  readonly #spots: Spot[] = [];

  /** Adds texts and pieces, one behind the other. */
  add(...parts: readonly (string | Piece)[]): void {
    for (const part of parts) {
      const start = this.#text.length;
      this.#text += typeof part === "string" ? part : pieceText(part);
      if (typeof part !== "string") this.#spots.push({ start, end: this.#text.length, piece: part });
    }
  }

  source(name: string): Source {
    return new Source(name, this.#text);
  }

  /** A diagnostic of the whole as one of the piece it is about, with what of it lies in the same text. */
  said(diagnostic: Diagnostic): Said {
    if (diagnostic.source !== undefined) return { diagnostic, source: diagnostic.source };
    const spot = this.#spotOf(diagnostic.span);
    if (spot === undefined) return { diagnostic, source: this.source("repl") };
    const { related = [], edits = [], ...rest } = diagnostic;
    const within = <T extends { readonly span: Span }>(places: readonly T[]): T[] =>
      places.flatMap((place) => {
        const own = this.#spotOf(place.span);
        return own?.piece.source === spot.piece.source ? [{ ...place, span: moved(place.span, own) }] : [];
      });
    const [others, changes] = [within(related), within(edits)];
    return {
      diagnostic: {
        ...rest,
        span: moved(diagnostic.span, spot),
        ...(others.length === 0 ? {} : { related: others }),
        ...(changes.length === 0 ? {} : { edits: changes }),
      },
      source: spot.piece.source,
      piece: spot.piece,
    };
  }

  /** The places of a program's steps, each in its own text. */
  places({ file, steps }: Places): Places {
    const source = this.source("");
    const own = Object.entries(steps).map(([id, place]) => {
      const [line, column, used] = place;
      if (used !== undefined) return [id, place] as const;
      const text = [...source.line(line)].slice(0, column - 1).join("");
      const at = source.lineStart(line) + text.length;
      const spot = this.#spotOf({ start: at, end: at });
      if (spot === undefined) return [id, place] as const;
      const there = spot.piece.source.position(moved({ start: at, end: at }, spot).start);
      return [id, [there.line, there.column]] as const;
    });
    return { file, steps: Object.fromEntries(own) };
  }

  #spotOf({ start, end }: Span): Spot | undefined {
    return this.#spots.find((spot) => spot.start <= start && end <= spot.end);
  }
}

function moved({ start, end }: Span, { start: from, piece }: Spot): Span {
  const by = piece.span.start - from;
  return { start: start + by, end: end + by };
}
