import { describe, expect, test } from "vitest";
import { accepts, checkText, errors, types, warnings } from "./checking.ts";

const work = 'connect work via maildir { path: "mail" }\n';

describe("connections", () => {
  test("settings against their kind", () => {
    accepts("connect email via imap { host: env.IMAP_HOST, user: env.EMAIL_USER, pass: env.EMAIL_PASS }");
    expect(errors('connect work via maildir { pth: "x", path: 5 }')).toEqual([
      "K1017 1:28 A connection via maildir has no setting 'pth'",
      "K2001 1:44 Expected str, got int",
    ]);
    expect(errors("connect work via maildir { }")).toEqual(["K2031 1:9 Setting 'path' of maildir is missing"]);
    expect(errors("connect work via mailbox { }")).toEqual(["K1014 1:18 Unknown kind of connection 'mailbox'"]);
  });

  test("operations", () => {
    accepts(`${work}work.send("x", to: "a@b.c")\nfor e in work.fetch() { work.archive(e) }`);
    expect(errors(`${work}work.sned("x")`)).toEqual(["K1018 2:6 Connection 'work' cannot sned"]);
    accepts(`${work}for work in fetch work { notify user work.subject\n  work.archive(work) }`);
  });
});

describe("fetch", () => {
  test("items and what `where` sees of them", () => {
    expect(
      types('x = fetch email where unread and from == "a"\ny = fetch "https://x.org"\nz = y.headers["a"]'),
    ).toEqual({
      x: "list[Email]",
      y: "Response",
      z: "str?",
    });
    expect(errors("x = fetch email where e.unread")).toEqual(["K1001 1:23 Unknown name 'e'"]);
    expect(errors("x = fetch email where subject")).toEqual(["K2001 1:23 Expected bool, got str"]);
  });

  test("options of a request", () => {
    accepts('x = fetch "https://x.org" with { method: "POST", headers: {"X-A": "b"}, body: {a: 1} }');
    expect(errors('x = fetch "https://x.org" with { methd: "POST" }')).toEqual([
      "K1007 1:34 a request has no field 'methd'",
    ]);
  });

  test("a `for` over items settles them, from `fetch` directly or through a binding", () => {
    const settled = (text: string): string[] => [...checkText(text).checked.settles.values()];
    expect(settled(`${work}for e in fetch work { notify user e.subject }`)).toEqual(["work"]);
    expect(settled(`${work}xs = fetch work where unread\nfor e in xs { notify user e.subject }`)).toEqual(["work"]);
    expect(settled("task f(xs: list[Email]) { for e in xs { notify user e.subject } }")).toEqual([]);
  });

  test("what came from a connection goes back to it", () => {
    const routes = (text: string): string[] => [...checkText(text).checked.routes.values()];
    expect(routes(`${work}for e in fetch work { archive e\n  send "x" to e }`)).toEqual(["work", "work", "work"]);
    expect(routes("for e in fetch email { archive e }")).toEqual(["email", "email"]);
    expect(routes('x = fetch "https://x.org"\ny = search "q"')).toEqual(["url", "web"]);
    expect(routes('agent A {\n  role "r"\n  on message(m: Message) { send "x" to m }\n}\nsend "x" to A')).toEqual([
      "agent:A",
      "message",
    ]);
  });
});

