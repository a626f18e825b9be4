// The units of durations, in milliseconds: those of literals, and of what a person types.

const second = 1000;

export const unitsInMs: { readonly [unit: string]: number } = {
  ms: 1,
  ...named(second, "seconds", "second", "sec", "s"),
  ...named(60 * second, "minutes", "minute", "min", "m"),
  ...named(3600 * second, "hours", "hour", "hr", "h"),
  ...named(86_400 * second, "days", "day", "d"),
  ...named(7 * 86_400 * second, "weeks", "week", "w"),
};

function named(ms: number, ...units: readonly string[]): { readonly [unit: string]: number } {
  return Object.fromEntries(units.map((unit) => [unit, ms]));
}
