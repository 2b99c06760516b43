import { expect, test } from "vitest";
import { eventKinds } from "../../events/event-kinds.ts";
import { newSyncEvent, type SyncEvent } from "../../events/sync-event.ts";
import { forgettable } from "./forgetting.ts";
import { createNeighbourhood, type Neighbour } from "./neighbourhood.ts";
import { noObservation, type Observation } from "./observation.ts";
import { stranger } from "./presence-change.ts";
import type { PresenceState } from "./state.ts";

const nowS = 1_790_000_000;
const dayS = 86_400;

const known = (name: string, observation: Partial<Observation>): Neighbour => ({
  ...stranger(name),
  isMet: true,
  observation: { ...noObservation, ...observation },
});
const here = (name: string): Neighbour =>
  known(name, { online: "ONLINE", startTimeS: nowS - dayS, lastSeenS: nowS });

/** What is asked of the state, and no more. */
function forgotten(neighbours: readonly Neighbour[], said: readonly SyncEvent[] = []) {
  const neighbourhood = createNeighbourhood();
  for (const neighbour of neighbours) neighbourhood.put(neighbour);
  const about = (name: string): readonly SyncEvent[] =>
    said.filter((event) => event.svc === "observation" && event.payload.subject === name);
  const nara = { clock: { nowNs: () => BigInt(nowS) * 1_000_000_000n }, ledger: { about } };
  return forgettable({ neighbourhood, nara } as unknown as PresenceState);
}

const restartBy = (observer: string, subject: string): SyncEvent =>
  newSyncEvent("observation", 1n, {
    ...eventKinds.observation.payload.zero(),
    ...{ observer, subject, type: "restart", start_time: 5n, restart_num: 1n },
  });

test("newcomers go after a day away, older acquaintances after a week, old friends never", () => {
  const away = (name: string, ageD: number, awayD: number): Neighbour =>
    known(name, {
      online: "OFFLINE",
      startTimeS: nowS - ageD * dayS,
      lastSeenS: nowS - awayD * dayS,
    });
  expect(
    forgotten([
      away("new", 1.5, 1.1),
      away("fresh", 1.5, 0.9),
      away("month", 20, 8),
      away("week", 20, 6),
      away("veteran", 40, 39),
      here("ana"),
    ]),
  ).toEqual(["new", "month"]);
});

test("a ghost goes when three neighbours are there and none ever told anything of it", () => {
  const seen = known("ghost", { online: "MISSING" });
  const ghost = { ...seen, status: { ...seen.status, flair: "🐚" } };
  const friends = ["ana", "bob", "cleo"].map(here);
  expect(forgotten([ghost, ...friends])).toEqual(["ghost"]);
  expect(forgotten([ghost, ...friends.slice(1)])).toEqual([]);
  expect(forgotten([ghost, ...friends], [restartBy("bob", "ghost")])).toEqual([]);
  expect(forgotten([ghost, ...friends], [restartBy("stranger", "ghost")])).toEqual(["ghost"]);
});

test("who is here is never forgotten, whatever is said of it", () => {
  expect(forgotten([here("ana"), here("bob")], [restartBy("bob", "ana")])).toEqual([]);
});
