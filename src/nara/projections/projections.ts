/**
 * What follows from the events in the ledger. Each projection takes in an event when the ledger
 * does and gives it back when the ledger forgets it; neither costs more when the ledger is larger,
 * nothing is ever replayed, and what is believed is at any time what a replay of the events that
 * are left, in the order in which they came, would give
 * (docs/protocol/events-and-ledger.md §8; docs/differences.md).
 *
 * What nobody signed is hearsay: it has a voice in opinions and moves nothing else.
 */
import type { SyncEvent } from "../events/sync-event.ts";
import type { Forgotten, Ledger, Standing } from "../ledger/ledger.ts";
import type { Cancel, Clock } from "../ports.ts";
import { type Clout, createClout } from "./clout.ts";
import { createOnlineStatus, type OnlineStatus } from "./online-status.ts";
import { createOpinions, type Opinions } from "./opinion.ts";
import { secondsOf } from "./plausible.ts";
import type { Belief, Reason } from "./provenance.ts";
import { createRoundTrips, type RoundTrips } from "./round-trips.ts";
import type { Judge } from "./social-weight.ts";
import { createTeases, type Teases } from "./teases.ts";
import { createUptimes, type Uptimes } from "./uptime.ts";

type Read<Projection> = Omit<Projection, "feed" | "forget">;

/** Everything that can be asked of the projections. */
export interface Projections {
  readonly online: Read<OnlineStatus>;
  readonly opinions: Read<Opinions>;
  readonly uptimes: Read<Uptimes>;
  readonly clout: Read<Clout>;
  readonly teases: Read<Teases>;
  readonly roundTrips: Read<RoundTrips>;
  /**
   * The events behind a belief about a nara, the newest first but for a checkpoint, which leads;
   * at most `mostReasons`.
   */
  why(name: string, belief: Belief): readonly Reason[];
  /** Leaves the ledger; what is believed stays as it is. */
  stop(): void;
}

/** More than a person reads. */
export const mostReasons = 200;

/** @param judge whose clout it is. */
export function createProjections(
  ledger: Pick<Ledger, "about" | "events" | "standingOf" | "onAdd" | "onForget" | "onVouch">,
  judge: Judge,
  clock: Pick<Clock, "nowNs">,
): Projections {
  const online = createOnlineStatus();
  const uptimes = createUptimes();
  const opinions = createOpinions(uptimes);
  const clout = createClout(judge);
  const teases = createTeases();
  const roundTrips = createRoundTrips();
  const ofProven = [uptimes, clout, teases, roundTrips];

  const remember = (event: SyncEvent, { tier, vouchers }: Standing): void => {
    if (tier === "vouched") {
      for (const voucher of vouchers) opinions.feed(event, voucher);
      return;
    }
    online.feed(event, clock.nowNs());
    opinions.feed(event, undefined);
    for (const projection of ofProven) projection.feed(event);
  };

  const forget = ({ event, tier, vouchers }: Forgotten): void => {
    if (tier === "vouched") {
      for (const voucher of vouchers) opinions.forget(event, voucher);
      return;
    }
    online.forget(event);
    opinions.forget(event, undefined);
    for (const projection of ofProven) projection.forget(event);
  };

  const whyClout = (name: string): readonly Reason[] => {
    const nowS = secondsOf(clock.nowNs());
    return ledger
      .about(name)
      .filter(({ id }) => ledger.standingOf(id)?.tier === "proven")
      .flatMap((event) => {
        const share = clout.share(event, nowS);
        return share?.name === name ? [{ event, points: share.points }] : [];
      })
      .sort((one, other) => Number(other.event.tsNs - one.event.tsNs))
      .map(({ event, points }) => ({
        id: event.id,
        share: "kept",
        voice: event.emitter,
        value: points,
      }));
  };

  for (const event of ledger.events()) {
    remember(event, ledger.standingOf(event.id) ?? { tier: "proven", vouchers: [] });
  }
  const leave: readonly Cancel[] = [
    ledger.onAdd((added) => remember(added.event, added)),
    ledger.onForget(forget),
    ledger.onVouch(({ event, vouchers }) => opinions.feed(event, vouchers.at(-1))),
  ];

  return {
    online,
    opinions,
    uptimes,
    clout,
    teases,
    roundTrips,
    why(name, belief) {
      switch (belief) {
        case "online":
          return online.why(name, mostReasons);
        case "uptime":
          return uptimes.why(name).slice(0, mostReasons);
        case "clout":
          return whyClout(name).slice(0, mostReasons);
        default:
          return opinions.why(name, belief).slice(0, mostReasons);
      }
    },
    stop() {
      for (const cancel of leave) cancel();
    },
  };
}
