/**
 * Catching up on what I slept through. What naras observed is said once, in zines that carry five
 * minutes (docs/protocol/events-and-ledger.md §7), so who slept for longer asks two neighbours for
 * what matters since then, page by page (§6). The reference has no such thing: its naras do not sleep.
 */
import type { Cancel } from "../../ports.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { zineSpanNs } from "../../sync/zine.ts";
import type { Plan } from "./plan.ts";
import { createSampling, type Sampling } from "./samples.ts";
import { createWitnesses } from "./witnesses.ts";

export interface CatchUp {
  /** I slept since then, Unix nanoseconds. */
  woke(sinceNs: bigint): void;
  /** The way to the others is there again. */
  goOn(): void;
  stop(): void;
}

export interface CatchUpParts {
  readonly nara: ServiceContext;
  plan(): Plan;
  /** Names of those who can be called, the first to be asked first. */
  candidates(): readonly string[];
}

/** What opinions are made of. The rest is small talk, and ten times as much. */
const ofWeight = ["observation", "checkpoint", "hey-there", "chau"] as const;
/** Zines make good for shorter naps; where timers are throttled to one a minute, nothing is missed. */
const napNs = 120_000_000_000n;
/** Time for the connections of a machine that wakes. */
const afterWakingMs = 5_000;
/** Neighbours asked, at the same time. */
const witnessCount = 2;

export function createCatchUp({ nara, plan, candidates }: CatchUpParts): CatchUp {
  let sampling: Sampling | undefined;
  let starting: Cancel = () => {};
  /** The beginning of what is still to be asked for, Unix nanoseconds. */
  let missedFromNs: bigint | undefined;

  const begin = (sinceNs: bigint): void => {
    sampling?.stop();
    sampling = createSampling({
      nara,
      plan: { ...plan(), parallel: witnessCount },
      witnesses: createWitnesses({
        candidates,
        most: witnessCount,
        monotonicMs: nara.clock.monotonicMs,
      }),
      pages: { services: ofWeight, sinceNs },
      onTaken: () => {},
      onChange: () => {},
      onEnd() {
        missedFromNs = undefined;
      },
    });
    sampling.goOn();
  };

  return {
    woke(sinceNs) {
      if (nara.clock.nowNs() - sinceNs < napNs) return;
      const fromNs = sinceNs - zineSpanNs;
      // Who falls asleep over it begins where it began.
      const startNs = missedFromNs !== undefined && missedFromNs < fromNs ? missedFromNs : fromNs;
      missedFromNs = startNs;
      starting();
      starting = nara.after(afterWakingMs, () => begin(startNs));
    },
    goOn: () => sampling?.goOn(),
    stop() {
      starting();
      sampling?.stop();
    },
  };
}
