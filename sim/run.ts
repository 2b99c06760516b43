/** Plays a scenario and says what came of it. */
import { chooseCrypto } from "../src/adapters/crypto/choose-crypto.ts";
import type { Crypto } from "../src/nara/ports.ts";
import { type Counts, sumOf } from "./census.ts";
import type { Scenario, Size } from "./scenario.ts";
import { createWorld } from "./world.ts";

export interface Outcome {
  readonly scenario: string;
  readonly seed: number | string;
  readonly size: Size;
  readonly traceHash: string;
  readonly traceLength: number;
  readonly falseMissing: number;
  readonly falseRestarts: number;
  readonly acceptedForgeries: number;
  /** See `JudgeVerdict`. */
  readonly mistakenKeys: number;
  /** Pairs of honest naras, of those who can be called, that think the same of a third, within the reference's tolerance, 0–1. */
  readonly opinionAgreement: number;
  /** The same with those who cannot be called, and so are not told what others observed. */
  readonly opinionAgreementOfAll: number;
  /** What one nara says in a minute, on the plaza and over the mesh, by kind. */
  readonly said: Counts;
  /** What one nara hears in a minute on the plaza, by kind. */
  readonly heard: Counts;
  readonly heardBytesPerMinute: number;
  readonly messagesPerNaraMinute: number;
  /** Of the heap, bytes for each nara; undefined where garbage cannot be collected on demand. */
  readonly bytesPerNara: number | undefined;
  /** Seconds of the processor. */
  readonly cpuS: number;
  /** Virtual seconds of all naras together. */
  readonly naraSeconds: number;
  /** Why it failed; empty when it did not. */
  readonly failures: readonly string[];
}

export interface RunOptions {
  readonly seed: number | string;
  readonly size: Size;
  /** Real Ed25519, also where the scenario does not ask for it. */
  readonly realKeys?: boolean;
  /** Less than this share of all pairs must not think the same (`Outcome.opinionAgreementOfAll`). */
  readonly leastAgreementOfAll?: number;
  /** Each time another virtual hour is over. @param cpuS seconds of the processor so far. */
  onHour?(hours: number, cpuS: number): void;
}

export async function play(scenario: Scenario, options: RunOptions): Promise<Outcome> {
  const { seed, size } = options;
  const crypto = scenario.realKeys || options.realKeys ? await realCrypto() : undefined;
  const heldBefore = heldBytes();
  const cpuBefore = process.cpuUsage();
  const cpuS = (): number => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return (user + system) / 1e6;
  };
  let hours = 0;
  const onLook = (virtualMs: number): void => {
    if (virtualMs < 3_600_000 * (hours + 1)) return;
    hours += 1;
    options.onHour?.(hours, cpuS());
  };
  const world = createWorld({ ...scenario.world, ...(crypto && { crypto }), seed, onLook });
  const failures: string[] = [];
  await scenario.play(world, size, (isSo, what) => {
    if (!isSo) failures.push(`not so: ${what}`);
  });
  await world.judge.findForgeries();
  const spentS = cpuS();
  const held = heldBytes();
  const agreement = world.judge.agreement();
  const { findings, ...verdict } = world.judge.verdict();
  failures.push(...findings);
  if (agreement.pairs === 0) failures.push("nobody has an opinion of anybody");
  failures.push(...agreement.findings.map((finding) => `apart: ${finding}`));
  const { leastAgreementOfAll = 0 } = options;
  if (agreement.shareOfAll < leastAgreementOfAll) {
    failures.push(`only ${agreement.shareOfAll} of all pairs agree, not ${leastAgreementOfAll}`);
  }
  failures.push(...world.errors.map((error) => `logged: ${error}`));
  const { census } = world;
  const said = census.saidPerMinute();
  return {
    scenario: scenario.name,
    seed,
    size,
    traceHash: world.trace.hash(),
    traceLength: world.trace.length,
    ...verdict,
    opinionAgreement: agreement.share,
    opinionAgreementOfAll: agreement.shareOfAll,
    said,
    heard: census.heardPerMinute(),
    heardBytesPerMinute: census.heardBytesPerMinute(),
    messagesPerNaraMinute: sumOf(said),
    bytesPerNara:
      held === undefined || heldBefore === undefined ? undefined : (held - heldBefore) / size.naras,
    cpuS: spentS,
    naraSeconds: world.census.allNaraMinutes() * 60,
    failures,
  };
}

/** The same crypto for all runs of a process: importing keys is slow. */
const realCrypto = (): Promise<Crypto> => chooseCrypto(globalThis.crypto.subtle);

function heldBytes(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
