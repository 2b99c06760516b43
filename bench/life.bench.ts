/**
 * What a nara's life costs and how much it says, in simulated networks (sim/). Times are of the
 * processor, so that a busy machine tells the same.
 *
 *     npm run bench -- life
 */
import { spawnSync } from "node:child_process";
import { simulationOptions } from "../scripts/simulation-options.mjs";
import { idleTabPercent } from "./idle-tab.ts";
import { type LifeFigures, type LifeSettings, liveFor } from "./life-world.ts";
import { line } from "./report.ts";

/** Budgets. */
const leastNaraSecondsPerS = 3000;
const mostIdlePercent = 0.3;
const mostTabPercent = 1;
/** As much as a nara may say a minute, however many there are: the bounds of its parts (docs/scale.md). */
const mostSaid = 15;

const [, , role, settings = ""] = process.argv;
if (role === "live") console.log(JSON.stringify(await liveFor(JSON.parse(settings))));
else await measure();

async function measure(): Promise<void> {
  const hundred = live({ naras: 100, wakeMinutes: 5, restMinutes: 10, minutes: 10 });
  line({
    name: "simulated life of 100 naras, on one core",
    figure: hundred.naraSecondsPerS,
    unit: "nara-s/s",
    budget: `≥ ${leastNaraSecondsPerS} nara-s/s`,
    ok: hundred.naraSecondsPerS >= leastNaraSecondsPerS,
  });
  // Everything a resident does but carrying bytes through sockets, with real signatures.
  const idle = live({
    ...{ naras: 20, wakeMinutes: 5, restMinutes: 10, minutes: 20 },
    realKeys: true,
  });
  const percent = 100 / idle.naraSecondsPerS;
  line({
    name: "an idle resident among 20, Ed25519, sockets not counted",
    figure: percent,
    unit: "% of a core",
    budget: `≤ ${mostIdlePercent} %`,
    ok: percent <= mostIdlePercent,
  });
  const tabPercent = await idleTabPercent();
  line({
    name: "an idle tab, behind others, with 3 residents",
    figure: tabPercent,
    unit: "% of a core",
    budget: `≤ ${mostTabPercent} %`,
    ok: tabPercent <= mostTabPercent,
  });
  let baseline: number | undefined;
  for (const naras of [50, 200, 500]) {
    // Nobody boots any more, and no longer than that: at 500 a minute takes that of a processor.
    const figures = live({ naras, wakeMinutes: 2, restMinutes: 3, minutes: 1 });
    const figure = figures.messagesPerNaraMinute;
    baseline ??= figure;
    line({
      name: `said by each of ${naras} naras`,
      figure,
      unit: "a minute",
      baseline,
      ratio: figure / baseline,
      budget: `≤ ${mostSaid} a minute`,
      ok: figure <= mostSaid,
    });
    const kinds = Object.entries(figures.said).map(
      ([kind, count]) => `${kind} ${count.toFixed(2)}`,
    );
    console.log(`      ${kinds.join(", ")}`);
    console.log(
      `      hears ${figures.heardPerNaraMinute.toFixed(1)} a minute, ` +
        `${figures.heardKbPerNaraMinute.toFixed(1)} KB; holds ` +
        `${(figures.bytesPerNara / 1024 / 1024).toFixed(2)} MB; ` +
        `${Math.round(figures.naraSecondsPerS)} nara-s/s`,
    );
  }
}

/** In a process of its own, so that no network burdens another. */
function live(asked: LifeSettings): LifeFigures {
  const child = spawnSync(
    process.execPath,
    [...simulationOptions, process.argv[1] ?? "", "live", JSON.stringify(asked)],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" },
  );
  if (child.status !== 0) throw new Error(`a network of ${asked.naras} did not live`);
  return JSON.parse(child.stdout);
}
