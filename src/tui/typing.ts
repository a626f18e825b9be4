// What the keys of a question's prompt do. readline edits the line with the cursor and acts on each key first; here the
// draft follows, and what a key means otherwise in an answer of many lines is put right.
//
// Enter sends. Alt+Enter, or Enter behind a backslash, begins a new line. What is pasted is part of the answer, whatever
// line breaks are in it; where the terminal does not say that a text is pasted, an Enter with more keys right behind it
// was not pressed by a person.

import type { useEffect } from "@inquirer/core";
import type { Question } from "../runtime/world.ts";
import { answerOf, breakLine, clean, goDown, goUp, joinAbove, noDraft, paste, type Edit } from "./answer-draft.ts";

/** readline, as a prompt is given it. */
export type Editor = Parameters<Parameters<typeof useEffect>[0]>[0];

export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly sequence?: string;
}

export class Typing {
  readonly #kind: Question["kind"];
  readonly #editor: Editor;
  readonly #sent: (answer: string) => void;
  #edit: Edit = { draft: noDraft, line: "", cursor: 0 };
  /** The keys of a paste so far: taken in at its end, so that a long one is not drawn key by key. */
  #pasted: string[] | undefined;
  /** An Enter that sends if no key comes right behind it. */
  #enter: { readonly by: Key["name"]; readonly sends: NodeJS.Immediate } | undefined;

  constructor(kind: Question["kind"], editor: Editor, sent: (answer: string) => void) {
    this.#kind = kind;
    this.#editor = editor;
    this.#sent = sent;
  }

  /** What is to be shown. */
  get edit(): Edit {
    return this.#edit;
  }

  take(key: Key): void {
    if (this.#pasted !== undefined) return this.#takePasted(this.#pasted, key);
    if (key.name === "paste-start") {
      this.#pasted = [];
      return;
    }
    if (this.#enter !== undefined) {
      const isCrLf = this.#enter.by === "return" && key.name === "enter";
      if (isCrLf) return this.#put(this.#edit);
      this.stop();
      this.#break(this.#edit);
      if (!isEnter(key)) return this.#put(paste(this.#edit, clean(key.sequence ?? "")));
    }
    if (isEnter(key)) this.#takeEnter(key);
    else this.#takeOther(key);
  }

  /** Nothing is sent any more. */
  stop(): void {
    clearImmediate(this.#enter?.sends);
    this.#enter = undefined;
  }

  #takePasted(pasted: string[], key: Key): void {
    if (key.name === "paste-end") {
      this.#pasted = undefined;
      const text = clean(pasted.join(""));
      return this.#put(paste(this.#edit, this.#kind === "Ask" ? text : text.replace(/\s+/g, " ")));
    }
    pasted.push(key.sequence ?? "");
    this.#put(this.#edit);
  }

  #takeEnter({ name, meta }: Key): void {
    const { draft, line, cursor } = this.#edit;
    if (meta === true) return this.#break(this.#edit);
    const backslashes = this.#kind === "Ask" && cursor === line.length ? (/\\*$/.exec(line)?.[0].length ?? 0) : 0;
    const kept = backslashes > 0 ? line.slice(0, -1) : line;
    if (backslashes % 2 === 1) return this.#break({ draft, line: kept, cursor: kept.length });
    this.#put(this.#edit);
    this.#enter = { by: name, sends: setImmediate(() => this.#sent(answerOf(draft, kept))) };
  }

  #takeOther({ name, ctrl, meta, sequence = "" }: Key): void {
    const before = this.#edit;
    const control = ctrl === true ? name : undefined;
    // Of the signs that come in one chunk, readline puts all but the last at the line's end, wherever the cursor is.
    const isText = ctrl !== true && meta !== true && sequence !== "" && clean(sequence) === sequence;
    if (isText) return this.#put(paste(before, sequence));
    if (name === "up" || control === "p") return this.#put(goUp(before));
    if (name === "down" || control === "n") return this.#put(goDown(before));
    if ((name === "backspace" || control === "h") && before.cursor === 0) return this.#put(joinAbove(before));
    const { line, cursor } = this.#editor as Editor & { readonly cursor: number };
    this.#edit = { ...before, line, cursor };
  }

  /** A decision has one line only. */
  #break(edit: Edit): void {
    this.#put(this.#kind === "Ask" ? breakLine(edit) : paste(edit, " "));
  }

  #put(edit: Edit): void {
    this.#edit = edit;
    setLine(this.#editor, edit.line, edit.cursor);
  }
}

/** Sets the line that readline edits; it remembers none of those that were entered. */
export function setLine(editor: Editor, line: string, cursor: number): void {
  Object.assign(editor, { line, cursor, history: [] });
}

function isEnter({ name }: Key): boolean {
  return name === "return" || name === "enter";
}
