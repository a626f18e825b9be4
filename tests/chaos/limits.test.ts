// Less than a process needs: files may not grow, or no more of them may be opened. It is said in words, and with more the
// run goes on with nothing twice and nothing lost.

import { mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectComplaint, place, type Place } from "../cli/command.ts";

const many = `for i in range(0, 60) {
  notify user "line {i} {range(0, 200).map(n => "{n * i}").join("")}"
}
notify user "end"
`;

async function lines(here: Place): Promise<readonly string[]> {
  return (await here.timeline()).flatMap(({ line }) => /▸ (line \d+|end|\w+: \w+)/.exec(String(line))?.[1] ?? []);
}

/** In blocks of 512 bytes. */
test.each([300, 450, 700])("files may not become larger than %i blocks", async (blocks) => {
  const here = place();
  here.write("a.keel", many);
  const limit = `-f ${blocks}`;
  const torn = await here.keel(["run", "a.keel"], { limit });
  expectComplaint(
    torn,
    74,
    "would become larger than this process may make a file",
    "recorded so far is safe",
    "ulimit -f",
  );
  const resumed = await here.keel(torn.out === "" ? ["run", "a.keel"] : ["resume"]);
  expect(resumed).toMatchObject({ code: 0, err: "" });
  expect(await lines(here)).toEqual([...Array.from({ length: 60 }, (_, n) => `line ${n}`), "end"]);
});

test("ever fewer files may be open, until a run cannot even begin", async () => {
  const here = place();
  here.write("a.keel", `notify user "end"\n`);
  let [files, code] = [80, 0];
  while (code === 0) {
    files -= 4;
    const ended = await here.keel(["run", "a.keel"], { limit: `-n ${files}` });
    if (ended.code !== 0) expectComplaint(ended, 74, "too many files open", "ulimit -n");
    else expect(ended.out).toContain("▸ end");
    ({ code } = ended);
  }
  expect(files).toBeGreaterThan(20);
  expect((await here.keel(["ls"])).out).not.toMatch(/running|crashed/);
});

test("no more files may be opened in the midst of a run", async () => {
  const server = await reluctantServer();
  const here = place();
  for (const box of ["cur", "new", "tmp"]) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  here.write("a.keel", crowd(server.address));
  const running = here.start(["run", "a.keel", "--ticks", "1"], { limit: "-n 48" });
  await Promise.race([running.until("mail: ").catch(() => undefined), running.end]);
  server.answer();
  const torn = await running.end;
  if (torn.code !== 0) expectComplaint(torn, 74, "too many files open", "ulimit -n");
  expect(await here.keel(["resume"])).toMatchObject({ code: 0, err: "" });

  const said = await lines(here);
  expect(said.filter((line) => line.startsWith("web"))).toHaveLength(crowdSize);
  expect(said).toContain("web: caught");
  const sent = readdirSync(path.join(here.folder, "box"), { recursive: true }).filter((name) =>
    String(name).startsWith(".Sent/cur/"),
  );
  expect(sent).toHaveLength(said.includes("mail: sent") ? 1 : 0);
});

const crowdSize = 60;

/** Sixty agents who wait for an answer from the web, and a mail meanwhile. */
function crowd(address: string): string {
  const agents = Array.from(
    { length: crowdSize },
    (_, n) => `agent A${n} {
  role "Waits"

  every 1.hour {
    got = try { (fetch "${address}/${n}").body } catch err: NetworkError { "caught" }
    notify user "web: {got}"
  }
}
run A${n} in background
`,
  );
  return `connect email via maildir { path: "box" }
${agents.join("")}
wait 300.ms
done = try {
  send "hello" to "bob@example.com"
  "sent"
} catch err: MailError { "caught" }
notify user "mail: {done}"
`;
}

/** Answers nobody before it is told to. */
async function reluctantServer(): Promise<{ readonly address: string; answer(): void }> {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => (tell = resolve));
  const server = createServer((_, response) => void told.then(() => response.end("answered")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answer: () => tell() };
}
