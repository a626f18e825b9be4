// The prompt of a question: what stands on the screen from when it is put until it is answered, left open by the end of
// the input, or taken back.

import { createPrompt, useEffect, useRef, useState } from "@inquirer/core";
import { createColors } from "picocolors";
import stringWidth from "string-width";
import { meaning } from "../runtime/engine/questions.ts";
import { visible } from "../runtime/host/visible.ts";
import type { Question } from "../runtime/world.ts";
import { unreachable } from "../source/invariant.ts";
import type { Edit } from "./answer-draft.ts";
import { setLine, Typing, type Editor, type Key } from "./typing.ts";

export interface QuestionPrompt {
  readonly kind: Question["kind"];
  readonly message: string;
  readonly hint: string;
  /** Takes the question back; a text as its reason says why. */
  readonly signal: AbortSignal;
  readonly screen: { readonly columns: number; readonly rows: number };
  readonly color: boolean;
  /** What stands on the screen now stays. */
  readonly ended: () => void;
}

type Status =
  | { readonly kind: "Open" }
  | { readonly kind: "Answered"; readonly answer: string }
  /** The input is at its end. */
  | { readonly kind: "Left" }
  | { readonly kind: "Withdrawn"; readonly why: string }
  /** The run ends, or is about to: Ctrl+C. */
  | { readonly kind: "Dropped" };

/** Gives the answer, or `undefined` where nobody answered. */
export const questionPrompt = createPrompt<string | undefined, QuestionPrompt>((config, done) => {
  const [status, setStatus] = useState<Status>({ kind: "Open" });
  const [, redraw] = useState(0);
  const typing = useRef<Typing | undefined>(undefined);
  useEffect((editor) => {
    const end = (last: Status): void => {
      setLine(editor, "", 0);
      setStatus(last);
      config.ended();
      done(last.kind === "Answered" ? last.answer : undefined);
    };
    typing.current = new Typing(config.kind, editor, (answer) => end({ kind: "Answered", answer }));
    return listen(typing.current, editor, config.signal, end, () => redraw((count) => count + 1));
  }, []);
  return view(config, status, typing.current?.edit);
});

/** Hears everything that happens to the prompt; gives how to hear no more. */
function listen(
  typing: Typing,
  editor: Editor,
  signal: AbortSignal,
  end: (last: Status) => void,
  redraw: () => void,
): () => void {
  let drawing: NodeJS.Immediate | undefined;
  // The keys of one chunk are drawn together.
  const drawSoon = (): void => {
    drawing ??= setImmediate(() => {
      drawing = undefined;
      redraw();
    });
  };
  const onKey = (_: unknown, key: unknown): void => {
    typing.take(key as Key);
    drawSoon();
  };
  const onClose = (): void => end({ kind: "Left" });
  const onAbort = (): void => {
    const why: unknown = signal.reason;
    end(typeof why === "string" ? { kind: "Withdrawn", why } : { kind: "Dropped" });
  };
  const onInterrupt = (): void => end({ kind: "Dropped" });
  // After Ctrl+Z and `fg`.
  const onContinue = (): void => {
    editor.resume();
    redraw();
  };
  editor.input.on("keypress", onKey);
  editor.on("close", onClose);
  editor.on("SIGINT", onInterrupt);
  editor.on("SIGCONT", onContinue);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  return () => {
    typing.stop();
    clearImmediate(drawing);
    editor.input.removeListener("keypress", onKey);
    editor.removeListener("close", onClose);
    editor.removeListener("SIGINT", onInterrupt);
    editor.removeListener("SIGCONT", onContinue);
    signal.removeEventListener("abort", onAbort);
  };
}

// ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────────

/** The rows up to the cursor's, and those below. */
type View = [content: string, below: string];

function view(config: QuestionPrompt, status: Status, edit: Edit | undefined): View {
  const colors = createColors(config.color);
  const message = colors.bold(config.message);
  switch (status.kind) {
    case "Open":
      return openView(config, edit);
    case "Answered": {
      const head = `${colors.green("✓")} ${message}`;
      if (config.kind === "Confirm")
        return [`${head} ${meaning("Confirm", status.answer) === true ? "Yes" : "No"}`, ""];
      return [layout(config, head, edit).flat().join("\n").trimEnd(), ""];
    }
    case "Left":
      return [`${colors.blue("?")} ${message} ${colors.dim("left open")}`, ""];
    case "Withdrawn":
      return [`${colors.yellow("▸")} ${message} ${colors.dim(visible(status.why))}`, ""];
    case "Dropped":
      return [
        layout(config, `${colors.blue("?")} ${message}`, edit)
          .flat()
          .join("\n"),
        "",
      ];
    default:
      return unreachable(status);
  }
}

function openView(config: QuestionPrompt, edit: Edit | undefined): View {
  const { columns } = config.screen;
  const colors = createColors(config.color);
  const choice = config.kind === "Confirm" ? ` ${colors.dim("(y/N)")}` : "";
  const [above, line, below] = layout(config, `${colors.blue("?")} ${colors.bold(config.message)}${choice}`, edit);
  // Behind a line that fills its row the library loses count of the rows below it.
  const isFull = stringWidth(line) >= columns - 1 || line.length >= columns - 1;
  const hint = config.hint === "" || isFull ? [] : [`  ${colors.dim(config.hint)}`];
  return [[...above, line].join("\n"), isFull ? "" : [...below, ...hint].join("\n")];
}

/** How many rows of the screen are left for others: the question, the hint, what was said before. */
const otherRows = 8;

/** The rows of an answer: above the cursor's, the cursor's, below it. An answer of one line stands beside the question. */
function layout(
  { screen: { columns, rows } }: QuestionPrompt,
  head: string,
  edit: Edit | undefined,
): readonly [above: readonly string[], line: string, below: readonly string[]] {
  if (edit === undefined) return [[], `${head} `, []];
  const { draft, line } = edit;
  if (draft.above.length === 0 && draft.below.length === 0) return [[], `${head} ${visible(line)}`, []];
  const room = Math.max(4, rows - otherRows);
  const above = draft.above.map(({ shown }) => row(shown, columns));
  const below = draft.below.map((each) => row(each, columns));
  const fewBelow = below.slice(0, Math.max(2, room - above.length));
  const fewAbove = above.slice(-(room - fewBelow.length));
  const hiddenAbove = above.length - fewAbove.length;
  const hiddenBelow = below.length - fewBelow.length;
  return [
    [head, ...(hiddenAbove === 0 ? [] : [`  … ${hiddenAbove} more above`]), ...fewAbove],
    `  ${visible(line)}`,
    [...fewBelow, ...(hiddenBelow === 0 ? [] : [`  … ${hiddenBelow} more below`])],
  ];
}

/** A line of the answer in one row. */
function row(text: string, columns: number): string {
  const line = `  ${visible(text).replaceAll("\t", "  ")}`;
  if (stringWidth(line) < columns) return line;
  let cut = "";
  for (const sign of line) {
    if (stringWidth(cut + sign) >= columns - 1) break;
    cut += sign;
  }
  return `${cut}…`;
}
