// Programs whose outcome does not depend on the schedule: whatever happens in which order, and wherever a process dies,
// the same things are said and the same calls are made.

export interface Simulated {
  readonly name: string;
  readonly text: string;
  readonly ticks?: number;
  /** What comes of it depends on the schedule after all: only the laws are checked. */
  readonly isOpen?: true;
}

/** What a person says is in the question. */
export function answerTo(text: string): string {
  return text.includes("no") ? "n" : "y";
}

/** Canned replies; some come late, some come as an error. The same text always gets the same. */
export function replies(delay: () => number): string {
  const entry = (contains: string, reply: string, error?: string): object => ({
    operation: "classify",
    contains,
    delay_ms: delay(),
    ...(error === undefined ? { reply } : { error }),
  });
  return JSON.stringify({
    replies: [
      entry("red", "", "overloaded"),
      entry("refused", "", "refused"),
      entry("bright", "good"),
      entry("dark", "bad"),
      { operation: "draft", reply: "a letter", delay_ms: delay() },
    ],
  });
}

const mood = `type Mood = good | bad\n`;

export const programs: readonly Simulated[] = [
  {
    name: "workers send to a collector",
    ticks: 3,
    text: `
agent Collector {
  role "collects"
  state { count: int = 0, sum: int = 0 }
  on message(m: {value: int}) {
    self.count = self.count + 1
    self.sum = self.sum + m.value
    notify user "got {m.value}"
  }
}
agent One {
  role "sends"
  state { n: int = 0 }
  every 1.minute { self.n = self.n + 1
    send {value: self.n} to Collector }
}
agent Two {
  role "sends"
  state { n: int = 0 }
  every 45.seconds { self.n = self.n + 1
    wait 20.seconds
    send {value: 10 * self.n} to Collector }
}
run Collector in background
run One in background
run Two in background
notify user "begun"
`,
  },
  {
    name: "tasks are delegated to agents that call a model",
    text: `${mood}
agent Judge {
  role "judges"
  state { judged: int = 0 }
  task judge(text: str) -> Mood {
    self.judged = self.judged + 1
    classify text as Mood fallback bad
  }
}
agent Clerk {
  role "asks the judge"
  task file(text: str) -> str {
    mood = delegate judge(text) to Judge
    "{text}: {mood ?? bad}"
  }
}
agent Other {
  role "asks as well"
  task file(text: str) -> str {
    wait 3.seconds
    mood = delegate judge("{text} too") to Judge
    "{text}: {mood ?? bad}"
  }
}
agent Desk {
  role "gives away"
  state { left: int = 2 }
  every 10.minutes {
    for text in ["bright", "dark", "refused"] {
      notify user "{delegate file(text) to Clerk}"
    }
  }
}
agent Counter {
  role "gives away"
  every 7.minutes {
    for text in ["dark", "bright"] {
      notify user "{delegate file(text) to Other}"
    }
  }
}
run Desk in background
run Counter in background
`,
    ticks: 2,
  },
  {
    name: "people are asked by several agents at once",
    text: `
agent A {
  role "asks"
  state { yes: int = 0 }
  task ask_for(what: str) -> bool {
    answer = confirm user "ship {what}?"
    if answer { self.yes = self.yes + 1 }
    answer
  }
}
agent B {
  role "asks"
  on start { notify user "B starts" }
  on stop { notify user "B stops" }
  every 1.minute {
    name = ask user "who is it?"
    notify user "it is {name}"
  }
}
run B in background
for what in ["this", "nothing", "that"] {
  shipped = delegate ask_for(what) to A
  notify user "{what}: {shipped}"
}
notify user "main is done"
`,
    ticks: 2,
  },
  {
    name: "timers, retries and memory",
    text: `
task explode(text: str?) -> str { text! }
agent Keeper {
  role "remembers"
  state { kept: int = 0 }
  on message(m: Message) {
    remember {note: m.body}
    self.kept = self.kept + 1
    after 5.minutes { notify user "five minutes after {m.body}, {self.kept > 0}" }
  }
}
after 1.minute { notify user "a minute" }
begun = now
for n in range(3) {
  send "note {n}" to Keeper
  wait 30.seconds
}
try {
  retry 2 times with backoff { explode(none) }
} catch err: NullError { notify user "gave up" }
wait until now >= begun + 4.minutes
letter = draft "something" ?? "nothing"
notify user "{letter} and {random() < 2.0}"
`,
  },
  {
    name: "main fails while agents are at work",
    isOpen: true,
    ticks: 4,
    text: `${mood}
agent Slow {
  role "is slow"
  state { n: int = 0 }
  on message(m: Message) {
    self.n = self.n + 1
    wait 20.seconds
    mood = classify "bright" as Mood fallback bad
    notify user "{m.body} {mood}"
  }
  every 1.minute { self.n = self.n + 1 }
}
run Slow in background
for n in range(5) { send "message {n}" to Slow }
wait 40.seconds
answer = ask user "go on?"
stop Slow
fail "enough of {answer}"
`,
  },
  {
    name: "agents stop themselves, and others that only have mail",
    text: `
agent Once {
  role "stops itself"
  state { ticks: int = 0 }
  every 1.minute {
    self.ticks = self.ticks + 1
    stop Once
    wait 5.seconds
    notify user "the tick goes on"
  }
}
agent Slow {
  role "is slow"
  state { done: int = 0 }
  task work(n: int) -> int {
    wait 10.minutes
    self.done = self.done + 1
    n
  }
  on message(m: Message) { notify user "never" }
}
agent Asker {
  role "asks"
  task ask_slow(n: int) -> str {
    answer = delegate work(n) to Slow
    "{answer ?? -1}"
  }
}
agent Other {
  role "asks as well"
  task ask_slow(n: int) -> str {
    wait 1.minute
    answer = delegate work(n) to Slow
    "{answer ?? -1}"
  }
}
run Once
after 4.minutes { stop Slow }
after 1.second { notify user "first {delegate ask_slow(1) to Asker}" }
agent Third {
  role "waits"
  on message(m: Message) { notify user "second {delegate ask_slow(2) to Other}" }
}
send "go" to Third
`,
    isOpen: true,
  },
  {
    name: "agents are stopped and run again",
    text: `
agent Loop {
  role "loops"
  state { starts: int = 0, stops: int = 0 }
  on start { self.starts = self.starts + 1 }
  on stop { self.stops = self.stops + 1 }
  every 1.minute { wait 1.second }
}
for round in range(3) {
  run Loop in background
  wait 10.seconds
  stop Loop
  notify user "round {round}"
}
`,
  },
];
