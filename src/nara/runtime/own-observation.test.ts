import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { eventKinds } from "../events/event-kinds.ts";
import { newSyncEvent } from "../events/sync-event.ts";
import { observation } from "../services/presence/messages.ts";
import { createMockRuntime } from "../testing/mock-runtime.ts";
import { service } from "./service.ts";

const restart = (observer: string, restart_num: bigint) => ({
  ...eventKinds.observation.payload.zero(),
  observer,
  subject: "bob",
  type: "restart",
  importance: 3n,
  start_time: 1_767_000_000n,
  restart_num,
});

test("a restart that somebody else has told of is not told again", () => {
  let tell = (_: ReturnType<typeof restart>): void => {};
  const watching = service("watching", [observation], (nara) => {
    tell = (payload) => void nara.emit(observation, payload);
    return {};
  });
  const { runtime, me } = createMockRuntime({
    services: [watching],
    crypto: createNobleCrypto(),
  });
  runtime.ledger.add(newSyncEvent("observation", 5n, restart("carol", 3n)));
  tell(restart(me.name, 3n));
  tell(restart(me.name, 4n));
  const kept = runtime.ledger.targeting("observation", "bob");
  expect(kept.map(({ payload }) => [payload.observer, payload.restart_num])).toEqual([
    ["carol", 3n],
    [me.name, 4n],
  ]);
});