describe("AI operations", () => {
  const u = "type U = low | high\n";

  test("may give none; a fallback takes that away", () => {
    expect(
      types(
        `${u}a = classify "x" as U\nb = classify "x" as U fallback low\nc = summarize "x" in 2 sentences\nd = draft "x" { tone: none, my_own: 3 } ?? ""\ne = extract {n: int, tags: list[str]} from "x"\nf = translate "x" to french\ng = translate "x" to [spanish, "pt-BR"]\nh = decide "x" { options: [reply, archive, "c d"] }\ni = decide "x" { options: U } fallback {choice: low, reason: ""}\nj = prompt { user: "x" } as list[int]`,
      ),
    ).toEqual({
      a: "U?",
      b: "U",
      c: "str?",
      d: "str",
      e: "{n: int, tags: list[str]}?",
      f: "str?",
      g: "map[str, str]?",
      h: "{choice: str, reason: str}?",
      i: "{choice: U, reason: str}",
      j: "list[int]?",
    });
  });

  test("are checked", () => {
    expect(errors(`${u}x = classify "x" as U fallback "high"`)).toEqual(["K2001 2:32 Expected U, got str"]);
    expect(errors(`${u}x = classify "x" as U considering ["a" => hgih]`)).toEqual(["K1001 2:43 Unknown name 'hgih'"]);
    expect(errors('type M { a: str }\nx = classify "x" as M')).toEqual([
      "K2020 2:21 `classify` needs an enum without fields, got M",
    ]);
    expect(errors('x = prompt { user: "x" }')).toEqual(["K2019 1:5 `prompt` needs `as Type`: the type of its result"]);
    expect(errors('x = summarize "x" in 3 chapters')).toEqual(["K1019 1:24 Unknown measure 'chapters'"]);
    expect(errors('x = decide "x" { option: [a] }')).toEqual(["K1019 1:18 Unknown option 'option'"]);
    expect(errors('x = decide "x" { choices: [a] }')).toEqual([
      "K2008 1:12 Field 'options' of `decide` is missing",
      "K1019 1:18 Unknown option 'choices'",
    ]);
  });

  test("a bare language is a variable only if a text of that name is in scope", () => {
    const outcome = checkText('french = "fr"\nspanish = 3\nx = translate "a" to [french, spanish]');
    const [targets] = [...outcome.checked.translations.values()];
    expect(targets?.map((target) => (typeof target === "string" ? target : target.kind))).toEqual([
      "Reference",
      "spanish",
    ]);
  });
});

describe("people and time", () => {
  test("types", () => {
    expect(types('a = ask user "?"\nb = confirm user "?"\nc = notify user 1\nd = now')).toEqual({
      a: "str",
      b: "bool",
      c: "none",
      d: "datetime",
    });
    expect(errors("wait 5")).toEqual(["K2001 1:6 Expected duration, got int"]);
    expect(errors("wait until 5")).toEqual(["K2001 1:12 Expected bool, got int"]);
  });

  test("sending what may be none, and printing a secret, are warned about", () => {
    expect(warnings('send draft "x" to "a@b.c"')).toEqual(["K2105 1:6 Sending none raises NullError: this is str?"]);
    expect(warnings('x = draft "y"\nconfirm user x then send x to "a@b.c"')).toEqual([]);
    expect(warnings('notify user "key {env.API_KEY}"')).toEqual(["K2106 1:19 This prints the secret API_KEY as it is"]);
    expect(warnings('notify user "{env.API_KEY.length} {env.API_KEY != ""} {[env.API_KEY.length].sum()}"')).toEqual([]);
    expect(warnings('notify user when env.API_KEY { "" => "none", _ => "some" }')).toEqual([]);
    expect(warnings("notify user env.API_KEY.slice(0, 3)")).toHaveLength(1);
    expect(warnings("show user {key: env.API_KEY, length: env.API_KEY.length}")).toHaveLength(1);
    expect(warnings("input t: secret\nnotify user t")).toEqual(["K2106 2:13 This prints the secret t as it is"]);
  });

  test("an address is a text, an agent, or what has `from`", () => {
    accepts('send "x" to {from: "a@b.c"}');
    expect(errors('send "x" to 5')).toEqual(["K2001 1:13 Expected an address, got int"]);
    expect(errors('send "x"')).toEqual(["K2038 1:6 `send` needs an address: write `send … to …`"]);
  });

  test("memory", () => {
    expect(types('type C { a: str }\nx = recall "q" limit 5\ny = recall "q" as C')).toEqual({
      x: "list[json]?",
      y: "list[C]?",
    });
  });
});

test("loops, jumps and errors stand where they may", () => {
  expect(errors("break")).toEqual(["K2026 1:1 `break` stands in no loop"]);
  expect(errors("for x in [1] { [2].map(y => { break }) }")).toEqual(["K2026 1:31 `break` stands in no loop"]);
  expect(errors("for n in 3 { notify user n }")).toEqual(["K2014 1:10 `for` runs over a list, got int"]);
  expect(errors("fail 3")).toEqual(["K2001 1:6 Expected str or an error, got int"]);
  expect(errors("try { notify user 1 } catch e: NetworkEror { fail e }")).toEqual([
    "K1020 1:32 'NetworkEror' is no type of error",
  ]);
  expect(types("xs = for x in [1, 2] { x * 1.5 }".replace("1.5", "2"))).toEqual({ xs: "list[int]" });
});

test("where no other file can be read, nothing follows from what it would have declared", () => {
  expect(errors('use { a, B } from "./x.keel"\nx = a(1)\ny: B = x')).toEqual([
    "K1021 1:19 Cannot use './x.keel': no other files can be read here",
  ]);
});
