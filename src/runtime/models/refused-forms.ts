// What of a reply's form a server would not promise: a schema too large for its compiler, a model without that mode. Such
// a form is left to the prompt, which describes it anyway, and to our own validation; for the rest of the run, since a
// server does not change its mind. Nothing was generated and nothing is paid for a form that is refused.

import type { ModelRequest } from "./provider.ts";

const formWords = /output_config|output_format|response_format|schema|grammar|structured|required for format/i;

export class RefusedForms {
  readonly #refused = new Set<string>();

  /** The request as the server takes it. */
  allowed(request: ModelRequest): ModelRequest {
    if (!this.#refused.has(keyOf(request))) return request;
    const { schema: _, ...rest } = request;
    return rest;
  }

  /** Whether it was the form that was refused, and not known to be: then the request is worth sending without it. */
  note(request: ModelRequest, said: string): boolean {
    const key = keyOf(request);
    if (request.schema === undefined || this.#refused.has(key) || !formWords.test(said)) return false;
    this.#refused.add(key);
    return true;
  }
}

function keyOf({ model, schema }: ModelRequest): string {
  return `${model} ${JSON.stringify(schema?.schema ?? null)}`;
}
