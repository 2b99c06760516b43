/**
 * Samples of what neighbours remember, until enough was heard or nobody knows more. A neighbour
 * that answers less than a whole page has told all; so nobody is asked the same twice for nothing.
 * (docs/protocol/presence-and-life.md §3, Mesh sample)
 */
import type { ServiceContext } from "../../runtime/service.ts";
import type { Plan } from "./plan.ts";
import { isMadeUp, type Witnesses } from "./witnesses.ts";

export interface Sampling {
  /** Goes on where it stands; to be called whenever somebody might answer again. */
  goOn(): void;
  /** Nobody can be asked just now, though something is left to ask. */
  isWaiting(): boolean;
  /** Questions that came to nothing. */
  failures(): number;
}

export interface SamplingParts {
  readonly nara: Pick<ServiceContext, "mesh" | "take" | "countDrop" | "after" | "log">;
  readonly plan: Plan;
  readonly witnesses: Witnesses;
  /** So many events were new. */
  onTaken(added: number): void;
  onChange(): void;
  /** Enough was heard, or nobody is left to ask. Called once. */
  onEnd(): void;
}

export function createSampling(parts: SamplingParts): Sampling {
  const { nara, plan, witnesses } = parts;
  const isAway = (): boolean => nara.mesh.address() === "";
  let callsLeft = plan.calls;
  let got = 0;
  let underWay = 0;
  let failures = 0;
  let isWaiting = false;
  let hasEnded = false;
  let stopResting = (): void => {};

  const ask = async (name: string): Promise<void> => {
    const answer = await nara.mesh.client.sync(name, { mode: "sample", sampleSize: plan.page });
    if (!answer.ok) {
      callsLeft++;
      if (isAway()) return witnesses.excuse(name);
      failures++;
      nara.log.info(`${name} told no memories: ${answer.refusal.why}`);
      return witnesses.failed(name, answer.refusal);
    }
    const { events, ids, drops } = answer.value;
    if (ids.length > plan.page) return witnesses.lied(name);
    for (const [reason, count] of drops) {
      for (let each = 0; each < count; each++) nara.countDrop(reason);
    }
    const taken = await nara.take(events, { path: "sync", from: name });
    got += taken.added;
    parts.onTaken(taken.added);
    if (isMadeUp(taken)) witnesses.lied(name);
    else witnesses.told(name, ids.length < plan.page);
  };

  const rest = (): void => {
    const restMs = witnesses.restMs();
    isWaiting = isAway() || restMs !== undefined;
    if (isWaiting) {
      if (restMs !== undefined) stopResting = nara.after(restMs, goOn);
      parts.onChange();
    } else {
      end();
    }
  };

  const end = (): void => {
    hasEnded = true;
    parts.onEnd();
  };

  const goOn = (): void => {
    if (hasEnded) return;
    stopResting();
    isWaiting = false;
    const isEnough = (): boolean => callsLeft === 0 || got >= plan.wanted;
    while (underWay < plan.parallel && !isEnough() && !isAway()) {
      const name = witnesses.next();
      if (name === undefined) break;
      underWay++;
      callsLeft--;
      void ask(name).then(() => {
        underWay--;
        parts.onChange();
        goOn();
      });
    }
    if (underWay > 0) return;
    if (isEnough()) end();
    else rest();
  };

  return { goOn, isWaiting: () => isWaiting, failures: () => failures };
}
