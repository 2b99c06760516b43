/**
 * Where I am on the map of round trips. One neighbour is timed every 30 s; what it took moves me,
 * and is told as a signed `ping` event. The way there is measured as it is: through a relay, where
 * that is how I reach others. (docs/protocol/presence-and-life.md §6)
 */
import type { Coordinate } from "../../identity/barrio.ts";
import { accept } from "../../outcome.ts";
import { behaviour } from "../../runtime/behaviour.ts";
import { syncEvent } from "../../runtime/envelopes/sync-event.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import { signed, stored } from "../../runtime/stages.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { firstPingMs, nextPing, pingPeriodMs } from "./next-ping.ts";
import { isOnTheMap, movedBy, onTheMap, startingPlace } from "./vivaldi.ts";

export interface CoordinatesParts {
  neighbours(): readonly Neighbour[];
  /** To be remembered of that neighbour. */
  noteRoundTrip(name: string, rttMs: number): void;
}

export interface Coordinates {
  readonly service: Service;
  /** Undefined for a nara that never had a way to others: it has no place on the map. */
  place(): Coordinate | undefined;
}

/** What I timed: kept, and passed on by gossip. */
export const ping = behaviour("ping", {
  envelope: syncEvent("ping"),
  emit: [signed, stored("ping")],
  receive: [],
});

export function createCoordinates(parts: CoordinatesParts): Coordinates {
  let drawn: Coordinate | undefined;
  let wasReachable = false;
  let address: () => string = () => "";

  return {
    place() {
      wasReachable ||= address() !== "";
      return wasReachable ? drawn : undefined;
    },
    service: service("coordinates", [ping], (nara) => {
      const { me, clock, random, mesh } = nara;
      const triedAtS = new Map<string, number>();
      let place = startingPlace(random);
      let isTiming = false;
      drawn = place;
      address = mesh.address;

      const target = (): Neighbour | undefined => {
        const callable = parts.neighbours().filter((neighbour) => canTime(nara, neighbour));
        const names = new Set(callable.map(({ name }) => name));
        for (const name of [...triedAtS.keys()]) if (!names.has(name)) triedAtS.delete(name);
        const nowS = Number(clock.nowNs() / 1_000_000_000n);
        const name = nextPing(
          callable.map((neighbour) => ({
            name: neighbour.name,
            triedAtS: triedAtS.get(neighbour.name) ?? 0,
            error: neighbour.status.coordinates?.error,
          })),
          nowS,
          random,
        );
        if (name !== undefined) triedAtS.set(name, nowS);
        return callable.find((neighbour) => neighbour.name === name);
      };

      const timeOne = async (): Promise<void> => {
        const chosen = target();
        if (chosen === undefined) return;
        const { name } = chosen;
        const answer = await mesh.client.ping(name);
        const rttMs = answer.ok ? inTenths(answer.value.rttMs) : 0;
        if (rttMs <= 0) return;
        const peer = chosen.status.coordinates ?? (await placeOf(nara, name));
        if (peer !== undefined) {
          place = onTheMap(movedBy(place, peer, rttMs, random));
          drawn = place;
        }
        parts.noteRoundTrip(name, rttMs);
        nara.emit(ping, {
          ...{ observer: me.name, observer_id: "", target: name, target_id: "" },
          rtt: rttMs,
        });
      };

      const begin = (): void => {
        if (isTiming) return;
        isTiming = true;
        void timeOne().finally(() => {
          isTiming = false;
        });
      };

      return {
        start() {
          nara.after(firstPingMs, () => {
            begin();
            nara.every(() => pingPeriodMs, begin);
          });
          return accept(undefined);
        },
      };
    }),
  };
}

const canTime = ({ mesh }: ServiceContext, { name, isMet, observation }: Neighbour): boolean =>
  isMet && observation.online === "ONLINE" && mesh.peers.addressesOf(name).length > 0;

/** Of a neighbour that has not told it on the plaza. Nobody signs it, as nobody signs a ping. */
async function placeOf({ mesh }: ServiceContext, name: string): Promise<Coordinate | undefined> {
  const told = await mesh.client.coordinates(name);
  return told.ok && told.value !== undefined && isOnTheMap(told.value) ? told.value : undefined;
}

/** The event's content shows tenths of a millisecond (docs/protocol/events-and-ledger.md §2). */
const inTenths = (ms: number): number => Math.round(ms * 10) / 10;
