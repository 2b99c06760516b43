import { expect, test } from "vitest";
import type { Plaza } from "../src/nara/ports.ts";
import { createWorld } from "./world.ts";

test("a newspaper that comes after its author's chau brings nobody back, and is no restart", async () => {
  const world = createWorld({ seed: 1, conditions: {}, mallory: false });
  const held: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  let isHolding = false;
  const holding = (plaza: Plaza): Plaza => ({
    ...plaza,
    connect(attempt) {
      const link = plaza.connect(attempt);
      return {
        ...link,
        publish(topic, payload, qos) {
          if (!isHolding || !topic.includes("newspaper")) return link.publish(topic, payload, qos);
          held.push({ topic, payload: payload.slice() });
          return true;
        },
      };
    },
  });
  const alice = world.settleOne("alice");
  const bob = world.settleOne("bob", { throughPlaza: holding });
  const seen = () => {
    const { online, restarts } = alice.nara().neighbours()[0]!.observation;
    return [online, restarts];
  };
  await world.wake([alice, bob], { minutes: 1 });
  await world.pass({ minutes: 10 });
  isHolding = true;
  await world.pass({ minutes: 5 });
  void bob.leave();
  await world.pass({ seconds: 2 });
  expect(seen()).toEqual(["OFFLINE", 0]);
  const late = held.at(-1)!;
  world.say("bob", late.topic, late.payload);
  await world.pass({ seconds: 1 });
  expect(seen()).toEqual(["OFFLINE", 0]);
  isHolding = false;
  bob.start();
  await world.pass({ minutes: 1 });
  expect(seen()).toEqual(["ONLINE", 1]);
});
