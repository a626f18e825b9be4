// What the servers of all three providers answer with.

import type { ServerResponse } from "node:http";

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function page(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/html" }).end("<html><body>nothing here</body></html>");
}

/** In pieces, so that a reply arrives as more than one event. */
export function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [""];
}

export function retryHeaders(retryAfter: string | undefined): { readonly [name: string]: string } {
  return retryAfter === undefined ? {} : { "retry-after": retryAfter };
}
