import { expect, test } from "vitest";
import { utf8 } from "../codec/utf8.ts";
import { createInMemoryPlaza } from "./in-memory-plaza.ts";
import { createMachine } from "./machine.ts";
import { createVirtualClock } from "./virtual-clock.ts";

async function aliceOnThePlaza() {
  const clock = createVirtualClock();
  const memory = createInMemoryPlaza({ clock });
  const machine = createMachine({ clock, cutFromPlaza: () => memory.cut("alice") });
  const heard: string[] = [];
  const link = machine.plaza(memory.plaza).connect({
    clientId: "alice",
    onOpen: () => void heard.push("open"),
    onFrame: ({ topic }) => void heard.push(topic),
    onClosed: ({ reason }) => void heard.push(reason),
  });
  await clock.settle();
  await clock.advance(1);
  await link.subscribe("#");
  return { clock, memory, machine, heard };
}

test("a frozen machine hears nothing and does nothing; when it thaws all comes in the order it was due", async () => {
  const { clock, memory, machine, heard } = await aliceOnThePlaza();
  machine.freeze();
  machine.clock.after(500, () => void heard.push("timer"));
  memory.inject("a", utf8("{}"));
  await clock.pass({ seconds: 1 });
  memory.inject("b", utf8("{}"));
  await clock.pass({ seconds: 1 });
  expect(heard).toEqual(["open"]);
  machine.thaw();
  await clock.pass({ ms: 1 });
  expect(heard).toEqual(["open", "a", "timer", "b"]);
});

test("the plaza gives up on a frozen machine, which learns of it when it thaws", async () => {
  const { clock, memory, machine, heard } = await aliceOnThePlaza();
  machine.freeze();
  await clock.pass({ hours: 8 });
  expect(memory.clients()).toEqual([]);
  expect(heard).toEqual(["open"]);
  machine.thaw();
  await clock.pass({ ms: 1 });
  expect(heard).toEqual(["open", "the connection to the plaza was lost"]);
});

test("on a dead machine nothing happens any more", async () => {
  const { clock, memory, machine, heard } = await aliceOnThePlaza();
  machine.clock.after(500, () => void heard.push("timer"));
  machine.die();
  machine.clock.after(500, () => void heard.push("late timer"));
  machine.thaw();
  memory.inject("a", utf8("{}"));
  await clock.pass({ hours: 1 });
  expect([heard, memory.clients()]).toEqual([["open"], []]);
});

test("a skewed clock is wrong by so much, and its durations are right", async () => {
  const { clock, machine } = await aliceOnThePlaza();
  machine.skew(-2500);
  expect(machine.clock.nowNs()).toBe(clock.nowNs() - 2_500_000_000n);
  expect(machine.clock.monotonicMs()).toBe(clock.monotonicMs());
});
