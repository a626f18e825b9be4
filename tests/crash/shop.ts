// A web server of the tests' own, which remembers every request that it was asked: what a run did to the world, whatever
// its journal says.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}

export interface Shop {
  /** The address for one run: its requests are kept apart from those of others. */
  address(label: string): string;
  requests(label: string): readonly Request[];
  close(): void;
}

export async function openShop(): Promise<Shop> {
  const asked = new Map<string, Request[]>();
  const server = createServer({ keepAlive: false }, (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const [, label = "", ...rest] = (request.url ?? "").split("/");
      const key = request.headers["idempotency-key"];
      const { method = "" } = request;
      const path = rest.join("/");
      asked.set(label, [
        ...(asked.get(label) ?? []),
        { method, path, body, key: typeof key === "string" ? key : undefined },
      ]);
      response.sendDate = false;
      response.writeHead(method === "GET" ? 200 : 201, { "content-type": "text/plain" });
      response.end(`${method} ${path}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (label) => `http://127.0.0.1:${port}/${label}`,
    requests: (label) => asked.get(label) ?? [],
    close: () => void server.close(),
  };
}
