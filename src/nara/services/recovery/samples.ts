/**
 * Samples of what neighbours remember, until enough was heard or nobody knows more. A neighbour
 * that answers less than a whole page has told all; so nobody is asked the same twice for nothing.
 * (docs/protocol/presence-and-life.md §3, Mesh sample)
 *
 * Some events are in every sample, and where there are many of them samples bring nothing else
 * (docs/protocol/events-and-ledger.md §6). A neighbour whose sample was mostly known, or mostly of
 * this kind, is asked page by page from then on; where its pages are known too, it goes on where the
 * others are already.
 *
 * Lists are taken one after the other, while the next are on their way: neighbours tell much the
 * same, and what one of them told need not be verified again for the others.
 */
import type { EventService } from "../../events/event-kinds.ts";
import { isAlwaysIn, type SyncEvent } from "../../events/sync-event.ts";
import { maxSyncEvents } from "../../limits.ts";
import type { SyncQuestion } from "../../mesh/client.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { cursorAfter, type SyncResponse } from "../../sync/sync-response.ts";
import type { Taken } from "../../trust/intake.ts";
import type { Plan } from "./plan.ts";
import { isMadeUp, type Witnesses } from "./witnesses.ts";

export interface Sampling {
  /** Goes on where it stands; to be called whenever somebody might answer again. */
  goOn(): void;
  /** Asks nobody any more, and ends without a word. */
  stop(): void;
  /** Nobody can be asked just now, though something is left to ask. */
  isWaiting(): boolean;
  /** Questions that came to nothing. */
  failures(): number;
}

export interface SamplingParts {
  readonly nara: Pick<ServiceContext, "mesh" | "take" | "countDrop" | "after" | "log">;
  readonly plan: Plan;
  readonly witnesses: Witnesses;
  /** Where it is there, everybody is asked for pages of this, and nobody for samples. */
  readonly pages?: PagesOf;
  /** So many events were new. */
  onTaken(added: number): void;
  onChange(): void;
  /** Enough was heard, or nobody is left to ask. Called once. */
  onEnd(): void;
}

export interface PagesOf {
  /** What is wanted of the memory, by service. */
  readonly services: readonly EventService[];
  /** Unix nanoseconds. */
  readonly sinceNs: bigint;
}

/** Pages asked for, of all neighbours together, for each sample of the plan. */
const pagesPerCall = 2;

export function createSampling(parts: SamplingParts): Sampling {
  const { nara, plan, witnesses, pages } = parts;
  const isAway = (): boolean => nara.mesh.address() === "";
  let callsLeft = plan.calls;
  let pagesLeft = plan.calls * pagesPerCall;
  /** Where the next page begins, by name, of those who are asked page by page. Unix nanoseconds. */
  const cursors = new Map<string, bigint>();
  const cursorOf = (name: string): bigint | undefined => cursors.get(name) ?? pages?.sinceNs;
  let got = 0;
  let underWay = 0;
  let failures = 0;
  let isWaiting = false;
  let hasEnded = false;
  let stopResting = (): void => {};
  let lastTaken: Promise<unknown> = Promise.resolve();

  const ask = async (name: string): Promise<void> => {
    const cursorNs = cursorOf(name);
    const { question, mostEvents } = questionAt(cursorNs, plan.page, pages?.services);
    const answer = await nara.mesh.client.sync(name, question);
    if (!answer.ok) {
      giveBack(cursorNs);
      if (isAway()) return witnesses.excuse(name);
      failures++;
      nara.log.info(`${name} told no memories: ${answer.refusal.why}`);
      return witnesses.failed(name, answer.refusal);
    }
    const { events, ids, drops } = answer.value;
    if (ids.length > mostEvents) return witnesses.lied(name);
    for (const [reason, count] of drops) {
      for (let each = 0; each < count; each++) nara.countDrop(reason);
    }
    const taken = await takeInTurn(events, name);
    got += taken.added;
    parts.onTaken(taken.added);
    if (isMadeUp(taken)) return witnesses.lied(name);
    witnesses.told(name, isAll(name, cursorNs, answer.value, taken));
  };

  const takeInTurn = (events: readonly SyncEvent[], from: string): Promise<Taken> => {
    const taken = lastTaken.then(() => nara.take(events, { path: "sync", from }));
    lastTaken = taken;
    return taken;
  };

  /** Whether it has told all; if not, notes how it is asked the next time. */
  const isAll = (
    name: string,
    cursorNs: bigint | undefined,
    answer: SyncResponse,
    taken: Taken,
  ): boolean => {
    const isMinority = (count: number): boolean => 2 * count < answer.ids.length;
    const isNews = isMinority(taken.dropped.get("duplicate") ?? 0);
    if (cursorNs === undefined) {
      const isHazy = isMinority(answer.events.filter(isAlwaysIn).length);
      if (!isNews || !isHazy) cursors.set(name, 0n);
      return answer.ids.length < plan.page;
    }
    const nextNs = cursorAfter(answer, cursorNs);
    if (nextNs === undefined) return true;
    cursors.set(name, isNews ? nextNs : latest([nextNs, ...cursors.values()]));
    return false;
  };

  const giveBack = (cursorNs: bigint | undefined): void => {
    if (cursorNs === undefined) callsLeft++;
    else pagesLeft++;
  };

  const spend = (name: string): boolean => {
    if (cursorOf(name) !== undefined) return pagesLeft-- > 0;
    return callsLeft-- > 0;
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
    const isEnough = (): boolean => got >= plan.wanted || pagesLeft <= 0;
    while (underWay < plan.parallel && !isEnough() && !isAway()) {
      const name = witnesses.next();
      if (name === undefined) break;
      if (!spend(name)) {
        witnesses.told(name, true);
        continue;
      }
      underWay++;
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

  const stop = (): void => {
    hasEnded = true;
    stopResting();
  };

  return { goOn, stop, isWaiting: () => isWaiting, failures: () => failures };
}

/** What is asked of a neighbour, and how many events may come. */
function questionAt(
  cursorNs: bigint | undefined,
  page: number,
  services: readonly EventService[] | undefined,
): { readonly question: SyncQuestion; readonly mostEvents: number } {
  if (cursorNs === undefined) {
    return { question: { mode: "sample", sampleSize: page }, mostEvents: page };
  }
  // A page takes along what shares the time of its last event (docs/differences.md, Lists of events).
  const question: SyncQuestion = { mode: "page", pageSize: page, cursorNs };
  const mostEvents = page + maxSyncEvents;
  return { question: services === undefined ? question : { ...question, services }, mostEvents };
}

function latest(times: readonly bigint[]): bigint {
  let last = 0n;
  for (const timeNs of times) if (timeNs > last) last = timeNs;
  return last;
}
