// Where the steps of a run's program stand, and the text around them where that is still what was run: only its hash can
// tell, so today's file is compiled and compared.

import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Places } from "../ir/kir.ts";
import type { RunStarted } from "../runtime/journal/event.ts";
import { programHash } from "../runtime/journal/programs.ts";
import { Source, type Span } from "../source/text.ts";
import { compileSource, readText } from "./source-file.ts";

export interface StepPlaces {
  /** `triage.keel:14:3`; absent for a step that the program does not have. */
  nameOf(step: string): string | undefined;
  /** The step in its text; absent where the text has changed since, or is not there. */
  find(step: string): { readonly source: Source; readonly span: Span } | undefined;
}

/** Of a recorded run. */
export async function placesOfRun(places: Places, started: RunStarted): Promise<StepPlaces> {
  const text = await textOfRun(places, started);
  return text === undefined ? placesIn(places, () => undefined) : placesWith(text);
}

/** A program's places with the text of its files, by the names that the places have for them. */
export interface PlacedText {
  readonly places: Places;
  readonly sources: { readonly [name: string]: string };
}

/** Undefined where the files are not what was run. */
export async function textOfRun(places: Places, started: RunStarted): Promise<PlacedText | undefined> {
  const file = join(started.directory, basename(places.file));
  const source = existsSync(file) ? read(file) : undefined;
  const today = source === undefined ? undefined : await compileSource(source).catch(() => undefined);
  const same = today?.program !== undefined && programHash(today.program) === started.program;
  if (!same || today.places === undefined) return undefined;
  return textAt({ ...today.places, file: places.file }, file);
}

/** With the text that lies in a program's file, and in those that it uses, beside it. */
export function textAt(places: Places, file: string): PlacedText {
  const used = new Set([undefined, ...Object.values(places.steps).map(([, , each]) => each)]);
  const texts = [...used].flatMap((each) => {
    const text = read(each === undefined ? file : join(dirname(file), each))?.text;
    return text === undefined ? [] : [[nameOf(places.file, each), text] as const];
  });
  return { places, sources: Object.fromEntries(texts) };
}

/** `shown` is the name that a file has for a reader, where that is not its own. */
export function placesWith({ places, sources }: PlacedText, shown = (name: string): string => name): StepPlaces {
  return placesIn(places, (used) => {
    const name = nameOf(places.file, used);
    const text = Object.hasOwn(sources, name) ? sources[name] : undefined;
    return text === undefined ? undefined : new Source(shown(name), text);
  });
}

function placesIn(places: Places, sourceOf: (used: string | undefined) => Source | undefined): StepPlaces {
  return {
    nameOf(step) {
      const place = places.steps[step];
      if (place === undefined) return undefined;
      const [line, column, used] = place;
      return `${nameOf(places.file, used)}:${line}:${column}`;
    },
    find(step) {
      const place = places.steps[step];
      const source = place === undefined ? undefined : sourceOf(place[2]);
      return place === undefined || source === undefined ? undefined : { source, span: spanOf(source, place) };
    },
  };
}

function nameOf(file: string, used: string | undefined): string {
  return used === undefined ? file : join(dirname(file), used);
}

function read(file: string): Source | undefined {
  try {
    return new Source(file, readText(file));
  } catch {
    return undefined;
  }
}

/** From a step's beginning to the end of its line. */
function spanOf(source: Source, [line, column]: readonly [number, number, string?]): Span {
  const text = source.line(line);
  const start = source.lineStart(line) + [...text].slice(0, column - 1).join("").length;
  const end = source.lineStart(line) + text.trimEnd().length;
  return { start, end: Math.max(start + 1, end) };
}
