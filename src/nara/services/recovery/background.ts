/**
 * Catching up: every half an hour one or two neighbours with a long memory are asked for their
 * latest hundred events, and for what anybody observed within a day: that is said once, in zines that
 * reach a few, and opinions need all of it. (docs/protocol/presence-and-life.md §3, Background sync; events-and-ledger.md §4)
 */
import type { SyncEvent } from "../../events/sync-event.ts";
import type { SyncQuestion } from "../../mesh/client.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { type Neighbours, reachable } from "../reachable.ts";
import { shuffled } from "../shuffled.ts";
import { askAbout } from "./ask-about.ts";

export interface BackgroundParts {
  readonly nara: ServiceContext;
  readonly neighbours: Neighbours;
  /** Whether my memory is of the kind that catches up; it may change. */
  isWanted(): boolean;
  /** When I was first seen, Unix seconds; 0 while I do not know. */
  ownStartS(): number;
}

const minuteMs = 60_000;
/** Whole minutes before the first pause: 0–4. */
const firstChoices = 5;
/** Whole minutes between two times: 25–34. */
const pauseMin = { least: 25, choices: 10 };
/** Events asked for. */
const recent = 100;
/** Observations asked for. */
const mostObserved = 500;
/** Observations and social events older than this are history. */
const freshNs = 86_400_000_000_000n;

export function createBackground(parts: BackgroundParts): { start(): void } {
  const { nara, neighbours } = parts;
  const { random, clock, mesh } = nara;

  const remembersLong = ({ status }: Neighbour): boolean => status.memoryMode !== "short";

  const catchUp = async (name: string): Promise<void> => {
    const sinceNs = clock.nowNs() - freshNs;
    const observed = { services: ["observation"], sinceNs, maxEvents: mostObserved };
    const questions: readonly (readonly [SyncQuestion, number])[] = [
      [{ mode: "recent", limit: recent }, recent],
      [observed, mostObserved],
    ];
    for (const [question, most] of questions) {
      const answer = await mesh.client.sync(name, question);
      if (!answer.ok || answer.value.ids.length > most) return;
      const events = answer.value.events.filter((event) => isWorthCatchingUp(event, sinceNs));
      await nara.take(events, { path: "sync", from: name });
    }
  };

  const once = async (): Promise<void> => {
    if (!parts.isWanted() || mesh.address() === "") return;
    const here = shuffled(reachable(nara, neighbours), random);
    await askAbout({
      nara,
      names: here.map(({ name }) => name),
      subject: nara.me.name,
      isEnough: () => parts.ownStartS() > 0,
    });
    const count = random.fraction() < 0.5 ? 1 : 2;
    for (const { name } of here.filter(remembersLong).slice(0, count)) await catchUp(name);
  };

  return {
    start() {
      nara.after(Math.floor(firstChoices * random.fraction()) * minuteMs, () => {
        nara.every(
          () => minuteMs * (pauseMin.least + Math.floor(pauseMin.choices * random.fraction())),
          () => void once(),
        );
      });
    },
  };
}

/** Fresh observations and social events, and any ping (events-and-ledger.md §4). */
export const isWorthCatchingUp = ({ svc, tsNs }: SyncEvent, sinceNs: bigint): boolean =>
  svc === "ping" || ((svc === "observation" || svc === "social") && tsNs >= sinceNs);
