/**
 * Gossip: zines from hand to hand. Every half a minute to five minutes, by chattiness, my zine of
 * the last five minutes goes to a few who are here, and theirs comes back; when I leave, a last one
 * carries my chau. Who gossips alone looks for peers besides (discovery.ts). (docs/protocol/events-and-ledger.md §7)
 */
import type { MemoryProfile } from "../../identity/memory-mode.ts";
import type { AskRefusal } from "../../mesh/ask.ts";
import { createNews } from "../../mesh/tellable.ts";
import { accept, type Outcome } from "../../outcome.ts";
import type { Cancel } from "../../ports.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import { type PrintedEvent, saysChau, type Zine } from "../../sync/zine.ts";
import type { TransportMode, ZineCounts } from "../../view.ts";
import { type Neighbours, reachable } from "../reachable.ts";
import { shuffled } from "../shuffled.ts";
import { createDiscovery } from "./discovery.ts";
import { quietMs, roundPauseMs, takerCount } from "./rounds.ts";

export interface GossipParts {
  readonly neighbours: Neighbours;
  /** 0–100. */
  chattiness(): number;
  /** It may change while the nara lives. */
  memory(): Pick<MemoryProfile, "mode">;
  mode(): TransportMode;
  onModeChange(listener: () => void): Cancel;
  /** A sign of life. @param atS Unix seconds. */
  hearFrom(name: string, atS: number): void;
  /** Others may think that I am gone: no zine of mine is to be the first that they hear of me. */
  isDrowsy(): boolean;
  /** Counts have changed. */
  onChange(): void;
}

export interface Gossip {
  readonly service: Service;
  counts(): ZineCounts;
  /** Somebody brought a zine and got mine for it. The figures are numbers of events. */
  exchanged(events: { readonly taken: number; readonly given: number }): void;
}

/** What a leaving nara waits for whoever takes its last zine (presence-and-life §2, Chau out). */
const lastRoundMs = 500;

export function createGossip(parts: GossipParts): Gossip {
  let counts: ZineCounts = { given: 0, taken: 0, lastGivenAtMs: 0, lastTakenAtMs: 0 };
  let nowMs = (): number => 0;

  const exchanged: Gossip["exchanged"] = ({ taken, given }) => {
    if (given > 0) counts = { ...counts, given: counts.given + 1, lastGivenAtMs: nowMs() };
    if (taken > 0) counts = { ...counts, taken: counts.taken + 1, lastTakenAtMs: nowMs() };
    parts.onChange();
  };

  const setUp = (nara: ServiceContext) => {
    nowMs = () => Number(nara.clock.nowNs() / 1_000_000n);

    const take = async (zine: Zine): Promise<void> => {
      for (const [reason, count] of zine.drops) {
        for (let each = 0; each < count; each++) nara.countDrop(reason);
      }
      await nara.take(zine.events, { path: "zine", from: zine.from });
      if (!saysChau(zine)) parts.hearFrom(zine.from, Number(zine.createdAtS));
    };

    const giveTo = async (
      name: string,
      news: readonly PrintedEvent[],
    ): Promise<Outcome<void, AskRefusal>> => {
      const theirs = await nara.mesh.client.zine(name, news);
      if (!theirs.ok) {
        nara.log.info(`${name} did not take my zine: ${theirs.refusal.why}`);
        return theirs;
      }
      await take(theirs.value);
      exchanged({ taken: theirs.value.ids.length, given: news.length });
      return accept(undefined);
    };

    const newsAt = createNews(nara.ledger, { me: nara.me.name, isSecondHand: nara.isSecondHand });
    const news = (): readonly PrintedEvent[] => newsAt(nara.clock.nowNs());

    const discovery = createDiscovery({
      ...parts,
      nara,
      giveZine: (name) => giveTo(name, news()),
    });

    /** Resolves when everybody has taken the zine, or not. */
    const round = async (): Promise<void> => {
      if (parts.mode() === "mqtt" || nara.mesh.address() === "") return;
      const fresh = news();
      if (fresh.length === 0) return;
      const count = takerCount(parts.memory().mode === "short", nara.random.fraction());
      const takers = shuffled(reachable(nara, parts.neighbours), nara.random).slice(0, count);
      await Promise.all(takers.map(({ name }) => giveTo(name, fresh)));
    };

    return {
      start() {
        discovery.start();
        nara.after(quietMs, () => {
          nara.every(
            () => roundPauseMs(parts.chattiness()),
            () => {
              if (!parts.isDrowsy()) void round();
            },
          );
        });
        return accept(undefined);
      },
      stop: () =>
        new Promise<void>((resolve) => {
          discovery.stop();
          const stopWaiting = nara.after(lastRoundMs, resolve);
          void round().then(() => {
            stopWaiting();
            resolve();
          });
        }),
    };
  };

  return { service: service("gossip", [], setUp), counts: () => counts, exchanged };
}
