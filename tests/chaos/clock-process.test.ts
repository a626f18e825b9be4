// The clock of the machine is set back by a day under a real process: answers from elsewhere are found, and `keel serve`
// goes on looking, as if nothing had happened.

import { expect, test } from "vitest";
import { place, type Running } from "../cli/command.ts";

/** The clock of this process alone, a day back from when it is sent SIGUSR2. */
const settable = {
  NODE_OPTIONS:
    "--import=data:text/javascript,let%20by=0;const{now}=Date;Date.now=()=>now()%2Bby;process.on('SIGUSR2',()=>{by=-864e5;process.stderr.write('set%20back')})",
};

async function setBack(running: Running): Promise<void> {
  running.child.kill("SIGUSR2");
  await running.until("set back");
}

test("a run that waits at a terminal finds the answer that was given elsewhere", async () => {
  const here = place();
  here.write("a.keel", `name = ask user "Name?"\nnotify user "hello {name}"\n`);
  const running = here.start(["run", "a.keel"], { env: settable });
  await running.until("? Name?");
  await setBack(running);
  expect((await here.keel(["answer", await here.run(), "Zoe"])).code).toBe(0);
  expect(await running.end).toMatchObject({ code: 0, out: expect.stringContaining("hello Zoe") });
});

test("`keel serve` takes up what crashes, and what is answered", async () => {
  const here = place();
  here.write("a.keel", `notify user "before"\nname = ask user "Name?"\nnotify user "hello {name}"\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("? Name?");
  const run = await here.run();
  const serve = here.start(["serve"], { env: settable });
  await serve.until("1 held by other processes");
  await setBack(serve);
  running.child.kill("SIGKILL");
  await running.end;
  await serve.until("▸ waits for a person");
  expect((await here.keel(["answer", run, "Zoe"])).code).toBe(0);
  await serve.until("hello Zoe");
  serve.child.kill("SIGTERM");
  expect((await serve.end).code).toBe(0);
});
