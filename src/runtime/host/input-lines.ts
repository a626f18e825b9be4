// Lines from a stream that is no terminal, one for each request. Nothing is read before the first request, no line that
// came early is lost, and the stream holds the process only while a request waits for it.

import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";

export class InputLines {
  readonly #stream: Readable;
  readonly #lines: string[] = [];
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  #ended = false;
  #started = false;
  readonly #waiting = new Set<() => void>();

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  /** The next line without its break; `undefined` at the end, and when `signal` aborts, which takes no line. */
  async next(signal: AbortSignal): Promise<string | undefined> {
    this.#start();
    while (this.#lines.length === 0 && !this.#ended && !signal.aborted) await this.#more(signal);
    return signal.aborted ? undefined : this.#lines.shift();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#stream.on("data", (chunk: Buffer | string) => {
      this.#take(typeof chunk === "string" ? chunk : this.#decoder.write(chunk));
    });
    this.#stream.on("end", () => this.#end());
    this.#stream.on("close", () => this.#end());
    this.#stream.on("error", () => this.#end());
    this.#stream.pause();
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        if (this.#waiting.size === 0) {
          this.#stream.pause();
          hold(this.#stream, false);
        }
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener("abort", done);
      hold(this.#stream, true);
      this.#stream.resume();
    });
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (lines.length > 0) this.#wake();
  }

  /** A last line without a break counts. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const last = this.#rest + this.#decoder.end();
    if (last !== "") this.#lines.push(last);
    this.#wake();
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }
}

/** Whether the stream keeps the process alive. Pipes and sockets can be told; a file ends by itself. */
function hold(stream: Readable, keep: boolean): void {
  const name = keep ? "ref" : "unref";
  const method: unknown = Reflect.get(stream, name);
  if (typeof method === "function") Reflect.apply(method, stream, []);
}
