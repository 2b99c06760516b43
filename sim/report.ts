/** How a simulation says what came of it. */
import type { Counts } from "./census.ts";
import type { Outcome } from "./run.ts";

/** For people. */
export function told(outcome: Outcome): string {
  const { scenario, seed, size, failures } = outcome;
  const rows: readonly (readonly [string, string])[] = [
    ["seed", String(seed)],
    ["trace", `${outcome.traceHash} (${outcome.traceLength} notes)`],
    ["false MISSING", String(outcome.falseMissing)],
    ["false restarts", String(outcome.falseRestarts)],
    ["accepted forgeries", String(outcome.acceptedForgeries)],
    ["keys not proved yet", `${outcome.mistakenKeys} wrong`],
    [
      "opinions agree",
      `${percent(outcome.opinionAgreement)} of pairs, ${percent(outcome.opinionAgreementOfAll)} with those who cannot be called`,
    ],
    [
      "said by a nara",
      `${figure(outcome.messagesPerNaraMinute)} a minute: ${listed(outcome.said)}`,
    ],
    [
      "heard on the plaza",
      `${listed(outcome.heard)} a minute, ${figure(outcome.heardBytesPerMinute / 1024)} KB`,
    ],
    [
      "memory of a nara",
      outcome.bytesPerNara === undefined
        ? "unknown: run with --expose-gc"
        : `${figure(outcome.bytesPerNara / 1024 / 1024)} MB`,
    ],
    [
      "speed",
      `${figure(outcome.naraSeconds / outcome.cpuS)} virtual nara-seconds a second of processor (${figure(outcome.cpuS)} s)`,
    ],
  ];
  return [
    `${scenario}: ${size.naras} naras, ${size.hours} h`,
    ...rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`),
    ...failures.map((failure) => `  ✗ ${failure}`),
    failures.length === 0
      ? "  passed"
      : `  FAILED; it fails the same way again with: npm run sim -- --scenario ${scenario} --naras ${size.naras} --hours ${size.hours} --seed ${seed}`,
  ].join("\n");
}

/** One line of JSON for all that was played: sums of what was counted, the last trace where it is one. */
export function summary(outcomes: readonly Outcome[]): string {
  const total = (count: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + count(outcome), 0);
  return JSON.stringify({
    passed: outcomes.every(({ failures }) => failures.length === 0),
    seed: outcomes[0]?.seed,
    traceHash: outcomes.map(({ traceHash }) => traceHash).join(" "),
    falseMissing: total(({ falseMissing }) => falseMissing),
    falseRestarts: total(({ falseRestarts }) => falseRestarts),
    acceptedForgeries: total(({ acceptedForgeries }) => acceptedForgeries),
    messagesPerNaraMinute:
      total(({ messagesPerNaraMinute }) => messagesPerNaraMinute) / outcomes.length,
    opinionAgreement: Math.min(...outcomes.map(({ opinionAgreement }) => opinionAgreement)),
    scenarios: outcomes.map(({ said, heard, failures, size, ...outcome }) => ({
      ...outcome,
      ...size,
      said: Object.fromEntries(said),
      heard: Object.fromEntries(heard),
      failures,
    })),
  });
}

const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const listed = (counts: Counts): string =>
  [...counts].map(([kind, count]) => `${kind} ${figure(count)}`).join(", ") || "nothing";
