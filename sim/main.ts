/** `npm run sim`: plays scenarios. Exit code 0 passed, 1 failed, 2 not understood. */
import { helpText, parseOptions, sizeOf } from "./options.ts";
import { summary, told } from "./report.ts";
import { type Outcome, play } from "./run.ts";
import { scenarios } from "./scenarios/all.ts";

const drawnSeed = String(Math.floor(Math.random() * 1e9));
const parsed = parseOptions(process.argv.slice(2), scenarios, drawnSeed);
if (parsed.type === "help") console.log(helpText(scenarios));
else if (parsed.type === "refused") {
  console.error(parsed.why);
  process.exitCode = 2;
} else {
  const { seed, realKeys, twice, small } = parsed;
  const outcomes: Outcome[] = [];
  // Large networks take long: somebody who waits sees that they live.
  const onHour = (name: string) => (hours: number, cpuS: number) =>
    console.error(
      `${name}: virtual hour ${hours} is over, after ${cpuS.toFixed(0)} s of processor`,
    );
  for (const scenario of parsed.scenarios) {
    const size = sizeOf(scenario, parsed);
    const leastAgreementOfAll = small ? (scenario.testAgreementOfAll ?? 1) : 0;
    const options = {
      ...{ seed, size, realKeys, leastAgreementOfAll },
      onHour: onHour(scenario.name),
    };
    const outcome = await play(scenario, options);
    const again = twice ? await play(scenario, options) : outcome;
    const differs =
      again.traceHash === outcome.traceHash
        ? []
        : [`another trace the second time: ${again.traceHash}`];
    const whole = { ...outcome, failures: [...outcome.failures, ...differs] };
    outcomes.push(whole);
    console.log(told(whole));
  }
  if (parsed.summary === "json") console.log(summary(outcomes));
  process.exitCode = outcomes.every(({ failures }) => failures.length === 0) ? 0 : 1;
}
