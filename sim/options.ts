/** What may be said to `npm run sim`. */
import type { Scenario, Size } from "./scenario.ts";

export interface Options {
  readonly type: "run";
  readonly scenarios: readonly Scenario[];
  readonly seed: string;
  /** In place of the scenario's own. */
  readonly naras: number | undefined;
  readonly hours: number | undefined;
  readonly small: boolean;
  readonly realKeys: boolean;
  readonly twice: boolean;
  readonly summary: "text" | "json";
}

export type Parsed =
  | Options
  | { readonly type: "help" }
  /** A sentence for a person that names the option. */
  | { readonly type: "refused"; readonly why: string };

const mostNaras = 5000;
const mostHours = 24 * 31;

export const helpText = (scenarios: readonly Scenario[]): string => `npm run sim -- [options]

  --scenario NAME   one of those below, or all (churn)
  --naras N         how many live in it, 2–${mostNaras}
  --hours H         virtual hours, above 0, at most ${mostHours}
  --small           as small as in the test run
  --seed SEED       a number or any text; the same seed tells the same story (drawn by chance)
  --keys KIND       simulated or real (Ed25519); simulated unless the scenario is about keys
  --twice           plays twice and compares the two traces
  --summary KIND    text, or json: one last line
  --help

${scenarios
  .map(
    ({ name, about, size }) =>
      `  ${name.padEnd(16)}  ${about} (${size.naras} naras, ${size.hours} h)`,
  )
  .join("\n")}`;

/** @param drawn the seed where none is given. */
export function parseOptions(
  words: readonly string[],
  known: readonly Scenario[],
  drawn: string,
): Parsed {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const [, option = "", , inline] = /^(--[a-z]+)(=(.*))?$/s.exec(word) ?? [];
    if (isFlag(option)) {
      if (inline !== undefined) return refused(`${option} takes no value`);
      flags.add(option);
    } else if (isValued(option)) {
      const value = inline ?? waiting.shift();
      if (value === undefined || (inline === undefined && value.startsWith("--"))) {
        return refused(`${option} needs a value`);
      }
      if (values.has(option)) return refused(`${option} is given twice`);
      values.set(option, value);
    } else
      return refused(`there is no option ${JSON.stringify(word)}; --help tells which there are`);
  }
  if (flags.has("--help")) return { type: "help" };

  const asked = values.get("--scenario") ?? "churn";
  const scenarios = asked === "all" ? known : known.filter(({ name }) => name === asked);
  if (scenarios.length === 0) {
    const names = known.map(({ name }) => name).join(", ");
    return refused(`--scenario ${JSON.stringify(asked)} is none of ${names}, all`);
  }
  const naras = values.get("--naras");
  if (naras !== undefined && !isWithin(naras, /^\d+$/, 2, mostNaras)) {
    return refused(
      `--naras must be a whole number from 2 to ${mostNaras}, not ${JSON.stringify(naras)}`,
    );
  }
  for (const { name, leastNaras = 2 } of scenarios) {
    if (naras !== undefined && Number(naras) < leastNaras) {
      return refused(`--naras must be at least ${leastNaras} for the scenario ${name}`);
    }
  }
  const hours = values.get("--hours");
  if (hours !== undefined && !isWithin(hours, /^\d+(\.\d+)?$/, 0.01, mostHours)) {
    return refused(
      `--hours must be a number from 0.01 to ${mostHours}, not ${JSON.stringify(hours)}`,
    );
  }
  for (const { name, leastHours = 0 } of scenarios) {
    if (hours !== undefined && Number(hours) < leastHours) {
      return refused(`--hours must be at least ${leastHours} for the scenario ${name}`);
    }
  }
  const keys = values.get("--keys") ?? "simulated";
  if (keys !== "simulated" && keys !== "real") {
    return refused(`--keys must be simulated or real, not ${JSON.stringify(keys)}`);
  }
  const summary = values.get("--summary") ?? "text";
  if (summary !== "text" && summary !== "json") {
    return refused(`--summary must be text or json, not ${JSON.stringify(summary)}`);
  }
  const seed = values.get("--seed") ?? drawn;
  if (seed === "") return refused("--seed must not be empty");
  return {
    type: "run",
    scenarios,
    seed,
    naras: naras === undefined ? undefined : Number(naras),
    hours: hours === undefined ? undefined : Number(hours),
    small: flags.has("--small"),
    realKeys: keys === "real",
    twice: flags.has("--twice"),
    summary,
  };
}

export function sizeOf(
  { size, testSize }: Scenario,
  { naras, hours, small }: Pick<Options, "naras" | "hours" | "small">,
): Size {
  const usual = small ? testSize : size;
  return { naras: naras ?? usual.naras, hours: hours ?? usual.hours };
}

const isFlag = (option: string): boolean => ["--help", "--small", "--twice"].includes(option);
const isValued = (option: string): boolean =>
  ["--scenario", "--naras", "--hours", "--seed", "--keys", "--summary"].includes(option);
const refused = (why: string): Parsed => ({ type: "refused", why });
const isWithin = (text: string, form: RegExp, least: number, most: number): boolean =>
  form.test(text) && Number(text) >= least && Number(text) <= most;
