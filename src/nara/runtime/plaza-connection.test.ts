import { expect, test } from "vitest";
import { utf8 } from "../codec/utf8.ts";
import type { PlazaFrame } from "../ports.ts";
import { createInMemoryPlaza } from "../testing/in-memory-plaza.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import type { PlazaView } from "../view.ts";
import { createPlazaConnection } from "./plaza-connection.ts";

function alice(filters: readonly string[] = ["nara/plaza/howdy", "nara/newspaper/#"]) {
  const clock = createVirtualClock();
  const broker = createInMemoryPlaza({ clock });
  const states: PlazaView[] = [];
  const frames: PlazaFrame[] = [];
  const refused: string[] = [];
  let opened = 0;
  const connection = createPlazaConnection({
    plaza: broker.plaza,
    clock,
    random: createSeededRandom(7),
    clientId: "alice",
    filters,
    onFrame: (frame) => void frames.push(frame),
    onOpen: () => {
      opened += 1;
    },
    onState: (state) => void states.push(state),
    onSubscribeRefused: (filter) => void refused.push(filter),
  });
  return { clock, broker, connection, states, frames, refused, opened: () => opened };
}

test("it connects under the nara's name, subscribes, and then is open", async () => {
  const { clock, broker, connection, states, frames, opened } = alice();
  connection.start();
  await clock.advance(10);
  expect(broker.clients()).toEqual(["alice"]);
  expect(states.map(({ state }) => state)).toEqual(["connecting", "open"]);
  expect(opened()).toBe(1);
  broker.inject("nara/newspaper/bob", utf8("{}"));
  broker.inject("nara/plaza/chau", utf8("{}"));
  await clock.advance(10);
  expect(frames.map(({ topic }) => topic)).toEqual(["nara/newspaper/bob"]);
});

test("while the broker stays away it keeps trying, and remembers since when", async () => {
  const { clock, broker, connection, states } = alice();
  connection.start();
  await clock.advance(10);
  broker.down("gone for lunch");
  const since = connection.state();
  await clock.pass({ hours: 1 });
  const state = connection.state();
  if (state.state === "open" || since.state !== "offline") throw new Error("should be away");
  if (state.state === "offline") expect(state.sinceMs).toBe(since.sinceMs);
  const attempts = states.filter((entry) => entry.state === "connecting").length - 1;
  expect(attempts).toBeGreaterThan(3600 / 35);
  expect(attempts).toBeLessThan(3600 / 5 + 1);
  broker.up();
  await clock.pass({ seconds: 40 });
  expect(connection.state().state).toBe("open");
});

test("what is said while the plaza is away is lost, and says so", async () => {
  const { clock, broker, connection } = alice();
  expect(connection.publish("nara/plaza/howdy", utf8("{}"), 0)).toBe(false);
  connection.start();
  await clock.advance(10);
  expect(connection.publish("nara/plaza/howdy", utf8("{}"), 0)).toBe(true);
  broker.down();
  expect(connection.publish("nara/plaza/howdy", utf8("{}"), 0)).toBe(false);
  expect(broker.traffic).toHaveLength(1);
});

test("after it was stopped it stays away", async () => {
  const { clock, broker, connection } = alice();
  connection.start();
  await clock.advance(10);
  const stopping = connection.stop();
  await clock.advance(10);
  await stopping;
  await clock.pass({ minutes: 5 });
  expect(broker.clients()).toEqual([]);
});

test("stopped while waiting for its next try, it never tries", async () => {
  const { clock, broker, connection, states } = alice();
  broker.down();
  connection.start();
  await clock.advance(10);
  await connection.stop();
  const before = states.length;
  await clock.pass({ minutes: 5 });
  expect(states).toHaveLength(before);
});

test("it leaves at a word, stays away, and comes back at another", async () => {
  const { clock, broker, connection, states, opened } = alice();
  connection.start();
  await clock.advance(10);
  connection.leave("enough of crowds");
  await clock.pass({ hours: 1 });
  expect(broker.clients()).toEqual([]);
  expect(states.at(-1)).toMatchObject({
    ...{ state: "offline", reason: "enough of crowds", nextTryAtMs: 0 },
  });
  expect(connection.publish("nara/plaza/chau", utf8("{}"), 0)).toBe(false);
  connection.start();
  connection.start();
  await clock.advance(10);
  expect(broker.clients()).toEqual(["alice"]);
  expect(opened()).toBe(2);
});
