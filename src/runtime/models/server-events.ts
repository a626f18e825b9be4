// A stream of server-sent events, as far as completions use them: the data of each event. Comments, names and ids of
// events are left out, lines may end in any of the three ways, and what stands after the last blank line is no event.

export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of lines(bytes)) {
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    if (line !== "" || data.length === 0) continue;
    yield data.join("\n");
    data = [];
  }
}

async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    // A carriage return at the end may be the first half of a line break.
    const held = rest.endsWith("\r") ? "\r" : "";
    const found = (held === "" ? rest : rest.slice(0, -1)).split(/\r\n|\n|\r/);
    rest = (found.pop() ?? "") + held;
    yield* found;
  }
  const last = (rest + decoder.decode()).replace(/\r$/, "");
  if (last !== rest) yield last;
}
